/**
 * When an anomaly that an open incident would take in is a fresh fault. An incident stays open for some minutes after
 * its services are well, and what begins in that time would vanish in it. Units of work and metrics show that a service
 * works again, where error lines only become rare. So an anomaly that they show opens an incident of its own when it
 * began a minute or more after all services of the open one were well. The new incident names the former, which is
 * resolved at once. A service that was in the former, too, has relapsed: after so many relapses in a row it comes and
 * goes, and stays in one incident.
 */
import type { Suppression } from '../decisions/suppression.ts';
import type { AnomalyKind } from '../signals/kinds.ts';
import type { AnomalousSignal } from '../signals/signal.ts';
import { minutes } from '../time/duration.ts';
import type { Incident } from './incident.ts';
import type { IncidentSettings } from './settings.ts';

/** Kinds of signals that tell a service which works from one of which little is seen. */
const seesRecovery: ReadonlySet<AnomalyKind> = new Set(['steps', 'slow', 'saturated']);
const quiet = minutes(1);

/** Whether an anomaly is no part of the incident that it would join. */
export function isFreshFault(
  signal: AnomalousSignal,
  suppression: Suppression | undefined,
  { former, settings }: { readonly former: Incident; readonly settings: IncidentSettings },
): boolean {
  const { members, relapses } = former;
  if (suppression !== undefined || former.suppression !== undefined) return false;
  if (!seesRecovery.has(signal.health) && (signal.units?.score ?? 0) < decides) return false;
  const isRelapse = members.some(({ service }) => service === signal.service);
  if (isRelapse && (former.flapping || relapses >= settings.grouping.flappingAfter)) return false;
  return members.every(({ wellSince }) => wellSince !== undefined && signal.onset - wellSince >= quiet);
}

/** A score of units from which they decide. */
const decides = 1;
