/**
 * Metrics that say which share of something is used up, as of a processor, of memory or of a pool. Of these alone it
 * is known how much a rise matters: a processor that is used by a hundredth and then by a tenth has ten times the
 * load, and nothing is wrong. What a share is of, and on which scale, its name and unit say; that it stays on the
 * scale is seen.
 */
import type { Metric } from '../inputs/metrics/metric.ts';

/** What is full. */
export type Scale = 1 | 100;

/** Words of names; a share of what is left, or of what went well, is no share of what is used up. */
const percent = /(?:^|[^a-z])(?:percent|percentage|pct)(?:[^a-z]|$)/;
const ratio = /(?:^|[^a-z])(?:ratio|utili[sz]ation|saturation)(?:[^a-z]|$)/;
const better =
  /(?:^|[^a-z])(?:success\w*|hit|hits|idle|free|available|availability|remaining|left|healthy|ready|up|uptime|ok)(?:[^a-z]|$)/;

/**
 * The value at which nothing is left of what a gauge tells the used share of; undefined where it tells none.
 *
 * @example
 * scaleOf({ name: 'cpu_usage_percent', unit: '', kind: 'gauge' }) // => 100
 * scaleOf({ name: 'system.cpu.utilization', unit: '1', kind: 'gauge' }) // => 1
 * scaleOf({ name: 'cache_hit_ratio', unit: '', kind: 'gauge' }) // => undefined
 */
export function scaleOf({ name, unit, kind }: Pick<Metric, 'name' | 'unit' | 'kind'>): Scale | undefined {
  if (kind !== 'gauge') return undefined;
  // A capital begins a word, and so does what stands behind a sign.
  const words = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (better.test(words)) return undefined;
  if (unit === '%' || percent.test(words)) return 100;
  return ratio.test(words) ? 1 : undefined;
}
