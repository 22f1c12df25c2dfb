/**
 * Incident events on the wire: CloudEvents 1.0 in structured mode, whose `data` is the event. The schema is
 * `docs/incident-event.schema.json`. `id` is the incident and the number of its event, so that a subscriber who sees
 * one twice knows it.
 */
import type { IncidentEvent } from './incident.ts';

/** The topic that subscribers read. */
export const incidentTopic = {
  name: 'incidents',
  comment: 'One CloudEvent for each thing that happens to an incident, keyed by incident',
} as const;

/** An event as it stands in the topic. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  readonly data: IncidentEvent;
}

/** Wraps an event. */
export function cloudEvent(event: IncidentEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: `${event.incident_id}/${event.sequence}`,
    source: `/millrace/incidents/${encodeURIComponent(event.environment)}`,
    type: `millrace.incident.${event.event}.v1`,
    time: event.updated_at,
    subject: event.incident_id,
    datacontenttype: 'application/json',
    data: event,
  };
}
