/**
 * An event as a subscription of CloudWatch Logs delivers it: `logEvents` of one event, beside them the log group and
 * the log stream. Deliveries of many events are taken apart before (packings/).
 */
import { serviceOfGroup } from '../packings/batches.ts';
import { trimmedEnd } from '../text.ts';
import { noteField, noteTime, noteTogether, type ObjectEnvelope } from './envelope.ts';

export const cloudWatch: ObjectEnvelope = {
  name: 'cloudwatch',
  keys: ['logGroup'],
  open: (record, wrapping) => {
    const { logGroup, logStream } = record;
    if (typeof logGroup !== 'string') return null;
    // A row of a query has the event itself.
    const logEvents = record['logEvents'] ?? ('logStream' in record ? [record] : null);
    if (!Array.isArray(logEvents) || logEvents.length === 0) return null;
    if (logEvents.length > 1) return noteTogether(wrapping);
    const { message, timestamp, id } = (logEvents[0] ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof message !== 'string') return null;
    noteTime(String(timestamp), wrapping);
    noteField('aws.cloudwatch.log_group', logGroup, wrapping);
    noteField('aws.cloudwatch.log_stream', logStream, wrapping);
    noteField('event.id', id, wrapping);
    wrapping.service = serviceOfGroup(logGroup) ?? wrapping.service;
    // Functions write whole lines, their ends included.
    return message.slice(0, trimmedEnd(message, 0));
  },
};
