import { describe, expect, test } from 'vitest';
import { applyDelta, incidentsKept, panesKeptMs } from '../../console/apply.ts';
import type { Incident, Series, Service, Snapshot } from '../../console/snapshot.ts';

const series = (t: readonly number[], errors: readonly number[]): Series => ({
  t,
  errors,
  expected: t.map(() => 1),
  total: t.map(() => 100),
});
const service = (name: string, of: Series): Service => ({ name, criticality: 1, learning: false, series: of });
const snapshot: Snapshot = {
  revision: 1,
  now: 20_000,
  phase: { kind: 'live' },
  linesTotal: 10,
  reading: { at: 0, since: 0, lastLineAt: null, dead: 0, late: 0 },
  countedTo: 20_000,
  throughput: { t: [1_000, 2_000], perSecond: [5, 6] },
  graph: [],
  services: [service('cart', series([0, 10_000], [1, 2])), service('user', series([0], [0]))],
  incidents: [],
};
const next = { revision: 2, now: 30_000 };

describe('a delta', () => {
  test('appends new panes and revises those that a late record changed', () => {
    const after = applyDelta(snapshot, { ...next, services: [service('cart', series([10_000, 20_000], [7, 3]))] });
    expect(after.services[0]?.series).toEqual(series([0, 10_000, 20_000], [1, 7, 3]));
    expect(after.services[1]).toBe(snapshot.services[1]);
  });

  test('puts a pane that was missing where it belongs', () => {
    const gapped = { ...snapshot, services: [service('cart', series([0, 20_000, 30_000], [1, 3, 4]))] };
    const after = applyDelta(gapped, { ...next, services: [service('cart', series([10_000, 30_000], [2, 9]))] });
    expect(after.services[0]?.series).toEqual(series([0, 10_000, 20_000, 30_000], [1, 2, 3, 9]));
  });

  test('lets panes older than an hour fall off', () => {
    const t = panesKeptMs + 5_000;
    const after = applyDelta(snapshot, { ...next, services: [service('cart', series([t], [8]))] });
    expect(after.services[0]?.series.t).toEqual([10_000, t]);
    expect(after.services[0]?.series.errors).toEqual([2, 8]);
  });

  test('that comes twice changes nothing more', () => {
    const delta = { ...next, throughput: { t: [2_000, 3_000], perSecond: [9, 7] } };
    const once = applyDelta(snapshot, delta);
    expect(once.throughput).toEqual({ t: [1_000, 2_000, 3_000], perSecond: [5, 6, 7] });
    expect(applyDelta(once, delta)).toEqual(once);
  });

  test('replaces an incident by id and keeps the others', () => {
    const open = { id: 'a', status: 'open' } as Incident;
    const other = { id: 'b', status: 'open' } as Incident;
    const resolved = { id: 'a', status: 'resolved' } as Incident;
    const after = applyDelta({ ...snapshot, incidents: [open, other] }, { ...next, incidents: [resolved] });
    expect(after.incidents).toEqual([resolved, other]);
  });

  test('forgets the oldest incidents that are over, never an open one', () => {
    const incident = (i: number) => ({ id: `i${i}`, startedAt: i, status: i === 0 ? 'open' : 'resolved' }) as Incident;
    const many = Array.from({ length: incidentsKept + 2 }, (_, i) => incident(i));
    const kept = applyDelta(snapshot, { ...next, incidents: many }).incidents.map((each) => each.id);
    expect(kept).toHaveLength(incidentsKept);
    expect(kept.slice(0, 2)).toEqual(['i0', 'i3']);
  });

  test('leaves what it does not name', () => {
    const after = applyDelta(snapshot, next);
    expect(after).toEqual({ ...snapshot, ...next });
    expect(after.services).toBe(snapshot.services);
  });
});
