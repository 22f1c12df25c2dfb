import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FileLine, files } from '../../../connectors/files/files.ts';
import type { Ports } from '../../../graph/connector.ts';
import type { Stage } from '../../../graph/plan.ts';
import type { Positions } from '../../../runtime/commit/committer.ts';
import { Reading } from '../../../runtime/task/reading.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const limit = { maxRecords: 100, maxBytes: 1 << 20 };

/** What a run over the pattern reads, and what it refuses, until nothing is left; and where it has come. */
async function readAll(pattern: string, stored: Positions = {}) {
  const node = { uid: 'logs', body: { kind: 'source', source: files([pattern]) } };
  const stage = { nodes: [{ node }], controls: new Set() } as unknown as Stage;
  const ports = { clock: new ManualClock() } as unknown as Ports;
  const reading = await Reading.open(stage, ports, { stored, partition: undefined });
  onTestFinished(() => reading.close());
  const splits = (await reading.refresh()).map(({ name }) => name);
  const lines: string[] = [];
  const refused: string[] = [];
  for (;;) {
    const pulled = await reading.pull(new Set(['logs']), () => 0, limit);
    if (pulled === undefined) return { lines, refused, splits, positions: reading.positions() };
    pulled.split.position = pulled.batch.next;
    for (const value of pulled.batch.values) lines.push((value as FileLine).line);
    for (const { reason } of pulled.batch.refused) refused.push(reason);
  }
}

test('a file that was renamed while nothing read it is read to its end, beside its successor', async () => {
  const log = join(emptyDirectory(), 'app.log');
  writeFileSync(log, 'one\n');
  const { positions } = await readAll(log);
  appendFileSync(log, 'two\n');
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'three\n');
  const { lines, refused } = await readAll(log, positions);
  expect(lines.toSorted()).toEqual(['three', 'two']);
  expect(refused).toEqual([]);
});

test('a file that was removed while nothing read it is a refused record that says so', async () => {
  const directory = emptyDirectory();
  const log = join(directory, 'app.log');
  writeFileSync(log, 'one\n');
  const { positions } = await readAll(join(directory, '*.log'));
  rmSync(log);
  const { lines, refused } = await readAll(join(directory, '*.log'), positions);
  expect(lines).toEqual([]);
  expect(refused).toEqual([expect.stringContaining(`file-gone at byte 4 of ${log}`)]);
});

test('a file that is no longer named is not read on', async () => {
  const directory = emptyDirectory();
  for (const name of ['a', 'b']) writeFileSync(join(directory, `${name}.log`), 'one\n');
  const { positions } = await readAll(join(directory, '*.log'));
  for (const name of ['a', 'b']) appendFileSync(join(directory, `${name}.log`), `two of ${name}\n`);
  expect((await readAll(join(directory, 'b.log'), positions)).lines).toEqual(['two of b']);
});

test('files that are there are read in the order of the source, whether they were read before or not', async () => {
  const directory = emptyDirectory();
  const names = ['a', 'b', 'c'];
  for (const name of names) writeFileSync(join(directory, `${name}.log`), `one of ${name}\n`);
  const { splits, positions } = await readAll(join(directory, '*.log'));
  const last = splits.at(-1)!;
  const stored = { logs: { [last]: { ...(positions['logs']![last] as object), ended: false } } } as Positions;
  expect((await readAll(join(directory, '*.log'), stored)).splits).toEqual(splits);
});
