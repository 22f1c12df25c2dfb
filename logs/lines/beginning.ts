/**
 * What the beginning of a line tells about whether an event begins there. Only the first hundred characters are
 * looked at, so that a long line costs no more than a short one.
 */
import { textFormats } from '../formats/index.ts';
import { timeBehindLevel } from '../headers/marked-levels.ts';
import { levelOf } from '../levels.ts';
import {
  apostropheCode,
  backslashCode,
  closeBraceCode,
  closeBracketCode,
  closeParenCode,
  codeOf,
  commaCode,
  equalsCode,
  greaterCode,
  hashSignCode,
  isBlank,
  isDigit,
  isUpper,
  isWordCode,
  lessCode,
  openBraceCode,
  openBracketCode,
  openParenCode,
  plusCode,
  quoteCode,
  returnCode,
  skipBlanks,
  slashCode,
  spaceCode,
  tabCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { isNumberedFrame } from '../traces/frames.ts';
import { type Spoken, spokenOf } from '../traces/spoken.ts';
import { isGoFrame } from '../traces/thrown.ts';
import { leadingLevel } from './evidence.ts';

/** What a line begins with. */
export type Beginning =
  | 'time'
  | 'epoch'
  | 'inner time'
  | 'indented time'
  | 'csv'
  | 'record'
  | 'request'
  | 'remark'
  | 'comment'
  | 'blank'
  | 'report'
  | 'group'
  | 'frame'
  | Spoken
  | 'other';

/** How the events of a source begin. */
export type EventHead = 'unknown' | 'time' | 'epoch' | 'inner' | 'remark';

/** A line, where its content lies in it, and what is known of its source. */
export interface LineView {
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly layout: EventHead;
  readonly scanner: TimestampScanner;
}

/** What the content of a line begins with. */
export function beginningOf(view: LineView): Beginning {
  const { line, start, end, layout, scanner } = view;
  const first = line.charCodeAt(start);
  if (scanner.scan(line, start)) {
    // A number that could be an epoch begins lines of data, too: beside times it needs a level.
    if (!scanner.epoch) return isCsv(line, scanner.end) ? 'csv' : 'time';
    if (layout !== 'time' || leadingLevel({ line, start: skipBlanks(line, scanner.end), end }) !== null)
      return isCsv(line, scanner.end) ? 'csv' : 'epoch';
  }
  if (start >= end || !(first > spaceCode) || isEscapedBlank(line, start)) return blankOrIndented(view);
  if (mayOpenTime(first) && opensTime(view)) return 'time';
  if (!isWordCode(first) && isHeadedBehindSign(view)) return 'time';
  // Where events begin otherwise, any time behind a few words is looked for below.
  if ((layout === 'time' || layout === 'epoch') && timeBehindLevel(line, start, scanner) >= 0) return 'time';
  if (first === openBraceCode) return isRecord(line, start, end) ? 'record' : 'other';
  if (first === hashSignCode) return hashBeginning(view);
  if ((first === closeBraceCode || first === closeParenCode || first === closeBracketCode) && end - start <= 3)
    return 'continuation';
  const spoken = spokenOf(line, start, end);
  if (spoken !== null) return spoken;
  if (records.some((word) => line.startsWith(word, start))) return 'record';
  // Access logs stand beside other logs in one stream; their time is not to be mistaken.
  if (hasRequestTime(view)) return 'request';
  if (layout !== 'time' && layout !== 'epoch' && hasInnerTime(view)) return 'inner time';
  return isGoFrame(line, start, end) ? 'frame' : 'other';
}

/** A line with `#`: alone on its line the sign opens the JVM's report of its crash. */
function hashBeginning({ line, start, end, scanner }: LineView): Beginning {
  if (end - start === 1) return 'report';
  // WebLogic's.
  if (line.startsWith('####<', start)) return 'record';
  if (line.startsWith('# Time: ', start) && !scanner.scan(line, skipBlanks(line, start + 8))) return 'comment';
  if (remarks.some((word) => line.startsWith(word, start))) return 'remark';
  if (isDigit(line.charCodeAt(start + 1))) return isNumberedFrame(line, start, end) ? 'continuation' : 'other';
  return 'comment';
}

function blankOrIndented({ line, start, end, scanner }: LineView): Beginning {
  const at = skipBlanks(line, start);
  if (at >= end || !(line.charCodeAt(at) > spaceCode)) return 'blank';
  if (line.charCodeAt(at) === plusCode && line.startsWith('+ Exception Group Traceback', at)) return 'group';
  const isIndented = at > start && line.charCodeAt(start) !== tabCode;
  if (isIndented && scanner.scan(line, at) && !scanner.epoch) return 'indented time';
  return isIndented && at === start + 1 && isLevelColumn(line, at) ? 'indented time' : 'continuation';
}

/** ` WARN  low`, as consoles of phones have it: one blank, a level in capitals, a gap. */
function isLevelColumn(line: string, at: number): boolean {
  let end = at;
  while (isUpper(line.charCodeAt(end)) && end - at < 10) end++;
  return end - at > 2 && line.startsWith('  ', end) && levelOf(line.slice(at, end)) !== null;
}

const mayOpenTime = (code: number): boolean =>
  code === openBracketCode || code === lessCode || code === openParenCode || code === asteriskCode;

/**
 * A time behind `[` or the `*` of a clock that is not set, behind `<priority>` or a priority and a version, or behind a
 * number in brackets.
 */
function opensTime({ line, start, scanner }: LineView): boolean {
  let at = start + 1;
  if (scanner.scan(line, skipBlanks(line, at))) return true;
  while (isDigit(line.charCodeAt(at)) && at < start + 12) at++;
  const closing = line.charCodeAt(at);
  if (at === start + 1 || (closing !== closeBracketCode && closing !== greaterCode)) return false;
  at = skipBlanks(line, at + 1);
  if (line.charCodeAt(at) === oneCode && line.charCodeAt(at + 1) === spaceCode) return true;
  return scanner.scan(line, at);
}

/**
 * A date and a level behind signs, as in `-- 2026-… ERROR no stock`, or behind a number, as in `#12 [2026-…] <ERROR>`;
 * or a date between two such signs, as in `=== 2026-… ===`.
 */
function isHeadedBehindSign({ line, start, end, scanner }: LineView): boolean {
  let at = start;
  while (at < start + 3 && isSign(line.charCodeAt(at))) at++;
  if (line.charCodeAt(at - 1) === hashSignCode) while (isDigit(line.charCodeAt(at)) && at < start + 12) at++;
  at = skipBlanks(line, at);
  const isOpen = line.charCodeAt(at) === openBracketCode;
  if (!scanner.scan(line, isOpen ? at + 1 : at) || !scanner.dated || scanner.epoch) return false;
  const behind = skipBlanks(line, isOpen ? scanner.end + 1 : scanner.end);
  const first = line.charCodeAt(start);
  return (at > start && line.charCodeAt(behind) === first) || leadingLevel({ line, start: behind, end }) !== null;
}

const isSign = (code: number): boolean =>
  code > spaceCode && code < 127 && !isWordCode(code) && code !== openBracketCode;

/** A time behind some words: `INFO 2026-…`, `10.0.0.7 - - [29/Jan/2026:…`, `7:M 29 Jan 2026 …`, `audit(176….9:42)`. */
function hasInnerTime({ line, start, end, scanner }: LineView): boolean {
  const limit = Math.min(end, start + searchedLength);
  for (let at = start + 1; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === quoteCode || code === apostropheCode) return false;
    const before = line.charCodeAt(at - 1);
    if (
      !(
        before === spaceCode ||
        before === tabCode ||
        before === openBracketCode ||
        before === openParenCode ||
        before === equalsCode ||
        before === asteriskCode
      )
    )
      continue;
    if (isDigit(code) || isUpper(code)) {
      if (scanner.scan(line, at) && (!scanner.epoch || before === openParenCode)) return true;
    }
  }
  return false;
}

