/**
 * Events of Filebeat and Elastic Agent: the line under `message`, beside it ECS fields about the file, the host, the
 * container and the pod, nested or with dotted keys. An event that was taken apart already (it has a `log.level`) is
 * no envelope but a record.
 */
import { noteField, noteTime, type ObjectEnvelope, type Wrapping } from './envelope.ts';

export const filebeat: ObjectEnvelope = {
  name: 'filebeat',
  keys: ['agent', 'input', '@metadata', 'agent.type'],
  open: (record, wrapping) => {
    const { message, agent, input } = record;
    if (typeof message !== 'string') return null;
    const shipped = isObject(agent) || isObject(input) || '@metadata' in record || 'agent.type' in record;
    if (!shipped || fieldOf(record, 'log.level') !== undefined) return null;
    noteTime(record['@timestamp'], wrapping);
    for (const name of kept) noteField(name, fieldOf(record, name), wrapping);
    noteField('kubernetes.namespace', fieldOf(record, 'kubernetes.namespace'), wrapping);
    if (fieldOf(record, 'log.flags') === undefined && fieldOf(record, 'container.partial') === true)
      wrapping.fields.push('log.flags', 'partial');
    noteService(record, wrapping);
    return message;
  },
};

/** A field by its dotted name, whether the record has it nested or with a dotted key. */
export function fieldOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in record) return record[name];
  let inner: unknown = record;
  for (let start = 0, dot = 0; dot >= 0; start = dot + 1) {
    if (!isObject(inner)) return undefined;
    dot = name.indexOf('.', start);
    inner = inner[dot < 0 ? name.slice(start) : name.slice(start, dot)];
  }
  return inner;
}

function noteService(record: Readonly<Record<string, unknown>>, wrapping: Wrapping): void {
  for (const name of services) {
    const value = fieldOf(record, name);
    if (typeof value === 'string' && value !== '' && wrapping.service === '') wrapping.service = value;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const kept = [
  ...['log.file.path', 'log.offset', 'host.name', 'stream', 'container.id', 'container.name', 'container.image.name'],
  ...['kubernetes.pod.name', 'kubernetes.container.name', 'kubernetes.node.name', 'cloud.region', 'event.dataset'],
];
const services = ['service.name', 'kubernetes.labels.app', 'kubernetes.container.name', 'container.name'];
