/**
 * The registry: what Prometheus reads, what a task leaves behind, and the pages of several workers as one.
 */
import { AggregatorRegistry } from 'prom-client';
import { expect, test } from 'vitest';
import { Metrics } from '../../runtime/metrics.ts';

test('a counter adds up by its label, and the empty label is no label', async () => {
  const metrics = new Metrics();
  metrics.add('millrace_records_in_total', 'lines', 2);
  metrics.add('millrace_records_in_total', 'lines');
  metrics.add('millrace_epochs_total', '');
  const page = await metrics.registry.metrics();
  expect(page).toContain('\nmillrace_records_in_total{of="lines"} 3\n');
  expect(page).toContain('\nmillrace_epochs_total 1\n');
  expect(await metrics.get('millrace_records_in_total', 'lines')).toBe(3);
});

test('durations have buckets, a sum and a count', async () => {
  const metrics = new Metrics();
  for (const seconds of [0.02, 0.03, 4]) metrics.observe('millrace_delivery_seconds', 'rows', seconds);
  const page = await metrics.registry.metrics();
  expect(page).toContain('\nmillrace_delivery_seconds_bucket{le="0.025",of="rows"} 1\n');
  expect(page).toContain('\nmillrace_delivery_seconds_bucket{le="+Inf",of="rows"} 3\n');
  expect(await metrics.mean('millrace_delivery_seconds', 'rows')).toBeCloseTo(1.35);
});

test('a task that is gone takes its gauges with it, and no gauge of a task whose name begins alike', async () => {
  const metrics = new Metrics();
  for (const of of ['count-1', 'count-1/lines', 'count-10/lines']) metrics.set('millrace_outbox_bytes', of, 7);
  metrics.add('millrace_records_in_total', 'count-1/lines');
  await metrics.forget('count-1');
  expect([...(await metrics.labels('millrace_outbox_bytes')).keys()]).toEqual(['count-10/lines']);
  expect(await metrics.get('millrace_records_in_total', 'count-1/lines')).toBe(1);
});

test('the pages of two workers become one, in which each value names its worker', async () => {
  const pages = [1, 2].map(async (worker) => {
    const metrics = new Metrics();
    metrics.registry.setDefaultLabels({ worker: String(worker) });
    metrics.add('millrace_records_in_total', 'lines', worker);
    return metrics.registry.getMetricsAsJSON();
  });
  const page = await AggregatorRegistry.aggregate(await Promise.all(pages)).metrics();
  expect(page).toContain('\nmillrace_records_in_total{of="lines",worker="1"} 1\n');
  expect(page).toContain('\nmillrace_records_in_total{of="lines",worker="2"} 2\n');
  expect(page.match(/# HELP millrace_records_in_total /g)).toHaveLength(1);
});
