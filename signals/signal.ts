/**
 * The signal: what is known of one service after one pane, and the table `service_windows` that keeps it. Signals
 * travel between stages and wait in state as JSON, so their fields keep their names.
 */
import type { Duration, Time } from '../time/duration.ts';
import { type AnomalyKind, type Health, isAnomalous } from './kinds.ts';
import { type Blame, type Counts, errorsOf, paneMs, type Sample } from './panes.ts';
import { nameType, rowTable, timeText, timeType } from './row-table.ts';

/** What is known of one service after one pane; also when the pane is empty, so that absence is seen. */
export interface Signal {
  readonly service: string;
  /** The pane. */
  readonly start: Time;
  readonly end: Time;
  readonly health: Health;
  /** Whether more lines came of a pane whose signal was sent; it corrects the table and decides nothing. */
  readonly amends?: boolean;
  /** Lines and their severities in the pane. */
  readonly lines: number;
  readonly counts: Counts;
  /** Errors that so many lines as the pane's usually hold. */
  readonly usualErrors: number;
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
  /** When its last anomaly ended, while it has none; null if there was none. */
  readonly wellSince: Time | null;
  /** Whether its last anomaly did not end but became the new normal. */
  readonly accepted: boolean;
  /** The rule that keeps what its windows show from counting; only there where one does. */
  readonly heldBy?: HeldBy;
  /** Errors of the last minute, and how many were to be expected. */
  readonly lastMinute: { readonly observed: number; readonly expected: number };
  /** Lines that a pane has lately held, how long ago the last pane with one ended, and when the last line was. */
  readonly usual: number;
  readonly pause: Duration;
  readonly lastLine: Time;
  /** Whether its lines have come for long enough that their absence means anything. */
  readonly steady: boolean;
  /** What its last lines came through: files, partitions of topics. */
  readonly origins: readonly string[];
  /** Error lines of the pane; and those of the minute before, for an incident that the service joins now. */
  readonly samples: readonly Sample[];
  readonly earlier: readonly Sample[];
  readonly blames: readonly Blame[];
  /** Of what units of work tell, and metrics where signals are joined. */
  readonly units?: Report;
  /** Of what metrics tell, until signals are joined. */
  readonly metrics?: Report;
  /** Of what declared objectives tell, until signals are joined. */
  readonly objective?: ObjectiveReport;
  /** Whether the budget of an objective burns, whatever else the service shows. */
  readonly burns?: boolean;
  /** Ids of alerts that its incident takes in. */
  readonly alerts?: readonly string[];
}

/** What is told of a service beside its lines: how bad it is, where 1 decides, and sentences, the worst first. */
export interface Report {
  readonly score: number;
  readonly told: readonly string[];
}

/** What is told of the objectives of a service: the rule by which the worst counts, and sentences, the worst first. */
export interface ObjectiveReport {
  readonly rule: string;
  readonly told: readonly string[];
  readonly noData?: NoData;
}

/** Since when an objective has no requests, and that as people read it. */
export interface NoData {
  readonly since: Time;
  readonly text: string;
}

/**
 * Why what is improbable does not count: it has not lasted (`persistence`), it was a moment's mishap (`moment`), it is
 * too little to matter (`effect`), or units of work, which tell more of errors than lines do, show nothing (`units`).
 */
export type HeldBy = 'persistence' | 'moment' | 'effect' | 'units';

/** A signal of a service that is well, of whose lines nothing is said. */
export const newSignal = (service: string, end: Time): Signal => ({
  ...{ service, start: end - paneMs, end, health: 'well', lines: 0, counts: [0, 0, 0, 0], usualErrors: 0 },
  ...{ window: paneMs, observed: 0, expected: 0, ratio: 0, log10p: 0, onset: end - paneMs, score: 0 },
  ...{ learning: false, fresh: true, wellSince: null, accepted: false },
  lastMinute: { observed: 0, expected: 0 },
  ...{ usual: 0, pause: 0, lastLine: end, steady: false, origins: [], samples: [], earlier: [], blames: [] },
});

/** A signal of a service that is anomalous. */
export type AnomalousSignal = Signal & { readonly health: AnomalyKind };

/** Whether a signal is of a service that is anomalous. */
export const isAnomalousSignal = (signal: Signal): signal is AnomalousSignal => isAnomalous(signal.health);

/** How every service was doing, ten seconds by ten seconds. */
export const serviceWindowsTable = rowTable<{ readonly environment: string; readonly signal: Signal }>({
  name: 'service_windows',
  comment: 'One row per service and ten seconds in which it wrote lines or was not well',
  columns: {
    environment: { type: nameType, comment: 'The environment', value: ({ environment }) => environment },
    service: { type: nameType, comment: 'The service', value: ({ signal }) => signal.service },
    window_start: {
      type: timeType,
      comment: 'Start of the ten seconds, event time',
      value: ({ signal }) => timeText(signal.start),
    },
    lines: {
      type: 'UInt32',
      comment: 'Events: lines, those that belong together counted once',
      value: ({ signal }) => signal.lines,
    },
    warnings: { type: 'UInt32', comment: 'Lines of level WARN', value: ({ signal }) => signal.counts[0] },
    errors: {
      type: 'UInt32',
      comment: 'Lines of level ERROR, CRITICAL or FATAL',
      value: ({ signal }) => errorsOf(signal.counts),
    },
    fatals: {
      type: 'UInt32',
      comment: 'Of these, of level CRITICAL or FATAL',
      value: ({ signal }) => signal.counts[2] + signal.counts[3],
    },
    usual_errors: {
      type: 'Float64',
      comment: 'Errors that so many lines usually hold; 0 in rows of earlier versions',
      value: ({ signal }) => signal.usualErrors,
    },
    health: { type: nameType, comment: 'well, suspicious, errors or silent', value: ({ signal }) => signal.health },
    tested_seconds: {
      type: 'UInt32',
      comment: 'Length of the window, ending with the row, that told most',
      value: ({ signal }) => Math.floor(signal.window / 1_000),
    },
    observed: { type: 'UInt32', comment: 'Errors in that window', value: ({ signal }) => signal.observed },
    expected: {
      type: 'Float64',
      comment: 'Errors, or lines of a silent service, to be expected in it',
      value: ({ signal }) => signal.expected,
    },
    ratio: {
      type: 'Float64',
      comment: 'Observed over expected, which counts as at least one',
      value: ({ signal }) => signal.ratio,
    },
    log10_p: {
      type: 'Float64',
      comment: 'log10 of the probability of so many or more',
      value: ({ signal }) => signal.log10p,
    },
    score: { type: 'Float64', comment: 'The score; 0 while well', value: ({ signal }) => signal.score },
    learning: {
      type: 'Bool',
      comment: 'Less than an hour is known: what is expected is mostly the prior',
      value: ({ signal }) => signal.learning,
    },
    samples: {
      type: 'Array(String)',
      comment: 'A few of its error lines',
      value: ({ signal }) => signal.samples.map(({ message }) => message),
    },
  },
  identity: ['environment', 'service', 'window_start'],
  partitionBy: 'toYYYYMMDD(window_start)',
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