/** `[29/Jan/2026:08:51:24 +0000]` as access logs have it, or another time that is alone in brackets. */
function hasRequestTime({ line, start, end, scanner }: LineView): boolean {
  const head = line.slice(start, Math.min(end, start + 2 * searchedLength));
  for (let open = head.indexOf(' ['), i = 0; open >= 0 && i < 3; open = head.indexOf(' [', open + 2), i++) {
    const at = start + open + 2;
    if (!scanner.scan(line, at) || !scanner.dated || scanner.epoch) continue;
    if (line.charCodeAt(at + 2) === slashCode || line.charCodeAt(scanner.end) === closeBracketCode) return true;
  }
  return false;
}

/** Behind the time and its zone a comma: PostgreSQL's csvlog. */
function isCsv(line: string, at: number): boolean {
  return line.charCodeAt(at) === commaCode && line.indexOf(',', at + 1) > 0 && isCsvField(line.charCodeAt(at + 1));
}

const isCsvField = (code: number): boolean => code === quoteCode || code === commaCode;

/** A JSON object that is one line. */
function isRecord(line: string, start: number, end: number): boolean {
  const next = line.charCodeAt(skipBlanks(line, start + 1));
  let last = end;
  while (isBlank(line.charCodeAt(last - 1)) || line.charCodeAt(last - 1) === returnCode) last--;
  const escaped = next === backslashCode && line.charCodeAt(start + 2) === quoteCode;
  return (next === quoteCode || escaped || next === closeBraceCode) && line.charCodeAt(last - 1) === closeBraceCode;
}

/** White space as JSON writes it, also inside of JSON that is text itself. */
function isEscapedBlank(line: string, at: number): boolean {
  if (line.charCodeAt(at) !== backslashCode) return false;
  const code = line.charCodeAt(line.charCodeAt(at + 1) === backslashCode ? at + 2 : at + 1);
  return code === tabLetter || code === feedLetter || code === returnLetter;
}

/** What stands behind a backslash for a tab, a line feed and a carriage return. */
const [tabLetter, feedLetter, returnLetter] = [codeOf('t'), codeOf('n'), codeOf('r')];
const asteriskCode = codeOf('*');
const oneCode = codeOf('1');
/** A header does not hide its time deeper. */
const searchedLength = 100;

/** How lines with `#` begin events: MySQL's slow log and the directives of the W3C's and of Zeek's logs. */
const remarks = [
  ...['# Time: ', '# User@Host: ', '#Software:', '#Version:', '#Date:', '#Fields:', '#Start-Date:', '#End-Date:'],
  ...['#Remark:', '#Log-type:', '#Time Format:', '#separator ', '#set_separator', '#empty_field', '#unset_field'],
  ...['#path', '#open', '#fields', '#types', '#close'],
];

/** How events begin that have no time at their start but whose kind is plain. */
const records = [
  ...['LEEF:', 'time=', 'ts=', 'level=', 'timestamp='],
  ...textFormats.flatMap(({ beginnings }) => beginnings ?? []),
];
