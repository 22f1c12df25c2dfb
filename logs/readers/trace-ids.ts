/**
 * Finds trace and span ids that an application wrote into its text: `TraceID: … SpanID: …`, `trace_id=… span_id=…`,
 * `[traceId=…, spanId=…]`. The platform's substring search finds the candidates; each is then looked at in bounded
 * steps.
 */
import type { ParsedLog } from '../parsed-log.ts';
import {
  closeBracketCode,
  codeOf,
  commaCode,
  dotCode,
  isHex,
  isLetter,
  isWordCode,
  lowered,
  minusCode,
  openBracketCode,
  skipBlanks,
  spaceCode,
  underscoreCode,
  zeroCode,
} from '../text.ts';

/**
 * Gives a log that has no trace the ids that its message names; ids that the message begins with are taken off it.
 * Zeroes alone are no id (W3C Trace Context §3.2.2.3).
 *
 * @example
 * const log = newLog('text', 'TraceID: 4bf92f3577b34da6a3ce929d0e0e4736 SpanID: 00f067aa0ba902b7 paid');
 * noteTraceIds(log).message // => 'paid'
 * log.span_id // => '00f067aa0ba902b7'
 */
export function noteTraceIds(log: ParsedLog): ParsedLog {
  if (log.trace_id !== null) return log;
  const { message } = log;
  const found = find(message, 'race', 0);
  if (found === null) return log;
  log.trace_id = found.id;
  const span = find(message, 'pan', found.end);
  if (span !== null) log.span_id ??= span.id;
  if (skipSeparators(message, 0, openBracketCode) !== found.start) return log;
  const isAdjacent = span !== null && skipSeparators(message, found.end, commaCode) === span.start;
  log.message = message.slice(skipSeparators(message, isAdjacent ? span.end : found.end, closeBracketCode));
  return log;
}

interface Hit {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** The first `…race id = hex` or `…pan id = hex` from `from` on, of either case. */
function find(text: string, stem: string, from: number): Hit | null {
  for (let at = text.indexOf(stem, from + 1); at > 0; at = text.indexOf(stem, at + 1)) {
    const initial = lowered(text.charCodeAt(at - 1));
    if (initial !== (stem === 'pan' ? letterS : letterT)) continue;
    if (isLetter(text.charCodeAt(at - 2))) continue;
    const end = idEnd(text, at + stem.length);
    if (end > 0) return { id: text.slice(idStart, end), start: at - 1, end };
  }
  return null;
}

/** Where the id begins whose end `idEnd` returned last. */
let idStart = 0;

/** End of the hexadecimal id of 8 to 32 digits behind `Id=`, `_id: `, `.id":"` and the like; -1 if there is none. */
// hot: called for every line that names a trace.
function idEnd(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === underscoreCode || sign === dotCode || sign === minusCode || sign === spaceCode) at++;
  if (lowered(text.charCodeAt(at)) !== letterI || lowered(text.charCodeAt(at + 1)) !== letterD) return -1;
  at += 2;
  let signs = 0;
  for (; signs < 4 && !isWordCode(text.charCodeAt(at)); at++) signs++;
  if (signs === 0) return -1;
  idStart = at;
  let ofZeroes = true;
  for (const most = at + 32; at < most; at++) {
    const code = text.charCodeAt(at);
    if (!isHex(code)) break;
    if (code !== zeroCode) ofZeroes = false;
  }
  return ofZeroes || at - idStart < 8 || isWordCode(text.charCodeAt(at)) ? -1 : at;
}

/** Blanks, and one sign among them. */
function skipSeparators(text: string, at: number, sign: number): number {
  at = skipBlanks(text, at);
  return text.charCodeAt(at) === sign ? skipBlanks(text, at + 1) : at;
}

const [letterI, letterD, letterS, letterT] = [codeOf('i'), codeOf('d'), codeOf('s'), codeOf('t')];
