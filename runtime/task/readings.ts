/**
 * What a task shows in the metrics of its process: counters at 0 from the start, because an alert on a rate sees no
 * first event of a series that begins with it; and once a second where the task stands.
 */
import type { Stage } from '../../graph/plan.ts';
import type { Clock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { type Circuit, nameOf } from '../circuit/circuit.ts';
import type { Metrics } from '../metrics.ts';
import type { Split } from './reading.ts';

/** As `millrace_splits` tells them; a timeless one is active, but has shown no time for `idleAfter`. */
const splitStates = ['active', 'timeless', 'quiet', 'ended'] as const;

/** What is shown. */
export interface ReadingsOf {
  readonly stage: Stage;
  readonly circuit: Circuit;
  /** The task, where there are several; it precedes each gauge's own label. */
  readonly task: string;
  readonly clock: Clock;
}

/** The counters and gauges of one task. */
export class Readings {
  readonly #metrics: Metrics;
  readonly #of: ReadingsOf;
  readonly #label: string;
  /** The lag of a source without a watermark counts from here. */
  readonly #opened: Time;

  constructor(metrics: Metrics, of: ReadingsOf) {
    this.#metrics = metrics;
    this.#of = of;
    this.#opened = of.clock.now();
    this.#label = of.task === '' ? '' : `${of.task}/`;
    this.#declare();
    this.take([]);
  }

  /** Sets the gauges, and moves the operators' counts to the counters. */
  take(splits: readonly Split[]): void {
    const { circuit } = this.#of;
    const metrics = this.#metrics;
    const label = this.#label;
    for (const [uid, watermark] of circuit.times.bySource()) {
      if (Number.isFinite(watermark)) metrics.set('millrace_watermark_ms', label + uid, watermark);
      const reached = watermark === Number.NEGATIVE_INFINITY ? this.#opened : watermark;
      metrics.since('millrace_watermark_lag_seconds', label + uid, reached);
    }
    for (const [i, gate] of circuit.gates.entries()) metrics.set('millrace_state_keys', label + i, gate.table.size);
    for (const [uid, counts] of circuit.counts) {
      metrics.add('millrace_operator_records_in_total', label + uid, counts.in);
      metrics.add('millrace_operator_records_out_total', label + uid, counts.out);
      counts.in = 0;
      counts.out = 0;
    }
    this.#takeSplits(splits);
  }

  /** States that no split is in are shown as 0: a gauge keeps what it was set to. */
  #takeSplits(splits: readonly Split[]): void {
    const counts = new Map<string, number>();
    for (const { uid } of splits) for (const state of splitStates) counts.set(`${uid}/${state}`, 0);
    for (const { uid, index, state } of splits) {
      const isTimeless = state === 'active' && this.#of.circuit.times.isTimeless(uid, index);
      const name = `${uid}/${isTimeless ? 'timeless' : state}`;
      counts.set(name, counts.get(name)! + 1);
    }
    for (const [name, count] of counts) this.#metrics.set('millrace_splits', this.#label + name, count);
  }

  #declare(): void {
    const { stage, circuit, task } = this.#of;
    const metrics = this.#metrics;
    for (const name of ['millrace_epochs_total', 'millrace_state_loads_total'] as const) metrics.add(name, '', 0);
    metrics.set('millrace_outbox_bytes', task, 0);
    for (const operator of circuit.counts.keys()) metrics.add('millrace_records_late_total', operator, 0);
    for (const { node } of stage.nodes) {
      const { kind } = node.body;
      metrics.add('millrace_records_dead_total', nameOf(node), 0);
      // What has no time leaves eventTime under its verb.
      if (kind === 'eventTime') metrics.add('millrace_records_dead_total', node.uid ?? node.verb, 0);
      if (kind === 'source') metrics.add('millrace_records_in_total', node.uid!, 0);
      if (kind === 'source') metrics.add('millrace_batches_total', node.uid!, 0);
      if (kind === 'sink') metrics.add('millrace_records_out_total', node.uid!, 0);
    }
  }
}
