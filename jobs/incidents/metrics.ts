/**
 * Metrics in the incident job: points wait for the watermark and are then held against what their series make usual, in
 * the order of their times; every ten seconds what decides or is to be told of a service becomes a signal. Services are
 * spread over so many keys; each has room for so many series and no more, and points of others are told.
 */
import { type Codec, type Duration, days, type Handlers, hours, json, type OpContext, type Time } from 'millrace';
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
import type { Cycles } from '../../signals/series/season.ts';
import type { Signal } from '../../signals/signal.ts';
import { completed, intact } from './stored.ts';

/** Points of series that were too many, or that came for one pane. */
interface PointsLeftOut {
  readonly points: number;
  readonly most: number;
  /** One of them. */
  readonly service: string;
  readonly name: string;
}

/** What is kept besides the series. */
interface MetricWatch {
  readonly verdicts: MetricVerdicts;
  /** How many series are kept. */
  kept: number;
  /** Points that were left out because there was no room for their series, or in their pane. */
  leftOut: number;
  crowdedOut: number;
  /** When series that no longer come were last looked for. */
  cleared: Time;
}

const newWatch = (): MetricWatch => ({
  ...{ verdicts: newMetricVerdicts(), kept: 0, leftOut: 0, crowdedOut: 0, cleared: 0 },
});

const storedWatch = completed<MetricWatch>((stored) => ({ ...newWatch(), ...stored }));

const keys = 32;
/** How many panes are open is for event time to bound, as in `templates.ts`. */
const anyTimes = Number.POSITIVE_INFINITY;
export const mostSeries = 2_000;
/** Points of a key that may wait in one pane: each series has one every two seconds. */
export const mostWaiting = 5 * mostSeries;
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
    const seriesFull = ctx.side<PointsLeftOut>('series-full');
    const pointsFull = ctx.side<PointsLeftOut>('points-full');
    const series = keptSeries(ctx);
    const waiting = ctx.map<number, Metric[]>('waiting', json<Metric[]>(), { limit: anyTimes, intact });
    const state = ctx.value('watch', storedWatch, { intact });
    const hasRoom = (watch: MetricWatch, now: Time): boolean => {
      if (watch.kept >= mostSeries && now - watch.cleared >= clearedEvery) {
        watch.cleared = now;
        watch.kept = series.forget(now - forgottenAfter);
      }
      return watch.kept < mostSeries;
    };
    /** Whether something may be anomalous in the pane that is judged. */
    let isIll = true;
    /** Holds a point against its series. */
    const judge = (watch: MetricWatch, point: Metric): void => {
      const key = seriesKey(point);
      let known = series.get(key);
      if (known === undefined && hasRoom(watch, point.time)) {
        known = newMetricSeries(point);
        watch.kept++;
      }
      if (known === undefined) {
        const { service, name } = point;
        if (isTold(++watch.leftOut)) seriesFull({ points: watch.leftOut, most: mostSeries, service, name });
        return;
      }
      const { open } = known.series.season;
      const judged = judgeMetric(known, point);
      series.set(key, known, open !== known.series.season.open);
      // Where nothing is anomalous, an ordinary point changes nothing of what is decided.
      if (judged === undefined || (!isIll && judged.score === 0 && !judged.raised)) return;
      judgePoint(watch.verdicts, key, judged);
      isIll = true;
    };
    return {
      onData(point, time) {
        const end = paneEnd(Math.max(time, ctx.watermark));
        const points = waiting.get(end) ?? [];
        if (points.length >= mostWaiting) {
          const watch = state.get() ?? newWatch();
          const { service, name } = point;
          if (isTold(++watch.crowdedOut)) pointsFull({ points: watch.crowdedOut, most: mostWaiting, service, name });
          state.set(watch);
          return;
        }
        if (points.length === 0) ctx.timer(end);
        points.push(point);
        waiting.set(end, points);
      },
      onTimer(time, out) {
        const watch = state.get() ?? newWatch();
        const points = waiting.get(time) ?? [];
        waiting.delete(time);
        isIll = hasVerdicts(watch.verdicts);
        for (const point of points.sort((a, b) => a.time - b.time)) judge(watch, point);
        const pane = { end: time + 1, freezeAtMost, read: new Set(points.map(({ service }) => service)) };
        for (const signal of metricSignals(watch.verdicts, pane, scorer)) out.emit(signal);
        state.set(watch);
        if (hasVerdicts(watch.verdicts)) ctx.timer(time + paneMs);
      },
    };
  };

/** What is left out is told when there is twice as much as when it was last told. */
const isTold = (points: number): boolean => (points & (points - 1)) === 0;

const paneEnd = (time: Time): Time => (Math.floor(time / paneMs) + 1) * paneMs - 1;

/** Series as they are stored: the tables of their rhythms, which are most of it and seldom change, stand apart. */
function keptSeries(ctx: OpContext<unknown>) {
  const options = { limit: 2 * mostSeries, intact } as const;
  const series = ctx.map<string, MetricSeries>('series', withoutCycles, options);
  const cycles = ctx.map<string, Cycles>('cycles', json<Cycles>(), options);
  return {
    get(key: string): MetricSeries | undefined {
      const known = series.get(key);
      if (known !== undefined) known.series.season.cycles ??= cycles.get(key) ?? null;
      return known;
    },
    /** `isTurned` says whether the tables may have changed. */
    set(key: string, known: MetricSeries, isTurned: boolean): void {
      series.set(key, known);
      const { cycles: now } = known.series.season;
      if (isTurned && now !== null) cycles.set(key, now);
    },
    /** Forgets series without a point since then; returns how many are left. */
    forget(since: Time): number {
      for (const [key, { last }] of [...series.entries()]) {
        if (last > since) continue;
        series.delete(key);
        cycles.delete(key);
      }
      return series.size;
    },
  };
}

const plain = json<MetricSeries>();
const withoutCycles: Codec<MetricSeries> = {
  ...plain,
  encode(known) {
    const { series } = known;
    return plain.encode({ ...known, series: { ...series, season: { ...series.season, cycles: null } } });
  },
};
