import { expect, test } from 'vitest';
import { perMinute } from '../../console/rates.ts';

const t = Array.from({ length: 12 }, (_, i) => i * 10_000);

test('panes add up to a sliding minute, from the first whole one on', () => {
  const rates = perMinute({ t, errors: t.map((_, i) => i), expected: t.map(() => 2), total: t.map(() => 10) });
  expect(rates.t).toEqual([60, 70, 80, 90, 100, 110, 120]);
  expect(rates.total).toEqual(rates.t.map(() => 60));
  expect(rates.errors).toEqual([15, 21, 27, 33, 39, 45, 51]);
});

test('the band is as wide as chance makes a count, and never below zero', () => {
  const rates = perMinute({ t, errors: t, expected: t.map((_, i) => (i < 6 ? 0.1 : 6)), total: t });
  expect(rates.low[0]).toBe(0);
  expect([rates.low.at(-1), rates.expected.at(-1), rates.high.at(-1)]).toEqual([24, 36, 48]);
});

test('a minute with a pane that had no baseline has none', () => {
  const rates = perMinute({ t, errors: t, expected: t.map((_, i) => (i === 3 ? null : 1)), total: t });
  expect(rates.expected).toEqual([null, null, null, null, 6, 6, 6]);
});

test('a hole between panes counts as silence', () => {
  const rates = perMinute({ t: [0, 300_000], errors: [5, 1], expected: [1, 1], total: [9, 9] });
  expect(rates).toMatchObject({ t: [310], errors: [1], total: [9] });
});
