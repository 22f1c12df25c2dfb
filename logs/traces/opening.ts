/**
 * Whether what a line says opens a trace whose further lines have headers of their own, and whether a line is part of
 * one. Almost every line is told from that by its first word.
 */

import { isMild } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  backslashCode,
  barCode,
  closeBracketCode,
  closeParenCode,
  colonCode,
  dollarCode,
  dotCode,
  hashSignCode,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
  openParenCode,
  skipBlanks,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { isFrame } from './frames.ts';
import { openingWords, rubyThrown, spokenOf } from './spoken.ts';
import { thrownEnd } from './thrown.ts';

/** Whether a trace opens; where it only `may`, the next line must be part of one. */
export type Opening = 'no' | 'may' | 'does';

/** What the first line of an event that was read as `log` opens. */
// hot: called for every event.
export function openingOf(log: ParsedLog): Opening {
  const { message, level, format } = log;
  const { length } = message;
  if (length === 0) return 'no';
  const isSyslog = format === 'syslog';
  const isBad = level !== null && !isMild(level);
  const fields = log.parsed_fields;
  // A logger that writes a level into each line means each.
  if (isBad && !isSyslog && fields['log.level'] !== undefined)
    return (level === 'FATAL' || mayBegin(message)) && isOfTrace(String(fields['log.level']), message) ? 'does' : 'no';
  if (mayBegin(message) && (beginsTrace(message, skipBlanks(message, 0), length) || labelsEnd(message) > 0)) {
    const isWhole = fields['error.stack_trace'] !== undefined && message.indexOf('\n') < 0;
    return isWhole ? 'no' : 'does';
  }
  const named = level === null ? nameEnd(message) : 0;
  if (named > 0) return spokenOf(message, named, length) === null ? 'may' : 'does';
  if (message.charCodeAt(length - 1) === colonCode) return 'may';
  if (!isSyslog) return 'no';
  return isBad || (level === null && (message.includes('Exception') || message.includes('Error'))) ? 'may' : 'no';
}

/** Whether the first word of a message may begin a trace or a label: no word of prose, which others follow. */
function mayBegin(message: string): boolean {
  let end = 0;
  while (wordCodes[message.charCodeAt(end)] === 1) end++;
  if (end === 0 || message.charCodeAt(end) !== spaceCode) return true;
  const next = message.charCodeAt(end + 1);
  if (!isWordCode(next) && next < firstBeyond) return true;
  return end < lengthsMax && ((openingLengths[message.charCodeAt(0)]! >> end) & 1) === 1;
}

/** Whether a word that was read as a level is one of the trace's own: `panic: …`, `PHP Fatal error: …`. */
function isOfTrace(word: string, message: string): boolean {
  if (cries.has(word)) return true;
  const start = traceStart(message);
  return message.slice(start, start + longestCry).includes(word) && beginsTrace(message, start, message.length);
}

/** Words that are read as levels and begin traces themselves. */
const cries = new Set(['panic', 'fatal error', 'Fatal error']);

/**
 * Where a trace begins behind labels that are still in front of it, such as `[cart stderr] ` or `cart[7] fra [info] `;
 * 0 if none does.
 */
function labelsEnd(message: string): number {
  if (!isLabel(message)) return 0;
  const end = Math.min(message.length, longestLabels);
  for (let at = message.indexOf(' '); at > 0 && at < end; at = message.indexOf(' ', at + 1)) {
    const sign = message.charCodeAt(at - 1);
    if (sign !== closeBracketCode && sign !== colonCode && sign !== barCode) continue;
    const start = skipBlanks(message, at);
    if (beginsTrace(message, start, message.length)) return start;
  }
  return 0;
}

/**
 * Where a trace begins behind a bare name, `cart java.io.IOException: gone`; 0 if none does. A word of a sentence looks
 * like the name: where no runtime says that something was thrown, the lines that go on with it show that it was.
 */
function nameEnd(message: string): number {
  let end = 0;
  while (wordCodes[message.charCodeAt(end)] === 1) end++;
  if (end === 0 || end > longestName || message.charCodeAt(end) !== spaceCode) return 0;
  const start = skipBlanks(message, end);
  return beginsTrace(message, start, message.length) ? start : 0;
}

