/** How fast the budget of an objective is used up, and what of that counts. */
import { describe, expect, test } from 'vitest';
import { budgetOf, burnOf, thresholdOf, tiers } from '../../../signals/objectives/burn.ts';
import { addPane, type Counted, newCounted } from '../../../signals/objectives/counts.ts';
import { objective as kind } from '../../../signals/objectives/kinds.ts';
import type { Objective } from '../../../signals/objectives/objective.ts';
import { type Duration, days, hours, minutes, seconds } from '../../../time/duration.ts';

const t0 = Date.UTC(2026, 2, 4);
const objective: Objective = { service: 'shop', percent: 99.9, days: 30 };

interface Part {
  readonly for: Duration;
  readonly total: number;
  readonly bad: number;
}

/** So many requests in each minute, one part after the other; and when the last ends. */
function countedOf(...parts: readonly Part[]): { readonly counted: Counted; readonly end: number } {
  const counted = newCounted();
  let end = t0;
  for (const { for: span, total, bad } of parts)
    for (let n = 0; n < span / minutes(1); n++) addPane(counted, [total, bad, 0, 0], (end += minutes(1)));
  return { counted, end };
}

const burn = (...parts: readonly Part[]) => {
  const { counted, end } = countedOf(...parts);
  return burnOf(objective, counted, { end });
};
const well = (span: Duration, total = 1_000): Part => ({ for: span, total, bad: 0 });

describe('what counts', () => {
  test('thresholds are those of the workbook, and halfway to everything where little can fail', () => {
    const rates = tiers.map((tier) => Number(thresholdOf(objective, tier).toFixed(1)));
    expect(rates).toEqual([14.4, 86.4, 6]);
    expect(tiers.map((tier) => thresholdOf({ ...objective, percent: 90 }, tier).toFixed(1))).toEqual([
      '5.5',
      '5.5',
      '5.5',
    ]);
  });

  test('two percent of the budget in an hour, still in the last five minutes', () => {
    const slowly = { for: minutes(50), total: 1_000, bad: 20 };
    expect(burn(well(hours(6)), slowly)).toMatchObject({ rule: 'burn-hour', isFast: true, bad: 1_000, total: 60_000 });
    expect(burn(well(hours(6)), { ...slowly, bad: 17 })).toBeUndefined();
    expect(burn(well(hours(6)), slowly, well(minutes(6)))).toBeUndefined();
  });

  test('one percent of it in five minutes, before an hour of it has gone', () => {
    expect(burn(well(hours(2)), { for: minutes(3), total: 1_000, bad: 150 })).toMatchObject({ rule: 'burn-minutes' });
    expect(burn(well(hours(2)), { for: minutes(2), total: 1_000, bad: 150 })).toBeUndefined();
  });

  test('five percent in six hours is slow, which calls no one', () => {
    const found = burn(well(hours(2)), { for: hours(4), total: 1_000, bad: 10 })!;
    expect(found).toMatchObject({ rule: 'burn-hours', isFast: false, onset: t0 + hours(2) });
    expect(kind.scored(found).observed).toEqual([expect.closeTo(6 * (found.rate / found.threshold)), 0, 0, 0]);
    expect(burn(well(hours(2)), { for: hours(4), total: 1_000, bad: 10 }, well(minutes(31)))).toBeUndefined();
  });

  test('four bad requests prove nothing, and five of too many that are allowed do not, either', () => {
    const one = well(minutes(1), 1);
    const few = (bad: number): Part => ({ for: minutes(1), total: bad, bad });
    expect(burn(one, few(4))).toBeUndefined();
    expect(burn(one, few(5))).toMatchObject({ rule: 'burn-hour', bad: 5, total: 6 });
    const { counted, end } = countedOf(one, well(hours(1), 0), { for: minutes(1), total: 7, bad: 6 });
    expect(burnOf({ ...objective, percent: 50 }, counted, { end })).toBeUndefined();
  });

  test('a window that is known in part needs as many bad requests as a whole one', () => {
    const slowly = { for: minutes(20), total: 1_000, bad: 20 };
    expect(burn(slowly)).toBeUndefined();
    expect(burn({ ...slowly, for: minutes(45) })).toMatchObject({ rule: 'burn-hour' });
  });

  test('what burned fast and is over does not burn slowly', () => {
    const { counted, end } = countedOf(well(hours(5)), { for: minutes(10), total: 1_000, bad: 500 }, well(minutes(10)));
    expect(burnOf(objective, counted, { end })).toMatchObject({ rule: 'burn-hours' });
    expect(burnOf(objective, counted, { end, after: end - minutes(10) })).toBeUndefined();
    expect(burnOf(objective, counted, { end, after: end + minutes(5) })).toBeUndefined();
  });

  test('nothing in no requests', () => {
    expect(burn()).toBeUndefined();
    expect(burn(well(hours(1), 0))).toBeUndefined();
  });

  test('its onset is the minute from which on it burns, its ratio the burn rate', () => {
    const found = burn(well(minutes(30)), { for: minutes(10), total: 1_000, bad: 200 })!;
    expect(found.onset).toBe(t0 + minutes(30));
    expect(kind.find(found)).toMatchObject({
      observed: 2_000,
      expected: expect.closeTo(40),
      ratio: expect.closeTo(50),
    });
    expect(found.log10p).toBeLessThan(-100);
  });
});

describe('the budget', () => {
  test('is what is left of the days that are counted', () => {
    const { counted, end } = countedOf({ for: hours(1), total: 1_000, bad: 0.5 });
    expect(budgetOf(objective, counted, end)).toEqual({
      left: expect.closeTo(0.5),
      known: hours(1) - minutes(1) + seconds(10),
    });
    for (let day = 1; day < 30; day++) addPane(counted, [60_000, 0, 0, 0], end + days(day));
    expect(budgetOf(objective, counted, end + days(29))).toEqual({
      left: expect.closeTo(1 - 0.5 / 30),
      known: expect.closeTo(days(29), -7),
    });
    // A day later the first is no longer counted.
    addPane(counted, [60_000, 0, 0, 0], end + days(30));
    expect(budgetOf(objective, counted, end + days(30))).toEqual({ left: 1, known: expect.any(Number) });
  });
});
