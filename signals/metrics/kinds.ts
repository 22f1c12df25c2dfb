/** The kind of signals `saturated`: far more than usual of something that runs out is used up, as a metric tells. */
import type { SignalKind } from '../signal-kind.ts';
import type { JudgedMetric } from './metric-series.ts';

/** A share of a processor, of memory or of a pool, in percent. */
export const saturated: SignalKind<JudgedMetric & { readonly onset: number }> = {
  find: ({ step, log10p, onset, ...point }) => {
    const { observed, expected } = inPercent(point);
    return { window: step, observed: Math.round(observed), expected, ratio: ratioOf(point), log10p, onset };
  },
  /** So many times as much counts as so many errors. */
  scored: (point) => ({ observed: [0, ratioOf(point), 0, 0], expected: [0, 0, 0, 0] }),
  describe: ({ told }) => told?.[0] ?? 'far more than usual of something that runs out is used up',
};

const ratioOf = (point: Pick<JudgedMetric, 'value' | 'expected' | 'scale'>): number => {
  const { observed, expected } = inPercent(point);
  return observed / Math.max(1, expected);
};

function inPercent({ value, expected, scale }: Pick<JudgedMetric, 'value' | 'expected' | 'scale'>) {
  const factor = 100 / (scale ?? 100);
  return { observed: value * factor, expected: expected * factor };
}

/**
 * A point of a metric as people read it.
 *
 * @example
 * const point = { name: 'cpu_usage_percent', instance: 'cart-7f', scale: 100, value: 77.74, expected: 0.98, high: 2.96 };
 * metricText(point) // => 'cpu_usage_percent of cart-7f is 78 where 0.98 is usual, and up to 3'
 */
export function metricText(point: Pick<JudgedMetric, 'name' | 'instance' | 'value' | 'expected' | 'high'>): string {
  const { name, instance, value, expected, high } = point;
  const whose = instance === null ? name : `${name} of ${instance}`;
  return `${whose} is ${short(value)} where ${short(expected)} is usual, and up to ${short(high)}`;
}

/** Two digits, or all of a whole number that has more. */
const short = (value: number): string =>
  Math.abs(value) >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
