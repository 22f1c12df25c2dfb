/**
 * When an anomaly that an open incident would take in is a fresh fault. An incident stays open for some minutes after
 * its services are well, and what begins in that time would vanish in it. Units of work and metrics show that a service
 * works again, where error lines only become rare. So an anomaly that they show well enough opens an incident of its
 * own when all services of the open one had been well for half of the time after which it is resolved; of a service
 * that is not in it, when the worst of them had been. The new incident names the former, which is resolved at once. A
 * service that was in the former, too, has relapsed: after so many relapses in a row it stays in one incident.
 */
import type { Suppression } from '../decisions/suppression.ts';
import type { AnomalousSignal } from '../signals/signal.ts';
import type { Incident, Member } from './incident.ts';
import type { IncidentSettings } from './settings.ts';

/** Whether an anomaly is no part of the incident that it would join. */
export function isFreshFault(
  signal: AnomalousSignal,
  suppression: Suppression | undefined,
  { former, settings }: { readonly former: Incident; readonly settings: IncidentSettings },
): boolean {
  const { members, relapses } = former;
  if (suppression !== undefined || former.suppression !== undefined) return false;
  if (signal.health !== 'saturated' && (signal.units?.score ?? 0) < sure) return false;
  const isRelapse = members.some(({ service }) => service === signal.service);
  if (isRelapse && (former.flapping || relapses >= settings.grouping.flappingAfter)) return false;
  const quiet = settings.grouping.resolveAfter / 2;
  const isOver = ({ wellSince }: Member): boolean => wellSince !== undefined && signal.onset - wellSince >= quiet;
  return members.every(isOver) || (!isRelapse && isOver(worstByUnits(members)));
}

/** The service of which units tell most: while it is well, others may linger and are not what happened. */
const worstByUnits = (members: readonly Member[]): Member =>
  members.reduce((worst, member) => (member.units > worst.units ? member : worst));

/** A score of units by which a fresh fault is told from an anomaly that only just decides, at 1. */
const sure = 1.5;
