/** The order in which a person on call reads incidents: what is open and worst first, what is over last. */

import type { Incident, IncidentStatus, Severity } from './snapshot.ts';

const statuses: readonly IncidentStatus[] = ['open', 'suppressed', 'resolved'];
const severities: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

/** Open by severity, score and onset; suppressed and resolved by onset, newest first. */
export function inReadingOrder(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted((a, b) => {
    const byStatus = statuses.indexOf(a.status) - statuses.indexOf(b.status);
    if (byStatus !== 0) return byStatus;
    if (a.status !== 'open') return b.startedAt - a.startedAt || compareIds(a, b);
    const bySeverity = severities.indexOf(a.severity) - severities.indexOf(b.severity);
    return bySeverity || b.score - a.score || b.startedAt - a.startedAt || compareIds(a, b);
  });
}

function compareIds(a: Incident, b: Incident): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
