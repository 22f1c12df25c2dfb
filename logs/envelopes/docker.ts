/**
 * Docker's json-file driver: `{"log":"text\n","stream":"stdout","time":"…Z"}`, with `attrs` for labels and variables
 * the operator chose. Docker cuts lines at 16 KiB; all parts but the last lack the line end, and are flagged
 * `partial`.
 */
import { noteField, noteTime, type ObjectEnvelope } from './envelope.ts';

export const docker: ObjectEnvelope = {
  name: 'docker',
  keys: ['log'],
  open: (record, wrapping) => {
    const { log, time, stream, attrs } = record;
    if (typeof log !== 'string' || typeof time !== 'string' || 'level' in record || 'kubernetes' in record) return null;
    noteTime(time, wrapping);
    noteField('stream', stream, wrapping);
    if (typeof attrs === 'object' && attrs !== null) {
      for (const [key, value] of Object.entries(attrs)) {
        noteField(`container.labels.${key}`, value, wrapping);
        if (serviceLabels.has(key) && wrapping.service === '' && typeof value !== 'object')
          wrapping.service = String(value);
      }
    }
    const whole = log.endsWith('\n');
    if (!whole) wrapping.fields.push('log.flags', 'partial');
    return whole ? log.slice(0, -1) : log;
  },
};

const serviceLabels = new Set(['service', 'app', 'com.docker.compose.service', 'com.docker.swarm.service.name', 'tag']);
