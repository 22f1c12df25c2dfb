import { expect, test } from 'vitest';
import { lastMinute, perMinute } from '../../console/rates.ts';

const t = Array.from({ length: 12 }, (_, i) => i * 10_000);

test('panes add up to a sliding minute, from the first whole one on', () => {
  const rates = perMinute({ t, errors: t.map((_, i) => i), expected: t.map(() => 2), total: t.map(() => 10) }, 120_000);
  expect(rates.t).toEqual([60, 70, 80, 90, 100, 110, 120]);
  expect(rates.total).toEqual(rates.t.map(() => 60));
  expect(rates.errors).toEqual([15, 21, 27, 33, 39, 45, 51]);
});

test('the band is as wide as chance makes a count, and never below zero', () => {
  const rates = perMinute({ t, errors: t, expected: t.map((_, i) => (i < 6 ? 0.1 : 6)), total: t }, 0);
  expect(rates.low[0]).toBe(0);
  expect([rates.low.at(-1), rates.expected.at(-1), rates.high.at(-1)]).toEqual([24, 36, 48]);
});

test('a minute with a pane that had no baseline has none', () => {
  const rates = perMinute({ t, errors: t, expected: t.map((_, i) => (i === 3 ? null : 1)), total: t }, 0);
  expect(rates.expected).toEqual([null, null, null, null, 6, 6, 6]);
});

test('a hole between panes counts as silence, minute by minute', () => {
  const rates = perMinute({ t: [0, 90_000], errors: [5, 1], expected: [1, 1], total: [9, 9] }, 0);
  expect(rates).toMatchObject({ t: [60, 70, 80, 90, 100], errors: [5, 0, 0, 0, 1], total: [9, 0, 0, 0, 9] });
});

test('silence behind the last pane counts too, up to where panes are known', () => {
  const series = { t, errors: t.map(() => 1), expected: t.map(() => 2), total: t.map(() => 10) };
  const rates = perMinute(series, 190_000);
  expect(rates.t.slice(-8)).toEqual([120, 130, 140, 150, 160, 170, 180, 190]);
  expect(rates.total.slice(-8)).toEqual([60, 50, 40, 30, 20, 10, 0, 0]);
  expect([120_000, 150_000, 180_000, 900_000].map((countedTo) => lastMinute(series, countedTo))).toEqual([
    { errors: 6, expected: 12, total: 60 },
    { errors: 3, expected: 6, total: 30 },
    { errors: 0, expected: 0, total: 0 },
    { errors: 0, expected: 0, total: 0 },
  ]);
});

test('of a service that is silent for days an hour is shown, all of it silence', () => {
  const rates = perMinute({ t, errors: t, expected: t, total: t }, 48 * 3_600_000);
  expect([rates.t.length, rates.t.at(-1)]).toEqual([355, 48 * 3_600]);
  expect(new Set(rates.total)).toEqual(new Set([0]));
});
