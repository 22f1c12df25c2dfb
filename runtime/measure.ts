import type { Time } from '../time/duration.ts';
import type { Circuit } from './circuit.ts';
import type { Metrics } from './metrics.ts';
import type { Split } from './reading.ts';

/** Sets the gauges that describe where a task stands; called about once a second. */
export function measure(
  metrics: Metrics,
  { now, circuit, splits }: { readonly now: Time; readonly circuit: Circuit; readonly splits: readonly Split[] },
): void {
  for (const [uid, eventTimes] of circuit.eventTimesOf) {
    const watermark = Math.min(...eventTimes.map((e) => e.watermark));
    if (!Number.isFinite(watermark)) continue;
    metrics.set('millrace_watermark_ms', uid, watermark);
    metrics.set('millrace_watermark_lag_seconds', uid, (now - watermark) / 1_000);
  }
  for (const [i, gate] of circuit.gates.entries()) metrics.set('millrace_state_keys', String(i), gate.table.size);
  for (const [uid, counts] of circuit.counts) {
    metrics.set('millrace_operator_records_in_total', uid, counts.in);
    metrics.set('millrace_operator_records_out_total', uid, counts.out);
  }
  const states = new Map<string, number>();
  for (const { uid, state } of splits) states.set(`${uid}/${state}`, (states.get(`${uid}/${state}`) ?? 0) + 1);
  for (const [label, count] of states) metrics.set('millrace_splits', label, count);
}
