import { describe, expect, test } from 'vitest';
import { json } from '../../../codecs/codec.ts';
import { window } from '../../../operators/window.ts';
import { drive } from '../../../testing/drive.ts';
import { minutes, seconds } from '../../../time/duration.ts';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { sliding, tumbling } from '../../../windows/assigner.ts';
import { fired } from '../../support/window-result.ts';

const perMinute = (lateness = 0) =>
  window<string, number, number, string>('n', tumbling(minutes(1), { lateness }), count());

describe('a tumbling window', () => {
  test('fires per key when the watermark reaches its last millisecond, before the watermark goes on', async () => {
    const d = drive(perMinute());
    d.data(0, 'x', 'api');
    d.data(59_999, 'x', 'api');
    d.data(60_000, 'x', 'api');
    d.data(1, 'x', 'db');
    d.watermark(59_998);
    d.watermark(59_999);
    expect(await d.seen).toEqual(['~59998', `api ${fired(0, 60_000, 2)}`, `db ${fired(0, 60_000, 1)}`, '~59999']);
  });

  test('a watermark that passes several windows fires them in order of time, then of key', async () => {
    const d = drive(perMinute());
    d.data(61_000, 'x', 'a');
    d.data(1_000, 'x', 'b');
    d.data(2_000, 'x', 'a');
    d.watermark(200_000);
    expect(await d.seen).toEqual([
      `a ${fired(0, 60_000, 1)}`,
      `b ${fired(0, 60_000, 1)}`,
      `a ${fired(60_000, 120_000, 1)}`,
      '~200000',
    ]);
  });

  test('before 1970 windows lie on the same grid', async () => {
    const d = drive(perMinute());
    d.data(-1, 'x');
    d.data(-60_000, 'x');
    d.data(-60_001, 'x');
    d.watermark(0);
    expect(await d.seen).toEqual([fired(-120_000, -60_000, 1), fired(-60_000, 0, 2), '~0']);
  });

  test('an offset moves the grid', async () => {
    const d = drive(window('n', tumbling(60_000, { offset: 5_000 }), count()));
    d.data(4_999, 'x');
    d.data(5_000, 'x');
    d.watermark(64_999);
    expect(await d.seen).toEqual([fired(-55_000, 5_000, 1), fired(5_000, 65_000, 1), '~64999']);
  });

  test('nothing is said of a window without values', async () => {
    const d = drive(perMinute());
    d.watermark(minutes(10));
    expect(await d.seen).toEqual(['~600000']);
  });

  test('a value behind its window goes to the side output late', async () => {
    const d = drive(perMinute());
    d.watermark(59_999);
    d.data(59_999, 'late');
    d.data(60_000, 'in time');
    d.watermark(119_999);
    expect(await d.seen).toEqual(['~59999', 'late: "late" @59999', fired(60_000, 120_000, 1), '~119999']);
  });

  test('a value below the watermark counts while its window is open', async () => {
    const d = drive(perMinute());
    d.watermark(59_998);
    d.data(0, 'x');
    d.watermark(59_999);
    expect(await d.seen).toEqual(['~59998', fired(0, 60_000, 1), '~59999']);
  });

  test('the watermark of the end of time fires everything', async () => {
    const d = drive(perMinute(minutes(5)));
    d.data(0, 'x');
    d.watermark(Number.POSITIVE_INFINITY);
    expect(await d.seen).toEqual([fired(0, 60_000, 1), '~Infinity']);
  });
});

describe('allowed lateness', () => {
  test('a late record fires the window again with a higher revision, at once', async () => {
    const d = drive(perMinute(10_000));
    d.data(0, 'x');
    d.watermark(60_000);
    d.data(1, 'x');
    d.data(2, 'x');
    expect(await d.seen).toEqual([
      fired(0, 60_000, 1),
      '~60000',
      fired(0, 60_000, 2, { revision: 1 }),
      fired(0, 60_000, 3, { revision: 2 }),
    ]);
  });

  test('a window that had nothing to say fires for the first time', async () => {
    const d = drive(perMinute(10_000));
    d.watermark(60_000);
    d.data(1, 'x');
    expect(await d.seen).toEqual(['~60000', fired(0, 60_000, 1)]);
  });

  test('is over when the watermark has passed it, and leaves no state behind', async () => {
    const d = drive(perMinute(10_000));
    d.data(0, 'x');
    d.watermark(69_998);
    d.data(1, 'x');
    d.watermark(69_999);
    d.data(2, 'x');
    d.barrier(1);
    expect((await d.seen).slice(-3)).toEqual(['~69999', 'late: "x" @2', '|1']);
    expect((await d.saved).state).toEqual([]);
  });

  test('lateness that is a multiple of the size fires no window twice', async () => {
    const d = drive(perMinute(minutes(1)));
    d.data(0, 'x');
    d.data(60_000, 'x');
    d.watermark(59_999);
    d.watermark(119_999);
    d.watermark(minutes(10));
    expect(await d.seen).toEqual([fired(0, 60_000, 1), '~59999', fired(60_000, 120_000, 1), '~119999', '~600000']);
  });
});

