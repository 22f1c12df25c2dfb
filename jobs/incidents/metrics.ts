/**
 * Metrics in the incident job: points wait for the watermark and are then held against what their series make usual, in
 * the order of their times; every ten seconds what decides or is to be told of a service becomes a signal. Services are
 * spread over so many keys; each has room for so many series and no more, and points of others are told.
 */
import { type Duration, days, type Handlers, hours, json, type OpContext, type Time } from 'millrace';
import {
  hasVerdicts,
  judgePoint,
  type MetricVerdicts,
  metricSignals,
  newMetricVerdicts,
} from '../../decisions/metric-verdicts.ts';
import type { Scorer } from '../../decisions/score.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { judgeMetric, type MetricSeries, newMetricSeries, seriesKey } from '../../signals/metrics/metric-series.ts';
import { paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { intact } from './stored.ts';

/** Points of series that were too many. */
interface SeriesLeftOut {
  readonly points: number;
  readonly most: number;
  /** One of them. */
  readonly service: string;
  readonly name: string;
}

/** What is kept besides the series. */
interface MetricWatch {
  readonly verdicts: MetricVerdicts;
  /** Points that were left out. */
  leftOut: number;
  /** When series that no longer come were last looked for. */
  cleared: Time;
}

const keys = 32;
/** How many panes are open is for event time to bound, as in `templates.ts`. */
const anyTimes = Number.POSITIVE_INFINITY;
export const mostSeries = 1_000;
/** A series without a point for so long is forgotten where there is no room; it is looked for them so often. */
const forgottenAfter = days(1);
const clearedEvery = hours(1);

/** The key of a point: points of a service have one. */
export function metricKey({ service }: Metric): number {
  // FNV-1a; its low bits follow the last letter.
  let sum = 0x811c9dc5;
  for (let i = 0; i < service.length; i++) sum = Math.imul(sum ^ service.charCodeAt(i), 0x01000193);
  return (sum ^ (sum >>> 15)) & (keys - 1);
}

/** Watches the series of some services. */
export const watchMetrics =
  ({ scorer, freezeAtMost }: { readonly scorer: Scorer; readonly freezeAtMost: Duration }) =>
  (ctx: OpContext<Metric>): Handlers<Metric, Signal> => {
    const leftOut = ctx.side<SeriesLeftOut>('series-full');
    const series = ctx.map<string, MetricSeries>('series', json<MetricSeries>(), { limit: 2 * mostSeries, intact });
    const waiting = ctx.map<number, Metric[]>('waiting', json<Metric[]>(), { limit: anyTimes, intact });
    const state = ctx.value('watch', json<MetricWatch>(), { intact });
    const watchNow = (): MetricWatch => state.get() ?? { verdicts: newMetricVerdicts(), leftOut: 0, cleared: 0 };
    const makeRoom = (watch: MetricWatch, now: Time): boolean => {
      if (now - watch.cleared < clearedEvery) return false;
      watch.cleared = now;
      for (const [key, { last }] of [...series.entries()]) if (now - last >= forgottenAfter) series.delete(key);
      return series.size < mostSeries;
    };
    const begun = (watch: MetricWatch, point: Metric): MetricSeries | undefined => {
      if (series.size < mostSeries || makeRoom(watch, point.time)) return newMetricSeries(point);
      watch.leftOut++;
      // Told when there are twice as many as when it was last told.
      const { service, name } = point;
      if ((watch.leftOut & (watch.leftOut - 1)) === 0)
        leftOut({ points: watch.leftOut, most: mostSeries, service, name });
      return undefined;
    };
    /** Holds a point against its series. */
    const judge = (watch: MetricWatch, point: Metric): void => {
      const key = seriesKey(point);
      const known = series.get(key) ?? begun(watch, point);
      if (known === undefined) return;
      const judged = judgeMetric(known, point);
      series.set(key, known);
      if (judged !== undefined) judgePoint(watch.verdicts, key, judged);
    };
    return {
      onData(point, time) {
        const end = paneEnd(Math.max(time, ctx.watermark));
        const points = waiting.get(end) ?? [];
        points.push(point);
        waiting.set(end, points);
        ctx.timer(end);
      },
      onTimer(time, out) {
        const watch = watchNow();
        const points = waiting.get(time) ?? [];
        waiting.delete(time);
        for (const point of points.sort((a, b) => a.time - b.time)) judge(watch, point);
        const pane = { end: time + 1, freezeAtMost, read: new Set(points.map(({ service }) => service)) };
        for (const signal of metricSignals(watch.verdicts, pane, scorer)) out.emit(signal);
        state.set(watch);
        if (hasVerdicts(watch.verdicts)) ctx.timer(time + paneMs);
      },
    };
  };

const paneEnd = (time: Time): Time => (Math.floor(time / paneMs) + 1) * paneMs - 1;
