/**
 * Incident events on the wire: CloudEvents 1.0 in structured mode, whose `data` is the event. The schema is
 * `docs/incident-event.schema.json`. `id` is the incident and the number of its event, so that a subscriber who sees
 * one twice knows it.
 */
import type { IncidentEvent, Symptom } from './incident.ts';

/** Kafka's usual limit is a million bytes; the envelope and the record take a few. */
const mostBytes = 950_000;

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
  /** Of how many services templates or samples were left out, because the event was too large; only there if so. */
  readonly millracecut?: number;
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
    ...fitted(event),
  };
}

/**
 * The event with what a topic's record has room for: of the services least suspected, as many as need be lose their
 * templates, and then their samples. A record that is too large would never reach a subscriber.
 */
function fitted(event: IncidentEvent): Pick<CloudEvent, 'data' | 'millracecut'> {
  const symptoms = [...event.symptoms];
  const cut = new Set<number>();
  let over = bytesOf(event) - mostBytes;
  for (const bare of [withoutTemplates, withoutSamples]) {
    for (let i = symptoms.length - 1; i >= 0 && over > 0; i--) {
      const whole = symptoms[i]!;
      symptoms[i] = bare(whole);
      over -= bytesOf(whole) - bytesOf(symptoms[i]);
      cut.add(i);
    }
  }
  return cut.size === 0 ? { data: event } : { millracecut: cut.size, data: { ...event, symptoms } };
}

const withoutTemplates = (symptom: Symptom): Symptom => {
  return { ...symptom, new_templates: [], missing_templates: [], surging_templates: [] };
};
const withoutSamples = (symptom: Symptom): Symptom => ({ ...symptom, samples: [] });
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
