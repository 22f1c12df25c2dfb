import type { Duration, Time } from '../time/duration.ts';
import type { Blame, Counts, Sample } from './panes.ts';

/** How a service is doing: `errors` and `silent` are anomalies, `suspicious` is one that has not persisted yet. */
export type Health = 'well' | 'suspicious' | 'errors' | 'silent';

/** What is known of one service after one pane; also when the pane is empty, so that absence is seen. */
export interface Signal {
  readonly service: string;
  /** The pane. */
  readonly start: Time;
  readonly end: Time;
  readonly health: Health;
  /** Lines and their severities in the pane. */
  readonly lines: number;
  readonly counts: Counts;
  /** The window that tells most, and what it found. */
  readonly window: Duration;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
  /** log10 of the probability of so many errors or more. */
  readonly log10p: number;
  /** When the anomaly began; the pane's start when there is none. */
  readonly onset: Time;
  /** The number people see. */
  readonly score: number;
  /** Fewer than an hour of panes are known: what is expected is mostly the prior. */
  readonly learning: boolean;
  /** Whether its last minute shows the anomaly still, rather than a longer window. */
  readonly fresh: boolean;
  /** Lines that a pane has lately held, and how long ago the last one was. */
  readonly usual: number;
  readonly pause: Duration;
  /** Whether it has been known long enough for its silence to mean anything. */
  readonly steady: boolean;
  /** Lines of the pane; and of the panes of the minute before, for who is told of the service only now. */
  readonly samples: readonly Sample[];
  readonly earlier: readonly Sample[];
  readonly blames: readonly Blame[];
}
