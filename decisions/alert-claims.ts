/**
 * What alerts of other systems claim in a pane. Where lines, units of work or metrics of a service are read, an alert
 * decides nothing by itself: what it is about would show there. Of services that nothing else is read of, a burst of
 * alerts decides: more than usual within a minute, and as many as must be for errors to count.
 */

import { type AlertRate, type Burst, burstOf, learnBegins } from '../signals/alerts/bursts.ts';
import { alertText, alerts as kind } from '../signals/alerts/kinds.ts';
import { fires, isMild, type KnownAlert, type KnownAlerts } from '../signals/alerts/known-alerts.ts';
import { paneMs } from '../signals/panes.ts';
import type { DetectionSettings } from '../signals/settings.ts';
import { type Duration, minutes, type Time } from '../time/duration.ts';
import type { Claim, Ruling } from './claim.ts';
import { thresholdOf } from './threshold.ts';

/** What is known when alerts are judged. */
export interface AlertContext {
  readonly end: Time;
  readonly detection: DetectionSettings;
  /** Alerts that begin at most so far from a burst belong to it. */
  readonly within: Duration;
  /** What of a service is read, as `lines`; undefined where nothing is. */
  readonly readOf: (service: string) => string | undefined;
}

/** Claims of the alerts that fire in the pane that ends at `end`, one a service. */
export function alertClaims(alerts: KnownAlerts, rate: AlertRate, context: AlertContext): readonly Claim[] {
  const { end, readOf } = context;
  learnBegins(rate, end);
  const pane = { start: end - paneMs, end };
  const byService = new Map<string, KnownAlert[]>();
  for (const [, alert] of alerts.entries()) {
    if (!fires(alert, pane)) continue;
    const firing = byService.get(alert.service);
    if (firing === undefined) byService.set(alert.service, [alert]);
    else firing.push(alert);
  }
  if (byService.size === 0) return [];
  const burst = burstIn(rate, context);
  return [...byService].map(([service, firing]) => {
    firing.sort((a, b) => a.began - b.began || (a.fingerprint < b.fingerprint ? -1 : 1));
    const ruling = rulingOf(firing, { burst, read: readOf(service), within: context.within });
    const found = { firing, log10p: burst?.log10p ?? 0, onset: firing[0]!.began };
    const worst = [...firing].sort((a, b) => Number(isMild(a)) - Number(isMild(b)));
    return {
      kind: 'alerts' as const,
      service,
      found: kind.find(found),
      scored: kind.scored(found),
      told: worst.slice(0, mostTold).map((alert) => alertText(alert, end)),
      ids: firing.flatMap(({ ids }) => ids),
      last: firing.reduce((latest, { began }) => Math.max(latest, began), found.onset),
      lasts: true,
      ruling,
    };
  });
}

/** The burst that the recent begins make, if they make one. */
function burstIn(rate: AlertRate, { end, detection, readOf }: AlertContext): Burst | undefined {
  const read = new Map<string, boolean>();
  const isUnread = (service: string) => {
    if (!read.has(service)) read.set(service, readOf(service) !== undefined);
    return read.get(service) === false;
  };
  const burst = burstOf(rate, ({ at, service }) => at < end && at + recently >= end && isUnread(service));
  if (burst === undefined || burst.alerts < detection.minimumExcess || burst.log10p > thresholdOf(detection))
    return undefined;
  return burst;
}

const isNear = (at: Time, { from, to }: Burst, within: Duration): boolean => at >= from - within && at <= to + within;

function rulingOf(
  firing: readonly KnownAlert[],
  {
    burst,
    read,
    within,
  }: { readonly burst: Burst | undefined; readonly read: string | undefined; readonly within: Duration },
): Ruling {
  if (read !== undefined) {
    return { decides: false, rule: 'shown-otherwise', reason: `${read} of it are read and show no anomaly` };
  }
  if (burst !== undefined && firing.some((alert) => !isMild(alert) && isNear(alert.began, burst, within))) {
    const reason = `${burst.alerts} alerts within a minute, of services that nothing else is read of`;
    return { decides: true, rule: 'burst', reason };
  }
  return { decides: false, rule: 'few', reason: 'nothing else is read of it, and its alerts belong to no burst' };
}

/** A burst is one until it is learned; senders group what they tell. */
const recently = minutes(10);
const mostTold = 3;
