/**
 * How fast an objective's error budget is used up. A burn rate of 1 uses it up in exactly its days. What counts is that
 * much of the budget went within a window, and still goes in a shorter one, so that it is over soon when it is over.
 * The pairs of an hour and six hours are those of Google's SRE workbook; the one of five minutes tells of an outage
 * before an hour's share is gone. Few bad requests prove nothing.
 */
import { type Duration, days, hours, minutes, type Time } from '../../time/duration.ts';
import { log10UpperTail } from '../negative-binomial.ts';
import { type Counted, type List, onsetIn, servedIn } from './counts.ts';
import type { Objective } from './objective.ts';

/** A pair of windows, and the share of the budget that may go in the longer one. */
export interface Tier {
  readonly rule: 'burn-hour' | 'burn-minutes' | 'burn-hours';
  readonly list: Exclude<List, 'days'>;
  readonly long: Duration;
  readonly short: Duration;
  readonly spends: number;
  readonly isFast: boolean;
}

/** The first that holds is told. */
export const tiers: readonly Tier[] = [
  { rule: 'burn-hour', list: 'minutes', long: hours(1), short: minutes(5), spends: 0.02, isFast: true },
  { rule: 'burn-minutes', list: 'minutes', long: minutes(5), short: minutes(5), spends: 0.01, isFast: true },
  { rule: 'burn-hours', list: 'tens', long: hours(6), short: minutes(30), spends: 0.05, isFast: false },
];

/** What is found where a budget burns; plain JSON. */
export interface Burn {
  readonly objective: Objective;
  readonly rule: Tier['rule'];
  readonly isFast: boolean;
  readonly window: Duration;
  readonly total: number;
  readonly bad: number;
  /** How many bad ones the objective allows of so many. */
  readonly allowed: number;
  readonly rate: number;
  /** The rate from which on it counts. */
  readonly threshold: number;
  readonly log10p: number;
  readonly onset: Time;
  readonly budget: Budget;
}

/** What is left of a budget, 1 being all of it and less than 0 more than all, and over how long that is known. */
export interface Budget {
  readonly left: number;
  readonly known: Duration;
}

/** The share of requests that may be bad. */
const allowedOf = ({ percent }: Objective): number => 1 - percent / 100;

/**
 * The burn rate from which on a pair of windows counts. Where little can fail at all, as with 90 percent, it is halfway
 * between what is allowed and all.
 *
 * @example
 * thresholdOf({ service: 'shop', percent: 99.9, days: 30 }, { spends: 0.02, long: 3_600_000 }).toFixed(1) // => '14.4'
 * thresholdOf({ service: 'shop', percent: 90, days: 30 }, { spends: 0.02, long: 3_600_000 }).toFixed(1) // => '5.5'
 */
export function thresholdOf(objective: Objective, { spends, long }: Pick<Tier, 'spends' | 'long'>): number {
  const usual = (spends * days(objective.days)) / long;
  return Math.min(usual, (1 + 1 / allowedOf(objective)) / 2);
}

/**
 * The first pair of windows, ending at `end`, in which the budget of an objective burns. What burned fast before `after`
 * is over, and is not told again for burning slowly. Of a window that is known in part the whole is what counts, as if
 * so many requests had come before and none had been bad.
 */
export function burnOf(
  objective: Objective,
  counted: Counted,
  { end, after = Number.NEGATIVE_INFINITY }: { readonly end: Time; readonly after?: Time },
): Burn | undefined {
  const share = allowedOf(objective);
  for (const tier of tiers) {
    const { list, long, short, rule, isFast } = tier;
    const window = Math.min(long, isFast ? long : end - after);
    if (window <= 0) continue;
    const { total, bad } = servedIn(counted, list, { end, window });
    if (bad < leastBad) continue;
    const threshold = thresholdOf(objective, tier);
    const known = Math.min(window, end - counted.first!);
    if (bad < (threshold * share * total * long) / known) continue;
    const still = servedIn(counted, 'minutes', { end, window: Math.min(short, window) });
    if (still.bad === 0 || still.bad < threshold * share * still.total) continue;
    const allowed = share * total;
    const log10p = log10UpperTail(bad, { mean: allowed, size: likePoisson });
    if (log10p > leastSure) continue;
    const onset = onsetIn(counted, list, { end, window, share: threshold * share });
    const found = { objective, rule, isFast, window: long, total, bad, allowed, rate: bad / allowed };
    return { ...found, threshold, log10p, onset, budget: budgetOf(objective, counted, end) };
  }
  return undefined;
}

/** What is left of the budget of the days that end at `end`, as far as requests of them are known. */
export function budgetOf(objective: Objective, counted: Counted, end: Time): Budget {
  const window = days(objective.days - 1);
  const { total, bad } = servedIn(counted, 'days', { end: end - 1, window });
  const known = Math.min(days(objective.days), end - (counted.first ?? end));
  return { left: total === 0 ? 1 : 1 - bad / (total * allowedOf(objective)), known };
}

/** So many bad requests, and so improbable where the budget is just kept (log10 p). */
const leastBad = 5;
const leastSure = -5;
/** The size from which on a negative binomial is Poisson's. */
const likePoisson = 1e6;
