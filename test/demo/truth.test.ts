import { describe, expect, test } from 'vitest';
import type { Scheduled } from '../../demo/faults.ts';
import type { ServiceName } from '../../demo/shop.ts';
import { type LifecycleEvent, tableOf } from '../../demo/summary.ts';
import { Traces } from '../../demo/traces.ts';
import { score as judge } from '../../demo/truth.ts';
import { day, minute } from '../support/demo-lines.ts';

const at = (minutes: number) => day + minutes * minute;
const iso = (minutes: number) => new Date(at(minutes)).toISOString();

const item = (kind: Scheduled['kind'], service: ServiceName, from: number, to: number): Scheduled => ({
  kind,
  decoy: ['surge', 'maintenance', 'harmless-change', 'nightly-batch'].includes(kind),
  service,
  services: [service],
  start: at(from),
  end: at(to),
  description: '',
  effects: [],
  changes: [],
});

let incident = 0;
const opened = (minutes: number, services: string[], more: Partial<LifecycleEvent> = {}): LifecycleEvent => ({
  event: 'opened',
  incident_id: `i-${incident++}`,
  started_at: iso(minutes),
  detected_at: iso(minutes),
  services,
  suppressed: false,
  ...more,
});

const truth = [
  item('outage', 'payment', 60, 70),
  item('slow-burn', 'catalog', 120, 145),
  item('surge', 'ingress', 200, 210),
];

interface Given {
  readonly waits?: number;
  readonly from?: number;
  /** Services in which each fault leaves five lines, ten seconds after its start, beside those that it strikes. */
  readonly reached?: readonly ServiceName[];
  readonly lines?: number;
}

/** The score of a run that is judged as a whole. */
function score(events: readonly LifecycleEvent[], scheduled: readonly Scheduled[], given: Given = {}) {
  const { waits = 0, from = 0, reached = ['checkout', 'gateway', 'ingress'], lines = 5 } = given;
  const traces = new Traces();
  for (const fault of scheduled.filter((s) => !s.decoy)) {
    for (const service of [...fault.services, ...reached]) {
      for (let n = 0; n < lines; n++) traces.note(fault, service, fault.start + 10_000 + n);
    }
  }
  return judge(events, { scheduled, traces, from: at(from), to: at(600) }, waits);
}

