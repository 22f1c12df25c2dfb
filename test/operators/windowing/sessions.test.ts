import { describe, expect, test } from 'vitest';
import type { Stream } from '../../../graph/stream.ts';
import { window } from '../../../operators/window.ts';
import { drive } from '../../../testing/drive.ts';
import { collect } from '../../../windows/aggregates/collect.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { session, tumbling } from '../../../windows/assigner.ts';
import { fired } from '../../support/window-result.ts';

const gap = 30_000;
const visits = (lateness = 0) => window<string, number, number, string>('visits', session(gap, { lateness }), count());
/** A session's result stands at the end of the second in which it ends. */
const ended = (start: number, end: number, value: unknown, more: { revision?: number; retracted?: boolean } = {}) =>
  fired(start, end, value, { ...more, at: Math.floor(end / 1_000) * 1_000 + 999 });

describe('a session window', () => {
  test('lasts from the first record to a gap after the last', async () => {
    const d = drive(visits());
    for (const time of [0, 20_000, 45_500]) d.data(time, 'x', 'ann');
    d.data(10_000, 'x', 'bob');
    d.watermark(200_000);
    expect(await d.seen).toEqual([`bob ${ended(10_000, 40_000, 1)}`, `ann ${ended(0, 75_500, 3)}`, '~200000']);
  });

  test('records exactly a gap apart share a session, in whatever order they come', async () => {
    for (const times of [
      [0, gap],
      [gap, 0],
    ]) {
      const d = drive(visits());
      for (const time of times) d.data(time, 'x');
      d.data(2 * gap + 1, 'x');
      d.watermark(500_000);
      expect(await d.seen).toEqual([ended(0, 2 * gap, 2), ended(2 * gap + 1, 3 * gap + 1, 1), '~500000']);
    }
  });

  test('is complete when the watermark reaches the end of the second in which it ends', async () => {
    const d = drive(visits());
    d.data(0, 'x');
    d.watermark(30_998);
    d.data(30_000, 'x');
    d.watermark(60_998);
    d.watermark(60_999);
    expect(await d.seen).toEqual(['~30998', '~60998', ended(0, 60_000, 2), '~60999']);
  });

  test('its result is not late for a window behind it', async () => {
    const d = drive((stream: Stream<string, string>) =>
      stream.pipe(window('visits', session(10_000), count<string>()), window('per-minute', tumbling(20_000), count())),
    );
    d.data(30_000, 'x', 'ann');
    for (const time of [39_999, 40_999, 59_999]) d.watermark(time);
    expect(await d.seen).toEqual(['~39999', '~40999', `ann ${fired(40_000, 60_000, 1)}`, '~59999']);
  });

  test('a record between two sessions joins them, its values in order of time', async () => {
    const d = drive(window('visits', session(gap), collect<string>(10)));
    d.data(0, 'a');
    d.data(60_000, 'c');
    d.data(30_000, 'b');
    d.watermark(500_000);
    expect(await d.seen).toEqual([ended(0, 90_000, { items: ['a', 'c', 'b'], omitted: 0 }), '~500000']);
  });

  test('a record behind every session it could join is late', async () => {
    const d = drive(visits());
    d.data(0, 'x');
    d.watermark(30_999);
    d.data(0, 'late');
    d.data(1_000, 'in time');
    d.watermark(31_999);
    expect(await d.seen).toEqual([ended(0, 30_000, 1), '~30999', 'late: "late" @0', ended(1_000, 31_000, 1), '~31999']);
  });

  test('before 1970 as after it', async () => {
    const d = drive(visits());
    d.data(-40_000, 'x');
    d.data(-20_000, 'x');
    d.watermark(20_000);
    expect(await d.seen).toEqual([ended(-40_000, 10_000, 2), '~20000']);
  });

  test('needs an aggregate that merges', () => {
    const { merge: _, ...plain } = count();
    expect(() => window('n', session(1), plain)).toThrow(/^OPTION_INVALID: aggregate of session\(1\) is count/);
  });
});

describe('allowed lateness of sessions', () => {
  test('a late record within a session fires it again', async () => {
    const d = drive(visits(60_000));
    d.data(0, 'x');
    d.data(20_000, 'x');
    d.watermark(60_000);
    d.data(10_000, 'x');
    expect(await d.seen).toEqual([ended(0, 50_000, 2), '~60000', ended(0, 50_000, 3, { revision: 1 })]);
  });

  test('a late record that prolongs a session takes back what it had fired, and fires the longer one', async () => {
    const d = drive(visits(60_000));
    d.data(0, 'x');
    d.watermark(30_999);
    d.data(30_000, 'x');
    d.watermark(60_999);
    expect(await d.seen).toEqual([
      ended(0, 30_000, 1),
      '~30999',
      ended(0, 30_000, 1, { revision: 1, retracted: true }),
      ended(0, 60_000, 2),
      '~60999',
    ]);
  });

  test('two that fired and are joined by a late record are both taken back', async () => {
    const d = drive(visits(100_000));
    d.data(0, 'x');
    d.data(50_000, 'x');
    d.watermark(90_000);
    d.data(25_000, 'x');
    expect(await d.seen).toEqual([
      ended(0, 30_000, 1),
      ended(50_000, 80_000, 1),
      '~90000',
      ended(0, 30_000, 1, { revision: 1, retracted: true }),
      ended(50_000, 80_000, 1, { revision: 1, retracted: true }),
      ended(0, 80_000, 3),
    ]);
  });

  test('leaves no state behind', async () => {
    const d = drive(visits(60_000));
    d.data(0, 'x');
    d.watermark(31_000);
    d.data(20_000, 'x');
    d.watermark(200_000);
    d.barrier(1);
    expect((await d.saved).state).toEqual([]);
  });
});

test('killed while a session grows, it goes on where it was', async () => {
  const before = drive(visits());
  before.data(0, 'x', 'ann');
  before.data(20_000, 'x', 'ann');
  before.watermark(10_000);
  before.barrier(1);
  before.data(45_000, 'x', 'ann');
  const after = drive(visits(), { saved: before.saved });
  after.data(45_000, 'x', 'ann');
  after.watermark(50_999);
  after.watermark(75_999);
  expect(await after.seen).toEqual(['~50999', `ann ${ended(0, 75_000, 3)}`, '~75999']);
});

test('a value that the aggregate refuses joins no sessions', async () => {
  const d = drive(
    window(
      'sum',
      session(gap),
      sum((n: number) => n),
    ),
  );
  d.data(0, 1);
  d.data(50_000, 2);
  d.data(25_000, Number.NaN);
  d.watermark(500_000);
  expect((await d.seen).slice(1)).toEqual([ended(0, 30_000, 1), ended(50_000, 80_000, 2), '~500000']);
});
