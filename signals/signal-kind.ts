/**
 * The contract of a kind of signal: what it finds of a service in a pane, what of it is scored, and the sentence that
 * people read. Whether a finding counts is decided in `decisions/health.ts`.
 */
import type { Duration, Time } from '../time/duration.ts';
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
}

/**
 * The time of day in UTC, as sentences give it.
 *
 * @example
 * timeOfDay(3_723_000) // => '01:02:03'
 */
export const timeOfDay = (time: Time): string => new Date(time).toISOString().slice(11, 19);
