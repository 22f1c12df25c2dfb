import { describe, expect, test } from 'vitest';
import type { PodEvent } from '../../../signals/inputs/pods/pod-event.ts';
import { lastRestart, newPods, notePodEvent, restartsIn, troublesAt } from '../../../signals/pods/restarts.ts';
import { minutes, seconds } from '../../../time/duration.ts';

const noon = Date.UTC(2026, 0, 29, 12);

const eventAt = (second: number, more: Partial<PodEvent> = {}): PodEvent => ({
  ...{ id: 'u1', time: noon + seconds(second), first_seen: noon, count: 1, trouble: 'crash', reason: 'BackOff' },
  ...{ service: 'cart', instance: 'cart-1', container: null, namespace: 'shop', node: null, message: '' },
  ...more,
});

/** Restarts that events tell, in the ten minutes up to `second`. */
function restarts(second: number, ...events: readonly PodEvent[]): number {
  const pods = newPods();
  for (const event of events) notePodEvent(pods, event);
  return restartsIn(pods, noon + seconds(second));
}

describe('an event', () => {
  test('with count 1 and then 5 has happened five times; told again, no more', () => {
    const later = eventAt(60, { count: 5 });
    expect(restarts(61, eventAt(0), later)).toBe(5);
    expect(restarts(61, eventAt(0), later, later, eventAt(0))).toBe(5);
  });

  test('without a count happens once more when it is told later', () => {
    expect(restarts(61, eventAt(0), eventAt(20), eventAt(40), eventAt(42), eventAt(40))).toBe(3);
  });

  test('that is first heard of has happened as often as belongs to the last ten minutes', () => {
    expect(restarts(3_601, eventAt(3_600, { count: 60 }))).toBe(10);
    expect(restarts(301, eventAt(300, { count: 6 }))).toBe(6);
    expect(restarts(1, eventAt(0, { count: 37 }))).toBe(1);
  });

  test('of another kind is no restart, but told', () => {
    const pods = newPods();
    notePodEvent(pods, eventAt(0, { trouble: 'unschedulable', reason: 'FailedScheduling', count: 9 }));
    expect(restartsIn(pods, noon + 1)).toBe(0);
    expect(troublesAt(pods, noon + 1)).toMatchObject([{ trouble: 'unschedulable', times: 1 }]);
    expect(troublesAt(pods, noon + minutes(10))).toEqual([]);
  });

  test('with a count that is none harms nothing', () => {
    expect(restarts(61, eventAt(0), eventAt(60, { count: 1e300 }))).toBe(1_001);
  });
});

test('restarts of all pods of a service count, for ten minutes', () => {
  const events = [0, 100, 200, 300, 400].map((second, n) => eventAt(second, { id: `u${n}`, trouble: 'out-of-memory' }));
  expect(restarts(401, ...events)).toBe(5);
  expect(restarts(600, ...events)).toBe(4);
  expect(restarts(1_000, ...events)).toBe(0);
  const pods = newPods();
  for (const event of events) notePodEvent(pods, event);
  expect(lastRestart(pods, noon + seconds(401))).toBe(noon + seconds(400));
});

test('ever new pods are bounded', () => {
  const pods = newPods();
  for (let n = 0; n < 3_000; n++) notePodEvent(pods, eventAt(n / 10, { id: `u${n}` }));
  expect(JSON.stringify(pods).length).toBeLessThan(30_000);
});
