import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chdbTables } from '../../../tables/chdb/chdb.ts';
import { quoteName } from '../../../tables/clickhouse/ddl.ts';
import type { Tables } from '../../../tables/tables.ts';
import { tablesConformance } from '../../conformance/tables.ts';
import { counts, mergeBy, put, row } from '../../conformance/tables-steps.ts';
import { chunk, chunkSpec } from '../../support/table-chunks.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'millrace-tables-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

tablesConformance('tables in chDB', async () => {
  const path = directory();
  const first = await chdbTables(path);
  let tables: Tables = first;
  return {
    tables: { ...first, close: () => tables.close() },
    async reopen() {
      await tables.close();
      tables = await chdbTables(path);
      return tables;
    },
    async vanish(table) {
      await first.writer.command({ query: `DROP TABLE ${quoteName(table)}` });
    },
    merge: mergeBy(first, (query) => first.writer.command({ query })),
  };
});

/** Runs a process that inserts chunks from number `from` on and prints each acknowledged one. */
function inserter(path: string, from: number): ChildProcess {
  const script = join(import.meta.dirname, '../../support/processes/inserter.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, path, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves with the last chunk acknowledged as soon as there are `count`. The pipe stays open: only a kill ends it. */
function acknowledged(child: ChildProcess, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (bytes) => {
      text += bytes;
      const lines = text.split('\n').slice(0, -1);
      if (lines.length >= count) resolve(Number(lines.at(-1)));
    });
    child.once('exit', () => reject(new Error(`the inserter ended early: ${text}`)));
  });
}

test('a process killed amid its inserts and replayed under the same tokens loses and doubles nothing', async () => {
  const path = directory();
  let next = 0;
  for (const round of [1, 2, 3]) {
    const child = inserter(path, next);
    const exited = once(child, 'exit');
    next = (await acknowledged(child, 3 + round)) + 1;
    child.kill('SIGKILL');
    await exited;
    // Everything is sent again, as after the loss of every acknowledgement.
    const tables = await chdbTables(path);
    for (let n = 0; n <= next; n++) await tables.insert(chunkSpec.name, chunk(n), { rows: 500, token: `chunk-${n}` });
    expect(await storedUpTo(tables, next)).toEqual({ stored: (next + 1) * 500, different: (next + 1) * 500 });
    await tables.close();
    next++;
  }
  // The control: without its token a chunk is doubled, and this count would show it.
  const tables = await chdbTables(path);
  await tables.insert(chunkSpec.name, chunk(0), { rows: 500, token: 'another token' });
  expect(await storedUpTo(tables, 0)).toEqual({ stored: 1000, different: 500 });
  await tables.close();
});

async function storedUpTo(tables: Tables, n: number): Promise<unknown> {
  const sql = 'SELECT count() AS stored, uniqExact(chunk, line) AS different FROM chunks WHERE chunk <= {n:UInt64}';
  return (await tables.query(sql, { n }))[0];
}

test('a second process is told which process has the tables', async () => {
  const path = directory();
  const child = inserter(path, 0);
  const exited = once(child, 'exit');
  await acknowledged(child, 1);
  await expect(chdbTables(path)).rejects.toEqual(
    expect.objectContaining({ code: 'EMBEDDED_IN_USE', detail: { path, pid: child.pid } }),
  );
  child.kill('SIGKILL');
  await exited;
  await (await chdbTables(path)).close();
});

test('a second directory in one process is refused and names the first', async () => {
  const path = directory();
  const tables = await chdbTables(path);
  await expect(chdbTables(directory())).rejects.toEqual(
    expect.objectContaining({ code: 'EMBEDDED_IN_USE', detail: { path, pid: process.pid } }),
  );
  await tables.close();
});

test('partitions of a time without zone do not move with the zone of the machine', async () => {
  const tables = await chdbTables(directory());
  const spec = counts();
  await tables.ensure(spec);
  await put(tables, spec.name, 'a', row('api', 1, 1, { window_start: '2026-01-29T23:59:59.999Z' }));
  const partitions = await tables.query('SELECT partition FROM system.parts WHERE table = {t:String}', {
    t: spec.name,
  });
  expect(partitions).toEqual([{ partition: '20260129' }]);
  await tables.close();
});

test('the reading connection can neither write nor lift its limits', async () => {
  const tables = await chdbTables(directory());
  const spec = counts();
  await tables.ensure(spec);
  for (const sql of [
    `DROP TABLE ${spec.name}`,
    'SET readonly = 0',
    "SELECT * FROM file('/etc/hostname', 'CSV', 'a String')",
  ]) {
    await expect(tables.ask({ sql, format: 'JSONEachRow', values: {} })).rejects.toThrow(/READONLY/);
  }
  await put(tables, spec.name, 'a', row('api', 1));
  const answer = await tables.ask({
    sql: `SELECT count FROM ${spec.name} WHERE service = {s:String}`,
    format: 'CSV',
    values: { s: 'api' },
  });
  expect(Buffer.from(answer).toString()).toBe('1\n');
  await tables.close();
});

test('text behind a value that could be read is refused, not tried again for ever', async () => {
  const tables = await chdbTables(directory());
  onTestFinished(() => tables.close());
  const spec = counts();
  await tables.ensure({ ...spec, columns: { ...spec.columns, address: { type: 'IPv6', comment: '' } } });
  const refused = put(tables, spec.name, 'a', row('api', 1, 1, { address: 'fe80::1%eth0' }));
  await expect(refused).rejects.toMatchObject({ code: 'TABLE_INSERT_REFUSED' });
});
