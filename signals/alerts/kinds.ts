/** The kind of signals `alerts`: what other systems raise of a service of which nothing else is read. */
import { cutText } from '../../codecs/utf8.ts';
import { minutes, type Time } from '../../time/duration.ts';
import { type SignalKind, timeOfDay } from '../signal-kind.ts';
import type { KnownAlert } from './known-alerts.ts';

/** Alerts of a service that fire. */
export interface FiringAlerts {
  readonly firing: readonly Pick<KnownAlert, 'severity'>[];
  readonly log10p: number;
  readonly onset: Time;
}

export const alerts: SignalKind<FiringAlerts> = {
  find: ({ firing: { length }, log10p, onset }) => {
    return { window: minutes(1), observed: length, expected: 0, ratio: length, log10p, onset };
  },
  /** Each alert counts as an error. */
  scored({ firing }) {
    const worst = firing.filter(({ severity }) => critical.has(severity)).length;
    return { observed: [0, firing.length - worst, worst, 0], expected: [0, 0, 0, 0] };
  },
  describe: ({ told }) => told?.[0] ?? 'other systems raise alerts of it',
};

const critical = new Set(['critical', 'fatal', 'emergency', 'page', 'p1', 'disaster', 'high']);

/**
 * An alert as people read it.
 *
 * @example
 * const alert = { name: 'HighErrorRate', instance: 'cart-7f', summary: 'above 5 %', began: 3_723_000 };
 * alertText(alert, 3_800_000) // => 'alert HighErrorRate of cart-7f since 01:02:03: above 5 %'
 */
export function alertText(
  { name, instance, summary, began }: Pick<KnownAlert, 'name' | 'instance' | 'summary' | 'began'>,
  end: Time,
): string {
  const whose = instance === null ? '' : ` of ${instance}`;
  const what = summary === '' ? '' : `: ${cutText(summary, longestSummary).toWellFormed()}`;
  return `alert ${name}${whose} since ${timeOfDay(began, end)}${what}`;
}

const longestSummary = 200;
