/**
 * What a line without a time shows about itself and about the lines before it, where a source's events begin with
 * times: whether it is an event of its own all the same, or what the event before goes on with. Looked at only for such
 * lines, so that it costs the others nothing.
 */
import { type Level, levelOfSyslog, plainLevelOf } from '../levels.ts';
import {
  apostropheCode,
  backslashCode,
  barCode,
  closeBraceCode,
  closeBracketCode,
  closeParenCode,
  colonCode,
  commaCode,
  digits,
  dotCode,
  equalsCode,
  greaterCode,
  hashSignCode,
  isBlank,
  isDigit,
  isLetter,
  isLower,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBraceCode,
  openBracketCode,
  openParenCode,
  quoteCode,
  skipBlanks,
  slashCode,
  spaceCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import type { Part } from './content.ts';
import { isLiteral } from './listings.ts';

/**
 * The level with which a line begins that names one as loggers do: `ERROR: …`, `ERROR …`, `[error] …`, `warning: …`.
 * `Error: …` is how something thrown is named.
 *
 * @example
 * leadingLevel({ line: '[WARN] low', start: 0, end: 10 }) // => 'WARN'
 * leadingLevel({ line: 'Error: low', start: 0, end: 10 }) // => null
 */
export function leadingLevel(part: Part): Level | null {
  const { line, start } = part;
  const first = line.charCodeAt(start);
  if (first === lessCode && isDigit(line.charCodeAt(start + 1))) return levelOfPriority(line, start);
  const isOpen = first === openBracketCode || first === lessCode || first === openParenCode || first === barCode;
  const at = isOpen ? skipBlanks(line, start + 1) : start;
  let end = at;
  while (isLetter(line.charCodeAt(end)) && end - at < 12) end++;
  if (end - at < 3) return null;
  const closing = line.charCodeAt(isOpen ? skipBlanks(line, end) : end);
  if (isOpen) {
    const closes = closing === closeBracketCode || closing === greaterCode || closing === closeParenCode;
    return closes || closing === barCode ? plainLevelOf(line.slice(at, end)) : null;
  }
  const isShouted = isUpper(line.charCodeAt(at + 1));
  // What a database answers, `ERROR: 1064  You have …`, is part of the line that tells of it.
  if (isShouted && closing === colonCode && isDigit(line.charCodeAt(end + 2)) && digits(line, end + 2, 4) > 0)
    return null;
  if (isShouted && !isWordCode(closing) && closing !== equalsCode) return plainLevelOf(line.slice(at, end));
  if (closing !== colonCode || line.startsWith('Error', at)) return null;
  // `debug: false` is a setting.
  if (isLiteral(line, skipBlanks(line, end + 1), part.end)) return null;
  return plainLevelOf(line.slice(at, end));
}

/** `<3>` in front of what a service says, as syslog numbers levels; null for anything else. */
function levelOfPriority(line: string, start: number): Level | null {
  let end = start + 1;
  while (end < start + 4 && isDigit(line.charCodeAt(end))) end++;
  return line.charCodeAt(end) === greaterCode ? levelOfSyslog(Number(line.slice(start + 1, end)) % 8) : null;
}

/**
 * Whether a level in capitals stands with a colon behind two or more ids, pairs and names, as loggers without a time
 * have them: `pid=7 tid=4x2 class=CartJob INFO: done`. What was thrown has its message there, and prose has words.
 *
 * @example
 * hasOwnHeader({ line: '7 TID-4x2 CartJob INFO: done', start: 0, end: 28 }) // => true
 * hasOwnHeader({ line: 'the last line was an ERROR: gone', start: 0, end: 32 }) // => false
 */
export function hasOwnHeader({ line, start, end }: Part): boolean {
  const limit = Math.min(end, start + headLength);
  let words = 0;
  for (let at = start; at < limit; words++) {
    let stop = at;
    let signs = 0;
    while (stop < limit && line.charCodeAt(stop) > spaceCode) if (!isLower(line.charCodeAt(stop++))) signs++;
    if (line.charCodeAt(stop - 1) === colonCode)
      return words > 1 && isUpper(line.charCodeAt(at + 1)) && plainLevelOf(line.slice(at, stop - 1)) !== null;
    if (signs === 0) return false;
    at = stop + 1;
  }
  return false;
}

/** Whether a line is a line of a tool about what it shows: `-- Boot 1a2b --`. */
export const isRemarkOfTool = ({ line, start, end }: Part): boolean =>
  line.startsWith('-- ', start) && isLetter(line.charCodeAt(start + 3)) && line.startsWith(' --', end - 3);

/** Whether a line is a served request, or begins with a tag and a date. */
export function isRequest({ line, start, end }: Part): boolean {
  const head = line.slice(start, Math.min(end, start + headLength));
  if (/^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/.test(head)) return true;
  // `DELETE FROM orders` is a statement.
  if (/^"?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:["'*/]|\w+:\/\/|[^ ]+ (?:HTTP\/|\d{3}\b))/.test(head))
    return true;
  if (line.charCodeAt(start) === openBracketCode) {
    const close = head.indexOf('] ');
    const at = start + close + 2;
    if (close > 0 && digits(line, at, 4) > 0 && !isWordCode(line.charCodeAt(at + 4))) return true;
  }
  return head.indexOf(' HTTP/') > 0 && head.indexOf('"') >= 0;
}

/** A line such as `REPORT RequestId: 8f5c` or `/entry.sh: ready`: what writes it, then what it says. */
export function isLabelled({ line, start, end }: Part): boolean {
  const head = line.slice(start, Math.min(end, start + headLength));
  return /^(?:[A-Z][A-Z_]{2,} [A-Z]\w{1,30}|\/[^ :]{1,200}): /.test(head);
}

/** What the last line of an event asks for: more text, or nothing. */
export function isUnfinished({ line, start, end }: Part): boolean {
  let last = end - 1;
  while (last > start && !(line.charCodeAt(last) > spaceCode)) last--;
  const code = line.charCodeAt(last);
  if (code === colonCode || code === commaCode || code === equalsCode || code === backslashCode || code === lessCode)
    return true;
  let quotes = 0;
  let depth = 0;
  for (let at = start; at <= last; at++) {
    const sign = line.charCodeAt(at);
    if (sign === quoteCode) quotes++;
    else if (sign === openBraceCode || sign === openBracketCode || sign === openParenCode) depth++;
    else if (sign === closeBraceCode || sign === closeBracketCode || sign === closeParenCode) depth--;
  }
  return depth > 0 || quotes % 2 === 1;
}

/**
 * Whether a line looks like part of what an open bracket or quote holds: it ends or begins with a sign of its own, or
 * holds a pair. Prose does not.
 */
export function isHeld(part: Part): boolean {
  const { line, start, end } = part;
  let last = end - 1;
  while (last > start && !(line.charCodeAt(last) > spaceCode)) last--;
  if (heldSigns.includes(line.charAt(last)) || isIndented(part) || isFragment(part) || isUnfinished(part)) return true;
  return /^[\w"'.-]{1,40} ?[:=]/.test(line.slice(start, Math.min(end, start + headLength)));
}

const heldSigns = '{}[]();"\'';

/**
 * Whether a line begins with a sign that no sentence begins with, or is one qualified name, as traces without brackets
 * have them: `go.opentelemetry.io/collector.New.func3`.
 */
export function isFragment({ line, start, end }: Part): boolean {
  const first = line.charCodeAt(start);
  if (first === lessCode || first === greaterCode || first === barCode || first === minusCode || first === equalsCode)
    return true;
  if (first === quoteCode || first === apostropheCode || first === commaCode) return true;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at);
    if (code <= spaceCode) return dots > 0 && at >= end - 1;
    if (code === dotCode || code === slashCode) dots++;
  }
  return dots > 0;
}

/**
 * Whether a line goes on with what the `last` line tells, or the `first` of the event: the next clause of a statement, a
 * value under its name, what a database answers, or more under the same label, as in `InnoDB: …` behind `… InnoDB: …`.
 */
export function isDetail({ line, start, end }: Part, last: Part, first: Part): boolean {
  const head = line.slice(start, Math.min(end, start + headLength));
  if (/^(?:\w+: \S[^:]{0,80}(?: {2}|, )\w+: |[\w.-]{1,60} ?= ?[^=]*$|[A-Z]+: \d{4} )/.test(head)) return true;
  if (clause.test(head)) return statement.test(first.line.slice(first.start, first.start + longestAnnouncement));
  const colon = head.indexOf(': ');
  if (colon <= 0 || colon > longestLabel) return false;
  return last.line.slice(last.start, last.start + longestAnnouncement).includes(head.slice(0, colon + 2));
}

/** How clauses of SQL begin, and words that one has before others. */
const clause =
  /^(?:from|where|and|or|on|set|values|into|having|limit|returning|union|(?:group|order) by|[a-z ]*join)\b/i;
const statement = /\b(?:select|insert into|update|delete from|merge into|create|alter)\b/i;
const longestLabel = 40;

/** How much the first line of an event says behind its time. */
export type Heading = 'bare' | 'word' | 'no';

/**
 * What stands behind the time of an event's first line: nothing or a class and its method (`bare`: whatever comes next
 * is its message), a single word, or a message.
 */
export function headingOf({ line, start, end }: Part, scanner: TimestampScanner): Heading {
  if (line.charCodeAt(start) === equalsCode) return 'bare';
  const opened = line.charCodeAt(start) === openBracketCode ? start + 1 : start;
  if (!scanner.scan(line, opened) || !scanner.dated) return 'no';
  let at = scanner.end;
  while (at < end && !isWordCode(line.charCodeAt(at))) at++;
  const rest = line.slice(at, Math.min(end, at + headLength)).trim();
  if (rest === '' || /^[a-z]\w*(?:\.\w+)+\.[A-Z]\w* [\w<>$]+$/.test(rest)) return 'bare';
  return rest.length < 60 && !rest.includes(' ') && plainLevelOf(rest) === null ? 'word' : 'no';
}

/** The level that stands among the first words of a line, in capitals or brackets. */
export function headLevel({ line, start, end }: Part): Level | null {
  const limit = Math.min(end, start + headLength);
  for (let at = start; at < limit; at++) {
    if (!isUpper(line.charCodeAt(at)) && line.charCodeAt(at - 1) !== openBracketCode) continue;
    const from = at;
    while (isLetter(line.charCodeAt(at))) at++;
    if (isDigit(line.charCodeAt(at)) || isWordCode(line.charCodeAt(from - 1))) continue;
    const level = at - from > 2 ? plainLevelOf(line.slice(from, at)) : null;
    if (level !== null) return level;
  }
  return null;
}

/** nginx names its process and its thread `7#7:`; it throws nothing that has a trace. */
export function isOfServer({ line, start }: Part): boolean {
  const sign = line.slice(start, start + headLength).indexOf('#') + start;
  return (
    line.charCodeAt(sign) === hashSignCode &&
    isDigit(line.charCodeAt(sign - 1)) &&
    /^#\d+: /.test(line.slice(sign, sign + 12))
  );
}

/**
 * Whether a line that says that all is well speaks of something that was thrown, of what stands on the next line, or of
 * something that begins.
 */
export function announces({ line, start, end }: Part): boolean {
  const head = line.slice(start, Math.min(end, start + longestAnnouncement)).trimEnd();
  return /:$| (?:start|begin)$|exception|error|fail|stack ?trace|traceback|caught|throw/i.test(head);
}

/** Whether a line begins with a blank. */
export const isIndented = ({ line, start }: Part): boolean => isBlank(line.charCodeAt(start));

/** A header does not hide what it has deeper. */
const headLength = 160;
const longestAnnouncement = 500;