describe('score', () => {
  test('a fault named within its limit is found, with its delay', () => {
    const summary = score([opened(61, ['payment']), opened(130, ['catalog'])], truth);
    expect(summary).toMatchObject({ faults: 2, found: 2, missed: [], false_alarms: 0, delay_s: { p50: 60, max: 600 } });
  });

  test('the time that a detector waits for late lines is part of its delay', () => {
    expect(score([opened(61, ['payment'])], truth, { waits: 11_000 }).delay_s.max).toBe(71);
    expect(score([opened(61.9, ['payment'])], truth, { waits: 11_000 })).toMatchObject({ found: 0, late: 1 });
  });

  test('without incidents everything is missed and nothing is false', () => {
    const summary = score([], truth);
    expect(summary.missed.map((m) => m.kind)).toEqual(['outage', 'slow-burn']);
    expect(summary).toMatchObject({ found: 0, false_alarms: 0, delay_s: { p50: null, max: null } });
  });

  test('two minutes are enough for an outage, one second more is late', () => {
    expect(score([opened(62, ['payment'])], truth).found).toBe(1);
    const late = score([opened(62 + 1 / 60, ['payment'])], truth);
    expect(late).toMatchObject({ found: 0, late: 1, false_alarms: 0 });
    expect(late.missed[0]).toMatchObject({ kind: 'outage', late: true });
  });

  test('what shows slowly has fifteen minutes: a slow burn, a silence, a failure of what is rare', () => {
    expect(score([opened(135, ['catalog'])], truth).found).toBe(1);
    expect(score([opened(135.1, ['catalog'])], truth).found).toBe(0);
    for (const kind of ['silence', 'quiet-failure'] as const) {
      expect(score([opened(74, ['cart'])], [item(kind, 'cart', 60, 80)]).found).toBe(1);
    }
  });

  test('a direct neighbour counts if the fault shows in it, another service is a false alarm', () => {
    expect(score([opened(61, ['checkout'])], truth).found).toBe(1);
    expect(score([opened(61, ['checkout'])], truth, { reached: [] })).toMatchObject({ found: 0, false_alarms: 1 });
    const wrong = score([opened(61, ['recommendation'])], truth);
    expect(wrong).toMatchObject({ found: 0, false_alarms: 1 });
    expect(wrong.false_alarm_list[0]).toMatchObject({ services: ['recommendation'], during: 'outage' });
  });

  test('an alarm of distant callers is no find, and excused only where the fault shows in them', () => {
    expect(score([opened(61, ['ingress'])], truth)).toMatchObject({ found: 0, false_alarms: 0, fragments: 1 });
    expect(score([opened(61, ['ingress'])], truth, { reached: ['checkout'] })).toMatchObject({ false_alarms: 1 });
  });

  test('an update may name the service, and counts from then', () => {
    const first = opened(61, ['ingress']);
    const second = { ...first, event: 'updated', updated_at: iso(61.5), services: ['ingress', 'payment'] };
    const found = score([first, second], truth);
    expect(found).toMatchObject({ found: 1, delay_s: { max: 90 }, fragments: 0 });
    expect(found).toMatchObject({ delay_opened_s: { found: 0 }, delay_updated_s: { found: 1, max: 90 } });
    const late = { ...second, updated_at: iso(63) };
    expect(score([first, late], truth).found).toBe(0);
  });

  test('an incident that was open before finds a fault by naming a service that it had not named', () => {
    const before = opened(50, ['search']);
    const joined = { ...before, event: 'updated', updated_at: iso(61), services: ['search', 'payment'] };
    expect(score([before, joined], truth)).toMatchObject({ found: 1, false_alarms: 1 });
    const known = opened(50, ['payment']);
    const again = { ...known, event: 'updated', updated_at: iso(61) };
    expect(score([known, again], truth)).toMatchObject({ found: 0, false_alarms: 1 });
  });

  test('an alarm in a decoy or in quiet time is false', () => {
    const summary = score([opened(205, ['search']), opened(20, ['user'])], truth);
    expect(summary.false_alarms).toBe(2);
    expect(summary.false_alarm_list.map((f) => f.during)).toEqual([null, 'surge']);
  });

  test('a fault excuses alarms from its start to three minutes after its end, and the minutes are counted', () => {
    const alarms = (minutes: number) => score([opened(minutes, ['payment'])], truth).false_alarms;
    expect([59.9, 60, 73, 73.1].map(alarms)).toEqual([1, 0, 0, 1]);
    expect(score([], truth).excused_minutes).toBe(13 + 28);
    const overlapping = [item('outage', 'payment', 60, 70), item('flapping', 'cart', 65, 75)];
    expect(score([], overlapping).excused_minutes).toBe(18);
  });

  test('what is suppressed is no alarm, until it is not suppressed any more', () => {
    const hidden = opened(205, ['search'], { suppressed: true });
    expect(score([hidden], truth).false_alarms).toBe(0);
    const shown = { ...hidden, event: 'updated', updated_at: iso(206), suppressed: false };
    expect(score([hidden, shown], truth).false_alarms).toBe(1);
    const gone = { ...hidden, event: 'suppressed' };
    expect(score([gone], truth).false_alarms).toBe(0);
  });

  test('a second incident of a fault is excused and counted, the earlier one gives the delay', () => {
    const summary = score([opened(61.5, ['payment']), opened(61, ['checkout'])], truth);
    expect(summary).toMatchObject({ found: 1, fragments: 1, false_alarms: 0, delay_s: { max: 60 } });
  });

  test('incidents before the time to be judged are left out, and the rest is judged whole', () => {
    expect(score([opened(20, ['user'])], truth, { from: 30 }).false_alarms).toBe(0);
    expect(score([opened(31, ['user'])], truth, { from: 30 })).toMatchObject({ false_alarms: 1, judged_hours: 9.5 });
  });

  test('a fault that leaves hardly a line is called invisible, and is missed all the same', () => {
    const summary = score([], truth, { lines: 2 });
    expect(summary).toMatchObject({ faults: 2, invisible: 2, found: 0 });
    expect(summary.missed.every(({ invisible }) => invisible)).toBe(true);
    expect(score([], truth).invisible).toBe(0);
  });

  test('the cause is right when a struck service is named first, or among the first three', () => {
    const told = (...services: string[]) =>
      opened(61, ['payment', ...services], { root_causes: services.map((service) => ({ service })) });
    expect(score([told('payment', 'cart')], truth).cause).toEqual({ first: 1, first_three: 1 });
    expect(score([told('cart', 'gateway', 'payment')], truth).cause).toEqual({ first: 0, first_three: 1 });
    expect(score([told('a', 'b', 'c', 'payment')], truth).cause).toEqual({ first: 0, first_three: 0 });
    expect(score([opened(61, ['payment'])], truth).cause).toEqual({ first: 0, first_three: 0 });
  });

  test('the delay is the sum of its terms', () => {
    const { finds, waited_s } = score([opened(61, ['payment'])], truth, { waits: 11_000 });
    expect(finds).toEqual([{ kind: 'outage', service: 'payment', by: 'opened', delay_s: 71, terms_s: [10, 10, 40] }]);
    expect(waited_s).toBe(11);
  });
});

describe('the table', () => {
  test('tells figures of one detector in a line, under the same heads', () => {
    const [heads, first, second] = tableOf([
      { name: 'ours', summary: score([opened(61, ['payment'])], truth) },
      { name: 'theirs', summary: score([opened(20, ['user'])], truth) },
    ]);
    expect(heads).toMatch(/^ +found +late +false alarms/);
    expect(first).toMatch(/^ours +1 of 2 +0 +0 in 10 h +0 in 41 min +60 \/ 60 s +0 \/ 0 of 1$/);
    expect(second).toMatch(/^theirs +0 of 2 +0 +1 in 10 h +0 in 41 min +– \/ – s +0 \/ 0 of 0$/);
  });
});