/** Whether the first word is in brackets or ends in a sign that sets it apart. */
function isLabel(message: string): boolean {
  if (message.charCodeAt(0) === openBracketCode) return true;
  let end = 0;
  let code = message.charCodeAt(end);
  while (isWordCode(code) || labelSigns.includes(code)) code = message.charCodeAt(++end);
  if (code === spaceCode) return message.charCodeAt(end + 1) === barCode;
  return end > 0 && (code === openBracketCode || (code === colonCode && message.charCodeAt(end + 1) === spaceCode));
}

/** The offset in a message at which the trace begins that it opens. */
export const traceStart = (message: string): number =>
  beginsTrace(message, skipBlanks(message, 0), message.length) ? 0 : labelsEnd(message) || nameEnd(message);

/** Whether a line is part of a trace, be it not the first. */
export function isTracePart(line: string): boolean {
  const at = skipBlanks(line, 0);
  const spoken = spokenOf(line, at, line.length);
  if (spoken !== null && spoken !== 'continuation') return spoken !== 'inside';
  return goesOn(line, at) || beginsTrace(line, at, line.length);
}

/** Whether what stands at `at` goes on with a trace: a list or prose may look the same, so that it begins none. */
const goesOn = (text: string, at: number): boolean =>
  isFrame(text, at, text.length) || text.startsWith('Caused by: ', at) || text.startsWith('File "', at);

/** Whether what stands at `at` begins a trace. */
function beginsTrace(text: string, at: number, end: number): boolean {
  switch (spokenOf(text, at, end)) {
    case 'traceback':
    case 'crash':
    case 'announcement':
    case 'goroutine':
    case 'sanitizer':
      return true;
    case 'continuation':
      return false;
    case 'inside':
      return text.startsWith('** (', at);
  }
  const code = text.charCodeAt(at);
  if (code === hashSignCode) return false;
  if (text.charCodeAt(end - 1) === closeParenCode && text.startsWith(':in ', text.indexOf(' ', at) - 3))
    return rubyThrown(text, at, end) >= 0;
  if (!isWordCode(code)) return text.startsWith('+ Exception Group Traceback', at);
  return mayBeThrown(text, at) && thrownEnd(text, at, false) >= 0;
}

/** Whether the first word ends as the name of something thrown does: with the line, a colon, or a bracket. */
function mayBeThrown(text: string, at: number): boolean {
  let end = at;
  let last = at;
  for (let code = text.charCodeAt(end); ; code = text.charCodeAt(++end)) {
    if (isWordCode(code) || code === underscoreCode || code === dollarCode || code === backslashCode) continue;
    if (code !== dotCode && !(code === colonCode && text.charCodeAt(end + 1) === colonCode)) break;
    if (code === colonCode) end++;
    last = end + 1;
  }
  if (!isUpper(text.charCodeAt(last))) return false;
  const code = text.charCodeAt(end);
  const next = code === spaceCode ? text.charCodeAt(end + 1) : code;
  return (
    next === colonCode ||
    next === openParenCode ||
    next === openBracketCode ||
    next === minusCode ||
    !(next >= spaceCode)
  );
}

const labelSigns = [dotCode, underscoreCode, minusCode, slashCode];
const longestLabels = 80;
const longestName = 40;
const longestCry = 20;
const firstBeyond = 128;
const lengthsMax = 31;
/** 1 for what the names of things thrown, of programs and of places are made of. */
const wordCodes = Uint8Array.from({ length: firstBeyond }, (_, code) =>
  isWordCode(code) || labelSigns.includes(code) || code === dollarCode || code === backslashCode ? 1 : 0,
);
/** By its first letter, how long the first word may be of what runtimes say: a bit for each length. */
const openingLengths = new Int32Array(firstBeyond);
for (const word of [...openingWords, 'thread', 'at', 'eval', 'from', 'Caused', 'File'])
  openingLengths[word.charCodeAt(0)]! |= 1 << word.length;
