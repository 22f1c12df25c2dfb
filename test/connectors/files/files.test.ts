import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files } from '../../../connectors/files/files.ts';
import type { Ports, SourceBatch, SourceReader } from '../../../graph/connector.ts';
import { memoryState } from '../../../state/memory.ts';
import { memoryTables } from '../../../tables/memory.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { memoryTopics } from '../../../topics/memory.ts';

const limit = { maxRecords: 100, maxBytes: 1 << 20 };
const ports = (): Ports => {
  return { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock: new ManualClock(7_000) };
};

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'millrace-files-')), 'a.log');
  writeFileSync(path, text);
  return path;
}

async function first<T>(reader: SourceReader<T>): Promise<{ split: string; batch: SourceBatch<T> }> {
  const [split] = (await reader.splits()) as [string];
  return { split, batch: (await reader.poll(split, await reader.start(split), limit)) as SourceBatch<T> };
}

describe('files', () => {
  test('gives lines with their file and the time of reading, without blank ones', async () => {
    const path = fileWith('one\n\nzwölf\n');
    const { batch } = await first(await files([path], { follow: false }).open(ports()));
    expect(batch.values).toEqual([
      { line: 'one', source: path, time: 7_000 },
      { line: 'zwölf', source: path, time: 7_000 },
    ]);
    expect([...batch.times]).toEqual([Number.NaN, Number.NaN]);
  });

  test('a line that can not be decoded is refused with the reason, and the others go on', async () => {
    const source = files([fileWith('{"n":1}\nno\n{"n":2}\n')], {
      follow: false,
      decode: ({ line }) => JSON.parse(line) as { n: number },
      timeOf: ({ n }) => n,
    });
    const { batch } = await first(await source.open(ports()));
    expect(batch.values).toEqual([{ n: 1 }, { n: 2 }]);
    expect([...batch.times.subarray(0, 2)]).toEqual([1, 2]);
    expect(batch.refused).toEqual([{ reason: expect.stringContaining('JSON'), sample: 'no', time: 7_000 }]);
  });

  test('without following it ends; a later process reads what was added since', async () => {
    const path = fileWith('one\n');
    const reader = await files([path], { follow: false }).open(ports());
    const { split, batch } = await first(reader);
    expect(await drained(reader, split, batch)).toBe('ended');
    writeFileSync(path, 'one\ntwo\n');
    const later = await files([path], { follow: false }).open(ports());
    await later.splits();
    const more = (await later.poll(split, batch.next, limit)) as SourceBatch<{ line: string }>;
    expect(more.values.map((v) => v.line)).toEqual(['two']);
  });

  test('read again up to a position, it gives the same lines and stops there', async () => {
    const reader = await files([fileWith('one\ntwo\nthree\nfour\n')], { follow: true }).open(ports());
    const [split] = (await reader.splits()) as [string];
    const start = await reader.start(split);
    const two = (await reader.poll(split, start, { ...limit, maxRecords: 2 })) as SourceBatch<{ line: string }>;
    const again = (await reader.poll(split, start, { ...limit, until: two.next })) as SourceBatch<{ line: string }>;
    expect(again.values.map((v) => v.line)).toEqual(['one', 'two']);
  });

  test('standard input can not be read again, and says so', () => {
    expect(files(['-']).replayable).toBe(false);
    expect(files(['a.log', '-']).replayable).toBe(false);
    expect(files(['a.log']).replayable).toBe(true);
  });

  test('a file that is not there is an error, not silence', async () => {
    const reader = await files(['/nowhere/a.log'], { follow: false }).open(ports());
    await expect(reader.splits()).rejects.toThrow(/^FILE_MISSING/);
  });
});

/** What the split says when everything has been read. */
async function drained<T>(reader: SourceReader<T>, split: string, last: SourceBatch<T>): Promise<unknown> {
  for (let batch = last; ; ) {
    const next = await reader.poll(split, batch.next, limit);
    if (typeof next !== 'object') return next;
    batch = next;
  }
}
