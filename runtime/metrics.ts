/**
 * The closed list of metrics, each with its type and a sentence on meaning and remedy, and the registry that counts
 * them. A test holds `docs/metrics.md` equal to this list. Counting and the text for Prometheus are prom-client's.
 */
import { createRequire } from 'node:module';
import type * as prom from 'prom-client';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { type Clock, systemClock } from '../time/clock.ts';
import type { Time } from '../time/duration.ts';

/** Parts of prom-client by themselves: its index loads collectors and OpenTelemetry besides, which are 12 MB. */
const part = createRequire(import.meta.url);
const Counter = part('prom-client/lib/counter') as typeof prom.Counter;
const Gauge = part('prom-client/lib/gauge') as typeof prom.Gauge;
const Histogram = part('prom-client/lib/histogram') as typeof prom.Histogram;
const Registry = part('prom-client/lib/registry') as typeof prom.Registry;

export const metricDefinitions = {
  millrace_records_in_total: [
    'counter',
    'Records read, by source. Stands still: the source is quiet or the task waits.',
  ],
  millrace_records_out_total: ['counter', 'Records given to a sink, by sink.'],
  millrace_records_late_total: [
    'counter',
    'Records behind the watermark, by operator. Rising: raise outOfOrder or lateness.',
  ],
  millrace_records_dead_total: [
    'counter',
    'Records sent to dead letters, by origin. Read the reason in the dead letters.',
  ],
  millrace_batches_total: ['counter', 'Batches pulled from sources. Records per batch below ten: the source trickles.'],
  millrace_epochs_total: ['counter', 'Epochs committed.'],
  millrace_epoch_commit_seconds: [
    'histogram',
    'Time from freezing an epoch to its commit point. Long: fewer state changes per epoch, or a faster store.',
  ],
  millrace_epoch_deltas: ['gauge', 'State entries changed in the last epoch.'],
  millrace_delivery_seconds: [
    'histogram',
    'Time a delivery took, retries included, by lane. Long: the sink is slow or away.',
  ],
  millrace_delivery_retries_total: ['counter', 'Deliveries tried again, by lane. Rising: look at the sink.'],
  millrace_outbox_bytes: [
    'gauge',
    'Bytes committed and not yet delivered, by task. At its limit the task stops reading.',
  ],
  millrace_state_keys: [
    'gauge',
    'Keys held in memory, by segment. At the limit: cold keys are loaded again when used.',
  ],
  millrace_state_loads_total: [
    'counter',
    'Round trips to load missing keys. High beside the records: raise the cache limit.',
  ],
  millrace_watermark_ms: ['gauge', 'Event time up to which everything is complete, ms since the epoch, by source.'],
  millrace_watermark_lag_seconds: [
    'gauge',
    'How far the watermark is behind the clock, by source; before the first one, how long it has been waited for. Growing: the job falls behind or a split holds it.',
  ],
  millrace_operator_records_in_total: ['counter', 'Records that an operator handled, by operator.'],
  millrace_operator_records_out_total: ['counter', 'Records that an operator sent on, by operator.'],
  millrace_splits: [
    'gauge',
    'Splits by source and state: active, quiet, ended, timeless. Timeless: its records have no usable time, and event time goes on without it; correct `at`, or the sender.',
  ],
  millrace_server_away: [
    'gauge',
    'Whether a server does not answer: 1, else 0; by server. The log says since when, and why.',
  ],
  millrace_restarts_total: ['counter', 'Restarts of a task after a failure. Rising: read the log.'],
} as const satisfies Record<string, readonly ['counter' | 'gauge' | 'histogram', string]>;

/** A metric's name. */
export type MetricName = keyof typeof metricDefinitions;
type NameOf<Type extends 'counter' | 'gauge' | 'histogram'> = {
  [N in MetricName]: (typeof metricDefinitions)[N][0] extends Type ? N : never;
}[MetricName];

/** All metrics with their values, as a process sends them to another. */
export type MetricsPage = MetricObjectWithValues<MetricValue<string>>[];

