/**
 * What a service's chart draws: errors a minute, as a sum over the last minute's panes, beside what the baseline
 * expected for the same panes. Single 10 s panes of a quiet service are mostly noise; a minute is what is decided on.
 */
import { panesKeptMs } from './apply.ts';
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
const panesAMinute = 6;

/** Errors and events of the last minute before `countedTo`, or before the end of what is known, if that is later. */
export interface Minute {
  readonly errors: number;
  /** Null where the baseline had no opinion. */
  readonly expected: number | null;
  readonly total: number;
}

/** The last minute. A pane that is missing counts as silence, also behind the last one that there is. */
export function lastMinute(series: Series, countedTo: number): Minute {
  const { errors, expected, total } = dense(series, { to: endOf(series, countedTo), panes: panesAMinute });
  return { errors: sum(errors), expected: expected.includes(null) ? null : sum(expected), total: sum(total) };
}

/** Rolls panes up to a sliding minute, from the first whole one on, up to the last minute before `countedTo`. */
export function perMinute(series: Series, countedTo: number): Rates {
  const out = {
    t: [] as number[],
    errors: [] as number[],
    expected: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
    total: [] as number[],
  };
  const to = endOf(series, countedTo);
  const panes = Math.round((to - Math.max(series.t[0] ?? to, to - panesKeptMs)) / paneMs);
  const all = dense(series, { to, panes });
  for (let end = panesAMinute; end <= panes; end++) {
    const from = end - panesAMinute;
    const minute = all.expected.slice(from, end);
    const expected = minute.includes(null) ? null : sum(minute);
    const spread = 2 * Math.sqrt(expected ?? 0);
    out.t.push((to - (panes - end) * paneMs) / 1000);
    out.errors.push(sum(all.errors.slice(from, end)));
    out.total.push(sum(all.total.slice(from, end)));
    out.expected.push(expected);
    out.low.push(expected === null ? null : Math.max(0, expected - spread));
    out.high.push(expected === null ? null : expected + spread);
  }
  return out;
}

const endOf = ({ t }: Series, countedTo: number): number => Math.max(countedTo, (t.at(-1) ?? -paneMs) + paneMs);

/** The last `panes` panes before `to`, those without a line included. */
function dense(series: Series, { to, panes }: { readonly to: number; readonly panes: number }) {
  const errors = new Array<number>(panes).fill(0);
  const expected = new Array<number | null>(panes).fill(0);
  const total = new Array<number>(panes).fill(0);
  series.t.forEach((at, i) => {
    const pane = panes - Math.round((to - at) / paneMs);
    if (pane < 0) return;
    errors[pane] = series.errors[i]!;
    expected[pane] = series.expected[i] ?? null;
    total[pane] = series.total[i]!;
  });
  return { errors, expected, total };
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
