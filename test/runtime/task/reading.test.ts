import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FileLine, files } from '../../../connectors/files/files.ts';
import type { Ports, SourceReader } from '../../../graph/connector.ts';
import type { Stage } from '../../../graph/plan.ts';
import type { Positions } from '../../../runtime/commit/committer.ts';
import { Reading } from '../../../runtime/task/reading.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { emptyDirectory } from '../../support/empty-directory.ts';

const limit = { maxRecords: 100, maxBytes: 1 << 20 };

async function readingOf(pattern: string, stored: Positions = {}, follow = true): Promise<Reading> {
  const node = { uid: 'logs', body: { kind: 'source', source: files([pattern], { follow }) } };
  const stage = { nodes: [{ node }], controls: new Set() } as unknown as Stage;
  const ports = { clock: new ManualClock() } as unknown as Ports;
  const reading = await Reading.open(stage, ports, { stored, partition: undefined });
  onTestFinished(() => reading.close());
  return reading;
}

/** What a run over the pattern reads, and what it refuses, until nothing is left; and where it has come. */
async function readAll(pattern: string, stored: Positions = {}, follow = true) {
  const reading = await readingOf(pattern, stored, follow);
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

test('a file that was read to its end, grew and was renamed while nothing read it is read on', async () => {
  const log = join(emptyDirectory(), 'app.log');
  writeFileSync(log, 'one\n');
  const { positions } = await readAll(log, {}, false);
  appendFileSync(log, 'two\n');
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'three\n');
  const { lines, refused } = await readAll(log, positions, false);
  expect(lines.toSorted()).toEqual(['three', 'two']);
  expect(refused).toEqual([]);
});

test('when every followed file is removed reading does not end, and the files that come are read', async () => {
  const log = join(emptyDirectory(), 'app.log');
  writeFileSync(log, 'one\n');
  const reading = await readingOf(log);
  const linesNow = async () => {
    const lines: string[] = [];
    for (let quiet = 0; quiet < 2; ) {
      await reading.refresh();
      const pulled = await reading.pull(new Set(['logs']), () => 0, limit);
      quiet = pulled === undefined ? quiet + 1 : 0;
      if (pulled === undefined) continue;
      pulled.split.position = pulled.batch.next;
      lines.push(...pulled.batch.values.map((value) => (value as FileLine).line));
    }
    return lines;
  };
  expect(await linesNow()).toEqual(['one']);
  // Many filesystems give the next file the inode, and so the split, of the one before.
  for (const line of ['two', 'three', 'four']) {
    rmSync(log);
    expect(await linesNow()).toEqual([]);
    expect(reading.ended).toBe(false);
    expect(reading.splits.every(({ state }) => state === 'ended')).toBe(true);
    writeFileSync(log, `${line}\n`);
    expect(await linesNow()).toEqual([line]);
  }
});

test('a quiet split is asked every second, though others that are read before it have more', async () => {
  const times = { busy: 1, still: 0 };
  const { asked, pull, clock } = await pulling({ busy: 'always', still: 'never' }, (name) => times[name as 'busy']);
  await pull();
  times.still = 2;
  const before = asked.length;
  for (let i = 0; i < 8; i++) {
    clock.advance(250);
    await pull();
  }
  expect(asked.slice(before).filter((name) => name === 'still')).toHaveLength(2);
});

test('a split without event time does not keep the others from being read, nor they it', async () => {
  for (const timeless of ['one', 'two']) {
    const timeOf = (name: string) => (name === timeless ? undefined : 5_000);
    const { asked, pull } = await pulling({ one: 'always', two: 'always' }, timeOf);
    for (let i = 0; i < 10; i++) await pull();
    expect(asked.filter((name) => name === 'one')).toHaveLength(5);
  }
});

test('of splits without event time the first is read, so that a restart keeps the order, unless another waits too long', async () => {
  const { asked, pull, clock } = await pulling({ one: 'always', two: 'always' }, () => undefined);
  for (let i = 0; i < 60; i++) {
    clock.advance(1_000);
    await pull();
  }
  expect(asked.flatMap((name, i) => (name === 'two' ? i + 1 : []))).toEqual([30, 60]);
});

/** A source whose splits always or never have a record, and the order in which they are asked. */
async function pulling(
  splits: Readonly<Record<string, 'always' | 'never'>>,
  timeOf: (name: string) => number | undefined,
) {
  const asked: string[] = [];
  const clock = new ManualClock(1_000_000);
  const reader: SourceReader<number> = {
    splits: async () => Object.keys(splits),
    start: async () => 0,
    poll: async (name) => {
      asked.push(name);
      if (splits[name] === 'never') return undefined;
      return { values: [1], times: Float64Array.of(Number.NaN), refused: [], next: 0 };
    },
    close: async () => {},
  };
  const source = { kind: 'script', label: '', replayable: true, open: async () => reader };
  const stage = { nodes: [{ node: { uid: 'in', body: { kind: 'source', source } } }], controls: new Set() };
  const from = { stored: {}, partition: undefined };
  const reading = await Reading.open(stage as unknown as Stage, { clock } as unknown as Ports, from);
  await reading.refresh();
  return { asked, clock, pull: () => reading.pull(new Set(['in']), ({ name }) => timeOf(name), limit) };
}

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
