/**
 * Which anomalies are one incident: those that began about together, and those of services that blame one
 * another. Span and size are bounded, so that a long incident does not take in everything that comes after it.
 */
import { createHash } from 'node:crypto';
import type { Suppression } from '../decisions/suppression.ts';
import type { Signal } from '../signals/signal.ts';
import type { Incident } from './incident.ts';
import type { GroupingSettings } from './settings.ts';

/** The incident that an anomaly of a service in none joins; undefined when it opens one of its own. */
export function incidentToJoin(
  incidents: readonly Incident[],
  { signal, suppression }: { readonly signal: Signal; readonly suppression: Suppression | undefined },
  settings: GroupingSettings,
): Incident | undefined {
  const { onsetWithin, span, services } = settings;
  return incidents.find((incident) => {
    // What a rule holds back must neither hide in an incident nor hide one.
    if (incident.suppression?.rule !== suppression?.rule) return false;
    if (incident.members.length >= services) return false;
    const apart = Math.abs(signal.onset - incident.startedAt);
    return apart <= onsetWithin || (apart <= span && blame(signal, incident));
  });
}

/** Whether the anomaly's errors name a member of the incident, or a member's errors name its service. */
function blame(signal: Signal, incident: Incident): boolean {
  return incident.members.some(
    ({ service, blames }) =>
      blames.some(([blamed]) => blamed === signal.service) || signal.blames.some(([blamed]) => blamed === service),
  );
}

/** An incident's identity: the same evidence gives the same one, after a restart or in a replay. */
export function incidentId(environment: string, signal: Signal): string {
  const { service, onset, end } = signal;
  const hash = createHash('sha256').update(`${environment}\n${service}\n${onset}\n${end}`).digest('hex');
  return `${new Date(onset).toISOString().slice(0, 16).replace(/[-:T]/g, '')}-${hash.slice(0, 8)}`;
}
