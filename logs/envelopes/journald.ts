/**
 * Entries of systemd's journal as `journalctl -o json` writes them. What the journal was given that is not UTF-8 comes
 * as a list of bytes. The priority counts when the text itself has no level.
 */
import { levelOfSyslog } from '../levels.ts';
import { noteField, noteTime, numberOf, type ObjectEnvelope } from './envelope.ts';

export const journald: ObjectEnvelope = {
  name: 'journald',
  keys: ['__REALTIME_TIMESTAMP'],
  open: (record, wrapping) => {
    const { __REALTIME_TIMESTAMP: time, MESSAGE: message } = record;
    if (typeof time !== 'string' || message === undefined) return null;
    const bytes = Array.isArray(message) && message.every((byte) => typeof byte === 'number');
    // A record whose message is no text is not journald's.
    if (typeof message === 'object' && message !== null && !bytes) return null;
    noteTime(time, wrapping);
    wrapping.level = levelOfSyslog(numberOf(record['PRIORITY'])) ?? wrapping.level;
    for (const [name, field] of fields) noteField(field, record[name], wrapping);
    const pid = numberOf(record['_PID'] ?? record['SYSLOG_PID']);
    if (Number.isSafeInteger(pid)) noteField('process.pid', pid, wrapping);
    const service = record['SYSLOG_IDENTIFIER'] ?? record['_COMM'] ?? unitOf(record['_SYSTEMD_UNIT']);
    if (typeof service === 'string' && wrapping.service === '') wrapping.service = service;
    return bytes ? new TextDecoder().decode(Uint8Array.from(message)) : String(message ?? '');
  },
};

/** The name of a unit without its kind. */
const unitOf = (unit: unknown): unknown => (typeof unit === 'string' ? unit.replace(/\.service$/, '') : undefined);

const fields = [
  ['_HOSTNAME', 'host.hostname'],
  ['_COMM', 'process.name'],
  ['_EXE', 'process.executable'],
  ['_SYSTEMD_UNIT', 'systemd.unit'],
  ['_TRANSPORT', 'systemd.transport'],
  ['CONTAINER_NAME', 'container.name'],
] as const;
