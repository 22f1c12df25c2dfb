/** The table of incidents: the latest event of each, as a row. */
import { nameType, rowTable, timeType } from '../signals/row-table.ts';
import type { IncidentEvent } from './incident.ts';

/** One row per incident, the latest state. */
export const incidentsTable = rowTable<IncidentEvent>({
  name: 'incidents',
  comment: 'One row per incident as last told',
  columns: {
    incident_id: { type: 'String', comment: 'The incident', value: (event) => event.incident_id },
    environment: { type: nameType, comment: 'The environment', value: ({ environment }) => environment },
    follows: {
      type: 'String',
      comment: 'The incident that it superseded, or empty',
      value: ({ follows }) => follows ?? '',
    },
    status: {
      type: nameType,
      comment: 'open, suppressed or resolved',
      value: ({ event, suppressed }) => (event === 'resolved' ? 'resolved' : suppressed ? 'suppressed' : 'open'),
    },
    severity: { type: nameType, comment: 'info, warning, error or critical', value: ({ severity }) => severity },
    urgency: {
      type: nameType,
      comment: 'page, ticket or note; empty in rows of earlier versions',
      value: ({ urgency }) => urgency,
    },
    score: { type: 'Float64', comment: "Sum of its services' scores at their worst", value: ({ score }) => score },
    started_at: { type: timeType, comment: 'Onset of its first anomaly', value: (event) => event.started_at },
    detected_at: {
      type: timeType,
      comment: 'Event time at which it could be known',
      value: (event) => event.detected_at,
    },
    updated_at: { type: timeType, comment: 'Event time of its last event', value: (event) => event.updated_at },
    resolved_at: {
      type: `Nullable(${timeType})`,
      comment: 'When its last service was well again',
      value: (event) => event.resolved_at,
    },
    services: {
      type: 'Array(String)',
      comment: 'Its services, in order of suspicion',
      value: ({ services }) => services,
    },
    cause: {
      type: nameType,
      comment: 'The likeliest cause',
      value: ({ root_causes: causes }) => causes[0]?.service ?? '',
    },
    confidence: {
      type: 'Float64',
      comment: 'How likely, from the margin to the others',
      value: ({ root_causes: causes }) => causes[0]?.confidence ?? 0,
    },
    summary: { type: 'String', comment: 'A sentence', value: ({ summary }) => summary },
    changes: {
      type: 'String',
      comment: 'Deployments and configurations shortly before, JSON',
      value: ({ changes }) => JSON.stringify(changes),
    },
    root_causes: {
      type: 'String',
      comment: 'All likely causes with reasons, JSON',
      value: (event) => JSON.stringify(event.root_causes),
    },
    symptoms: {
      type: 'String',
      comment: 'How each service is and was at its worst, JSON',
      value: ({ symptoms }) => JSON.stringify(symptoms),
    },
    flapping: { type: 'Bool', comment: 'Whether it came and went', value: ({ flapping }) => flapping },
    learning: {
      type: 'Bool',
      comment: 'Less than an hour was known of each of its services',
      value: ({ learning }) => learning,
    },
    suppressed: { type: 'Bool', comment: 'Whether a rule holds it back', value: ({ suppressed }) => suppressed },
    reason: { type: 'Nullable(String)', comment: 'Which rule, and why', value: ({ reason }) => reason },
    sequence: { type: 'UInt32', comment: 'Number of its events', value: ({ sequence }) => sequence },
  },
  identity: ['incident_id'],
  ttl: 'inserted_at + INTERVAL 400 DAY',
});
