/**
 * Finds trace and span ids that an application wrote into its text: `TraceID: … SpanID: …`, `trace_id=… span_id=…`,
 * `[traceId=…, spanId=…]`. The platform's substring search finds the candidates; each is then looked at in bounded
 * steps.
 */
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

/** Ids that were found; one is used over and over. */
export interface TraceIds {
  trace: string | null;
  span: string | null;
  /** Where the text goes on behind ids that it begins with; 0 when it begins otherwise. */
  start: number;
}

/**
 * Reads ids from `text` into `into`, which is overwritten. Zeroes alone are no id (W3C Trace Context §3.2.2.3).
 *
 * @example
 * const ids = { trace: null, span: null, start: 0 };
 * readTraceIds('TraceID: 4bf92f3577b34da6a3ce929d0e0e4736 SpanID: 00f067aa0ba902b7 paid', ids)
 * ids // => { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7', start: 67 }
 */
export function readTraceIds(text: string, into: TraceIds): void {
  into.trace = into.span = null;
  into.start = 0;
  const found = find(text, 'race', 0);
  if (found === null) return;
  into.trace = found.id;
  const span = find(text, 'pan', found.end);
  if (span !== null) into.span = span.id;
  if (skipSeparators(text, 0, openBracketCode) !== found.start) return;
  const adjacent = span !== null && skipSeparators(text, found.end, commaCode) === span.start;
  into.start = skipSeparators(text, adjacent ? span.end : found.end, closeBracketCode);
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
    const id = idBehind(text, at + stem.length);
    if (id !== null) {
      const end = hexEnd(text, id);
      return { id: text.slice(id, end), start: at - 1, end };
    }
  }
  return null;
}

/** Offset of the hexadecimal id behind `Id=`, `_id: `, `.id":"` and the like, or null. */
function idBehind(text: string, at: number): number | null {
  const sign = text.charCodeAt(at);
  if (sign === underscoreCode || sign === dotCode || sign === minusCode || sign === spaceCode) at++;
  if (lowered(text.charCodeAt(at)) !== letterI || lowered(text.charCodeAt(at + 1)) !== letterD) return null;
  at += 2;
  let signs = 0;
  for (; signs < 4 && !isWordCode(text.charCodeAt(at)); at++) signs++;
  const length = hexEnd(text, at) - at;
  if (signs === 0 || length < 8 || isWordCode(text.charCodeAt(at + length))) return null;
  for (let i = at; i < at + length; i++) if (text.charCodeAt(i) !== zeroCode) return at;
  return null;
}

/** End of a run of hexadecimal digits of at most 32, past which no id goes. */
function hexEnd(text: string, at: number): number {
  let end = at;
  while (end - at < 32 && isHex(text.charCodeAt(end))) end++;
  return end;
}

/** Blanks, and one sign among them. */
function skipSeparators(text: string, at: number, sign: number): number {
  at = skipBlanks(text, at);
  return text.charCodeAt(at) === sign ? skipBlanks(text, at + 1) : at;
}

const [letterI, letterD, letterS, letterT] = [codeOf('i'), codeOf('d'), codeOf('s'), codeOf('t')];
