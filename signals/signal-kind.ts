/**
 * The contract of a kind of signal: what it finds of a service in a pane, what of it is scored, and the sentence that
 * people read. Whether a finding counts is decided in `decisions/health.ts`.
 */
import { type Duration, hours, type Time } from '../time/duration.ts';
import type { Counts } from './panes.ts';

/** What a kind of signal finds of a service after a pane. */
export interface Finding {
  /** Length of the window, ending with the pane, in which it shows most. */
  readonly window: Duration;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
  /** log10 of the probability of so many or more, or of so few. */
  readonly log10p: number;
  /** When the anomaly began; the pane's start when there is none. */
  readonly onset: Time;
}

/** Lines by severity that a score is computed of. */
export interface ScoredCounts {
  readonly observed: Readonly<Counts>;
  readonly expected: Readonly<Counts>;
}

/** A kind of signal over what is measured of a service. */
export interface SignalKind<M> {
  readonly find: (measured: M) => Finding;
  readonly scored: (measured: M) => ScoredCounts;
  /** A finding as people read it, such as `no line since 10:24:07 where about 50 a minute are usual`. */
  readonly describe: (finding: Described) => string;
}

/** What sentences are made of: a finding, and the lines that a pane has lately held. */
export interface Described extends Pick<Finding, 'window' | 'observed' | 'expected' | 'onset'> {
  readonly usual: number;
  /** What units of work tell, the worst first. */
  readonly told?: readonly string[];
  /** When it is said. */
  readonly end: Time;
}

/**
 * The time of day in UTC, as sentences give it; with its date when it is said half a day later.
 *
 * @example
 * timeOfDay(3_723_000, 3_800_000) // => '01:02:03'
 * timeOfDay(3_723_000, 90_000_000) // => '1970-01-01 01:02:03'
 */
export function timeOfDay(time: Time, said: Time): string {
  const text = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  return said - time < hours(12) ? text.slice(11) : text;
}
