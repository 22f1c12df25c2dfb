/** What stands in the table of decisions for signals: each verdict once, with its rule and reason. */
import { expect, test } from 'vitest';
import { type SignalContext, signalDecisions, type ToldDecision } from '../../decisions/signal-decisions.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { type HeldBy, newSignal, type Signal } from '../../signals/signal.ts';
import { minutes, type Time } from '../../time/duration.ts';

const { detection } = incidentDefaults;
const at = Date.parse('2026-03-02T10:00:00Z');

const context = (end: Time, more: Partial<SignalContext> = {}): SignalContext => ({
  ...{ environment: 'shop', end, detection },
  admitted: new Map([['cart', { incident: 'inc-1', suppression: undefined }]]),
  byChance: new Set(),
  ...more,
});

const held = (heldBy: HeldBy, end = at): Signal => ({ ...newSignal('cart', end), observed: 9, heldBy });
const anomalous = (health: Signal['health'], end = at): Signal => ({ ...newSignal('cart', end), health });

/** Rules and verdicts told of `signals`, each in a pane of its own. */
function toldOf(signals: readonly Signal[], more: Partial<SignalContext> = {}) {
  const told = new Map<string, ToldDecision>();
  return signals.flatMap((signal) => signalDecisions([signal], told, context(signal.end, more)));
}

test.each<[HeldBy, string]>([
  ['persistence', 'in one pane of ten seconds'],
  ['moment', 'worst ten seconds'],
  ['effect', `less than ${detection.minimumRatio} times`],
  ['units', 'traces of the service'],
])('what %s holds back is a note with the reason', (rule, reason) => {
  const [decision, ...others] = toldOf([held(rule)]);
  expect(others).toEqual([]);
  expect(decision).toMatchObject({ verdict: 'note', rule, kind: 'errors', incident: '', observed: 9, at });
  expect(decision!.reason).toContain(reason);
});

test.each([
  ['errors', 'threshold'],
  ['silent', 'silence'],
  ['steps', 'units'],
  ['slow', 'units'],
  ['saturated', 'share'],
] as const)('%s that count say by which rule, and of which incident they are', (health, rule) => {
  expect(toldOf([anomalous(health)])).toMatchObject([{ verdict: 'incident', rule, kind: health, incident: 'inc-1' }]);
});

test('of objectives the signal of their own is told, with its rule, beside what its service shows otherwise', () => {
  const burns = anomalous('objective');
  const objective = { rule: 'burn-hour', told: ['9 of 90 requests failed'] };
  const decisions = signalDecisions([anomalous('errors'), { ...burns, objective }], new Map(), context(at));
  expect(decisions).toMatchObject([
    { kind: 'errors', verdict: 'incident', told: [] },
    { kind: 'objective', verdict: 'incident', rule: 'burn-hour', incident: 'inc-1', told: objective.told },
  ]);
  expect(decisions[1]!.reason).toBe(
    '2 % of the error budget or more went in 60 minutes, and still goes so fast in the last 5',
  );
  expect(toldOf([burns])).toEqual([]);
});

test('an objective without data is a note since its last request', () => {
  const objective = { rule: '', told: [], noData: { since: at - minutes(60), text: 'no data: no request' } };
  expect(toldOf([{ ...newSignal('cart', at), objective }])).toMatchObject([
    { kind: 'objective', verdict: 'note', rule: 'no-data', reason: 'no data: no request', onset: at - minutes(60), at },
  ]);
});

test('what a rule of people holds back names the rule', () => {
  const suppression = { rule: 'maintenance', reason: 'maintenance of cart announced' };
  const admitted = new Map([['cart', { incident: 'inc-1', suppression }]]);
  expect(toldOf([anomalous('errors')], { admitted })).toMatchObject([{ verdict: 'suppressed', ...suppression }]);
});

test('an anomaly beside too many open incidents is a note', () => {
  const admitted = new Map<string, never>();
  expect(toldOf([anomalous('errors')], { admitted })).toMatchObject([{ verdict: 'note', rule: 'incidents-full' }]);
});

test('the same verdict is told once, another at once, and the same again after ten minutes without it', () => {
  const signals = [
    held('persistence', at),
    held('persistence', at + 10_000),
    anomalous('errors', at + 20_000),
    anomalous('errors', at + 20_000 + minutes(9)),
    anomalous('errors', at + 20_000 + minutes(18)),
    anomalous('errors', at + 20_000 + minutes(29)),
  ];
  expect(toldOf(signals).map(({ rule, at: decided }) => [rule, (decided - at) / 1_000])).toEqual([
    ['persistence', 0],
    ['threshold', 20],
    ['threshold', 20 + 29 * 60],
  ]);
});

test('a service that is well, and what other systems claim, are not told here', () => {
  expect(toldOf([anomalous('well'), anomalous('alerts'), anomalous('restarts')])).toEqual([]);
});

test('what is no more than chance makes among so many services is a note', () => {
  const [decision] = toldOf([anomalous('errors')], { byChance: new Set(['cart']) });
  expect(decision).toMatchObject({ verdict: 'note', rule: 'budget', incident: '' });
  expect(decision!.reason).toContain('not among as many as there are');
});
