import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { coded, drain, limit, only, textsOf, workplace } from '../../support/file-workplace.ts';

describe('gzip', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'é'.repeat(i % 40)}`);

  test('is told by its first bytes and read as its text, members in a row too', async () => {
    const { log, reader } = workplace();
    const half = gzipSync(`${lines.slice(0, 10_000).join('\n')}\n`);
    writeFileSync(log, Buffer.concat([half, gzipSync(lines.slice(10_000).join('\n'))]));
    const from = reader();
    expect(await drain(from, await only(from))).toMatchObject({ lines, ended: true });
  });

  test('resumes at a position of its text', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, gzipSync(lines.join('\n')));
    const first = reader();
    const split = await only(first);
    const { next } = (await first.poll(split, first.start(split), { ...limit, maxRecords: 1234 }))!;
    expect(next.offset).toBe(Buffer.byteLength(`${lines.slice(0, 1234).join('\n')}\n`));
    const again = reader();
    expect((await drain(again, await only(again), next)).lines).toEqual(lines.slice(1234));
  });

  test('that breaks off or is damaged is unreadable, after the lines before', async () => {
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
    writeFileSync(log, gzipSync(`a\n${'x'.repeat(10 << 20)}\nb\n`));
    const from = reader();
    const found = await drain(from, await only(from));
    expect(found.lines).toEqual(['a', 'b']);
    expect(found.refused.map(({ bytes }) => bytes)).toEqual([10 << 20]);
  });
});

describe('UTF-16', () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `line ${i} ${'é中😀'.repeat(i % 20)}`);
  /** The text in either order of bytes, behind the mark of it. */
  const bytesOf = (text: string, order: 'little' | 'big'): Buffer => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return order === 'little' ? bytes : bytes.swap16();
  };

  test.each(['little', 'big'] as const)(
    '%s end first, is told by its first bytes and read as its text',
    async (order) => {
      const { log, reader } = workplace();
      writeFileSync(log, bytesOf(lines.join('\r\n'), order));
      const from = reader();
      expect(await drain(from, await only(from))).toMatchObject({ lines, ended: true });
    },
  );

  test('resumes at a position of its text, which may be larger than the file', async () => {
    const { log, reader } = workplace();
    const wide = Array.from({ length: 2_000 }, (_, i) => `${i} ${'中'.repeat(200)}`);
    writeFileSync(log, bytesOf(wide.join('\n'), 'little'));
    const first = reader({ follow: true });
    const split = await only(first);
    const { lines: before, position } = await drain(first, split);
    expect(position.offset).toBeGreaterThan(statSync(log).size);
    appendFileSync(log, Buffer.from('\nlast\n', 'utf16le'));
    const again = reader({ follow: true });
    const after = await drain(again, await only(again), position);
    expect([...before, ...after.lines].join('\n') === [...wide, 'last'].join('\n')).toBe(true);
    expect(after.lines).toEqual([wide.at(-1), 'last']);
  });

  test('is followed as it grows, byte by byte', async () => {
    const { log, reader } = workplace();
    const bytes = bytesOf('no stock 😀\nlow\n', 'little');
    writeFileSync(log, bytes.subarray(0, 3));
    const from = reader({ follow: true });
    const split = await only(from);
    let { position } = await drain(from, split);
    const found: string[] = [];
    for (const byte of bytes.subarray(3)) {
      appendFileSync(log, Buffer.of(byte));
      const more = await drain(from, split, position);
      found.push(...more.lines);
      position = more.position;
    }
    expect(found).toEqual(['no stock 😀', 'low']);
  });

  test('in gzip, and from a stream, is text as well', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, gzipSync(bytesOf('a\nb\n', 'big')));
    const from = reader();
    expect((await drain(from, await only(from))).lines).toEqual(['a', 'b']);
    const stdin = Readable.from([bytesOf('a\nb\n', 'little').subarray(0, 1), bytesOf('a\nb\n', 'little').subarray(1)]);
    const piped = reader({ patterns: ['-'], stdin });
    expect((await drain(piped, await only(piped))).lines).toEqual(['a', 'b']);
  });

  test('short files without a mark are what they are', async () => {
    for (const text of ['', 'a', 'ab', '\u00ff']) {
      const { log, reader } = workplace();
      writeFileSync(log, text);
      const from = reader();
      expect((await drain(from, await only(from))).lines).toEqual(text === '' ? [] : [text]);
      const piped = reader({ patterns: ['-'], stdin: Readable.from(text === '' ? [] : [Buffer.from(text)]) });
      expect((await drain(piped, await only(piped))).lines).toEqual(text === '' ? [] : [text]);
    }
  });
});
