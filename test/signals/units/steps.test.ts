import { describe, expect, test } from 'vitest';
import { learnSteps, mostStepsKnown, newPast, operationsNow, stepAnomalies } from '../../../signals/units/steps.ts';
import type { OperationOfUnit } from '../../../signals/units/unit.ts';
import { callOf, unitAt } from '../../support/units.ts';

/** The anomalies of units that each did this, after so many that each did that. */
function anomalies(usual: readonly OperationOfUnit[], now: readonly OperationOfUnit[]) {
  const past = newPast();
  usual.forEach((operation, i) => {
    learnSteps(past, operation, i);
  });
  const units = now.map((operation, i) => unitAt(100_000 + i * 1_000, { operations: [operation] }));
  const [found] = operationsNow(units).values();
  return stepAnomalies(found!, past).sort((a, b) => b.score - a.score);
}
const times = <T>(count: number, one: T): T[] => Array<T>(count).fill(one);
const usual = callOf('cart', 'INFO Cart#30', 'INFO Cart#34');
const cut = callOf('cart', 'INFO Cart#30');

describe('a step', () => {
  test('that all units took and none takes any more is found, and nothing else', () => {
    const found = anomalies(times(120, usual), times(12, cut));
    expect(found).toEqual([
      expect.objectContaining({
        ...{ service: 'cart', operation: 'GET /', step: 'INFO Cart#34', isMore: false },
        ...{ units: 12, observed: 0, pastUnits: 120, past: 120 },
      }),
    ]);
    expect(found[0]!.score).toBeGreaterThan(1);
  });

  test('counts more when it is missing than when it is new', () => {
    const [missing] = anomalies(times(120, usual), times(12, cut));
    const [fresh] = anomalies(times(120, cut), times(12, usual));
    expect(fresh).toMatchObject({ step: 'INFO Cart#34', isMore: true, observed: 12, past: 0 });
    expect(fresh!.score).toBeCloseTo(missing!.score / 4);
  });

  test('that is an error counts most when it is new', () => {
    const scoreOf = (level: string) =>
      anomalies(times(120, cut), times(4, callOf('cart', 'INFO Cart#30', level)))[0]!.score;
    const [error, critical, warning, info] = ['ERROR e', 'CRITICAL e', 'WARN e', 'INFO e'].map(scoreOf);
    expect(critical).toBe(error);
    expect([error! / warning!, warning! / info!]).toEqual([expect.closeTo(8 / 3), expect.closeTo(2)]);
    expect(error).toBeGreaterThan(1);
    expect(info).toBeLessThan(0.5);
  });

  test.each(['ERROR', 'CRITICAL', 'FATAL', 'WARN'])('of level %s that is missing is recovery', (level) => {
    expect(anomalies(times(120, callOf('cart', 'INFO Cart#30', `${level} e`)), times(12, cut))).toEqual([]);
  });

  test('that two units lack, or newly take, does not decide', () => {
    expect(anomalies(times(4_000, usual), times(2, cut))[0]!.score).toBeLessThan(1);
    const failing = callOf('cart', 'INFO Cart#30', 'INFO Cart#34', 'ERROR e');
    expect(anomalies(times(4_000, usual), [...times(2, usual), ...times(2, failing)])[0]!.score).toBeLessThan(1);
    expect(anomalies(times(4_000, usual), times(3, failing))[0]!.score).toBeGreaterThan(1);
  });

  test('of an operation that is known from fewer than three units says nothing', () => {
    expect(anomalies(times(2, usual), times(50, cut))).toEqual([]);
    expect(anomalies(times(3, usual), times(50, cut))).toHaveLength(1);
  });

  test('that follows the traffic may be taken by all, or by none', () => {
    const mix = [...times(60, usual), ...times(60, cut)];
    for (const now of [usual, cut]) expect(anomalies(mix, times(20, now))[0]?.score ?? 0).toBeLessThan(0.8);
  });

  test('has its onset where the first unit shows it', () => {
    const [missing] = anomalies(times(120, usual), [...times(3, usual), ...times(9, cut)]);
    expect(missing!.onset).toBe(103_000 - 2_000);
    const failing = callOf('cart', 'INFO Cart#30', 'INFO Cart#34', 'ERROR e');
    const [fresh] = anomalies(times(120, usual), [...times(5, usual), ...times(4, failing)]);
    expect(fresh!.onset).toBe(105_000 - 2_000);
  });
});

describe('when errors that most units had are gone', () => {
  const broken = callOf('cart', 'INFO Cart#30', 'ERROR e', 'INFO retried');

  test('steps that come back or go are recovery', () => {
    expect(anomalies(times(80, broken), times(20, usual))).toEqual([]);
  });

  test('another error is none', () => {
    const other = callOf('cart', 'INFO Cart#30', 'ERROR other');
    expect(anomalies(times(80, broken), times(20, other)).map(({ step }) => step)).toEqual(['ERROR other']);
  });

  test('errors that few units had make no recovery', () => {
    const mostlyWell = [...times(70, usual), ...times(10, broken)];
    expect(anomalies(mostlyWell, times(20, cut)).map(({ step }) => step)).toContain('INFO Cart#34');
  });
});

test('calls of one unit count by their share, which sums to whole units', () => {
  const sixth = (...steps: readonly string[]): OperationOfUnit => ({
    ...{ service: 'cart', name: 'GET /', calls: 6 },
    steps: Object.fromEntries(steps.map((step) => [step, step === 'ERROR e' ? 1 : 6])),
  });
  // Eighteen times a sixth is a little less than three in doubles, and counts as three.
  const [found] = anomalies(times(120, cut), times(18, sixth('INFO Cart#30', 'ERROR e')));
  const three = times(3, callOf('cart', 'INFO Cart#30', 'ERROR e'));
  const [exact] = anomalies(times(120, cut), [...times(15, cut), ...three]);
  expect(found!.observed).toBeLessThan(3);
  expect([found!.step, found!.score]).toEqual(['ERROR e', exact!.score]);
});

describe('what is known of an operation', () => {
  test('fades, so that what is new becomes usual', () => {
    const past = newPast();
    for (let i = 0; i < 20_000; i++) learnSteps(past, callOf('cart', i < 10_000 ? 'INFO old' : 'INFO new'), i);
    expect(past.units).toBeLessThan(4_000);
    expect(past.steps['INFO new']! / past.units).toBeGreaterThan(0.8);
    expect(past.last).toBe(19_999);
  });

  test('has room for so many steps: those least taken are forgotten and counted', () => {
    const past = newPast();
    const steady = 'INFO Cart#30';
    let came = 0;
    for (let i = 0; i < 3_000; i++) learnSteps(past, callOf('cart', steady, `INFO place-${came++}`), i);
    const known = Object.keys(past.steps).length;
    expect(known).toBeLessThanOrEqual(mostStepsKnown);
    expect(known).toBeGreaterThan(mostStepsKnown / 2);
    expect(past.forgotten + known).toBe(came + 1);
    expect(past.steps[steady]).toBe(3_000);
  });
});
