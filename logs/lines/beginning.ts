/**
 * What the beginning of a line tells about whether an event begins there. Only the first hundred characters are
 * looked at, so that a long line costs no more than a short one.
 */
import { textFormats } from '../formats/index.ts';
import {
  apostropheCode,
  backslashCode,
  closeBraceCode,
  closeBracketCode,
  closeParenCode,
  codeOf,
  colonCode,
  commaCode,
  dotCode,
  equalsCode,
  greaterCode,
  hashSignCode,
  isBlank,
  isDigit,
  isUpper,
  lessCode,
  minusCode,
  openBraceCode,
  openBracketCode,
  openParenCode,
  quoteCode,
  returnCode,
  skipBlanks,
  slashCode,
  spaceCode,
  tabCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** What a line begins with. */
export type Beginning =
  | 'time'
  | 'inner time'
  | 'indented time'
  | 'csv'
  | 'record'
  | 'remark'
  | 'crash'
  | 'blank'
  | 'continuation'
  | 'goroutine'
  | 'frame'
  | 'traceback'
  | 'other';

/** How the events of a source begin. */
export type EventHead = 'unknown' | 'time' | 'inner' | 'remark';

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
  const { line, start, end, scanner } = view;
  const first = line.charCodeAt(start);
  if (scanner.scan(line, start)) {
    // A number that could be an epoch begins lines of data, too.
    if (!scanner.epoch || view.layout !== 'time') return isCsv(line, scanner.end) ? 'csv' : 'time';
  }
  if (start >= end || !(first > spaceCode) || isEscapedBlank(line, start)) return blankOrIndented(view);
  if ((first === openBracketCode || first === lessCode || first === openParenCode) && opensTime(view)) return 'time';
  if (first === openBraceCode) return isRecord(line, start, end) ? 'record' : 'other';
  if (first === hashSignCode) return remarks.some((word) => line.startsWith(word, start)) ? 'remark' : 'continuation';
  const spoken = spokenBeginning(line, start, end);
  if (spoken !== null) return spoken;
  if (records.some((word) => line.startsWith(word, start))) return 'record';
  // Access logs stand beside other logs in one stream; their time is not to be mistaken.
  if (hasRequestTime(view)) return view.layout === 'time' ? 'record' : 'inner time';
  if (view.layout !== 'time' && hasInnerTime(view)) return 'inner time';
  return line.startsWith('created by ', start) || line.charCodeAt(end - 1) === closeParenCode ? 'frame' : 'other';
}

/** What runtimes say at the start of a line of a trace, or null. */
function spokenBeginning(line: string, start: number, end: number): Beginning | null {
  switch (line.charCodeAt(start)) {
    case closeBraceCode:
    case closeParenCode:
    case closeBracketCode:
      return end - start <= 3 ? 'continuation' : null;
    case minusCode:
      return line.startsWith('---', start) ? 'continuation' : null;
    case dotCode:
      return line.startsWith('... ', start) ? 'continuation' : null;
  }
  if (line.startsWith('Traceback (most recent call', start)) return 'traceback';
  if (line.startsWith('goroutine ', start) || line.startsWith('[signal SIG', start)) return 'goroutine';
  const word = line.slice(start, start + 44);
  for (let i = 0; i < continuing.length; i++) if (word.startsWith(continuing[i]!)) return 'continuation';
  for (let i = 0; i < crashes.length; i++) if (word.startsWith(crashes[i]!)) return 'crash';
  return null;
}

function blankOrIndented({ line, start, end, scanner }: LineView): Beginning {
  const at = skipBlanks(line, start);
  if (at >= end || !(line.charCodeAt(at) > spaceCode)) return 'blank';
  return at > start && line.charCodeAt(start) !== tabCode && scanner.scan(line, at) && !scanner.epoch
    ? 'indented time'
    : 'continuation';
}

/** A time behind `[`, behind `<priority>` or a priority and a version, or behind a number in brackets. */
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
        before === equalsCode
      )
    )
      continue;
    if (isDigit(code) || isUpper(code)) {
      if (scanner.scan(line, at) && (!scanner.epoch || before === openParenCode)) return true;
    }
  }
  return false;
}

/** `[29/Jan/2026:08:51:24 +0000] "` as access logs have it. */
function hasRequestTime({ line, start, end, scanner }: LineView): boolean {
  const open = line.slice(start, Math.min(end, start + 2 * searchedLength)).indexOf(' [');
  if (open < 0) return false;
  const at = start + open + 2;
  return line.charCodeAt(at + 2) === slashCode && line.charCodeAt(at + 11) === colonCode && scanner.scan(line, at);
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

/** White space as JSON writes it. */
function isEscapedBlank(line: string, at: number): boolean {
  if (line.charCodeAt(at) !== backslashCode) return false;
  const code = line.charCodeAt(at + 1);
  return code === tabLetter || code === feedLetter || code === returnLetter;
}

/** What stands behind a backslash for a tab, a line feed and a carriage return. */
const [tabLetter, feedLetter, returnLetter] = [codeOf('t'), codeOf('n'), codeOf('r')];
const oneCode = codeOf('1');
/** A header does not hide its time deeper. */
const searchedLength = 100;

/** How lines with `#` begin events: MySQL's slow log and the directives of W3C logs. */
const remarks = ['# Time: ', '# User@Host: ', '#Software:', '#Version:', '#Date:', '#Fields:', '#Start-Date:'];

/** How events begin that have no time at their start but whose kind is plain. */
const records = [
  ...['LEEF:', 'time=', 'ts=', 'level=', 'timestamp='],
  ...textFormats.flatMap(({ beginnings }) => beginnings ?? []),
];

/** Words that only ever continue an error. */
const continuing = [
  'Caused by: ',
  'Suppressed: ',
  'at ',
  'During handling of the above exception',
  'The above exception was the direct cause',
  'exit status ',
  'stack backtrace:',
  'Stack trace:',
  'note: run with `RUST_BACKTRACE',
  'Wrapped by: ',
];

/** What runtimes write when a program crashes: it always begins an event. */
const crashes = [
  'panic: ',
  'fatal error: ',
  'Exception in thread "',
  'Unhandled exception',
  "thread '",
  'Fatal error: ',
  'PHP Fatal error: ',
  'Uncaught ',
  'Segmentation fault',
];