/** Upper bounds of a histogram's buckets in seconds: an epoch is about one, a sink that is away takes longer. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * The metrics of one process. Every value has a label `of`: which source, operator, sink or lane it belongs to; the
 * empty label stands for the whole task.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #counters = new Map<MetricName, prom.Counter<'of'>>();
  readonly #gauges = new Map<MetricName, prom.Gauge<'of'>>();
  readonly #histograms = new Map<MetricName, prom.Histogram<'of'>>();

  /** By gauge and label, the times that their seconds count from. */
  readonly #since = new Map<MetricName, Map<string, Time>>();

  /** `clock` is asked whenever a gauge that counts seconds is read. */
  constructor(clock: Clock = systemClock) {
    for (const [key, [type, help]] of Object.entries(metricDefinitions)) {
      const name = key as MetricName;
      const about = { name, help, labelNames: ['of'] as const, registers: [this.registry] };
      if (type === 'counter') this.#counters.set(name, new Counter(about));
      else if (type === 'gauge')
        this.#gauges.set(name, new Gauge({ ...about, collect: () => this.#count(name, clock) }));
      else this.#histograms.set(name, new Histogram({ ...about, buckets }));
    }
  }

  /** Adds to a counter. */
  add(name: NameOf<'counter'>, of: string, by = 1): void {
    this.#counters.get(name)!.inc(labelled(of), by);
  }

  /** Sets a gauge. */
  set(name: NameOf<'gauge'>, of: string, value: number): void {
    this.#gauges.get(name)!.set(labelled(of), value);
  }

  /**
   * Lets a gauge tell the seconds since `time` whenever it is read, so that it grows while what it tells of is stuck.
   * At +∞ it is 0.
   */
  since(name: NameOf<'gauge'>, of: string, time: Time): void {
    this.#since.set(name, (this.#since.get(name) ?? new Map()).set(of, time));
  }

  /** Adds an observation to a histogram. */
  observe(name: NameOf<'histogram'>, of: string, value: number): void {
    this.#histograms.get(name)!.observe(labelled(of), value);
  }

  #count(name: MetricName, clock: Clock): void {
    for (const [of, time] of this.#since.get(name) ?? []) {
      this.#gauges.get(name)!.set(labelled(of), Math.max(0, clock.now() - time) / 1_000);
    }
  }

  /** The present value of a counter or gauge; 0 if nothing was counted. */
  async get(name: NameOf<'counter' | 'gauge'>, of: string): Promise<number> {
    return (await this.labels(name)).get(of) ?? 0;
  }

  /** All labels of a counter or gauge with their values. */
  async labels(name: NameOf<'counter' | 'gauge'>): Promise<ReadonlyMap<string, number>> {
    const { values } = await (this.#counters.get(name) ?? this.#gauges.get(name)!).get();
    return new Map(values.map(({ labels, value }) => [String(labels.of ?? ''), value]));
  }

  /** The mean of a histogram's observations; NaN without any. */
  async mean(name: NameOf<'histogram'>, of: string): Promise<number> {
    const { values } = await this.#histograms.get(name)!.get();
    const part = (suffix: string): number =>
      values.find((v) => v.metricName === name + suffix && (v.labels.of ?? '') === of)?.value ?? 0;
    return part('_sum') / part('_count');
  }

  /** Drops the gauges of a task that this process no longer runs. */
  async forget(task: string): Promise<void> {
    for (const times of this.#since.values()) {
      for (const of of times.keys()) if (isOf(task, of)) times.delete(of);
    }
    for (const [name, gauge] of this.#gauges) {
      for (const of of (await this.labels(name as NameOf<'gauge'>)).keys()) {
        if (isOf(task, of)) gauge.remove(labelled(of));
      }
    }
  }
}

const isOf = (task: string, of: string): boolean => of === task || of.startsWith(`${task}/`);
const labelled = (of: string): { of?: string } => (of === '' ? {} : { of });
