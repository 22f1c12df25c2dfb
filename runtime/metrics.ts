/**
 * The closed list of metrics, each with its type and a sentence on meaning and remedy, and the registry that counts
 * them. `docs/metrics.md` is held to this list by a test. Format: Prometheus text exposition 0.0.4.
 */
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
    'summary',
    'Time from freezing an epoch to its commit point. Long: fewer state changes per epoch, or a faster store.',
  ],
  millrace_epoch_deltas: ['gauge', 'State entries changed in the last epoch.'],
  millrace_delivery_seconds: [
    'summary',
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
    'How far the watermark is behind the clock, by source. Growing: the job falls behind or a split holds it.',
  ],
  millrace_operator_records_in_total: ['counter', 'Records that an operator handled, by operator.'],
  millrace_operator_records_out_total: ['counter', 'Records that an operator sent on, by operator.'],
  millrace_splits: ['gauge', 'Splits by source and state: active, quiet, ended.'],
  millrace_restarts_total: ['counter', 'Restarts of a task after a failure. Rising: read the log.'],
} as const satisfies Record<string, readonly ['counter' | 'gauge' | 'summary', string]>;

/** A metric's name. */
export type MetricName = keyof typeof metricDefinitions;

/** Counts, per metric and label. One registry serves one process. */
export class Metrics {
  readonly #values = new Map<MetricName, Map<string, number>>();
  readonly #sums = new Map<string, number>();

  /** Adds to a counter. */
  add(name: MetricName, label: string, by = 1): void {
    const values = this.#of(name);
    values.set(label, (values.get(label) ?? 0) + by);
  }

  /** Sets a gauge. */
  set(name: MetricName, label: string, value: number): void {
    this.#of(name).set(label, value);
  }

  /** Adds an observation to a summary; of summaries count and sum are kept. */
  observe(name: MetricName, label: string, value: number): void {
    this.add(name, label, 1);
    const key = `${name} ${label}`;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + value);
  }

  /** A value as it stands; 0 when nothing was counted. */
  get(name: MetricName, label: string): number {
    return this.#values.get(name)?.get(label) ?? 0;
  }

  /** The sum of a summary's observations. */
  sum(name: MetricName, label: string): number {
    return this.#sums.get(`${name} ${label}`) ?? 0;
  }

  /** All labels of a metric with their values. */
  labels(name: MetricName): ReadonlyMap<string, number> {
    return this.#of(name);
  }

  /** Drops the gauges whose labels begin so: what they were of is not here any more. */
  forget(prefix: string): void {
    for (const [name, values] of this.#values) {
      if (metricDefinitions[name][0] !== 'gauge') continue;
      for (const label of values.keys()) if (label.startsWith(prefix)) values.delete(label);
    }
  }

  #of(name: MetricName): Map<string, number> {
    let values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, (values = new Map()));
    return values;
  }

  /** Everything in Prometheus text format. */
  text(): string {
    const lines: string[] = [];
    for (const [name, values] of this.#values) {
      const [type, help] = metricDefinitions[name];
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [label, value] of values) {
        const labels = label === '' ? '' : `{of="${escapeLabel(label)}"}`;
        if (type === 'summary') {
          lines.push(
            `${name}_count${labels} ${value}`,
            `${name}_sum${labels} ${this.#sums.get(`${name} ${label}`) ?? 0}`,
          );
        } else {
          lines.push(`${name}${labels} ${value}`);
        }
      }
    }
    return `${lines.join('\n')}\n`;
  }
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
