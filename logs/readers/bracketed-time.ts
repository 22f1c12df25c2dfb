/**
 * The time of a request where servers put it when it does not come first: in brackets.
 */
import type { ParsedLog } from '../parsed-log.ts';
import { isoText } from '../times/calendar.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** Looks for a time with a date behind the brackets of `text`, and gives it to the log. */
export function findBracketedTime(log: ParsedLog, text: string, scanner: TimestampScanner): void {
  let at = text.indexOf('[');
  for (let tries = 0; at >= 0 && tries < maxBrackets; tries++, at = text.indexOf('[', at + 1)) {
    if (!scanner.scan(text, at + 1) || !scanner.dated) continue;
    log.timestamp = scanner.ms;
    log.timestampSource = 'line';
    if (scanner.nanos !== 0) log.timestampText = isoText(scanner.ms, scanner.nanos);
    return;
  }
}

const maxBrackets = 16;
