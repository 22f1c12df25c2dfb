/**
 * What a service's chart draws: errors a minute, as a sum over the last minute's panes, beside what the baseline
 * expected for the same panes. Single 10 s panes of a quiet service are mostly noise; a minute is what is decided on.
 */

import type { Series } from './snapshot.ts';

export interface Rates {
  /** Seconds, the end of each pane's minute. */
  readonly t: readonly number[];
  readonly errors: readonly number[];
  readonly expected: readonly (number | null)[];
  /** The band: expected ± 2√expected, the spread that chance alone gives a count. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Events of any level, a minute. */
  readonly total: readonly number[];
}

const paneMs = 10_000;
const minuteMs = 60_000;

/** Rolls panes up to a sliding minute, from the first whole one on. A pane that is missing counts as silence. */
export function perMinute(series: Series): Rates {
  const out = {
    t: [] as number[],
    errors: [] as number[],
    expected: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
    total: [] as number[],
  };
  let from = 0;
  const first = series.t[0] ?? 0;
  series.t.forEach((at, i) => {
    while (series.t[from]! <= at - minuteMs) from++;
    let errors = 0;
    let total = 0;
    let expected: number | null = 0;
    for (let j = from; j <= i; j++) {
      errors += series.errors[j]!;
      total += series.total[j]!;
      const pane = series.expected[j] ?? null;
      expected = expected === null || pane === null ? null : expected + pane;
    }
    if (at + paneMs - first < minuteMs) return;
    const spread = 2 * Math.sqrt(expected ?? 0);
    out.t.push((at + paneMs) / 1000);
    out.errors.push(errors);
    out.total.push(total);
    out.expected.push(expected);
    out.low.push(expected === null ? null : Math.max(0, expected - spread));
    out.high.push(expected === null ? null : expected + spread);
  });
  return out;
}
