/**
 * Folds a delta into a snapshot, for the page and for the server's own tests. Services merge by name and their panes
 * by start, incidents by id, so a delta that comes twice changes nothing; what is older than the kept span falls off.
 */

import type { Delta, Incident, Series, Service, Snapshot, Throughput } from './snapshot.ts';

export const panesKeptMs = 60 * 60_000;
export const throughputKeptMs = 5 * 60_000;
/** More incidents than this, and the oldest that are over are forgotten here; the table of incidents keeps them. */
export const incidentsKept = 200;

/** Returns the snapshot after `delta`; neither argument is changed, and what did not change keeps its identity. */
export function applyDelta(snapshot: Snapshot, delta: Delta): Snapshot {
  return {
    ...snapshot,
    ...delta,
    throughput: delta.throughput ? appendPoints(snapshot.throughput, delta.throughput) : snapshot.throughput,
    services: delta.services ? mergeServices(snapshot.services, delta.services) : snapshot.services,
    incidents: delta.incidents ? mergeIncidents(snapshot.incidents, delta.incidents) : snapshot.incidents,
  };
}

function appendPoints(kept: Throughput, added: Throughput): Throughput {
  const last = kept.t.at(-1) ?? Number.NEGATIVE_INFINITY;
  const fresh = added.t.findIndex((t) => t > last);
  if (fresh < 0) return kept;
  const t = [...kept.t, ...added.t.slice(fresh)];
  const perSecond = [...kept.perSecond, ...added.perSecond.slice(fresh)];
  const from = t.findIndex((at) => at > t.at(-1)! - throughputKeptMs);
  return { t: t.slice(from), perSecond: perSecond.slice(from) };
}

function mergeServices(kept: readonly Service[], changed: readonly Service[]): readonly Service[] {
  const byName = new Map(kept.map((service) => [service.name, service]));
  for (const service of changed) {
    const before = byName.get(service.name);
    const series = before ? mergeSeries(before.series, service.series) : service.series;
    byName.set(service.name, { ...service, series });
  }
  return [...byName.values()];
}

/** A pane that is already there is revised in place: a late record may have changed its counts. */
function mergeSeries(kept: Series, changed: Series): Series {
  const index = new Map<number, number>();
  const t = [...kept.t];
  const errors = [...kept.errors];
  const expected = [...kept.expected];
  const total = [...kept.total];
  t.forEach((at, i) => {
    index.set(at, i);
  });
  changed.t.forEach((at, from) => {
    let to = index.get(at);
    if (to === undefined) {
      to = t.length;
      while (to > 0 && t[to - 1]! > at) to--;
      for (const column of [errors, expected, total]) column.splice(to, 0, 0);
      t.splice(to, 0, at);
      index.clear();
      t.forEach((each, i) => {
        index.set(each, i);
      });
    }
    errors[to] = changed.errors[from]!;
    expected[to] = changed.expected[from]!;
    total[to] = changed.total[from]!;
  });
  const from = t.findIndex((at) => at > t.at(-1)! - panesKeptMs);
  if (from <= 0) return { t, errors, expected, total };
  return { t: t.slice(from), errors: errors.slice(from), expected: expected.slice(from), total: total.slice(from) };
}

function mergeIncidents(kept: readonly Incident[], changed: readonly Incident[]): readonly Incident[] {
  const byId = new Map(kept.map((incident) => [incident.id, incident]));
  for (const incident of changed) byId.set(incident.id, incident);
  const all = [...byId.values()];
  if (all.length <= incidentsKept) return all;
  const over = all.filter((each) => each.status !== 'open').sort((a, b) => a.startedAt - b.startedAt);
  const forgotten = new Set(over.slice(0, all.length - incidentsKept));
  return all.filter((each) => !forgotten.has(each));
}
