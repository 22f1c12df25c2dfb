/**
 * When an anomaly of errors was over. A CUSUM of log-likelihood ratios (Page, 1954) of "as many errors as expected"
 * against "as many as during the anomaly" rises while errors stay away; the end of the anomaly is the start of the pane
 * in which it last left zero. A pane says as much as the lines in it: of a service that writes nothing it is not known
 * that it fails no more. Fewer errors than before are not yet few: the last minute must also look as usual, and while
 * it is an anomaly by itself, that one goes on at its new level.
 */
import { minutes, type Time } from '../time/duration.ts';

/** The sum, since when it is above zero, and the errors a pane of the anomaly. */
export interface Recovery {
  sum: number;
  since: Time;
  level: number;
}

/** What a pane shows of a service that has an anomaly. */
export interface RecoveryPane {
  readonly start: Time;
  readonly end: Time;
  readonly lines: number;
  /** Lines that a pane held before the anomaly. */
  readonly usualLines: number;
  readonly errors: number;
  /** Errors that are to be expected, more than 0. */
  readonly expected: number;
  /** Errors a pane of late. */
  readonly level: number;
  /** How improbable the errors of the last minute are, as log10, and whether they are still an anomaly. */
  readonly log10p: number;
  readonly isAnomaly: boolean;
}

/** "As expected" is then about fifty times as likely. */
const enough = 4;
/** Errors that come in bursts stay away for a while, too. */
const atLeast = minutes(1);
/** A service of fewer lines a pane may well write nothing in one. */
const rareLines = 0.5;
/** The last minute looks as usual when one in twenty is worse. */
const usualLog10p = Math.log10(0.05);
/** The anomaly is taken for at least this many times what is expected. */
const leastRatio = 1.5;

/** Takes in a pane; returns whether the anomaly is over. */
export function followRecovery(recovery: Recovery, pane: RecoveryPane): boolean {
  const { start, end, lines, usualLines, errors, expected, level, log10p, isAnomaly } = pane;
  const anomalous = Math.max(leastRatio * expected, recovery.level);
  const share = usualLines < rareLines ? 1 : Math.min(1, lines / usualLines);
  const next = recovery.sum + share * (anomalous - expected) - errors * Math.log(anomalous / expected);
  if (next <= 0) {
    recovery.sum = 0;
    recovery.level = level;
    return false;
  }
  if (recovery.sum === 0) recovery.since = start;
  recovery.sum = next;
  if (next < enough || end - recovery.since < atLeast) return false;
  if (!isAnomaly) return log10p > usualLog10p;
  recovery.sum = 0;
  recovery.level = level;
  return false;
}
