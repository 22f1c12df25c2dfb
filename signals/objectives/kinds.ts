/** The kind of signals `objective`: so many requests are bad that the budget of a declared objective is soon used up. */
import { type Duration, days, hours, minutes } from '../../time/duration.ts';
import type { SignalKind } from '../signal-kind.ts';
import type { Budget, Burn } from './burn.ts';
import type { Objective } from './objective.ts';

/** Bad requests against those that are allowed; the ratio is the burn rate. */
export const objective: SignalKind<Burn> = {
  find: ({ window, bad, allowed, rate, log10p, onset }) => {
    return { window, observed: bad, expected: allowed, ratio: rate, log10p, onset };
  },
  /** What burns fast calls someone, what burns slowly does not: by how much it is more than what counts. */
  scored({ isFast, rate, threshold }) {
    const times = Math.min(mostTimes, rate / threshold);
    return { observed: isFast ? [0, 0, fast * times, 0] : [slow * times, 0, 0, 0], expected: [0, 0, 0, 0] };
  },
  describe: ({ told }) => told?.[0] ?? 'more requests are bad than its objective allows',
};

/**
 * A burn as people read it.
 *
 * @example
 * const declared = { service: 'shop', operation: 'POST /pay', percent: 99.9, days: 28 };
 * const found = { window: 3_600_000, total: 1_000, bad: 150, rate: 150, budget: { left: 0.64, known: 2_419_200_000 } };
 * burnText({ objective: declared, ...found })
 * // => '150 of 1000 requests of POST /pay failed in 1 hour, a burn rate of 150 where 99.9 % is the objective; 64 % of the budget of 28 days is left'
 */
export function burnText({
  objective: declared,
  window,
  total,
  bad,
  rate,
  budget,
}: Pick<Burn, 'objective' | 'window' | 'total' | 'bad' | 'rate' | 'budget'>): string {
  const { percent, within } = declared;
  const how = within === undefined ? 'failed' : `took longer than ${within} ms`;
  const what = `${bad} of ${total} requests${nameOf(declared)} ${how} in ${spanText(window)}`;
  return `${what}, a burn rate of ${short(rate)} where ${percent} % is the objective; ${budgetText(declared, budget)}`;
}

function budgetText({ days: all }: Objective, { left, known }: Budget): string {
  const whose = `${all} days${known < days(all) ? ` (${spanText(known)} known)` : ''}`;
  if (left >= 0) return `${Math.floor(left * 100)} % of the budget of ${whose} is left`;
  return `the budget of ${whose} is used up ${short(1 - left)} times`;
}

/**
 * That nothing is known of an objective, as people read it.
 *
 * @example
 * noDataText({ service: 'shop', percent: 99, within: 300, days: 28 }, { for: 3_600_000, heard: true })
 * // => 'no data: no request of shop in 1 hour; whether 99 % take at most 300 ms is unknown'
 */
export function noDataText(
  { service, operation, percent, within }: Objective,
  { for: span, heard }: { readonly for: Duration; readonly heard: boolean },
): string {
  const what = within === undefined ? `${percent} % do not fail` : `${percent} % take at most ${within} ms`;
  const whose = operation === undefined ? service : `${service}, ${operation},`;
  const why = heard ? '' : '; nothing else is read of a service of this name';
  return `no data: no request of ${whose} in ${spanText(span)}; whether ${what} is unknown${why}`;
}

const nameOf = ({ operation }: Objective): string => (operation === undefined ? '' : ` of ${operation}`);

function spanText(span: Duration): string {
  if (span >= days(2)) return `${Math.floor(span / days(1))} days`;
  if (span >= hours(2)) return `${Math.floor(span / hours(1))} hours`;
  if (span >= hours(1)) return '1 hour';
  const whole = Math.max(1, Math.round(span / minutes(1)));
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}

/** Two digits, or all of a whole number that has more. */
const short = (value: number): string =>
  value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));

/** Counted as critical errors: with the usual weights an error from there on. And as warnings, which never are. */
const [fast, slow] = [14, 6];
const mostTimes = 100;
