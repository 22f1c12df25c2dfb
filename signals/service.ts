/**
 * What is measured of one service from pane to pane, for all kinds of signals. The state is small and plain; panes of
 * the longest window and habits are kept beside it, entry by entry.
 */
import { minutes, type Time } from '../time/duration.ts';
import {
  type ErrorRate,
  type ErrorRateMemory,
  lastMinuteOf,
  measureErrors,
  newErrorRate,
  usualErrorsOf,
} from './error-rate.ts';
import { type Pane, paneMs, type Sample } from './panes.ts';
import { addToPast } from './recent-panes.ts';
import type { DetectionSettings } from './settings.ts';
import { type Arrivals, addArrivals, newArrivals } from './silence.ts';
import type { WindowTest } from './window-test.ts';

/** What is kept of a service; stored as JSON under these names. */
export interface MeasuredService extends ErrorRate {
  /** How its lines arrive. */
  speech: Arrivals;
  /** Error lines of the last minute's panes. */
  samples: readonly Sample[];
  /** Time of its last line, and what the lines of its last pane with any came through. */
  lastLine?: Time;
  origins?: readonly string[];
}

/** What a pane shows of a service. */
export interface Measurement {
  readonly service: MeasuredService;
  readonly pane: Pane;
  readonly start: Time;
  readonly end: Time;
  /** What the windows held ended after this time; they may have been emptied since. */
  readonly from: Time;
  /** The tests of the windows that end with the pane, the shortest first. */
  readonly tests: readonly WindowTest[];
  /** Errors that so many lines as the pane's usually hold. */
  readonly usualErrors: number;
  /** Errors of the last minute, and how many were to be expected. */
  readonly lastMinute: { readonly observed: number; readonly expected: number };
  /** Error lines of the panes of the minute before. */
  readonly earlier: readonly Sample[];
}

const samplesKept = 5;

/** A service that is first seen in the pane that begins at `start`. */
export const newMeasuredService = (start: Time): MeasuredService => ({
  ...newErrorRate(start),
  speech: newArrivals(start),
  samples: [],
});

/** Takes in the next pane of a service and changes its state in place; `isFrozen` while an anomaly is not learned. */
export function measure(
  service: MeasuredService,
  pane: Pane,
  {
    isFrozen,
    ...how
  }: { readonly memory: ErrorRateMemory; readonly settings: DetectionSettings; readonly isFrozen: boolean },
): Measurement {
  const { through: start, from } = service;
  const end = start + paneMs;
  const tests = measureErrors(service, pane, how);
  addArrivals(service.speech, { lines: pane.total, end, isFrozen });
  if (pane.total > 0) {
    service.lastLine = pane.last;
    service.origins = pane.origins;
  }
  const earlier = service.samples.filter(({ time }) => time >= end - minutes(1));
  service.samples = [...pane.samples, ...earlier].slice(0, samplesKept);
  const usualErrors = usualErrorsOf(service, pane.total, how.settings);
  return { service, pane, start, end, from, tests, usualErrors, lastMinute: lastMinuteOf(service, how), earlier };
}

/** Adds lines to a pane that has passed; returns how many lines and of which severities it holds now. */
export function amend(
  service: MeasuredService,
  past: { readonly start: Time; readonly pane: Pane },
  memory: ErrorRateMemory,
): { readonly lines: number; readonly counts: Pane['counts'] } | undefined {
  const { pane } = past;
  service.speech.lines += pane.total;
  service.lastLine = Math.max(service.lastLine ?? 0, pane.last);
  service.samples = [...pane.samples, ...service.samples].slice(0, samplesKept);
  return addToPast(service, past, memory.recent);
}
