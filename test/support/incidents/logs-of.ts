/** Parsed lines of one service. */
import type { ParsedLog } from '../../../logs/parsed-log.ts';

export { morning } from './panes-of.ts';

/** A line of a service. */
export const logOf = (message: string, level: ParsedLog['level'] = 'INFO'): ParsedLog => ({
  timestamp: null,
  timestampSource: 'line',
  level,
  service: 'cart',
  trace_id: null,
  span_id: null,
  message,
  format: 'text',
  parsed_fields: {},
});
