/**
 * A detector as one writes it in an hour, for comparison: errors per service and minute against the mean of the hour
 * before. It knows nothing of formats, traffic, time of day, neighbours or silence, and is tuned by common sense alone:
 * so many times the usual and at least so many, a service known for an hour, and a pager that is quiet for ten minutes
 * after the last minute that was too high.
 */
import { minutes, type Time } from '../time/duration.ts';
import type { LifecycleEvent } from './summary.ts';

/** When a minute is too high. */
export interface NaiveRule {
  readonly factor: number;
  readonly least: number;
}

const hour = 60;
const quiet = minutes(10);

/** Whether a line says that it is an error: by its level, or as an access line by its status. */
export const saysError = (line: string): boolean =>
  /\bERROR\b|level\\*":(\\*"error|50\b)|HTTP\/1\.1\\*" 5\d\d /.test(line);

interface Watched {
  /** Errors of the minutes of the last hour. */
  readonly past: number[];
  errors: number;
  lastHigh: Time;
}

export class NaiveDetector {
  readonly events: LifecycleEvent[] = [];
  readonly #rule: NaiveRule;
  readonly #services = new Map<string, Watched>();
  #minute: Time | undefined;

  constructor(rule: NaiveRule) {
    this.#rule = rule;
  }

  /** Counts errors of `service` that arrived at `time`, which never falls; none are worth counting too. */
  add(service: string, time: Time, errors: number): void {
    this.#minute ??= Math.floor(time / minutes(1)) * minutes(1);
    for (; time >= this.#minute + minutes(1); this.#minute += minutes(1)) this.#close(this.#minute + minutes(1));
    let watched = this.#services.get(service);
    if (watched === undefined) this.#services.set(service, (watched = { past: [], errors: 0, lastHigh: -Infinity }));
    watched.errors += errors;
  }

  #close(end: Time): void {
    const { factor, least } = this.#rule;
    for (const [service, watched] of this.#services) {
      const { past, errors, lastHigh } = watched;
      const mean = past.reduce((sum, n) => sum + n, 0) / past.length;
      if (past.length === hour && errors >= least && errors >= factor * mean) {
        if (end - lastHigh > quiet) this.events.push(alarm(service, end));
        watched.lastHigh = end;
      }
      past.push(errors);
      if (past.length > hour) past.shift();
      watched.errors = 0;
    }
  }
}

function alarm(service: string, end: Time): LifecycleEvent {
  const at = new Date(end).toISOString();
  const id = `naive-${service}-${at}`;
  const causes = [{ service }];
  return {
    event: 'opened',
    incident_id: id,
    started_at: at,
    detected_at: at,
    services: [service],
    root_causes: causes,
  };
}
