import type { Time } from '../../time/duration.ts';
import type { Circuit } from '../circuit/circuit.ts';
import type { Metrics } from '../metrics.ts';
import type { Split } from './reading.ts';

/** Where a task stands. `label` precedes what each gauge is of, and tells the tasks of a process apart. */
export interface Standing {
  readonly now: Time;
  readonly circuit: Circuit;
  readonly splits: readonly Split[];
  readonly label: string;
}

/** Sets the gauges that describe where a task stands, and moves its operators' counts to the counters. */
export function measure(metrics: Metrics, { now, circuit, splits, label }: Standing): void {
  for (const [uid, watermark] of circuit.times.bySource()) {
    if (!Number.isFinite(watermark)) continue;
    metrics.set('millrace_watermark_ms', label + uid, watermark);
    metrics.set('millrace_watermark_lag_seconds', label + uid, (now - watermark) / 1_000);
  }
  for (const [i, gate] of circuit.gates.entries()) metrics.set('millrace_state_keys', label + i, gate.table.size);
  for (const [uid, counts] of circuit.counts) {
    metrics.add('millrace_operator_records_in_total', label + uid, counts.in);
    metrics.add('millrace_operator_records_out_total', label + uid, counts.out);
    counts.in = 0;
    counts.out = 0;
  }
  const states = new Map<string, number>();
  for (const { uid, state } of splits) states.set(`${uid}/${state}`, (states.get(`${uid}/${state}`) ?? 0) + 1);
  for (const [name, count] of states) metrics.set('millrace_splits', label + name, count);
}
