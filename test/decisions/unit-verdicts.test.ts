import { describe, expect, test } from 'vitest';
import { scorer } from '../../decisions/score.ts';
import { frozenNow, isWatching, judgeUnits, newVerdicts, unitSignals } from '../../decisions/unit-verdicts.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import type { UnitFinding } from '../../signals/units/watch.ts';

const score = scorer(incidentDefaults.score);
const start = 1_000_000;
const step = {
  ...{ service: 'cart', operation: 'POST /cart', step: 'INFO Cart#34', isMore: false, units: 12, observed: 0 },
  ...{ pastUnits: 120, past: 120, log10p: -9, score: 2, onset: start - 9_000, last: start - 1_000 },
};
const finding = (service: string, by: number, rest: Partial<UnitFinding> = {}): UnitFinding => ({
  ...{
    service,
    score: by,
    onset: start - 9_000,
    last: start - 1_000,
    steps: [{ ...step, service, score: by }],
    edge: null,
  },
  ...rest,
});

/** Ticks with the findings of each; the verdicts after the last. */
function ticking(...ticks: readonly (readonly UnitFinding[])[]) {
  const verdicts = newVerdicts();
  const usual: string[] = [];
  for (const [i, findings] of ticks.entries())
    usual.push(...judgeUnits(verdicts, findings, { now: start + i * 5_000, freezeAtMost: 7_200_000 }));
  return { verdicts, usual, ill: verdicts.ill.map(({ service }) => service) };
}
const cart = finding('cart', 1.5);

describe('a service is anomalous', () => {
  test('when it decides at two ticks in a row, or once by far', () => {
    expect(ticking([cart]).ill).toEqual([]);
    expect(ticking([cart], [], [cart]).ill).toEqual([]);
    expect(ticking([cart], [cart]).ill).toEqual(['cart']);
    expect(ticking([finding('cart', 4)]).ill).toEqual(['cart']);
    expect(ticking([finding('cart', 0.9)], [finding('cart', 0.9)]).ill).toEqual([]);
  });

  test('until it was calm for four ticks in a row', () => {
    const low = [finding('cart', 0.6)];
    expect(ticking([cart], [cart], low, low, low).ill).toEqual(['cart']);
    expect(ticking([cart], [cart], low, low, low, low).ill).toEqual([]);
    expect(ticking([cart], [cart], low, low, low, [finding('cart', 0.7)], low).ill).toEqual(['cart']);
    expect(ticking([cart], [cart], [], [], [], []).ill).toEqual([]);
  });

  test('for two hours; then what it does is its normal', () => {
    const verdicts = newVerdicts();
    const at = (now: number) => judgeUnits(verdicts, [cart], { now, freezeAtMost: 7_200_000 });
    expect([at(start), at(start + 5_000), at(start + 7_200_000)]).toEqual([[], [], []]);
    expect(at(start + 7_205_000)).toEqual(['cart']);
    expect(verdicts).toMatchObject({ ill: [], frozen: [], recovered: [{ service: 'cart', accepted: true }] });
  });
});

describe('suspects learn nothing', () => {
  test('of what began five seconds before the anomaly or later', () => {
    const { verdicts } = ticking([cart], [cart, finding('pay', 0.5), finding('web', 0.4)]);
    const from = start - 14_000;
    expect([...frozenNow(verdicts)]).toEqual([
      ['cart', from],
      ['pay', from],
    ]);
  });

  test('once suspected, until no service is anomalous', () => {
    const both = [cart, finding('pay', 0.5)];
    expect(frozenNow(ticking([cart], both, [cart]).verdicts).has('pay')).toBe(true);
    expect(frozenNow(ticking(both).verdicts).size).toBe(0);
    expect(frozenNow(ticking([cart], both, [], [], [], []).verdicts).size).toBe(0);
  });
});

describe('the signals of a pane', () => {
  const end = start + 20_000;
  const signals = (verdicts: Parameters<typeof unitSignals>[0], judged: readonly string[] = []) =>
    unitSignals(verdicts, { end, judged: new Set(judged) }, score);

  test('tell of an anomalous service what was found, and since when', () => {
    const later = finding('cart', 2, { onset: start, last: start + 4_000 });
    const [signal, ...others] = signals(ticking([cart], [later]).verdicts, ['cart']);
    expect(others).toEqual([]);
    expect(signal).toMatchObject({ service: 'cart', end, health: 'steps', observed: 0, expected: 12, wellSince: null });
    expect(signal!.units).toEqual({
      score: 2,
      told: ['12 of 12 traces lack Cart#34, which 120 of 120 had before (operation POST /cart)'],
    });
    expect(signal!.score).toBeCloseTo(3 * Math.log1p(12));
  });

  test('are of the kind that is worse, and tell both', () => {
    const edge = {
      ...{ service: 'cart', incoming: 1, slowIncoming: 1, outgoing: 0, slowOutgoing: 0, ratio: 10, observed: 400 },
      ...{ expected: 40, log10p: -30, score: 3, onset: start, last: start },
    };
    const [signal] = signals(ticking([finding('cart', 4.2, { edge })]).verdicts);
    expect(signal).toMatchObject({ health: 'steps' });
    const [other] = signals(ticking([finding('cart', 4.2, { edge: { ...edge, score: 5 } })]).verdicts);
    expect(other).toMatchObject({ health: 'slow', observed: 400, expected: 40 });
    expect(other!.units!.told).toEqual([expect.stringContaining('edges to it'), expect.stringContaining('lack')]);
  });

  test('say once that a service is well again, since the last unit that showed it', () => {
    const { verdicts } = ticking([cart], [cart], [], [], [], []);
    expect(isWatching(verdicts)).toBe(true);
    const [signal] = signals(verdicts);
    expect(signal).toMatchObject({ service: 'cart', health: 'well', wellSince: start - 1_000, accepted: false });
    expect(signals(verdicts)).toEqual([]);
    expect(isWatching(verdicts)).toBe(false);
  });

  test('say of each service that is judged that it is well', () => {
    const told = signals(ticking([cart], [cart]).verdicts, ['cart', 'pay']);
    expect(told.map(({ service, health }) => [service, health])).toEqual([
      ['cart', 'steps'],
      ['pay', 'well'],
    ]);
  });
});

test('what is decided is plain JSON', () => {
  const { verdicts } = ticking([cart], [cart, finding('pay', 0.5)]);
  expect(JSON.parse(JSON.stringify(verdicts))).toEqual(verdicts);
});
