/**
 * What was seen of a run: the screen and the page's state every few seconds, the events of incidents, the rows of
 * panes, what the command said at its ends. Kept as files, so that a recording can be judged again.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../console/snapshot.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import type { Time } from '../../time/duration.ts';
import type { Truth } from './truth.ts';

/** The screen and the page's state at a moment. */
export interface Sample {
  readonly at: Time;
  /** Number of the process that showed it, from 0 on, and when that was started. */
  readonly process: number;
  readonly startedAt: Time;
  /** Empty while there is none. */
  readonly screen: string;
  /** Null while the page does not answer. Panes are the last ones only. */
  readonly state: Pick<Snapshot, 'now' | 'linesTotal' | 'services' | 'incidents'> | null;
}

/** A row of `service_windows`. */
export interface PaneRow {
  readonly service: string;
  readonly start: Time;
  readonly lines: number;
  readonly errors: number;
}

/** Everything that was seen. */
export interface Recording {
  readonly samples: readonly Sample[];
  readonly events: readonly IncidentEvent[];
  readonly panes: readonly PaneRow[];
  /** What each process said at its end. */
  readonly ends: readonly string[];
}

const panesKept = 7;

/** What is kept of a snapshot. */
export function kept({ now, linesTotal, services, incidents }: Snapshot): Sample['state'] {
  const recent = services.map((service) => ({
    ...service,
    series: {
      t: service.series.t.slice(-panesKept),
      errors: service.series.errors.slice(-panesKept),
      expected: service.series.expected.slice(-panesKept),
      total: service.series.total.slice(-panesKept),
    },
  }));
  return { now, linesTotal, services: recent, incidents };
}

/** Adds a sample to the recording in `directory`. */
export const addSample = (directory: string, sample: Sample): void =>
  appendFileSync(join(directory, 'samples.ndjson'), `${JSON.stringify(sample)}\n`);

/** Writes down the truth and what is seen only at the end. */
export function writeRest(directory: string, truth: Truth, rest: Omit<Recording, 'samples'>): void {
  writeFileSync(join(directory, 'truth.json'), JSON.stringify(truth));
  writeFileSync(join(directory, 'rest.json'), JSON.stringify(rest));
}

/** A run as it was written down in `directory`. */
export function readRun(directory: string): { readonly truth: Truth; readonly recording: Recording } {
  const json = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8'));
  const samples = join(directory, 'samples.ndjson');
  const lines = existsSync(samples) ? readFileSync(samples, 'utf8').trimEnd().split('\n') : [];
  return {
    truth: json('truth.json') as Truth,
    recording: { ...(json('rest.json') as Omit<Recording, 'samples'>), samples: lines.map((line) => JSON.parse(line)) },
  };
}
