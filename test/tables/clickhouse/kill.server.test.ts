/**
 * chDB behind HTTP that is killed while it inserts, also where CLICKHOUSE_URL names a server: that one is not ours to
 * kill, and what a kill leaves is made in its files. Insert n writes chunk n, in three partitions.
 */
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { clickhouseTables } from '../../../tables/clickhouse/clickhouse.ts';
import type { Tables } from '../../../tables/tables.ts';
import { faultProxy } from '../../support/fault-proxy.ts';
import { type ChdbProcess, startChdb } from '../../support/servers/chdb.ts';
import { connect } from '../../support/servers/tables.ts';
import { chunk, chunkSpec } from '../../support/table-chunks.ts';

const whole = { stored: 500, different: 500 };

function tablesAt(url: string): Tables {
  const tables = clickhouseTables(connect(url));
  onTestFinished(() => tables.close());
  return tables;
}

const insert = (tables: Tables, n: number): Promise<void> =>
  tables.insert(chunkSpec.name, chunk(n), { rows: 500, token: `job/${n}` });

async function stored(tables: Tables, n: number): Promise<unknown> {
  const sql = 'SELECT count() AS stored, uniqExact(line) AS different FROM chunks WHERE chunk = {n:UInt64}';
  return (await tables.query(sql, { n }))[0];
}

/** A server with the table and chunk 0 in it, and where the table keeps its files. */
async function start(): Promise<{ readonly server: ChdbProcess; readonly path: string; readonly log: string }> {
  const server = await startChdb();
  onTestFinished(() => server.stop());
  const client = connect(server.url);
  onTestFinished(() => client.close());
  const tables = tablesAt(server.url);
  await tables.ensure(chunkSpec);
  // Merges would hide what was doubled.
  await client.command({ query: 'ALTER TABLE chunks MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1' });
  await insert(tables, 0);
  const [paths] = await tables.query("SELECT data_paths FROM system.tables WHERE name = 'chunks'");
  const [path] = paths!['data_paths'] as [string];
  return { server, path, log: join(path, 'deduplication_logs', 'deduplication_log_1.txt') };
}

test('an insert whose server was killed between its token and its rows is completed by its repetition', async () => {
  const { server, path, log } = await start();
  const proxy = await faultProxy(server);
  onTestFinished(() => proxy.close());
  const tables = tablesAt(`http://${proxy.host}:${proxy.port}`);
  for (const n of [1, 2, 3]) {
    const lost = proxy.loseAnswer('INSERT');
    await expect(insert(tables, n)).rejects.toEqual(expect.objectContaining({ code: 'OUTCOME_UNKNOWN' }));
    await lost;
    await server.kill();
    // What a kill leaves that comes before the rename of a part: its token is in the log, its name is temporary.
    const part = readFileSync(log, 'utf8').trimEnd().split('\n').at(-n)!.split('\t')[1]!;
    renameSync(join(path, part), join(path, `tmp_insert_${part}`));
    await server.start();
    // The control: a client that does not know of the unknown outcome relies on the token, which the server knows.
    await insert(tablesAt(server.url), n);
    expect(await stored(tables, n)).not.toEqual(whole);
    await insert(tables, n);
    await insert(tables, n);
    expect(await stored(tables, n)).toEqual(whole);
  }
  expect(await stored(tables, 0)).toEqual(whole);
});

/** Kills the process as soon as `file` has grown: a thread of its own looks at it without a pause. */
async function killAtGrowth(pid: number, file: string): Promise<Worker> {
  const code = `
    const { parentPort, workerData: { pid, file } } = require('node:worker_threads');
    const { statSync } = require('node:fs');
    const { size } = statSync(file);
    parentPort.postMessage('looking');
    while (statSync(file).size === size);
    process.kill(pid, 'SIGKILL');`;
  const worker = new Worker(code, { eval: true, workerData: { pid, file } });
  await once(worker, 'message');
  return worker;
}

test('a server killed amid inserts, and these repeated until they are known, loses and doubles nothing', async () => {
  const { server, log } = await start();
  const tables = tablesAt(server.url);
  for (const n of [1, 2, 3, 4]) {
    const killer = await killAtGrowth(server.pid, log);
    // On a busy machine the kill may come too late to matter.
    const outcome = await insert(tables, n).then(
      () => 'answered',
      (error) => error.code,
    );
    expect(['answered', 'OUTCOME_UNKNOWN']).toContain(outcome);
    await killer.terminate();
    await server.kill();
    await expect(insert(tables, n)).rejects.toEqual(expect.objectContaining({ code: 'OUTCOME_UNKNOWN' }));
    await server.start();
    await insert(tables, n);
    expect(await stored(tables, n)).toEqual(whole);
  }
});
