/**
 * Whether what a line says is a line again: the text behind a syslog header, the message of a record. It is looked at
 * by its first characters, so that a message of prose costs nothing; what then reads as a line must have told something
 * that a message does not.
 */
import { syslog } from '../formats/syslog.ts';
import { partnerOf } from '../headers/tokens.ts';
import { levelOf, mayBeLevel, plainLevelOf } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  barCode,
  closeBraceCode,
  closeBracketCode,
  colonCode,
  commaCode,
  dotCode,
  equalsCode,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBraceCode,
  openBracketCode,
  percentCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  trimmedEnd,
  underscoreCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** Whether a text has the look of a record. */
export function looksLikeRecord(text: string): boolean {
  if (text.charCodeAt(0) !== openBraceCode) return false;
  const next = text.charCodeAt(skipBlanks(text, 1));
  return next === quoteCode && text.charCodeAt(trimmedEnd(text, 1) - 1) === closeBraceCode;
}

/**
 * Whether a text may begin with a header: a record, a bracket, a number, a level, a pair.
 *
 * @example
 * mayHaveHeader('[error] no stock') // => true
 * mayHaveHeader('Failed password for root') // => false
 */
export function mayHaveHeader(text: string): boolean {
  const at = skipBlanks(text, 0);
  const first = text.charCodeAt(at);
  if (!isLetter(first))
    return (
      isDigit(first) ||
      first === openBraceCode ||
      first === openBracketCode ||
      first === lessCode ||
      first === quoteCode ||
      first === percentCode
    );
  let end = at + 1;
  while (end < at + longestWord && isWordCode(text.charCodeAt(end))) end++;
  const sign = text.charCodeAt(end);
  if (sign === equalsCode) return true;
  // `E0129 08:51:24` and `E, [`, `CEF:0`.
  if (isUpper(first) && (isDigit(text.charCodeAt(at + 1)) || sign === commaCode)) return true;
  if (sign === colonCode && isDigit(text.charCodeAt(end + 1))) return true;
  if ((sign === colonCode || isUpper(text.charCodeAt(at + 1))) && levelOf(text.slice(at, end)) !== null) return true;
  const label = labelEnd(text, end);
  return label > 0 && beginsWithLevel(text, label);
}

/**
 * Where a text goes on behind the name of a program and the signs that set it apart, of which `at` is in or behind the
 * name: `nginx: `, `cart-api[7]: `, `cart | `, `cart - `; -1 for no such name.
 */
function labelEnd(text: string, at: number): number {
  let end = at;
  while (end < longestWord && isNameCode(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) === openBracketCode) {
    end++;
    while (end < 2 * longestWord && isDigit(text.charCodeAt(end))) end++;
    if (text.charCodeAt(end) !== closeBracketCode) return -1;
    end++;
  }
  const sign = skipBlanks(text, end);
  const code = text.charCodeAt(sign);
  const isApart = sign > end && (code === barCode || code === minusCode);
  if (!isApart && !(sign === end && code === colonCode)) return -1;
  return text.charCodeAt(sign + 1) === spaceCode ? skipBlanks(text, sign + 1) : -1;
}

const isNameCode = (code: number): boolean =>
  isWordCode(code) || code === minusCode || code === dotCode || code === underscoreCode;

/**
 * Whether what a log says may be a line of its own: behind a syslog header, in a record or a row without a
 * level, or where a format has none and the text begins with one.
 * One that begins with a date counts more than a level around it, which shippers make of the stream.
 */
export function mayHoldLine(log: ParsedLog, isRecord: boolean, scanner: TimestampScanner): boolean {
  const { message } = log;
  const isHeader = log.format === syslog.name || (isRecord && (log.level === null || isDated(message, scanner)));
  if (!isRecord && log.level === null && log.format !== 'text' && beginsWithLevel(message)) return true;
  return isHeader ? mayHaveHeader(message) : looksLikeRecord(message);
}

/** `ERROR: no stock`, `ERROR no stock`, `[error] no stock`, `level=error msg=…` behind the header of a library. */
function beginsWithLevel(text: string, at = 0): boolean {
  if (text.startsWith('level=', at)) return true;
  const closing = partnerOf(text.charCodeAt(at));
  const start = closing === 0 ? at : skipBlanks(text, at + 1);
  let end = start;
  while (end < start + longestWord && isLetter(text.charCodeAt(end))) end++;
  if (!mayBeLevel(text, start, end)) return false;
  const isShouted =
    end - start > 3 &&
    text.charCodeAt(end) === spaceCode &&
    isUpper(text.charCodeAt(start + 1)) &&
    isUpper(text.charCodeAt(end - 1));
  const next = text.charCodeAt(closing === 0 ? end : skipBlanks(text, end));
  if (!isShouted && next !== (closing === 0 ? colonCode : closing)) return false;
  return plainLevelOf(text.slice(start, end)) !== null;
}

/** Whether a text begins with a date, bare or in a bracket. */
function isDated(text: string, scanner: TimestampScanner): boolean {
  const first = text.charCodeAt(0);
  if (!isDigit(first) && first !== openBracketCode) return false;
  return scanner.scan(text, first === openBracketCode ? 1 : 0) && scanner.dated && !scanner.epoch;
}

/**
 * Whether a text that was read as a line, as `log`, has told more than a message: a record its level or its message, a
 * text a level at its start or behind a time; `timed` says whether it told a time.
 */
export function isTelling(log: ParsedLog, text: string, timed: boolean): boolean {
  const { format, level, message } = log;
  if (text.charCodeAt(0) === openBraceCode)
    return format !== 'text' && (level !== null || message.length < trimmedEnd(text, 0));
  if (format !== 'text') return level !== null || format === 'logfmt';
  if (level === null) return false;
  const word = String(log.parsed_fields['log.level']);
  const at = text.slice(0, skipBlanks(text, 0) + longestHeader).indexOf(word);
  if (at < 0) return false;
  const end = at + word.length;
  const label = labelEnd(text, 0);
  if (label > 0 && at >= label && at <= label + 2) return true;
  // What the header took off with the level in it was a header.
  return timed || end <= longestLevel || text.startsWith(': ', end) || trimmedEnd(text, 0) - message.length >= end;
}

/** Whether a name could be a service: a number or a duration could not. */
export function isService(name: string): boolean {
  if (!isDigit(name.charCodeAt(0))) return name.charCodeAt(0) > spaceCode;
  for (let at = 1; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (isLetter(code)) return name.length - at > 2;
  }
  return false;
}

/** A level in a bracket, and one behind a time. */
const [longestLevel, longestHeader] = [14, 56];
/** The longest name of a level, or of a key that begins pairs. */
const longestWord = 32;
