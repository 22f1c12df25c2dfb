/**
 * Whether a text behind a time is a line with a header of its own: a record, pairs, another time, a priority. A time in
 * front of anything else is that line's own. Behind the time of a container runtime, which nine decimals show, also
 * the lines of a trace and of access logs count.
 */
import { levelOf } from '../levels.ts';
import {
  closeBraceCode,
  colonCode,
  digits,
  equalsCode,
  greaterCode,
  isBlank,
  isDigit,
  isLower,
  isUpper,
  isWordCode,
  lessCode,
  openBraceCode,
  openBracketCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  tabCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** Whether a record, pairs, a time or a priority begins at `at`. */
export function speaksForItself(line: string, at: number, scanner: TimestampScanner): boolean {
  const first = line.charCodeAt(at);
  if (first === openBraceCode) {
    const next = line.charCodeAt(skipBlanks(line, at + 1));
    return next === quoteCode || next === closeBraceCode;
  }
  if (isDigit(first)) return mayBeTime(line, at) && scanner.scan(line, at) && !scanner.epoch;
  if (first === openBracketCode)
    return isDigit(line.charCodeAt(at + 1)) && scanner.scan(line, at + 1) && !scanner.epoch;
  if (first === quoteCode) return line.startsWith('"{\\"', at);
  if (first === lessCode) return isPriority(line, at + 1);
  if (isUpper(first)) return mayNameDate(line, at) && scanner.scan(line, at);
  return isLower(first) && arePairs(line, at);
}

/** Whether what stands behind the time of a container runtime is part of a trace, or a request of an access log. */
export function speaksBehindRuntime(line: string, at: number): boolean {
  if (isIndented(line, at)) return levelOf(wordAt(line, at)) === null;
  const word = wordAt(line, at);
  const next = line.charCodeAt(at + word.length);
  // `INFO:     10.0.0.7:4242 - …`, `ValueError: bad`, `panic: …`.
  if (next === colonCode) return levelOf(word) !== null || erring.some((end) => word.endsWith(end));
  if (isNameOfError(line, at)) return true;
  if (isDigit(line.charCodeAt(at))) return line.slice(at, at + longestCaller).includes(' - - [');
  return tracing.some((beginning) => line.startsWith(beginning, at));
}

/** A tab, or two blanks, before or behind what stands behind a time. */
function isIndented(line: string, at: number): boolean {
  if (line.charCodeAt(at - 1) === tabCode || line.charCodeAt(at) === tabCode) return true;
  if (isBlank(line.charCodeAt(at))) return isBlank(line.charCodeAt(at + 1));
  return isBlank(line.charCodeAt(at - 1)) && isBlank(line.charCodeAt(at - 2)) && isBlank(line.charCodeAt(at - 3));
}

/** `08:51:24`, `29/Jan/…`, `2026-…`: not `42 `, nor an address. */
function mayBeTime(line: string, at: number): boolean {
  let end = at;
  while (end < at + 5 && isDigit(line.charCodeAt(end))) end++;
  const sign = line.charCodeAt(end);
  return (end === at + 2 && sign === colonCode) || (end === at + 4 && sign !== spaceCode) || end === at + 2;
}

/** `E0129 08:51:24`, `Jan 29 08:51:24`, `Thu Jan 29`. */
function mayNameDate(line: string, at: number): boolean {
  return digits(line, at + 1, 4) >= 0 || (line.charCodeAt(at + 3) === spaceCode && isLower(line.charCodeAt(at + 2)));
}

function isPriority(line: string, at: number): boolean {
  let end = at;
  while (end < at + 3 && isDigit(line.charCodeAt(end))) end++;
  return end > at && line.charCodeAt(end) === greaterCode;
}

/** Whether two words in a row have a `=`, as all have in logfmt. */
function arePairs(line: string, at: number): boolean {
  const limit = Math.min(line.length, at + longestKey);
  let end = at;
  while (end < limit && line.charCodeAt(end) !== equalsCode) {
    if (keyCodes[line.charCodeAt(end)] !== 1) return false;
    end++;
  }
  return end < limit && line.indexOf('=', end + 1) > 0;
}

function wordAt(line: string, at: number): string {
  let end = at;
  while (end < at + longestKey && isWordCode(line.charCodeAt(end))) end++;
  return line.slice(at, end);
}

/** `java.lang.IllegalStateException: …`: a dotted name whose last word is that of an error. */
function isNameOfError(line: string, at: number): boolean {
  let end = at;
  while (end < at + longestName && (isWordCode(line.charCodeAt(end)) || nameSigns.includes(line.charAt(end)))) end++;
  const ends = end === line.length || line.charCodeAt(end) === colonCode;
  return ends && erring.some((word) => line.endsWith(word, end) || line.startsWith(word, end - word.length));
}

const erring = ['Error', 'Exception', 'panic'];
const tracing = ['Traceback (most', 'Caused by: ', 'goroutine ', "thread '", 'Exception in thread ', 'at ', '... '];
const nameSigns = '._$';
/** 1 for what keys are made of. */
const keyCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  isWordCode(code) || '._-@'.includes(String.fromCharCode(code)) ? 1 : 0,
);
const [longestKey, longestName, longestCaller] = [64, 200, 60] as const;
