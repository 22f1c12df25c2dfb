import { expect, test } from 'vitest';
import { inReadingOrder } from '../../console/incident-order.ts';
import type { Incident, IncidentStatus, Severity } from '../../console/snapshot.ts';

const incident = (id: string, status: IncidentStatus, severity: Severity, score: number, startedAt: number) =>
  ({ id, status, severity, score, startedAt }) as Incident;

test('open and worst first; what is over by onset, newest first', () => {
  const mixed = [
    incident('resolved-old', 'resolved', 'critical', 99, 1),
    incident('open-warning', 'open', 'warning', 50, 9),
    incident('resolved-new', 'resolved', 'info', 1, 2),
    incident('suppressed', 'suppressed', 'critical', 70, 8),
    incident('open-critical-low', 'open', 'critical', 10, 7),
    incident('open-critical-high', 'open', 'critical', 20, 3),
  ];
  expect(inReadingOrder(mixed).map((each) => each.id)).toEqual([
    'open-critical-high',
    'open-critical-low',
    'open-warning',
    'suppressed',
    'resolved-new',
    'resolved-old',
  ]);
});
