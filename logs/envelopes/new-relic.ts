/**
 * A log as New Relic's API takes it: `logs` of one log, beside them what is common to all. Batches are taken apart
 * before (packings/).
 */
import { noteTogether, type ObjectEnvelope } from './envelope.ts';

export const newRelic: ObjectEnvelope = {
  name: 'new_relic',
  keys: ['logs'],
  open: ({ logs, common }, wrapping) => {
    if (!Array.isArray(logs) || !isObject(common)) return null;
    if (logs.length !== 1) return noteTogether(wrapping);
    return isObject(logs[0]) ? { ...common, ...logs[0], common: common['attributes'] ?? {} } : null;
  },
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
