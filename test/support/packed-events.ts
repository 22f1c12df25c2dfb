/** The events that lines become, packed ones or not. */
import { EventLines, newSource, type OpenLines } from '../../logs/lines/event-lines.ts';
import { lineReader } from '../../logs/lines/raw-line.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';

/** When lines are taken in, and from where. */
export const taken = Date.UTC(2026, 0, 29, 12);
export const source = 'shop/pod-1';

/** What the incident job makes of lines: read, and joined within their sources. */
export function eventsOf(lines: readonly string[]): readonly ParsedLog[] {
  const reader = lineReader({});
  const events = new EventLines(reader);
  const open = new Map<string, OpenLines>();
  const logs: ParsedLog[] = [];
  for (const line of lines) {
    for (const read of reader.readRecords({ line, source, time: taken })) {
      const lines = open.get(read.raw.source) ?? newSource(read.raw.source);
      open.set(read.raw.source, lines);
      const event = events.add(lines, read, read.time);
      if (event !== null) logs.push(event.log);
    }
  }
  for (const lines of open.values()) {
    const event = events.end(lines, Number.POSITIVE_INFINITY);
    if (event !== null) logs.push(event.log);
  }
  return logs;
}
