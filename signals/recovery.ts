/**
 * When an anomaly of errors was over. A CUSUM of log-likelihood ratios (Page, 1954) of "as many errors as expected"
 * against "as many as during the anomaly" rises while errors stay away; the end of the anomaly is the start of the pane
 * in which it last left zero. A pane says as much as the lines in it: of a service that writes nothing it is not known
 * that it fails no more. Fewer errors than before are not yet few: the last minute must also look as usual, or else the
 * anomaly goes on at its new level.
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
  /** Errors that are to be expected, and the fewest that are an anomaly. Both are more than 0. */
  readonly expected: number;
  readonly anomalous: number;
  /** Errors a pane in the window that shows the anomaly. */
  readonly level: number;
  /** Errors of the last minute, and how many were to be expected. */
  readonly lastMinute: { readonly observed: number; readonly expected: number };
}

/** "As expected" is then about fifty times as likely. */
const enough = 4;
/** Errors that come in bursts stay away for a while, too. */
const atLeast = minutes(1);
/** A service of fewer lines a pane may well write nothing in one. */
const rareLines = 0.5;
const panesAMinute = 6;

/** Takes in a pane; returns whether the anomaly is over. */
export function followRecovery(recovery: Recovery, pane: RecoveryPane): boolean {
  const { start, end, lines, usualLines, errors, expected, level, lastMinute } = pane;
  const anomalous = Math.max(pane.anomalous, recovery.level);
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
  if (isUsual(lastMinute)) return true;
  recovery.sum = 0;
  recovery.level = lastMinute.observed / panesAMinute;
  return false;
}

/** Within one and a half standard deviations of what is expected, or one error above. */
const isUsual = ({ observed, expected }: RecoveryPane['lastMinute']): boolean =>
  observed <= expected + Math.max(1, 1.5 * Math.sqrt(expected));