const twice = sliding(seconds(60), seconds(20));
/** Counts, but can't merge. */
const plain: Aggregate<unknown, number, number> = {
  name: 'plain',
  codec: json<number>(),
  create: () => 0,
  add: (acc) => acc + 1,
  result: (acc) => acc,
};

describe.each([
  ['with shared panes', count() as Aggregate<unknown, number, number>],
  ['without merge', plain],
])('a sliding window %s', (_, aggregate) => {
  test('counts a value in every window it belongs to', async () => {
    const d = drive(window('n', twice, aggregate));
    d.data(0, 'x');
    d.data(25_000, 'x');
    d.watermark(minutes(5));
    expect(await d.seen).toEqual([
      fired(-40_000, 20_000, 1),
      fired(-20_000, 40_000, 2),
      fired(0, 60_000, 2),
      fired(20_000, 80_000, 1),
      '~300000',
    ]);
  });

  test('a value counts in those of its windows that are open, and is late when none is', async () => {
    const d = drive(window('n', twice, aggregate));
    d.watermark(39_999);
    d.data(0, 'x');
    d.watermark(59_999);
    d.data(19_999, 'x');
    expect(await d.seen).toEqual(['~39999', fired(0, 60_000, 1), '~59999', 'late: "x" @19999']);
  });

  test('a late value fires again what had fired, each window with its own revision', async () => {
    const d = drive(window('n', sliding(60_000, 20_000, { lateness: 20_000 }), aggregate));
    d.data(0, 'x');
    d.watermark(39_999);
    d.data(1, 'x');
    d.watermark(59_999);
    expect(await d.seen).toEqual([
      fired(-40_000, 20_000, 1),
      fired(-20_000, 40_000, 1),
      '~39999',
      fired(-20_000, 40_000, 2, { revision: 1 }),
      fired(0, 60_000, 2),
      '~59999',
    ]);
  });

  test('leaves no state behind', async () => {
    const d = drive(window('n', sliding(60_000, 20_000, { lateness: 5_000 }), aggregate));
    for (const time of [-30_000, 0, 45_000]) d.data(time, 'x');
    d.watermark(minutes(3));
    d.barrier(1);
    expect((await d.saved).state).toEqual([]);
  });
});

test('more panes may be alive per key than a map holds by default', async () => {
  const d = drive(window('n', tumbling(10, { lateness: minutes(2) }), count()));
  for (let i = 0; i < 10_001; i++) d.data(i * 10, 'x');
  expect(await d.seen).toEqual([]);
});

describe('killed and started again', () => {
  test('between a barrier and the window end, nothing is lost or doubled', async () => {
    const before = drive(perMinute());
    before.data(5_000, 'x', 'api');
    before.barrier(1);
    before.data(6_000, 'x', 'api'); // dies with the process
    const after = drive(perMinute(), { saved: before.saved });
    after.data(6_000, 'x', 'api'); // the source replays from the barrier
    after.watermark(60_000);
    expect(await after.seen).toEqual([`api ${fired(0, 60_000, 2)}`, '~60000']);
  });

  test('late stays late, and revisions count on', async () => {
    const before = drive(perMinute(10_000));
    before.data(0, 'x');
    before.watermark(60_000);
    before.barrier(1);
    const after = drive(perMinute(10_000), { saved: before.saved });
    after.data(1, 'x');
    after.data(-1, 'y');
    expect(await after.seen).toEqual([fired(0, 60_000, 2, { revision: 1 }), 'late: "y" @-1']);
    after.watermark(70_000);
    after.barrier(2);
    const last = drive(perMinute(10_000), { saved: after.saved });
    last.data(2, 'x');
    expect(await last.seen).toEqual(['late: "x" @2']);
  });

  test('a timer that was armed before fires after, also for keys that are no longer in memory', async () => {
    const op = () => window<string, number, number, string>('n', tumbling(60_000), count());
    const before = drive(op());
    for (const key of ['c', 'a', 'b']) before.data(1, 'x', key);
    before.barrier(1);
    const after = drive(op(), { saved: before.saved, cacheKeys: 1 });
    after.data(2, 'x', 'b');
    after.barrier(2);
    after.watermark(60_000);
    const expected = [
      '|2',
      `a ${fired(0, 60_000, 1)}`,
      `b ${fired(0, 60_000, 2)}`,
      `c ${fired(0, 60_000, 1)}`,
      '~60000',
    ];
    expect(await after.seen).toEqual(expected);
  });
});

test('a value that the aggregate refuses is set aside and changes nothing', async () => {
  const d = drive(
    window(
      's',
      tumbling(60_000),
      sum((n: number) => n),
    ),
  );
  d.data(0, 1);
  d.data(1, Number.NaN);
  d.data(2, 2);
  d.watermark(60_000);
  const [refused, result] = await d.seen;
  expect(refused).toMatch(/^!s: VALUE_NOT_FINITE/);
  expect(result).toBe(fired(0, 60_000, 3));
});
