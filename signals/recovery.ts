/**
 * When an anomaly of errors was over. A CUSUM of log-likelihood ratios (Page, 1954) of "as many errors as expected"
 * against "the fewest that would still be an anomaly" rises while errors stay away; the end of the anomaly is the
 * start of the pane in which it last left zero. A pane says as much as the lines in it: of a service that writes
 * nothing it is not known that it fails no more.
 */
import type { Time } from '../time/duration.ts';

/** The sum, and since when it is above zero. */
export interface Recovery {
  sum: number;
  since: Time;
}

/** The anomaly is over when "as expected" is about fifty times as likely. */
const enough = 4;
/** Lines of a pane that no rate of lines is known of. */
const leastUsual = 0.05;

/** What a pane shows of a service that has an anomaly. */
export interface RecoveryPane {
  readonly start: Time;
  readonly lines: number;
  /** Lines that a pane held before the anomaly. */
  readonly usualLines: number;
  readonly errors: number;
  /** Errors that are to be expected, and the fewest that are an anomaly. Both are more than 0. */
  readonly expected: number;
  readonly anomalous: number;
}

/** Takes in a pane. */
export function followRecovery(recovery: Recovery, pane: RecoveryPane): void {
  const { start, lines, usualLines, errors, expected, anomalous } = pane;
  const share = Math.min(1, (lines + leastUsual) / (usualLines + leastUsual));
  const next = recovery.sum + share * (anomalous - expected) - errors * Math.log(anomalous / expected);
  if (next <= 0) recovery.sum = 0;
  else {
    if (recovery.sum === 0) recovery.since = start;
    recovery.sum = Math.min(enough, next);
  }
}

/**
 * Whether the anomaly is over.
 *
 * @example
 * isRecovered({ sum: 4, since: 0 }) // => true
 */
export const isRecovered = ({ sum }: Recovery): boolean => sum >= enough;
