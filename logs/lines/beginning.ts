import { CLOSE, COMMA, DOT, isBlank, isDigit, MINUS, OPEN, OPEN_BRACE, SPACE, skipBlanks, TAB } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/**
 * What the beginning of a line tells about whether an event begins there. Only the first hundred characters are
 * looked at, so that a long line costs no more than a short one.
 */
export type Beginning =
  | 'time'
  | 'inner time'
  | 'indented time'
  | 'csv'
  | 'record'
  | 'remark'
  | 'cry'
  | 'blank'
  | 'continuation'
  | 'goroutine'
  | 'frame'
  | 'traceback'
  | 'other';

/** How the events of a source begin. */
export type Layout = 'unknown' | 'time' | 'inner' | 'remark';

/** A line, where its content lies in it, and what is known of its source. */
export interface Look {
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly layout: Layout;
  readonly scanner: TimestampScanner;
}

/** What the content of a line begins with. */
export function beginningOf(look: Look): Beginning {
  const { line, start, end, scanner } = look;
  const first = line.charCodeAt(start);
  if (scanner.scan(line, start)) {
    // A number that could be an epoch begins lines of data, too.
    if (!scanner.epoch || look.layout !== 'time') return isCsv(line, scanner.end) ? 'csv' : 'time';
  }
  if (start >= end || !(first > SPACE) || isEscapedBlank(line, start)) return blankOrIndented(look);
  if ((first === OPEN || first === LESS || first === PAREN) && opensTime(look)) return 'time';
  if (first === OPEN_BRACE) return isRecord(line, start, end) ? 'record' : 'other';
  if (first === HASH) return remarks.some((word) => line.startsWith(word, start)) ? 'remark' : 'continuation';
  const spoken = spokenBeginning(line, start, end);
  if (spoken !== null) return spoken;
  if (records.some((word) => line.startsWith(word, start))) return 'record';
  // Access logs stand beside other logs in one stream; their time is not to be mistaken.
  if (hasRequestTime(look)) return look.layout === 'time' ? 'record' : 'inner time';
  if (look.layout !== 'time' && hasInnerTime(look)) return 'inner time';
  return line.startsWith('created by ', start) || line.charCodeAt(end - 1) === PAREN + 1 ? 'frame' : 'other';
}

/** What runtimes say at the start of a line of a trace, or null. */
function spokenBeginning(line: string, start: number, end: number): Beginning | null {
  switch (line.charCodeAt(start)) {
    case 125: // }
    case 41: // )
    case CLOSE:
      return end - start <= 3 ? 'continuation' : null;
    case MINUS:
      return line.startsWith('---', start) ? 'continuation' : null;
    case DOT:
      return line.startsWith('... ', start) ? 'continuation' : null;
  }
  if (line.startsWith('Traceback (most recent call', start)) return 'traceback';
  if (line.startsWith('goroutine ', start) || line.startsWith('[signal SIG', start)) return 'goroutine';
  const word = line.slice(start, start + 44);
  for (let i = 0; i < continuing.length; i++) if (word.startsWith(continuing[i]!)) return 'continuation';
  for (let i = 0; i < cries.length; i++) if (word.startsWith(cries[i]!)) return 'cry';
  return null;
}

function blankOrIndented({ line, start, end, scanner }: Look): Beginning {
  const at = skipBlanks(line, start);
  if (at >= end || !(line.charCodeAt(at) > SPACE)) return 'blank';
  return at > start && line.charCodeAt(start) !== TAB && scanner.scan(line, at) && !scanner.epoch
    ? 'indented time'
    : 'continuation';
}

/** A time behind `[`, behind `<priority>` or a priority and a version, or behind a number in brackets. */
function opensTime({ line, start, scanner }: Look): boolean {
  let at = start + 1;
  if (scanner.scan(line, skipBlanks(line, at))) return true;
  while (isDigit(line.charCodeAt(at)) && at < start + 12) at++;
  const mark = line.charCodeAt(at);
  if (at === start + 1 || (mark !== CLOSE && mark !== LESS + 2)) return false;
  at = skipBlanks(line, at + 1);
  if (line.charCodeAt(at) === 49 && line.charCodeAt(at + 1) === SPACE) return true;
  return scanner.scan(line, at);
}

/** A time behind some words: `INFO 2026-…`, `10.0.0.7 - - [29/Jan/2026:…`, `7:M 29 Jan 2026 …`, `audit(176….967:42)`. */
function hasInnerTime({ line, start, end, scanner }: Look): boolean {
  const limit = Math.min(end, start + SEARCHED);
  for (let at = start + 1; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === QUOTE || code === APOSTROPHE) return false;
    const before = line.charCodeAt(at - 1);
    if (!(before === SPACE || before === TAB || before === OPEN || before === PAREN || before === 61)) continue;
    if (isDigit(code) || (code >= 65 && code <= 90)) {
      if (scanner.scan(line, at) && (!scanner.epoch || before === PAREN)) return true;
    }
  }
  return false;
}

/** `[29/Jan/2026:08:51:24 +0000] "` as access logs have it. */
function hasRequestTime({ line, start, end, scanner }: Look): boolean {
  const open = line.slice(start, Math.min(end, start + 2 * SEARCHED)).indexOf(' [');
  if (open < 0) return false;
  const at = start + open + 2;
  return line.charCodeAt(at + 2) === 47 && line.charCodeAt(at + 11) === 58 && scanner.scan(line, at);
}

/** Behind the time and its zone a comma: PostgreSQL's csvlog. */
function isCsv(line: string, at: number): boolean {
  return line.charCodeAt(at) === COMMA && line.indexOf(',', at + 1) > 0 && isCsvField(line.charCodeAt(at + 1));
}

const isCsvField = (code: number): boolean => code === QUOTE || code === COMMA;

/** A JSON object that is one line. */
function isRecord(line: string, start: number, end: number): boolean {
  const next = line.charCodeAt(skipBlanks(line, start + 1));
  let last = end;
  while (isBlank(line.charCodeAt(last - 1)) || line.charCodeAt(last - 1) === 13) last--;
  const escaped = next === 92 && line.charCodeAt(start + 2) === QUOTE;
  return (next === QUOTE || escaped || next === CLOSE_BRACE) && line.charCodeAt(last - 1) === CLOSE_BRACE;
}

/** White space as JSON writes it. */
function isEscapedBlank(line: string, at: number): boolean {
  if (line.charCodeAt(at) !== 92) return false;
  const code = line.charCodeAt(at + 1);
  return code === 116 || code === 110 || code === 114;
}

const HASH = 35;
const LESS = 60;
const PAREN = 40;
const QUOTE = 34;
const APOSTROPHE = 39;
const CLOSE_BRACE = 125;
/** A header does not hide its time deeper. */
const SEARCHED = 100;

/** How lines with `#` begin events: MySQL's slow log and the directives of W3C logs. */
const remarks = ['# Time: ', '# User@Host: ', '#Software:', '#Version:', '#Date:', '#Fields:', '#Start-Date:'];

/** How events begin that have no time at their start but whose kind is plain. */
const records = ['CEF:', 'LEEF:', 'time=', 'ts=', 'level=', 'timestamp=', 'type='];

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

/** Words with which a program dies: never part of the event before. */
const cries = [
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
