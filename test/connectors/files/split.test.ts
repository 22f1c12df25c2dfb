import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { minutes } from '../../../time/duration.ts';
import { drain, limit, only, workplace } from '../../support/file-workplace.ts';

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
