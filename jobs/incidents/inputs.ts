/**
 * Inputs beside lines on their way to signals of an environment. One that brings nothing for a second holds nothing
 * back: lines are not to wait for it. The uids are those that a job without the input drops.
 */
import {
  eventTime,
  filter,
  keyBy,
  map,
  mapMaybe,
  process,
  type Stream,
  seconds,
  tumbling,
  union,
  window,
} from 'millrace';
import type { Scorer } from '../../decisions/score.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { type Change, changeTime } from '../../signals/changes.ts';
import type { Alert } from '../../signals/inputs/alerts/alert.ts';
import { plannedAhead } from '../../signals/inputs/intake.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { mayTellOfPods, podEventOf } from '../../signals/inputs/pods/pod-event-of.ts';
import type { Span } from '../../signals/inputs/spans/span.ts';
import { countRequests } from '../../signals/objectives/counts.ts';
import { byService, requestOfLine, requestOfSpan, type ServedRequest } from '../../signals/objectives/objective.ts';
import { paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import type { TracedSpan } from '../../signals/units/span.ts';
import { spanOfUnit, tracedLine, type UntimedLine } from '../../signals/units/traced.ts';
import type { EnvironmentInput } from './environment.ts';
import { metricKey, watchMetrics } from './metrics.ts';
import { type ObjectiveInput, watchObjectives } from './objectives.ts';
import { makeUnits, watchUnits } from './units.ts';

const idleAfter = seconds(1);

interface Rules {
  readonly settings: IncidentSettings;
  readonly scorer: Scorer;
}

type TraceRecord = TracedSpan | UntimedLine;

export const unitUids = ['spans', 'units', 'unit-watch'];

/** Changes by the time at which they happen. */
export const timedChanges = (changes: Stream<Change>): Stream<Change> =>
  changes.pipe(
    eventTime({ at: (change: Change) => changeTime(change), outOfOrder: 0, idleAfter, ahead: plannedAhead }),
  );

/** Spans by the time at which they ended. */
export const timedSpans = (spans: Stream<Span>, { outOfOrder }: IncidentSettings): Stream<Span> =>
  spans.pipe(eventTime({ at: ({ time }: Span) => time, outOfOrder, idleAfter, ahead: plannedAhead }));

/** Signals of what traces do; spans are those with their time. */
export function unitSignals(
  spans: Stream<Span>,
  events: Stream<ParsedLog, readonly [split: string, key: string]>,
  { settings, scorer }: Rules,
): Stream<Signal, string> {
  const { environment, detection } = settings;
  const traced = spans.pipe(
    map((span): TraceRecord => spanOfUnit(span)),
    keyBy(({ trace }) => trace),
  );
  const lines = events.pipe(
    mapMaybe((log): TraceRecord | undefined => tracedLine(log)),
    keyBy(({ trace }) => trace),
  );
  return union(traced, lines).pipe(
    process('units', makeUnits),
    keyBy(() => environment),
    process('unit-watch', watchUnits({ scorer, freezeAtMost: detection.freezeAtMost })),
  );
}

export const metricUids = ['metrics', 'metric-watch'];

/** Signals of what metrics say. Those of many values in one, and sets, are not judged. */
export function metricSignals(metrics: Stream<Metric>, { settings, scorer }: Rules): Stream<Signal, string> {
  const { environment, detection } = settings;
  return metrics.pipe(
    eventTime({ at: ({ time }: Metric) => time, outOfOrder: 0, idleAfter, ahead: plannedAhead }),
    filter(({ kind, ended }) => !ended && kind !== 'histogram' && kind !== 'set'),
    keyBy(metricKey),
    process('metric-watch', watchMetrics({ scorer, freezeAtMost: detection.freezeAtMost })),
    keyBy(() => environment),
  );
}

export const objectiveUids = ['requests', 'objective-watch'];

interface Served {
  readonly spans: Stream<Span> | undefined;
  readonly events: Stream<ParsedLog, readonly [split: string, key: string]>;
  /** What else is known of the environment: that time goes on, and which services there are. */
  readonly others: Stream<Signal, string>;
}

/** Signals of declared objectives. */
export function objectiveSignals(
  { spans, events, others }: Served,
  { settings, scorer }: Rules,
): Stream<Signal, string> {
  const { environment, objectives } = settings;
  const declared = byService(objectives);
  const lines = events.pipe(
    mapMaybe((log): ServedRequest | undefined => (declared.has(log.service) ? requestOfLine(log) : undefined)),
    keyBy(({ service }) => service),
  );
  const requests =
    spans === undefined
      ? lines
      : union(
          lines,
          spans.pipe(
            mapMaybe((span): ServedRequest | undefined =>
              declared.has(span.service) ? requestOfSpan(span) : undefined,
            ),
            keyBy(({ service }) => service),
          ),
        );
  const counted = requests.pipe(
    window('requests', tumbling(paneMs), countRequests(declared), { reopens: true }),
    map(({ value }): ObjectiveInput => ({ kind: 'requests', counts: value })),
    keyBy(() => environment),
  );
  const services = others.pipe(map(({ service }): ObjectiveInput => ({ kind: 'service', service })));
  return union(counted, services).pipe(process('objective-watch', watchObjectives({ objectives, scorer })));
}

export const alertUids = ['alerts'];

/** What other systems tell an environment: alerts, and events of Kubernetes among the lines. */
export function claimsOf(
  alerts: Stream<Alert> | undefined,
  events: Stream<ParsedLog, readonly [split: string, key: string]>,
  environment: string,
): Stream<EnvironmentInput, string> {
  const pods = events.pipe(
    mapMaybe((log): EnvironmentInput | undefined => {
      const event = mayTellOfPods(log) ? podEventOf(log) : null;
      return event === null ? undefined : { kind: 'pod', event };
    }),
    keyBy(() => environment),
  );
  if (alerts === undefined) return pods;
  const raised = alerts.pipe(
    eventTime({ at: ({ time }: Alert) => time, outOfOrder: 0, idleAfter, ahead: plannedAhead }),
    map((alert): EnvironmentInput => ({ kind: 'alert', alert })),
    keyBy(() => environment),
  );
  return union(pods, raised);
}
