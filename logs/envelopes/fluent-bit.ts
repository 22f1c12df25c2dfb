/**
 * Records of Fluent Bit: `@timestamp` (seconds with decimals, or ISO text) or `date`, the line under `log` (or
 * `message`), and what its Kubernetes filter knows under `kubernetes`. The line may itself be a Docker or CRI line.
 * With `Merge_Log` there is no line but the application's own record, which then goes on without the shipper's keys.
 */
import { instantOfEpoch } from '../times/calendar.ts';
import { noteField, noteTime, type ObjectEnvelope, type Wrapping } from './envelope.ts';

export const fluentBit: ObjectEnvelope = {
  name: 'fluent_bit',
  keys: ['kubernetes', 'log'],
  open: (record, wrapping) => {
    const { kubernetes, log } = record;
    const stamp = record['@timestamp'] ?? record['date'];
    // Metricbeat ships events of the cluster under the same name.
    const known = typeof kubernetes === 'object' && kubernetes !== null && !('event' in kubernetes);
    if (!known && (typeof log !== 'string' || stamp === undefined)) return null;
    const instant = typeof stamp === 'number' ? instantOfEpoch(stamp) : null;
    if (instant !== null) {
      wrapping.ms = instant.ms;
      wrapping.nanos = instant.nanos;
    } else noteTime(stamp, wrapping);
    noteTime(record['time'], wrapping);
    noteField('stream', record['stream'], wrapping);
    if (record['logtag'] === 'P') wrapping.fields.push('log.flags', 'partial');
    if (known) notePod(kubernetes as Pod, wrapping);
    if (typeof log === 'string') return log.endsWith('\n') ? log.slice(0, -1) : log;
    if (typeof record['message'] === 'string' && !('level' in record)) return record['message'];
    return typeof log === 'object' && log !== null ? log : ownRecord(record);
  },
};

/** What Fluent Bit's Kubernetes filter adds. */
interface Pod {
  readonly pod_name?: unknown;
  readonly namespace_name?: unknown;
  readonly container_name?: unknown;
  readonly container_image?: unknown;
  readonly docker_id?: unknown;
  readonly host?: unknown;
  readonly labels?: Readonly<Record<string, unknown>>;
}

function notePod(pod: Pod, wrapping: Wrapping): void {
  noteField('kubernetes.pod.name', pod.pod_name, wrapping);
  noteField('kubernetes.namespace', pod.namespace_name, wrapping);
  noteField('kubernetes.container.name', pod.container_name, wrapping);
  noteField('kubernetes.node.name', pod.host, wrapping);
  noteField('container.id', pod.docker_id, wrapping);
  noteField('container.image.name', pod.container_image, wrapping);
  const labels = typeof pod.labels === 'object' && pod.labels !== null ? pod.labels : noLabels;
  const service = labels['app'] ?? labels['app.kubernetes.io/name'] ?? labels['k8s-app'] ?? pod.container_name;
  if (typeof service === 'string' && wrapping.service === '') wrapping.service = service;
  const version = labels['app.kubernetes.io/version'] ?? labels['version'];
  noteField('service.version', version, wrapping);
}

/** The record without the keys that the shipper added. */
function ownRecord(record: Readonly<Record<string, unknown>>): object {
  const own: Record<string, unknown> = {};
  for (const key in record) if (!added.has(key)) own[key] = record[key];
  return own;
}

const noLabels: Readonly<Record<string, unknown>> = {};
const added = new Set(['kubernetes', 'stream', 'logtag', '_p', 'date']);
