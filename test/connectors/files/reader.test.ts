import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LineBatch } from '../../../connectors/files/reader.ts';
import { coded, drain, limit, only, textsOf, workplace } from '../../support/file-workplace.ts';

describe('lines', () => {
  test('are delivered without their ends, empty ones too, and the unterminated last one at the end', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'a\r\n\nb b\r\nc\rd\nlast');
    const from = reader();
    expect(await drain(from, await only(from))).toMatchObject({ lines: ['a', '', 'b b', 'c\rd', 'last'], ended: true });
  });

  test('of garbage and broken UTF-8 pass as the bytes they are', async () => {
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
    writeFileSync(log, '');
    const from = reader({ follow: true });
    const split = await only(from);
    expect(await from.poll(split, from.start(split), limit)).toBeUndefined();
    appendFileSync(log, 'first\n');
    expect((await drain(from, split)).lines).toEqual(['first']);
  });

  test('a file that appears later becomes a split of its own', async () => {
    const { directory, reader } = workplace();
    const from = reader({ follow: true, patterns: [join(directory, '**', '*.log')] });
    expect(await from.splits()).toEqual([]);
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    writeFileSync(join(directory, 'a', 'b', 'new.log'), 'hello\n');
    writeFileSync(join(directory, 'a', 'b', 'other.txt'), 'no\n');
    expect((await drain(from, await only(from))).lines).toEqual(['hello']);
  });

  test('a position resumes while its file has a name that is asked for and is not known to be no more', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'one\n');
    const from = reader({ follow: true });
    const position = from.start(await only(from));
    expect(from.resumes(position)).toBe(true);
    expect(from.resumes({ ...position, ended: true })).toBe(true);
    expect(from.resumes({ ...position, ended: true, gone: true })).toBe(false);
    expect(from.resumes({ ...position, path: `${log}.1` })).toBe(false);
  });

  test('a position resumes in the middle of a file after a restart', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'one\ntwo\nthree\n');
    const first = reader({ follow: true });
    const split = await only(first);
    const { next } = (await first.poll(split, first.start(split), { ...limit, maxRecords: 1 }))!;
    const again = reader({ follow: true });
    expect(await only(again)).toBe(split);
    expect((await drain(again, split, next)).lines).toEqual(['two', 'three']);
  });
});

describe('patterns', () => {
  test('two that name one file, or a link to it, make one split', async () => {
    const { directory, log, reader } = workplace();
    writeFileSync(log, 'a\n');
    symlinkSync(log, join(directory, 'link.log'));
    const from = reader({ patterns: [log, join(directory, '*.log'), join(directory, 'link.log')] });
    await only(from);
  });

  test('that match nothing are an error, even beside others that do', async () => {
    const { directory, log, reader } = workplace();
    writeFileSync(log, 'a\n');
    const missing = join(directory, 'no-such.log');
    await expect(reader({ patterns: [log, missing] }).splits()).rejects.toThrow(
      `FILE_MISSING: no file matches '${missing}'`,
    );
    await expect(reader({ patterns: [join(directory, '*.txt')] }).splits()).rejects.toEqual(coded('FILE_MISSING'));
    await expect(reader({ patterns: [missing], follow: true }).splits()).rejects.toEqual(coded('FILE_MISSING'));
  });

  test('that stop matching while following are no error: a rotation may be under way', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'a\n');
    const from = reader({ follow: true });
    await only(from);
    rmSync(log);
    expect(await from.splits()).toEqual([]);
  });

  test('that name what can not be read say why', async () => {
    const { directory, log, reader } = workplace();
    writeFileSync(log, 'a\n');
    await expect(reader({ patterns: [directory] }).splits()).rejects.toThrow(/FILE_UNREADABLE: .*it is a directory/);
    const circle = join(directory, 'circle');
    symlinkSync(circle, circle);
    await expect(reader({ patterns: [join(directory, 'c*')] }).splits()).rejects.toEqual(coded('FILE_UNREADABLE'));
    const server = createServer().listen(join(directory, 'socket'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const socket = reader({ patterns: [join(directory, 'socket')] }).splits();
    await expect(socket).rejects.toThrow(/FILE_UNREADABLE: .*it is a socket/);
    await expect(reader({ patterns: ['/dev/zero'] }).splits()).rejects.toThrow(/FILE_UNREADABLE: .*it is a device/);
  });

  test('that name the null device name an empty file', async () => {
    const { reader } = workplace();
    const from = reader({ patterns: [devNull] });
    expect(await drain(from, await only(from))).toMatchObject({ lines: [], ended: true });
  });

  test('pass over a directory that took the place of a file', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'one\n');
    const from = reader({ follow: true });
    await only(from);
    rmSync(log);
    mkdirSync(log);
    expect(await from.splits()).toEqual([]);
  });
});
