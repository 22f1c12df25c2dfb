/**
 * What earlier runs over the same data left behind and a screen shows at once: incidents that are not over, and the
 * last minutes of every service. Without them a restart would look calm, and rates would begin at nothing.
 */
import type { Ports } from '../../graph/connector.ts';
import type { CloudEvent } from '../../incidents/cloud-event.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { serviceWindowsTable } from '../../signals/signal.ts';
import type { Row, Tables } from '../../tables/tables.ts';
import type { Topics } from '../../topics/topics.ts';
import { TopicTail } from './topic-tail.ts';

/** What there is of earlier runs. */
export interface EarlierRuns {
  /** The last event of each incident that is not resolved, the oldest first. */
  readonly incidents: readonly IncidentEvent[];
  /** Rows of `service_windows` of the last ten minutes that there are, the oldest first. */
  readonly panes: readonly Row[];
}

/** Reads what earlier runs left. */
export async function earlierRuns({ topics, tables }: Pick<Ports, 'topics' | 'tables'>): Promise<EarlierRuns> {
  return { incidents: await unresolvedIncidents(topics), panes: await lastPanes(tables) };
}

/** The last event of each incident that is not resolved. */
export async function unresolvedIncidents(topics: Topics): Promise<readonly IncidentEvent[]> {
  const last = new Map<string, IncidentEvent>();
  const tail = await TopicTail.fromBegin<CloudEvent>(topics, 'incidents');
  await tail.drain(({ data }) => {
    if (data.event === 'resolved') last.delete(data.incident_id);
    else last.set(data.incident_id, data);
  });
  return [...last.values()];
}

/** The bound is for many services: a screen shows some of them. */
async function lastPanes(tables: Tables): Promise<readonly Row[]> {
  await tables.ensure(serviceWindowsTable.spec);
  const { name } = serviceWindowsTable.spec;
  const latest = await tables.query(
    `SELECT service, formatDateTime(window_start, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS window_start,
       lines, errors, usual_errors, learning
     FROM ${name} FINAL
     WHERE ${name}.window_start > (SELECT max(window_start) FROM ${name}) - INTERVAL 10 MINUTE
     ORDER BY ${name}.window_start DESC LIMIT 100000`,
  );
  return latest.toReversed();
}
