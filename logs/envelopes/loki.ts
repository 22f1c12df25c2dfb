/**
 * A log line as Loki's push API takes it: `{"streams":[{"stream":{labels},"values":[["nanoseconds","line"]]}]}`, with
 * structured metadata as a third value. Pushes of many lines are taken apart before (packings/).
 */
import { levelOf } from '../levels.ts';
import { lokiServices } from '../packings/batches.ts';
import { noteField, noteTime, noteTogether, type ObjectEnvelope, type Wrapping } from './envelope.ts';
import { fieldOf } from './filebeat.ts';

export const loki: ObjectEnvelope = {
  name: 'loki',
  keys: ['streams'],
  open: (record, wrapping) => {
    const { streams } = record;
    if (!Array.isArray(streams) || streams.length === 0) return null;
    const [{ stream, values } = {} as Record<string, unknown>] = streams;
    if (!isObject(stream) || !Array.isArray(values) || values.length === 0) return null;
    if (streams.length > 1 || values.length > 1) return noteTogether(wrapping);
    const [time, line, metadata] = Array.isArray(values[0]) ? values[0] : [];
    if (typeof line !== 'string') return null;
    noteTime(time, wrapping);
    noteLabels(stream, wrapping);
    if (isObject(metadata)) noteMetadata(metadata, wrapping);
    const service = lokiServices.map((name) => stream[name]).find((value) => typeof value === 'string' && value !== '');
    if (typeof service === 'string') wrapping.service = service;
    return line;
  },
};

function noteMetadata(metadata: Readonly<Record<string, unknown>>, wrapping: Wrapping): void {
  noteLabels(metadata, wrapping);
  const trace = fieldOf(metadata, 'trace_id') ?? fieldOf(metadata, 'traceID') ?? fieldOf(metadata, 'traceId');
  if (typeof trace === 'string' && trace !== '') wrapping.trace = trace;
}

function noteLabels(labels: Readonly<Record<string, unknown>>, wrapping: Wrapping): void {
  for (const [name, value] of Object.entries(labels)) noteField(`labels.${name}`, value, wrapping);
  const level = levels.map((name) => fieldOf(labels, name)).find((value) => typeof value === 'string');
  if (typeof level === 'string') wrapping.level = levelOf(level) ?? wrapping.level;
}

/** Labels for a level, the one that Loki finds by itself last. */
const levels = ['level', 'severity', 'severity_text', 'detected_level'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
