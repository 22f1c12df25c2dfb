import { describe, expect, test } from 'vitest';
import {
  type EdgePast,
  edgeAnomalies,
  edgeKey,
  edgesNow,
  learnGap,
  newEdgePast,
} from '../../../signals/units/edges.ts';
import type { EdgeOfUnit } from '../../../signals/units/unit.ts';
import { edgeOf, unitAt } from '../../support/units.ts';

type Edge = readonly [from: string, to: string, gap: number];

/** What is accused when each of these edges waits so long in so many units, after they waited as long in forty. */
function accused(before: readonly Edge[], now: readonly Edge[], units = 6) {
  const pasts = new Map<string, EdgePast>();
  for (const edge of before) {
    const past = newEdgePast();
    for (let i = 0; i < 40; i++) learnGap(past, near(edge, i).gap, i);
    pasts.set(edgeKey(near(edge, 0)), past);
  }
  const window = Array.from({ length: units }, (_, i) =>
    unitAt(50_000 + i * 1_000, { edges: now.map((edge) => near(edge, i)) }),
  );
  const found = edgeAnomalies(edgesNow(window), (key) => pasts.get(key));
  return found.sort((a, b) => b.score - a.score);
}
/** Gaps differ a little from unit to unit. */
const near = ([from, to, gap]: Edge, i: number): EdgeOfUnit => edgeOf(from, to, gap * (1 + (i % 5) / 10));

const before: readonly Edge[] = [
  ['web', 'cart', 20],
  ['web', 'user', 20],
  ['user', 'cart', 30],
  ['cart', 'store', 20],
];
const slowAt = (...slow: readonly string[]): readonly Edge[] =>
  before.map(([from, to, gap]) => [from, to, slow.includes(`${from} ${to}`) ? gap * 20 : gap]);

describe('edges that became slow', () => {
  test('accuse the endpoint that all of them lead to, and not their callers', () => {
    const [first, ...others] = accused(before, slowAt('web cart', 'user cart'));
    expect(first).toMatchObject({ service: 'cart', incoming: 2, slowIncoming: 2, outgoing: 1, slowOutgoing: 0 });
    expect(first!.score).toBeGreaterThan(1);
    // What a caller has for itself is that its own incoming edges are as they were.
    expect(others.map(({ service, score }) => [service, score])).toEqual([
      ['web', 0],
      ['user', 0],
    ]);
  });

  test('say how much longer they wait, and since when', () => {
    const [{ ratio, observed, expected, onset }] = accused(before, slowAt('web cart', 'user cart')) as [never];
    // A little less than twenty times, because the window's six units are not all like those of before.
    expect([ratio > 19 && ratio < 20, observed / expected]).toEqual([true, expect.closeTo(ratio)]);
    expect(onset).toBe(48_000);
  });

  test('all from a service that is not called accuse it', () => {
    const [first] = accused(before, slowAt('web cart', 'web user'));
    expect(first).toMatchObject({ service: 'web', incoming: 0, outgoing: 2, slowOutgoing: 2 });
    expect(first!.score).toBeGreaterThan(1);
  });

  test('in part of the calls that a service takes accuse it less', () => {
    const [whole] = accused(before, slowAt('web cart', 'user cart'));
    const half = accused(before, slowAt('web cart')).find(({ service }) => service === 'cart');
    expect(half!.score).toBeLessThan(whole!.score * 0.6);
  });

  test('accuse less beside what is slow elsewhere', () => {
    const alone = accused(before, slowAt('cart store'))[0]!;
    const beside = accused(before, slowAt('cart store', 'web user')).find(({ service }) => service === 'store');
    expect(alone).toMatchObject({ service: 'store' });
    expect(beside!.score).toBeLessThan(alone.score);
  });
});

describe('no edge is slow', () => {
  test('that waits as long as before', () => {
    expect(accused(before, before)).toEqual([]);
  });

  test('of which fewer than three units tell, or whose past is one unit', () => {
    expect(accused(before, slowAt('cart store'), 2)).toEqual([]);
    expect(accused(before, slowAt('cart store'), 3)).not.toEqual([]);
    const past = newEdgePast();
    learnGap(past, Math.log(20), 0);
    const units = Array.from({ length: 9 }, (_, i) => unitAt(i, { edges: [edgeOf('cart', 'store', 4_000)] }));
    expect(edgeAnomalies(edgesNow(units), () => past)).toEqual([]);
    expect(edgeAnomalies(edgesNow(units), () => undefined)).toEqual([]);
  });

  test('that waits a few milliseconds, or hardly twice as long', () => {
    expect(accused([['cart', 'store', 1]], [['cart', 'store', 15]])).toEqual([]);
    expect(accused([['cart', 'store', 200]], [['cart', 'store', 450]], 50)).toEqual([]);
  });
});

test('what is known of an edge is the mean and the spread of its gaps, and fades', () => {
  const past = newEdgePast();
  const gaps = Array.from({ length: 100 }, (_, i) => Math.log(10 + (i % 7)));
  gaps.forEach((gap, i) => {
    learnGap(past, gap, i);
  });
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / 100;
  expect(past.mean).toBeCloseTo(mean);
  expect(past.squares).toBeCloseTo(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0));
  for (let i = 0; i < 5_000; i++) learnGap(past, Math.log(500), 200 + i);
  expect(past.mean).toBeCloseTo(Math.log(500), 1);
  expect([past.units < 400, past.last]).toEqual([true, 5_199]);
});
