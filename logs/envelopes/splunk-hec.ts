/**
 * An event as it is posted to Splunk's HTTP Event Collector: `event` is a line or a record; beside it a time in
 * seconds, the host, the source, its type, the index, and fields of the sender's. All but `event` may be missing.
 */
import { noteField, noteTime, type ObjectEnvelope } from './envelope.ts';

export const splunkHec: ObjectEnvelope = {
  name: 'splunk_hec',
  keys: ['event'],
  open: (record, wrapping) => {
    const { event, time, host, source, sourcetype, index, fields } = record;
    if (event === undefined || Object.keys(record).some((key) => !known.has(key))) return null;
    const isRecord = typeof event === 'object' && event !== null && !Array.isArray(event);
    if (typeof event !== 'string' && !isRecord) return null;
    if (typeof time === 'number' || typeof time === 'string') noteTime(String(time), wrapping);
    noteField('host.name', host, wrapping);
    noteField('log.file.path', source, wrapping);
    noteField('splunk.sourcetype', sourcetype, wrapping);
    noteField('splunk.index', index, wrapping);
    if (typeof fields === 'object' && fields !== null) {
      for (const [name, value] of Object.entries(fields)) {
        noteField(`labels.${name}`, value, wrapping);
        if (services.has(name) && typeof value === 'string') wrapping.service = value;
      }
    }
    return event as string | object;
  },
};

const known = new Set(['event', 'time', 'host', 'source', 'sourcetype', 'index', 'fields']);
const services = new Set(['service', 'service.name', 'service_name', 'app']);
