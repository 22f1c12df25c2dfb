/**
 * How an event was read: what came off it, and where its level and its service are from. Kept only for who asks, so
 * that reading lines costs nothing more for all others.
 */
import type { Level } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';

/** How the event that was read last was read; filled in by the parser that was given it. */
export interface Reading {
  /** Envelopes, wrappers and outer formats that came off, the outermost first. */
  readonly peeled: string[];
  /** What was left. */
  text: string;
  level: LevelSource;
  service: ServiceSource;
}

/** `evidence` is a status, a trace, an exit code. */
export type LevelSource = 'line' | 'evidence' | 'envelope' | 'none';

/** `text` is a word of a text, `key` that of a record; `none` leaves the service to the line's source. */
export type ServiceSource = 'key' | 'text' | 'envelope' | 'none';

/** Nothing read yet. */
export const newReading = (): Reading => ({ peeled: [], text: '', level: 'none', service: 'none' });

/** What the parser knows beside the log. */
export interface Known {
  readonly text: string;
  /** The level that the line names itself, and what its envelope says. */
  readonly named: Level | null;
  readonly envelopeLevel: Level | null;
  readonly envelopeService: string;
}

/** Notes how a log was read that is now settled. */
export function noteReading(reading: Reading, log: ParsedLog, known: Known): void {
  reading.text = known.text;
  reading.level = levelSource(log, known);
  reading.service = serviceSource(log, known.envelopeService);
}

function levelSource({ level, parsed_fields: fields }: ParsedLog, { named, envelopeLevel }: Known): LevelSource {
  if (level === null) return 'none';
  // Formats of requests take the level from the status themselves.
  const isServed = fields['log.level'] === undefined && fields['http.response.status_code'] !== undefined;
  if (level === named) return isServed ? 'evidence' : 'line';
  return named === null && level === envelopeLevel ? 'envelope' : 'evidence';
}

function serviceSource({ service, outerService }: ParsedLog, envelopeService: string): ServiceSource {
  if (outerService !== undefined) return 'text';
  if (service === envelopeService) return 'envelope';
  return service === 'unknown' ? 'none' : 'key';
}
