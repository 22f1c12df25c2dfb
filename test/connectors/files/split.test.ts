import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FilePosition, startOf } from '../../../connectors/files/batch.ts';
import { headOf } from '../../../connectors/files/head.ts';
import { reading } from '../../../connectors/files/reading.ts';
import { splitOf } from '../../../connectors/files/set.ts';
import { minutes } from '../../../time/duration.ts';
import { coded, drain, limit, only, workplace } from '../../support/file-workplace.ts';

describe('rotation', () => {
  test('by renaming: the old file is read to its end, the new one is another split', async () => {
    const { log, clock, reader } = workplace();
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

  test('by renaming while it is not read: the old file is found again by its position', async () => {
    const { directory, log, reader } = workplace();
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
    const { directory, log, reader } = workplace();
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

  test('by copying and truncating: the file begins again as the next generation', async () => {
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
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
    const { log, reader } = workplace();
    writeFileSync(log, 'one\ntwo\nthree');
    const from = reader({ follow: true });
    const split = await only(from);
    const { next } = (await from.poll(split, from.start(split), { ...limit, maxRecords: 1 }))!;
    rmSync(log);
    expect(await from.splits()).toEqual([split]);
    expect(await drain(from, split, next)).toMatchObject({ lines: ['two', 'three'], ended: true });
    expect(await from.splits()).toEqual([]);
  });

  test('a file that vanished while it was not read is reported, unless it had been read to its end', async () => {
    const { log, reader } = workplace();
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

describe('what takes a file’s place', () => {
  test('a file with the inode of a deleted one is read from its beginning, whatever it begins with', async () => {
    const { log, reader } = workplace();
    const from = reader({ follow: true });
    let position: FilePosition | undefined;
    let split = '';
    // A filesystem that does not use an inode again gives every file a split of its own.
    for (const text of ['same\none\n', 'same\ntwo and more\n', 'same\nthree\n']) {
      writeFileSync(log, text);
      const found = await only(from);
      if (found !== split) position = undefined;
      split = found;
      const { lines, position: at } = await drain(from, split, position);
      expect(lines).toEqual(text.trim().split('\n'));
      rmSync(log);
      await from.splits();
      position = (await drain(from, split, at)).position;
      expect(position).toMatchObject({ ended: true, gone: true });
      expect(from.hasEnded(split)).toBe(true);
      expect(await from.splits()).toEqual([]);
    }
  });

  test('a position of a file that is no more is not one of the file that has its inode, nor after a restart', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'same\none\n');
    const first = reader({ follow: true });
    const split = await only(first);
    const { position } = await drain(first, split);
    const again = reader({ follow: true });
    const { lines, position: next } = await drain(again, await only(again), { ...position, ended: true, gone: true });
    expect(lines).toEqual(['same', 'one']);
    expect(next).toMatchObject({ generation: 1, ended: false });
    expect(next.gone).toBe(undefined);
  });

  test('a file that was not asked for is not read though it has the inode of one that was', async () => {
    const { directory, log, reader } = workplace();
    writeFileSync(log, 'one\n');
    const other = join(directory, 'secret.txt');
    writeFileSync(other, 'other\n');
    const split = splitOf(statSync(other, { bigint: true }));
    const from = reader({ follow: true });
    await from.splits();
    for (const head of [headOf(Buffer.from('one\n')), headOf(Buffer.alloc(0))]) {
      const position = { ...startOf(log), offset: head.bytes, head };
      const { lines, refused } = await drain(from, split, position);
      expect({ lines, refused }).toMatchObject({ lines: [], refused: [{ reason: 'file-gone' }] });
    }
  });

  test('what a file still had when it was cut is told, with its length and its first bytes', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, 'one\ntwo\nthree');
    const from = reader({ follow: true });
    const split = await only(from);
    const { position } = await drain(from, split);
    writeFileSync(log, 'new\n');
    const { lines, refused } = await drain(from, split, position);
    expect(lines).toEqual(['new']);
    expect(refused).toEqual([{ reason: 'file-cut', offset: 8, bytes: 5, sample: Buffer.from('three') }]);
  });

  test('a file that was cut amid reading gives no half of a line, and nothing twice', async () => {
    const { log, reader } = workplace();
    writeFileSync(log, `${'old line\n'.repeat(100)}`);
    const from = reader({ follow: true });
    const split = await only(from);
    const step = { maxRecords: 10, maxBytes: 90 };
    const { next } = (await from.poll(split, from.start(split), step))!;
    writeFileSync(log, Array.from({ length: 90 }, (_, i) => `new line ${i}\n`).join(''));
    const { lines } = await drain(from, split, next, step);
    expect(lines).toEqual(Array.from({ length: 90 }, (_, i) => `new line ${i}`));
  });

  test('an ended file that grows under a name asked for is read on', async () => {
    const { log, clock, reader } = workplace();
    writeFileSync(log, 'one\n');
    const from = reader({ follow: true });
    const split = await only(from);
    const { position } = await drain(from, split);
    renameSync(log, `${log}.1`);
    await from.splits();
    clock.advance(minutes(1));
    const { position: end } = await drain(from, split, position);
    expect(end).toMatchObject({ ended: true });
    renameSync(`${log}.1`, log);
    appendFileSync(log, 'two\n');
    expect(await only(from)).toBe(split);
    expect((await drain(from, split, end)).lines).toEqual(['two']);
  });
});

describe('many files', () => {
  test('are open up to a bound; the others are closed, and go on where they were', async () => {
    const { directory, reader } = workplace();
    const names = Array.from({ length: 20 }, (_, i) => join(directory, `${i}.log`));
    for (const name of names) writeFileSync(name, 'one\n');
    const from = reader({ follow: true, patterns: [join(directory, '*.log')], mostOpen: 4 });
    const positions = new Map<string, FilePosition>();
    const readAll = async () => {
      const lines: string[] = [];
      for (const split of await from.splits()) {
        const drained = await drain(from, split, positions.get(split));
        positions.set(split, drained.position);
        lines.push(...drained.lines);
      }
      return lines;
    };
    const openHere = () => readdirSync('/proc/self/fd').filter((fd) => opensBelow(directory, fd)).length;
    expect(await readAll()).toEqual(names.map(() => 'one'));
    expect(openHere()).toBeLessThanOrEqual(4);
    expect(await readAll()).toEqual([]);
    for (const name of names) appendFileSync(name, 'two\n');
    expect(await readAll()).toEqual(names.map(() => 'two'));
    expect(openHere()).toBeLessThanOrEqual(4);
  });

  test('are not closed once they have no name, for they could not be opened again', async () => {
    const { directory, reader } = workplace();
    const [a, b] = [join(directory, 'a.log'), join(directory, 'b.log')];
    writeFileSync(a, 'one\ntwo\n');
    writeFileSync(b, 'three\n');
    const from = reader({ follow: true, patterns: [join(directory, '*.log')], mostOpen: 1 });
    const [first, second] = (await from.splits()) as [string, string];
    const { next } = (await from.poll(first, from.start(first), { ...limit, maxRecords: 1 }))!;
    rmSync(a);
    expect((await drain(from, second)).lines).toEqual(['three']);
    expect((await drain(from, first, next)).lines).toEqual(['two']);
  });

  test('that are exhausted are an error that says what to do', async () => {
    const error = await reading('/a.log', () =>
      Promise.reject(Object.assign(new Error('EMFILE'), { code: 'EMFILE' })),
    ).catch((caught: unknown) => caught);
    expect(error).toEqual(coded('FILES_EXHAUSTED'));
    expect(String(error)).toContain('ulimit -n');
  });
});

function opensBelow(directory: string, fd: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
  } catch {
    return false;
  }
}
