/**
 * Many series, each judged by itself. Of gauges and deltas the value is judged, of counters the increase in a usual
 * step. How many are kept is bounded; points of further series are told so.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { Metric } from '../inputs/metrics/metric.ts';
import { seriesKey } from '../metrics/metric-series.ts';
import { beginAtZero, type Counter, increaseOf, newCounter, perStep } from './counter.ts';
import { newSeries, observe, type Series, type Verdict } from './series.ts';

/** What is said of a point of one of many series. */
export interface Judged extends Verdict {
  /** What was judged of a counter: its increase. Null for the first point, and for gauges. */
  readonly increase: number | null;
}

interface Entry {
  readonly series: Series;
  /** Of a counter only. */
  readonly counter: Counter | null;
}

/** A place that was watched for so long would have shown a counter that had been there. */
const knownPlace = minutes(10);

/** The series of an input. */
export class ManySeries {
  readonly #limit: number;
  readonly #series = new Map<string, Entry>();
  /** When the first point of each service and instance came. */
  readonly #places = new Map<string, Time>();
  #refused = 0;

  /** Keeps at most `limit` series. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Points of series that were too many. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes in a point and judges it; null if its series is one too many. */
  judge(point: Metric): Judged | null {
    const { time, value, start } = point;
    const entry = this.#entryOf(point);
    if (entry === undefined) {
      this.#refused++;
      return null;
    }
    const { series, counter } = entry;
    if (counter === null) return { ...observe(series, time, value), increase: null };
    const found = increaseOf(counter, { time, value, start });
    const increase = found === null ? null : perStep(found, series.spacing.step);
    // What it rose by in the time of a restart is known in part only, and would look like a fall.
    const judged = increase === null || found?.restarted === true ? Number.NaN : increase;
    return { ...observe(series, time, judged), increase };
  }

  #entryOf(point: Metric): Entry | undefined {
    const { service, instance, kind, time, start } = point;
    // A zero byte is in no name but by mistake; two such series would be one.
    const place = `${service}\0${instance ?? ''}`;
    const key = seriesKey(point);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size >= this.#limit) return undefined;
    const entry: Entry = { series: newSeries(), counter: kind === 'counter' ? newCounter() : null };
    this.#series.set(key, entry);
    const watched = this.#places.get(place);
    if (watched === undefined) this.#places.set(place, time);
    else if (entry.counter !== null && time - watched >= knownPlace && isOfWatch(start, { watched, time })) {
      beginAtZero(entry.counter, time - 1);
    }
    return entry;
  }
}

/**
 * Whether a counter can have begun within the watch only; one that begins with its first point says nothing of before.
 */
const isOfWatch = (start: Time | null, { watched, time }: { readonly watched: Time; readonly time: Time }): boolean =>
  start === null || (start > watched && start < time);
