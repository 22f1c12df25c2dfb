import { describe, expect, test } from 'vitest';
import type { Scheduled } from '../../demo/faults.ts';
import type { ServiceName } from '../../demo/shop.ts';
import { type LifecycleEvent, score } from '../../demo/truth.ts';
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

describe('score', () => {
  test('a fault named within its limit is found, with its delay', () => {
    const summary = score([opened(61, ['payment']), opened(130, ['catalog'])], truth);
    expect(summary).toMatchObject({ faults: 2, found: 2, missed: [], false_alarms: 0, delay_s: { p50: 60, max: 600 } });
  });

  test('without incidents everything is missed and nothing is false', () => {
    const summary = score([], truth);
    expect(summary.missed.map((m) => m.kind)).toEqual(['outage', 'slow-burn']);
    expect(summary).toMatchObject({ found: 0, false_alarms: 0, delay_s: { p50: null, max: null } });
  });

  test('two minutes are enough for an outage, one second more is not', () => {
    expect(score([opened(62, ['payment'])], truth).found).toBe(1);
    const late = score([opened(62 + 1 / 60, ['payment'])], truth);
    expect(late).toMatchObject({ found: 0, false_alarms: 0, fragments: 1 });
  });

  test('a slow burn and a silence have fifteen minutes', () => {
    expect(score([opened(135, ['catalog'])], truth).found).toBe(1);
    expect(score([opened(135.1, ['catalog'])], truth).found).toBe(0);
    const silent = [item('silence', 'cart', 60, 80)];
    expect(score([opened(74, ['cart'])], silent).found).toBe(1);
  });

  test('a neighbour in the call graph counts, an unrelated service is a false alarm', () => {
    expect(score([opened(61, ['checkout'])], truth).found).toBe(1);
    const wrong = score([opened(61, ['recommendation'])], truth);
    expect(wrong).toMatchObject({ found: 0, false_alarms: 1 });
    expect(wrong.false_alarm_list[0]).toMatchObject({ services: ['recommendation'], during: 'outage' });
  });

  test('an incident of distant callers alone is neither false nor a find', () => {
    expect(score([opened(61, ['ingress'])], truth)).toMatchObject({ found: 0, false_alarms: 0, fragments: 1 });
  });

  test('an update may name the service, and counts from then', () => {
    const first = opened(61, ['ingress']);
    const second = { ...first, event: 'updated', updated_at: iso(61.5), services: ['ingress', 'payment'] };
    expect(score([first, second], truth)).toMatchObject({ found: 1, delay_s: { max: 90 } });
    const late = { ...second, updated_at: iso(63) };
    expect(score([first, late], truth).found).toBe(0);
  });

  test('an alarm in a decoy or in quiet time is false', () => {
    const summary = score([opened(205, ['search']), opened(20, ['user'])], truth);
    expect(summary.false_alarms).toBe(2);
    expect(summary.false_alarm_list.map((f) => f.during)).toEqual([null, 'surge']);
  });

  test('a minute before and ten after a fault are its own, no more', () => {
    const alarms = (minutes: number) => score([opened(minutes, ['payment'])], truth).false_alarms;
    expect([58.9, 59, 80, 80.1].map(alarms)).toEqual([1, 0, 0, 1]);
  });

  test('an alarm before the fault is luck and finds nothing', () => {
    expect(score([opened(59.5, ['payment'])], truth).found).toBe(0);
  });

  test('what is suppressed is no alarm, until it is not suppressed any more', () => {
    const hidden = opened(205, ['search'], { suppressed: true });
    expect(score([hidden], truth).false_alarms).toBe(0);
    const shown = { ...hidden, event: 'updated', updated_at: iso(206), suppressed: false };
    expect(score([hidden, shown], truth).false_alarms).toBe(1);
    const gone = { ...hidden, event: 'suppressed' };
    expect(score([gone], truth).false_alarms).toBe(0);
  });

  test('a second incident of a fault is a fragment, the earlier one gives the delay', () => {
    const summary = score([opened(61.5, ['payment']), opened(61, ['checkout'])], truth);
    expect(summary).toMatchObject({ found: 1, fragments: 1, false_alarms: 0, delay_s: { max: 60 } });
  });

  test('incidents before the time to be judged are left out', () => {
    expect(score([opened(20, ['user'])], truth, at(30)).false_alarms).toBe(0);
  });
});
