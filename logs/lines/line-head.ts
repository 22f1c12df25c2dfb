/**
 * Headers that stand in front of every line of a trace: of syslog, of a container runtime, of a logger that was handed
 * the trace line by line. Nothing is known of them but what the first line shows: a time may stand in it, of which each
 * line has its own; what stands before and behind the time names the stream and is the same in all. Of records it is
 * what their fields say of where they come from.
 */
import type { ParsedLog } from '../parsed-log.ts';
import { isBlank, isDigit, isLetter, openBraceCode, quoteCode, skipBlanks, spaceCode, trimmedEnd } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { traceStart } from '../traces/opening.ts';
import { plainText } from '../wrappers/ansi.ts';

/** What the lines of one stream have in front of what they say. Plain JSON. */
export interface LineHead {
  /** What stands before the time; all of it where there is none. */
  readonly before: string;
  readonly timed: boolean;
  /** What stands behind the time, without blanks at its end; of a record, where it is from. */
  readonly behind: string;
  /** So many blanks in front of what a line says belong to the header. */
  readonly gap: number;
}

/** What a line says, and behind which header. */
export interface HeadedLine {
  readonly head: LineHead;
  readonly content: string;
}

/** Finds headers. Keeps nothing between two calls. */
export class LineHeads {
  readonly #scanner: TimestampScanner;

  constructor(scanner: TimestampScanner) {
    this.#scanner = scanner;
  }

  /** The header of a line that was read as `log`; null if there is none, or it can't be told from what the line says. */
  read(line: string, log: ParsedLog): HeadedLine | null {
    if (isRecord(line))
      return { head: { before: '{', timed: false, behind: originOf(log), gap: 0 }, content: said(line, log) };
    const text = plainText(line);
    const start = contentStart(text, log);
    return start <= 0 ? null : this.#behind(text, start);
  }

  /** The header that ends at `start`. */
  #behind(text: string, start: number): HeadedLine {
    let end = start;
    while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
    const content = text.slice(start);
    // A group of exceptions is indented itself.
    const gap = content.startsWith('+ Exception Group') ? Math.min(1, start - end) : start - end;
    const at = this.#timeStart(text, end);
    if (at < 0) return { head: { before: text.slice(0, end), timed: false, behind: '', gap }, content };
    const behind = text.slice(this.#scanner.end, Math.max(end, this.#scanner.end));
    return { head: { before: text.slice(0, at), timed: true, behind, gap }, content: text.slice(end + gap) };
  }

  /** What a line says that was read as `log`, if its header is `head`; null if it has another. */
  content(line: string, log: ParsedLog, { before, timed, behind, gap }: LineHead): string | null {
    if (isRecord(line)) return before === '{' && behind === originOf(log) ? said(line, log) : null;
    const text = plainText(line);
    if (!text.startsWith(before)) return null;
    let at = before.length;
    if (timed) {
      if (!this.#scanner.scan(text, at)) return null;
      at = this.#scanner.end;
    }
    at = behindSame(text, at, behind);
    if (at < 0) return null;
    for (let i = 0; i < gap && isBlank(text.charCodeAt(at)); i++) at++;
    return withTabs(text.slice(at));
  }

  /** Where the first time before `end` begins, at the start or behind a blank or a bracket; -1 if there is none. */
  #timeStart(text: string, end: number): number {
    for (let at = 0; at < end && at < searchedLength; at++) {
      const code = text.charCodeAt(at);
      if (!(isDigit(code) || isLetter(code))) continue;
      if (this.#scanner.scan(text, at) && this.#scanner.end <= end) return at;
      while (isDigit(text.charCodeAt(at + 1)) || isLetter(text.charCodeAt(at + 1))) at++;
    }
    return -1;
  }
}

const isRecord = (line: string): boolean => line.charCodeAt(skipBlanks(line, 0)) === openBraceCode;

/** What the fields of a record say of where it is from. */
function originOf({ format, service, parsed_fields: fields }: ParsedLog): string {
  return JSON.stringify([format, service, ...origins.map((name) => fields[name])]);
}

const origins = [
  ...['host.hostname', 'host.name', 'process.pid', 'process.entity_id', 'process.thread.name', 'log.logger', 'stream'],
  ...['container.id', 'container.name', 'kubernetes.pod.name', 'kubernetes.container.name'],
];

/** What a record says, with the blanks in front of it, which readers of text take off. */
function said(line: string, { message }: ParsedLog): string {
  if (message === '' || message.length > mostSearched) return message;
  const text = JSON.stringify(message).slice(1, -1);
  for (let at = line.indexOf(text), tries = 0; at >= 0 && tries < mostTries; tries++, at = line.indexOf(text, at + 1)) {
    let start = at;
    let indentation = '';
    for (;;) {
      if (isBlank(line.charCodeAt(start - 1))) indentation = line.charAt(--start) + indentation;
      else if (line.startsWith('\\t', start - 2)) [start, indentation] = [start - 2, `\t${indentation}`];
      else break;
    }
    if (line.charCodeAt(start - 1) === quoteCode) return indentation + message;
  }
  return message;
}

/** Where what a line says begins behind its header, as it was read; 0 for a line that is not read as it stands. */
function contentStart(text: string, log: ParsedLog): number {
  const { message, parsed_fields: fields } = log;
  const feed = message.indexOf('\n');
  const first = feed < 0 ? message : message.slice(0, feed);
  const end = trimmedEnd(text, 0);
  if (log.format === 'syslog') {
    const name = fields['process.name'];
    const named = typeof name === 'string' ? text.indexOf(name) : -1;
    const colon = named < 0 ? -1 : text.indexOf(': ', named);
    if (colon > 0 && colon + 2 <= end - first.length) return skipBlanks(text, colon + 2);
  }
  const said = first.trimEnd();
  if (said === '' || !text.endsWith(said, end)) return 0;
  const start = end - said.length;
  // A word that begins the trace was read as its level.
  const cry = ['panic: ', 'fatal error: ', 'Fatal error: '].find((words) => text.endsWith(words, start));
  return cry === undefined ? start + traceStart(said) : start - cry.length;
}

/** The offset behind `behind` at `at`, where numbers in quotes, which count the lines, may differ; -1 for another text. */
function behindSame(text: string, at: number, behind: string): number {
  for (let i = 0; i < behind.length; i++, at++) {
    if (isDigit(behind.charCodeAt(i)) && behind.charCodeAt(i - 1) === quoteCode && isDigit(text.charCodeAt(at))) {
      while (isDigit(behind.charCodeAt(i + 1))) i++;
      while (isDigit(text.charCodeAt(at + 1))) at++;
    } else if (text.charCodeAt(at) !== behind.charCodeAt(i)) return -1;
  }
  return at === text.length || text.charCodeAt(at) <= spaceCode || behind === '' ? at : -1;
}

/** A text in front of which rsyslog wrote tabs as `#011`. */
function withTabs(text: string): string {
  let at = 0;
  while (text.startsWith('#011', at)) at += 4;
  return at === 0 ? text : '\t'.repeat(at / 4) + text.slice(at);
}

/** A header does not hide its time deeper. */
const searchedLength = 60;
/** Longer messages are no lines of a trace. */
const mostSearched = 2_000;
const mostTries = 4;
