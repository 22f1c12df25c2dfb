/** A window whose result can't be made is a dead letter; every other window has its own. */
import { describe, expect, test } from 'vitest';
import { float64 } from '../../../codecs/codec.ts';
import { topic } from '../../../connectors/topic.ts';
import { type Job, job } from '../../../graph/job.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { to } from '../../../operators/to.ts';
import { window } from '../../../operators/window.ts';
import { CRASH, END, PAUSE, play } from '../../../testing/index.ts';
import { seconds } from '../../../time/duration.ts';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { type Assigner, session, sliding, tumbling } from '../../../windows/assigner.ts';
import type { Windowed } from '../../../windows/window.ts';

/** When in seconds, where, how much. */
type Sale = readonly [at: number, shop: string, amount: number];

/** A sum that has no result where it is thirteen. */
const lucky: Aggregate<Sale, number, number> = {
  name: 'lucky',
  codec: float64,
  create: () => 0,
  add: (sum, [, , amount]) => sum + amount,
  merge: (a, b) => a + b,
  result(sum) {
    if (sum === 13) throw new Error('thirteen');
    return sum;
  },
};

const sold = (assigner: Assigner): Job =>
  job('sold', (from) => {
    from('sales', topic<Sale>('sales')).pipe(
      eventTime({ at: ([at]) => seconds(at), outOfOrder: 0 }),
      keyBy(([, shop]) => shop),
      window('sums', assigner, lucky),
      to('out', topic('out')),
    );
  });

/** Sales whose watermark comes before the next one is read. */
const oneByOne = (sales: readonly Sale[]) => sales.flatMap((sale) => [sale, PAUSE(2_000)]);

const second = (start: number, value: number) =>
  expect.objectContaining({ window: { start: seconds(start), end: seconds(start + 10) }, value });
const letter = (key: string, start: number, end: number, revision = 0) => ({
  origin: 'sums',
  reason: 'threw',
  detail: 'thirteen',
  sample: JSON.stringify({ key, window: { start: seconds(start), end: seconds(end) }, revision }),
});

describe.each([
  ['that the watermark closes', [PAUSE(2_000), [100, 'z', 1] as const, PAUSE(2_000), END]],
  ['at the end of the input', [END]],
])('a window without result, %s', (_, rest) => {
  test('is a dead letter with key, window and reason, and its neighbours have their results', async () => {
    const sales: readonly Sale[] = [
      [1, 'a', 13],
      [2, 'b', 5],
      [3, 'a', 0],
      [11, 'a', 7],
    ];
    const { topics, deadLetters } = await play(sold(tumbling(seconds(10))), { sales: [...sales, ...rest] });
    expect(topics['out']).toEqual(expect.arrayContaining([second(0, 5), second(10, 7)]));
    expect(topics['out']).toHaveLength(rest.length > 1 ? 3 : 2);
    expect(deadLetters).toMatchObject([letter('a', 0, 10)]);
  });

  test('keeps none of its panes from the windows that overlap it', async () => {
    const sales: readonly Sale[] = [
      [1, 'a', 6],
      [11, 'a', 7],
      [21, 'a', 1],
    ];
    const { topics, deadLetters } = await play(sold(sliding(seconds(20), seconds(10))), { sales: [...sales, ...rest] });
    const of = (topics['out'] as Windowed<number>[]).filter((w) => w.window.start < 80_000);
    expect(of.map((w) => [w.window.start / 1_000, w.value])).toEqual([
      [-10, 6],
      [10, 8],
      [20, 1],
    ]);
    expect(deadLetters).toMatchObject([letter('a', 0, 20)]);
  });

  test('is told once, also where the task is opened again behind it', async () => {
    const sales: readonly Sale[] = [
      [1, 'a', 13],
      [11, 'a', 7],
    ];
    for (const assigner of [tumbling(seconds(10)), session(seconds(5))]) {
      const { topics, deadLetters } = await play(sold(assigner), { sales: [...sales, CRASH, ...rest] });
      expect(topics['out'], assigner.kind).toContainEqual(expect.objectContaining({ value: 7 }));
      expect(deadLetters, assigner.kind).toMatchObject([{ detail: 'thirteen' }]);
    }
  });
});

test('of sessions that end together those that have a result have it', async () => {
  const sales: readonly Sale[] = [
    [100, 'a', 1],
    [200, 'a', 13],
    [300, 'a', 2],
    [400, 'b', 1],
    [100, 'a', 1],
  ];
  const { topics, deadLetters } = await play(sold(session(seconds(10))), { sales: [...oneByOne(sales), END] });
  const made = topics['out'] as Windowed<number>[];
  expect(made.map((w) => [w.window.start / 1_000, w.value])).toEqual([
    [100, 1],
    [300, 2],
    [400, 1],
  ]);
  // What comes behind them is late: they are forgotten, that without a result too.
  expect(deadLetters).toMatchObject([letter('a', 200, 210), { reason: 'late' }]);
});

test('a late record that keeps a window from its next result is counted in those that have one', async () => {
  const sales: readonly Sale[] = [
    [5, 'a', 6],
    [15, 'a', 1],
    [41, 'z', 0],
    [6, 'a', 7],
    [7, 'a', 1],
  ];
  const { topics, deadLetters } = await play(sold(sliding(seconds(20), seconds(10), { lateness: seconds(100) })), {
    sales: [...oneByOne(sales), END],
  });
  const made = (topics['out'] as Windowed<number>[]).filter((w) => w.window.start === -10_000 || w.window.start === 0);
  expect(made.map((w) => [w.window.start / 1_000, w.value])).toEqual([
    [-10, 6],
    [0, 7],
    [0, 14],
    [-10, 14],
    [0, 15],
  ]);
  expect(deadLetters).toMatchObject([letter('a', -10, 10, 1)]);
});

test('as many in a row as the job allows are a faulty release, a result between them is none', async () => {
  const options = { task: { poisonLimit: 3 } };
  const inTurn = (...amounts: readonly number[]): readonly Sale[] => amounts.map((amount, i) => [10 * i, 'a', amount]);
  const atOnce = (...amounts: readonly number[]): readonly Sale[] => amounts.map((amount, i) => [0, `${i}`, amount]);
  for (const sales of [inTurn, atOnce]) {
    const some = await play(sold(tumbling(seconds(10))), { sales: [...sales(13, 13, 1, 13, 13), END] }, options);
    expect(some.deadLetters).toHaveLength(4);
    const many = play(sold(tumbling(seconds(10))), { sales: [...sales(1, 13, 13, 13), END] }, options);
    await expect(many).rejects.toThrow("POISON_LIMIT: operator 'sums' failed on 3 records in a row, last: thirteen");
  }
});
