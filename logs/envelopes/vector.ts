/**
 * Events of Vector's sources that pass lines on: the line under `message`, `source_type` or a pod's labels beside it,
 * and what the source knows. Its syslog source takes lines apart itself; such an event is a record.
 */
import { noteField, noteTime, type ObjectEnvelope } from './envelope.ts';
import { fieldOf } from './filebeat.ts';

export const vector: ObjectEnvelope = {
  name: 'vector',
  keys: ['source_type', 'kubernetes', 'kubernetes.pod_labels'],
  open: (record, wrapping) => {
    const { message, source_type: source } = record;
    if (typeof message !== 'string' || source === 'syslog') return null;
    if (typeof source !== 'string' && fieldOf(record, 'kubernetes.pod_labels') === undefined) return null;
    if ('level' in record || 'severity' in record) return null;
    noteTime(record['timestamp'], wrapping);
    noteField('host.name', record['host'], wrapping);
    noteField('log.file.path', record['file'], wrapping);
    noteField('stream', record['stream'], wrapping);
    noteField('container.id', record['container_id'], wrapping);
    noteField('container.name', record['container_name'], wrapping);
    for (const [name, field] of pod) noteField(field, fieldOf(record, `kubernetes.${name}`), wrapping);
    if (record['_partial'] === true) wrapping.fields.push('log.flags', 'partial');
    const labels = fieldOf(record, 'kubernetes.pod_labels');
    const app = typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>)['app'] : undefined;
    const service = app ?? fieldOf(record, 'kubernetes.container_name') ?? record['container_name'];
    if (typeof service === 'string' && wrapping.service === '') wrapping.service = service;
    return message;
  },
};

const pod = [
  ['pod_name', 'kubernetes.pod.name'],
  ['pod_namespace', 'kubernetes.namespace'],
  ['container_name', 'kubernetes.container.name'],
  ['pod_node_name', 'kubernetes.node.name'],
  ['container_image', 'container.image.name'],
] as const;
