/**
 * One metric series and what its points say: of a gauge and a delta the value is judged, of a counter its increase. Of
 * a share that is used up of something it is also said how bad it is: how far off the point is, times the part that is
 * gone of what is usually left.
 */
import { createHash } from 'node:crypto';
import type { Duration, Time } from '../../time/duration.ts';
import type { Labels } from '../inputs/labels.ts';
import type { Metric } from '../inputs/metrics/metric.ts';
import { type Counter, increaseOf, newCounter, perStep } from '../series/counter.ts';
import { newSeries, observe, type Series } from '../series/series.ts';
import { fromView, medianOf } from '../series/view.ts';
import { log10NormalTail } from '../units/normal.ts';
import { type Scale, scaleOf } from './share.ts';

/** A series as it is kept; plain JSON, changed in place. */
export interface MetricSeries {
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  readonly series: Series;
  /** Of a counter only. */
  readonly counter: Counter | null;
  /** Of a used share: what is full; null of another metric, and of one that goes beyond its scale. */
  scale: Scale | null;
  /** When the last point was; and the shortest time between two, which grows where all are longer. */
  last: Time;
  step: Duration;
}

/** What a point says. */
export interface JudgedMetric {
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  readonly scale: Scale | null;
  readonly time: Time;
  /** The time of the point before, and the usual time between two; longer is a gap. */
  readonly before: Time;
  readonly step: Duration;
  readonly value: number;
  readonly expected: number;
  /** Up to here it is usual. */
  readonly high: number;
  /** Whether the series is raised here, as `millrace anomalies` does. */
  readonly raised: boolean;
  /** Of a used share: log10 of the probability to be so far off; 0 of another. */
  readonly log10p: number;
  /** Of a used share: how bad it is, where 1 decides; 0 of another. */
  readonly score: number;
}

/** The key of a series: whose it is, its name and its labels; a hash where that is longer than a key may be. */
export function seriesKey({ service, instance, name, labels }: Metric): string {
  // A zero byte is in no name but by mistake; two such series would be one.
  const key = `${service}\0${instance ?? ''}\0${name}\0${labelsText(labels)}`.toWellFormed();
  // A unit of a text has at most three bytes.
  if (3 * key.length <= mostKeyBytes || Buffer.byteLength(key) <= mostKeyBytes) return key;
  return createHash('sha256').update(key).digest('hex');
}

const mostKeyBytes = 500;

function labelsText(labels: Labels): string {
  const known = labelsTexts.get(labels);
  if (known !== undefined) return known;
  const text = Object.entries(labels).flat().join('\0');
  labelsTexts.set(labels, text);
  return text;
}

/** Labels are mostly one object for many points. */
const labelsTexts = new WeakMap<Labels, string>();

/** A series that begins with this point; undefined of a histogram or a set, which are not judged. */
export function newMetricSeries({ service, instance, name, unit, kind }: Metric): MetricSeries | undefined {
  if (kind === 'histogram' || kind === 'set') return undefined;
  const counter = kind === 'counter' ? newCounter() : null;
  const scale = scaleOf({ name, unit, kind }) ?? null;
  return { service, instance, name, series: newSeries(), counter, scale, last: 0, step: 0 };
}

/** Takes in a point; undefined while nothing is expected, and of one that is late or no number. */
export function judgeMetric(known: MetricSeries, point: Metric): JudgedMetric | undefined {
  const { series, service, instance, name, last: before } = known;
  const { time } = point;
  const value = judgedValue(known, point);
  const few = known.scale === null ? undefined : amongFew(series.first, value, known.scale);
  const seen = observe(series, time, value);
  if (seen.ignored) return undefined;
  const gap = time - before;
  if (before > 0) known.step = known.step === 0 ? gap : Math.min(gap, growth * known.step);
  known.last = time;
  if (known.scale !== null && value > mostOfScale * known.scale) known.scale = null;
  const { scale } = known;
  const found = few ?? seen.band;
  if (found === null) return undefined;
  const { expected, high } = found;
  const deviations = few === undefined ? seen.deviations : few.deviations;
  const log10p = scale === null ? 0 : log10NormalTail(Math.min(Math.abs(deviations), farthest));
  const gone = scale === null || expected >= scale ? 0 : Math.min(1, (value - expected) / (scale - expected));
  const score = deviations > 0 && gone > 0 ? (-log10p * gone ** 2) / decidingDecades : 0;
  const { step } = known;
  const { anomalous: raised } = seen;
  // hot: per point; a literal without a spread is made many times as fast.
  return { service, instance, name, scale, time, before, step, value, expected, high, raised, log10p, score };
}

/** Of a counter the increase; NaN where that is not known. */
function judgedValue({ counter, series }: MetricSeries, { time, value, start }: Metric): number {
  if (counter === null) return value;
  const found = increaseOf(counter, { time, value, start });
  return found === null || found.restarted ? Number.NaN : perStep(found, series.spacing.step);
}

/**
 * What is expected of a share by a few points, and how far off another is, in logarithms: how much shares differ is
 * taken to be what it mostly is until points have shown it.
 */
function amongFew(views: readonly number[], value: number, scale: Scale) {
  const n = views.length;
  if (n < leastPoints) return undefined;
  const least = leastShare * scale;
  const past = views.map((view) => Math.log(Math.max(fromView(view), least)));
  const middle = medianOf(past);
  const spread = past.reduce((sum, one) => sum + Math.abs(one - middle), 0) / n;
  const deviation = Math.sqrt((n * spread ** 2 + priorPoints * priorSpread ** 2) / (n + priorPoints));
  const deviations = (Math.log(Math.max(value, least)) - middle) / deviation;
  return { expected: Math.exp(middle), high: Math.exp(middle + bandWidth * deviation), deviations };
}

/** How much longer the usual step is after each point that came later. */
const growth = 1.1;
/** Points before which nothing is expected. */
const leastPoints = 3;
/** What differs below is noise, as a part of what is full. */
const leastShare = 0.01;
/** How much shares mostly differ, in logarithms, and how many points that is worth. */
const [priorSpread, priorPoints] = [0.6, 5];
const bandWidth = 3;
/** Beyond, distances say more of the deviation than of the fault. */
const farthest = 20;
/** So many decades of improbability decide where all is gone that was left. */
const decidingDecades = 9;
/** A share that is larger than this part of what is full is none. */
const mostOfScale = 1.5;
