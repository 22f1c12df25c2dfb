/** Signals by pane, and an environment whose incidents follow from them. */

import type { Found } from '../../../decisions/budget.ts';
import type { KnownOutage } from '../../../decisions/pipeline.ts';
import type { Evidence } from '../../../incidents/evidence.ts';
import type { Incident, IncidentEvent } from '../../../incidents/incident.ts';
import { advance } from '../../../incidents/lifecycle.ts';
import { type IncidentSettings, incidentDefaults } from '../../../incidents/settings.ts';
import { type Change, type KnownChange, noteChange } from '../../../signals/changes.ts';
import { type Counts, paneMs } from '../../../signals/panes.ts';
import type { Signal } from '../../../signals/signal.ts';
import type { TemplateNote } from '../../../signals/template-watch.ts';
import { morning } from './panes-of.ts';

/** The signal of a service that is well, in pane `n` of the morning. */
export function well(service: string, n: number): Signal {
  const start = morning + n * paneMs;
  return {
    service,
    start,
    end: start + paneMs,
    health: 'well',
    lines: 100,
    counts: [0, 0, 0, 0],
    usualErrors: 1 / 6,
    window: 60_000,
    observed: 0,
    expected: 1,
    ratio: 0,
    log10p: 0,
    onset: start,
    score: 0,
    learning: false,
    fresh: false,
    wellSince: null,
    accepted: false,
    lastMinute: { observed: 0, expected: 1 },
    usual: 100,
    pause: 0,
    lastLine: start + paneMs - 1,
    steady: true,
    origins: [service],
    samples: [],
    earlier: [],
    blames: [],
  };
}

export function anomalous(service: string, n: number, rest: Partial<Signal> = {}): Signal {
  const samples = [{ time: morning, level: 'ERROR', message: `${service} is broken` }];
  const counts: Counts = [0, 20, 0, 0];
  const found = { counts, observed: 90, ratio: 90, log10p: -40, score: 13.5, fresh: true };
  return { ...well(service, n), health: 'errors', ...found, onset: morning, samples, ...rest };
}

/** An environment whose signals arrive pane by pane. */
export function environment(settings: Partial<IncidentSettings> = {}) {
  const changes = new Map<string, KnownChange>();
  const incidents = new Map<string, Incident>();
  const events: IncidentEvent[] = [];
  const evidence: Evidence[] = [];
  let held = 0;
  const byChance: string[] = [];
  const notes = new Map<string, readonly TemplateNote[]>();
  const outages = new Map<string, KnownOutage>();
  const discoveries = new Map<'incidents' | 'pages', Found>();
  return {
    events,
    evidence,
    changes,
    notes,
    /** Anomalies that opened no incident, because too many are open. */
    get held() {
      return held;
    },
    /** Services that the budget has kept from opening an incident. */
    byChance,
    change: (change: Change) => noteChange(changes, change),
    /** Panes `from` to `to`, each with the signals that `make` makes of its number. */
    show(from: number, to: number, make: (n: number) => Signal[]): IncidentEvent[] {
      const before = events.length;
      for (let n = from; n < to; n++) {
        const end = morning + (n + 1) * paneMs;
        const how = { end, settings: { ...incidentDefaults, ...settings } };
        const outcome = advance({ incidents, changes, notes, outages, discoveries }, make(n), how);
        events.push(...outcome.events);
        evidence.push(...outcome.evidence);
        held += outcome.held;
        byChance.push(...outcome.byChance);
        // As a state would: what is kept is stored and read again.
        for (const [id, incident] of incidents) incidents.set(id, JSON.parse(JSON.stringify(incident)));
      }
      return events.slice(before);
    },
  };
}

export const at = (n: number): string => new Date(morning + n * paneMs).toISOString();
