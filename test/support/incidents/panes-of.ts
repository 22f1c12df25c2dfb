import { decide, decideAgain, newService } from '../../../decisions/decide.ts';
import { scorer } from '../../../decisions/score.ts';
import { type IncidentSettings, incidentDefaults } from '../../../incidents/settings.ts';
import type { ErrorRateMemory } from '../../../signals/error-rate.ts';
import { emptyPane, type Pane, paneMs } from '../../../signals/panes.ts';
import type { Signal } from '../../../signals/signal.ts';
import type { Time } from '../../../time/duration.ts';

/** A Tuesday morning. */
export const morning: Time = Date.UTC(2025, 2, 4, 8);

/** A pane of so many lines, of which so many are errors. */
export function pane(total: number, errors = 0, message = 'out of stock'): Pane {
  const samples = errors > 0 ? [{ time: 0, level: 'ERROR', message }] : [];
  return { ...emptyPane(), total, counts: [0, errors, 0, 0], samples };
}

/** A service that is watched pane by pane. */
export function watched(name = 'cart', start: Time = morning, settings: IncidentSettings = incidentDefaults) {
  const service = newService(start);
  const memory: ErrorRateMemory = { recent: new Map(), habits: new Map() };
  const rules = { settings, scorer: scorer(settings.score) };
  return {
    service,
    /** Adds lines to a pane that was shown. */
    amend: (past: { readonly start: Time; readonly pane: Pane }) =>
      decideAgain(past, { name, state: service, memory }, rules),
    /** Shows it `count` panes, whose last line is at their end; `make` is told the number of each. */
    show(count: number, make: (i: number) => Pane): Signal[] {
      return Array.from({ length: count }, (_, i) => {
        const shown = make(i);
        if (shown.total > 0) shown.last = service.through + paneMs - 1;
        return decide(shown, { name, state: service, memory }, rules);
      });
    },
  };
}

/** Panes in so many minutes. */
export const inMinutes = (n: number): number => (n * 60_000) / paneMs;

/** A day of a service that logs an error a minute. */
export const ordinary = (i: number): Pane => pane(100, i % 6 === 0 ? 1 : 0);
