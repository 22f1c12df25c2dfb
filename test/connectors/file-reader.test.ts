import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  type FileOptions,
  type FilePosition,
  type FileReader,
  type LineBatch,
  openFiles,
} from '../../connectors/file-reader.ts';
import { ManualClock } from '../../time/clock.ts';
import { minutes } from '../../time/duration.ts';

let directory: string;
let log: string;
let clock: ManualClock;
const limit = { maxRecords: 10_000, maxBytes: 1 << 16 };
const coded = (code: string) => expect.objectContaining({ code });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  log = join(directory, 'app.log');
  clock = new ManualClock();
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

function reader(options: Partial<FileOptions> = {}): FileReader {
  const opened = openFiles({ patterns: [log], follow: false, clock, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

const textsOf = ({ length, bytes, starts, ends }: LineBatch) =>
  Array.from({ length }, (_, i) => bytes.toString('utf8', starts[i], ends[i]));

/** Polls until there is nothing more: the lines, and where reading stands. */
async function drain(from: FileReader, split: string, position = from.start(split), step = limit) {
  const lines: string[] = [];
  const refused: LineBatch['refused'][number][] = [];
  let ended = false;
  for (;;) {
    const batch = await from.poll(split, position, step);
    if (batch === undefined) break;
    lines.push(...textsOf(batch));
    refused.push(...batch.refused);
    // A position is stored as JSON.
    position = JSON.parse(JSON.stringify(batch.next)) as FilePosition;
    ended = batch.ended;
    if (ended) break;
  }
  return { lines, refused, position, ended };
}

const only = async (from: FileReader): Promise<string> => {
  const [split, ...others] = await from.splits();
  expect(others).toEqual([]);
  return split!;
};

describe('lines', () => {
  test('are delivered without their ends, empty ones too, and the unterminated last one at the end', async () => {
    writeFileSync(log, 'a\r\n\nb b\r\nc\rd\nlast');
    const from = reader();
    expect(await drain(from, await only(from))).toMatchObject({ lines: ['a', '', 'b b', 'c\rd', 'last'], ended: true });
  });

  test('of garbage and broken UTF-8 pass as the bytes they are', async () => {
    const garbage = Buffer.from(
      Array.from({ length: 1024 }, (_, i) => (i % 256 === 10 || i % 256 === 13 ? 0 : i % 256)),
    );
    writeFileSync(log, Buffer.concat([garbage, Buffer.from('\n'), garbage]));
    const from = reader();
    const split = await only(from);
    const first = await from.poll(split, from.start(split), limit);
    expect(first!.bytes.subarray(first!.starts[0], first!.ends[0])).toEqual(garbage);
    const second = await from.poll(split, first!.next, limit);
    expect(second!.bytes.subarray(second!.starts[0], second!.ends[0])).toEqual(garbage);
  });

  test('come whole whatever the limits are, and tell where they begin in the file', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `${i} ${'x'.repeat((i * 37) % 300)}`);
    const text = lines.join('\n');
    writeFileSync(log, text);
    for (const step of [
      { maxRecords: 1, maxBytes: 1 << 20 },
      { maxRecords: 7, maxBytes: 10 },
      { maxRecords: 1000, maxBytes: 1000 },
    ]) {
      const from = reader();
      const split = await only(from);
      let position = from.start(split);
      const found: string[] = [];
      while (!position.ended) {
        const batch = (await from.poll(split, position, step))!;
        expect(batch.length).toBeLessThanOrEqual(step.maxRecords);
        textsOf(batch).forEach((line, i) => {
          const begin = batch.origin + batch.starts[i]!;
          expect(text.slice(begin, begin + line.length)).toBe(line);
          found.push(line);
        });
        position = batch.next;
      }
      expect(found).toEqual(lines);
    }
  });

  test('of an earlier batch stay readable while later ones are read', async () => {
    writeFileSync(log, Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(''));
    const from = reader();
    const split = await only(from);
    const batches: LineBatch[] = [];
    let position = from.start(split);
    while (!position.ended) {
      const batch = (await from.poll(split, position, { maxRecords: 10, maxBytes: 200 }))!;
      batches.push(batch);
      position = batch.next;
    }
    expect(batches.flatMap(textsOf)).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${i}`));
  });

  test('that are too long are refused with their length and a sample, and those around them delivered', async () => {
    const size = 10 << 20;
    writeFileSync(log, `before\n${'y'.repeat(size)}\nafter\n${'z'.repeat(size)}`);
    const from = reader();
    const found = await drain(from, await only(from));
    expect(found.lines).toEqual(['before', 'after']);
    expect(found.refused.map(({ sample, ...rest }) => ({ ...rest, sample: sample.toString() }))).toEqual([
      { reason: 'line-too-long', offset: 7, bytes: size, sample: 'y'.repeat(1024) },
      { reason: 'line-too-long', offset: 7 + size + 1 + 6, bytes: size, sample: 'z'.repeat(1024) },
    ]);
  });

  test('at the limit are delivered, one byte beyond are refused, terminated or not', async () => {
    for (const end of ['\n', '\r\n', '']) {
      for (const [length, lines] of [
        [10, 1],
        [11, 0],
      ] as const) {
        writeFileSync(log, 'x'.repeat(length) + end);
        const from = reader({ maxLineBytes: 10 });
        const found = await drain(from, await only(from));
        expect([found.lines.length, found.refused.length], JSON.stringify([length, end])).toEqual([lines, 1 - lines]);
      }
    }
  });

  test('that are too long and still growing are passed over once, across a restart', async () => {
    writeFileSync(log, 'x'.repeat(50_000));
    const first = reader({ follow: true, maxLineBytes: 100 });
    const split = await only(first);
    const { position, ...before } = await drain(first, split);
    expect(before).toMatchObject({ lines: [], refused: [], ended: false });
    expect(position.offset).toBe(50_000);
    appendFileSync(log, 'yyy\nnext\n');
    const again = reader({ follow: true, maxLineBytes: 100 });
    const after = await drain(again, await only(again), position);
    expect(after.lines).toEqual(['next']);
    expect(after.refused).toEqual([
      { reason: 'line-too-long', offset: 0, bytes: 50_003, sample: Buffer.from('x'.repeat(1024)) },
    ]);
  });
});

describe('following', () => {
  test('delivers what is appended, and a line only when it ends', async () => {
    writeFileSync(log, 'one\ntw');
    const from = reader({ follow: true });
    const split = await only(from);
    const first = await drain(from, split);
    expect(first).toMatchObject({ lines: ['one'], ended: false });
    appendFileSync(log, 'o\nthree\n');
    const second = await drain(from, split, first.position);
    expect(second.lines).toEqual(['two', 'three']);
    expect((await drain(from, split, second.position)).lines).toEqual([]);
  });

  test('an empty file begins when it gets its first line', async () => {
    writeFileSync(log, '');
    const from = reader({ follow: true });
    const split = await only(from);
    expect(await from.poll(split, from.start(split), limit)).toBeUndefined();
    appendFileSync(log, 'first\n');
    expect((await drain(from, split)).lines).toEqual(['first']);
  });

  test('a file that appears later becomes a split of its own', async () => {
    const from = reader({ follow: true, patterns: [join(directory, '**', '*.log')] });
    expect(await from.splits()).toEqual([]);
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    writeFileSync(join(directory, 'a', 'b', 'new.log'), 'hello\n');
    writeFileSync(join(directory, 'a', 'b', 'other.txt'), 'no\n');
    expect((await drain(from, await only(from))).lines).toEqual(['hello']);
  });

  test('a position resumes in the middle of a file after a restart', async () => {
    writeFileSync(log, 'one\ntwo\nthree\n');
    const first = reader({ follow: true });
    const split = await only(first);
    const { next } = (await first.poll(split, first.start(split), { ...limit, maxRecords: 1 }))!;
    const again = reader({ follow: true });
    expect(await only(again)).toBe(split);
    expect((await drain(again, split, next)).lines).toEqual(['two', 'three']);
  });
});

describe('rotation', () => {
  test('by renaming: the old file is read to its end, the new one is another split', async () => {
    writeFileSync(log, 'old 1\n');
    const from = reader({ follow: true });
    const old = await only(from);
    const { position } = await drain(from, old);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new 1\n');
    appendFileSync(`${log}.1`, 'old 2\nold 3 without end');
    const [fresh, ...rest] = await from.splits();
    expect(rest).toEqual([old]);
    const late = await drain(from, old, position);
    expect(late).toMatchObject({ lines: ['old 2'], ended: false });
    expect((await drain(from, fresh!)).lines).toEqual(['new 1']);
    // A minute without growth ends it, and then its last line is what it is.
    clock.advance(minutes(1));
    expect(await drain(from, old, late.position)).toMatchObject({ lines: ['old 3 without end'], ended: true });
    expect(await from.splits()).toEqual([fresh]);
  });

  test('by renaming while nobody reads: the old file is found again by its position', async () => {
    writeFileSync(log, 'old 1\nold 2\n');
    const first = reader({ follow: true });
    const old = await only(first);
    const { next } = (await first.poll(old, first.start(old), { ...limit, maxRecords: 1 }))!;
    renameSync(log, join(directory, 'app.log.2026-01-29'));
    writeFileSync(log, 'new 1\n');
    const again = reader({ follow: true });
    const [fresh] = await again.splits();
    expect(fresh).not.toBe(old);
    expect((await drain(again, old, next)).lines).toEqual(['old 2']);
  });

  test('by a pattern that matches both names: nothing is read twice', async () => {
    writeFileSync(log, 'old\n');
    const from = reader({ follow: true, patterns: [join(directory, 'app.log*')] });
    const old = await only(from);
    const { position } = await drain(from, old);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new\n');
    const splits = await from.splits();
    expect(splits).toHaveLength(2);
    const after = await drain(from, old, position);
    expect(after.lines).toEqual([]);
    appendFileSync(`${log}.1`, 'late\n');
    const late = await drain(from, old, position);
    expect(late.lines).toEqual(['late']);
    expect(late.position.path).toBe(`${log}.1`);
  });

  test('by copying and truncating: the file begins anew as the next generation', async () => {
    writeFileSync(log, 'old 1\nold 2\n');
    const from = reader({ follow: true });
    const split = await only(from);
    const before = await drain(from, split);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    expect(await from.poll(split, before.position, limit)).toBeUndefined();
    appendFileSync(log, 'new 1\n');
    const after = await drain(from, split, before.position);
    expect(after.lines).toEqual(['new 1']);
    expect([before.position.generation, after.position.generation]).toEqual([0, 1]);
    expect(await only(from)).toBe(split);
  });

  test('by truncating a file that has grown past the position again: its beginning tells', async () => {
    writeFileSync(log, 'old 1\n');
    const from = reader({ follow: true });
    const split = await only(from);
    const { position } = await drain(from, split);
    writeFileSync(log, 'new 1\nnew 2\nnew 3\n');
    expect((await drain(from, split, position)).lines).toEqual(['new 1', 'new 2', 'new 3']);
    const again = reader({ follow: true });
    expect((await drain(again, await only(again), position)).lines).toEqual(['new 1', 'new 2', 'new 3']);
  });

  test('a file that was still short when it was first seen is known again after it has grown', async () => {
    writeFileSync(log, 'a\n');
    const from = reader({ follow: true });
    const split = await only(from);
    const { position } = await drain(from, split);
    expect(position.head.bytes).toBe(2);
    appendFileSync(log, 'b\n'.repeat(1000));
    const grown = await drain(from, split, position);
    expect(grown.lines).toHaveLength(1000);
    expect(grown.position.generation).toBe(0);
    expect(grown.position.head.bytes).toBe(256);
  });

  test('a deleted file is read to its end and ends there', async () => {
    writeFileSync(log, 'one\ntwo\nthree');
    const from = reader({ follow: true });
    const split = await only(from);
    const { next } = (await from.poll(split, from.start(split), { ...limit, maxRecords: 1 }))!;
    rmSync(log);
    expect(await from.splits()).toEqual([split]);
    expect(await drain(from, split, next)).toMatchObject({ lines: ['two', 'three'], ended: true });
    expect(await from.splits()).toEqual([]);
  });

  test('a file that vanished while nobody read says so, unless it had been read to its end', async () => {
    writeFileSync(log, 'one\ntwo\n');
    const first = reader();
    const split = await only(first);
    const { next } = (await first.poll(split, first.start(split), { ...limit, maxRecords: 1 }))!;
    const { position: end } = await drain(first, split, next);
    await first.close();
    rmSync(log);
    const again = reader();
    expect(await drain(again, split, next)).toMatchObject({
      ended: true,
      refused: [{ reason: 'file-gone', offset: 4 }],
    });
    expect(await drain(again, split, end)).toMatchObject({ ended: true, refused: [] });
  });
});

describe('gzip', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'é'.repeat(i % 40)}`);

  test('is told by its first bytes and read as its text, members in a row too', async () => {
    const half = gzipSync(`${lines.slice(0, 10_000).join('\n')}\n`);
    writeFileSync(log, Buffer.concat([half, gzipSync(lines.slice(10_000).join('\n'))]));
    const from = reader();
    expect(await drain(from, await only(from))).toMatchObject({ lines, ended: true });
  });

  test('resumes at a position of its text', async () => {
    writeFileSync(log, gzipSync(lines.join('\n')));
    const first = reader();
    const split = await only(first);
    const { next } = (await first.poll(split, first.start(split), { ...limit, maxRecords: 1234 }))!;
    expect(next.offset).toBe(Buffer.byteLength(`${lines.slice(0, 1234).join('\n')}\n`));
    const again = reader();
    expect((await drain(again, await only(again), next)).lines).toEqual(lines.slice(1234));
  });

  test('that breaks off or is damaged is unreadable, after the lines before', async () => {
    const whole = gzipSync(lines.join('\n'));
    writeFileSync(log, whole.subarray(0, whole.length >> 1));
    const from = reader();
    const split = await only(from);
    await expect(drain(from, split)).rejects.toEqual(coded('FILE_UNREADABLE'));
    const first = await reader().poll(split, { ...from.start(split), path: log }, { ...limit, maxRecords: 5 });
    expect(textsOf(first!)).toEqual(lines.slice(0, 5));
    writeFileSync(log, Buffer.concat([whole.subarray(0, 100), Buffer.alloc(1000, 7)]));
    const damaged = reader();
    await expect(drain(damaged, await only(damaged))).rejects.toEqual(coded('FILE_UNREADABLE'));
  });

  test('that is still being written is waited for when following', async () => {
    const whole = gzipSync(lines.join('\n'));
    writeFileSync(log, whole.subarray(0, whole.length >> 1));
    const from = reader({ follow: true });
    const split = await only(from);
    const before = await drain(from, split);
    expect(before.ended).toBe(false);
    appendFileSync(log, whole.subarray(whole.length >> 1));
    const after = await drain(from, split, before.position);
    expect([...before.lines, ...after.lines]).toEqual(lines);
    expect(after.ended).toBe(true);
  });

  test('holds a line of any length without holding it in memory', async () => {
    writeFileSync(log, gzipSync(`a\n${'x'.repeat(10 << 20)}\nb\n`));
    const from = reader();
    const found = await drain(from, await only(from));
    expect(found.lines).toEqual(['a', 'b']);
    expect(found.refused.map(({ bytes }) => bytes)).toEqual([10 << 20]);
  });
});

describe('streams', () => {
  test('standard input is counted on from its position and ends when it ends', async () => {
    const stdin = new PassThrough();
    const from = reader({ patterns: ['-'], stdin });
    expect(await from.splits()).toEqual(['-']);
    stdin.write('one\ntw');
    stdin.end('o\nthree');
    const { lines, position, ended } = await drain(from, '-', { ...from.start('-'), offset: 100 });
    expect({ lines, ended }).toEqual({ lines: ['one', 'two', 'three'], ended: true });
    expect(position.offset).toBe(113);
  });

  test('followed, standard input is not waited for', async () => {
    const stdin = new PassThrough();
    const from = reader({ patterns: ['-'], stdin, follow: true });
    expect(await from.poll('-', from.start('-'), limit)).toBeUndefined();
    stdin.write('one\ntw');
    const first = await drain(from, '-');
    expect(first).toMatchObject({ lines: ['one'], ended: false });
    stdin.end('o\n');
    await new Promise((resolve) => stdin.once('end', resolve).resume().pause() && setImmediate(resolve));
    expect((await drain(from, '-', first.position)).lines).toEqual(['two']);
  });

  test('a named pipe is read like standard input', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const from = reader({ patterns: [pipe] });
    const split = await only(from);
    const drained = drain(from, split);
    writeFileSync(pipe, 'through the pipe\n');
    expect(await drained).toMatchObject({ lines: ['through the pipe'], ended: true });
  });
});

describe('patterns', () => {
  test('two that name one file, or a link to it, make one split', async () => {
    writeFileSync(log, 'a\n');
    symlinkSync(log, join(directory, 'link.log'));
    const from = reader({ patterns: [log, join(directory, '*.log'), join(directory, 'link.log')] });
    await only(from);
  });

  test('that match nothing are an error, even beside others that do', async () => {
    writeFileSync(log, 'a\n');
    const missing = join(directory, 'no-such.log');
    await expect(reader({ patterns: [log, missing] }).splits()).rejects.toThrow(
      `FILE_MISSING: no file matches '${missing}'`,
    );
    await expect(reader({ patterns: [join(directory, '*.txt')] }).splits()).rejects.toEqual(coded('FILE_MISSING'));
    await expect(reader({ patterns: [missing], follow: true }).splits()).rejects.toEqual(coded('FILE_MISSING'));
  });

  test('that stop matching while following are no error: a rotation may be under way', async () => {
    writeFileSync(log, 'a\n');
    const from = reader({ follow: true });
    await only(from);
    rmSync(log);
    expect(await from.splits()).toEqual([]);
  });

  test('that name what can not be read say why', async () => {
    writeFileSync(log, 'a\n');
    await expect(reader({ patterns: [directory] }).splits()).rejects.toThrow(/FILE_UNREADABLE: .*it is a directory/);
    const circle = join(directory, 'circle');
    symlinkSync(circle, circle);
    await expect(reader({ patterns: [join(directory, 'c*')] }).splits()).rejects.toEqual(coded('FILE_UNREADABLE'));
  });
});
