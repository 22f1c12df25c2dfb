/**
 * Finds the trace in an event and says what was thrown: ECS has `error.type`, `error.message` and `error.stack_trace`
 * for that. Of several exceptions it is the outermost: the one that reached the top. Java, .NET, Node.js, Ruby and PHP
 * name it before its frames and its causes behind it; Python names it last. A panic of Go or Rust and the abort of a
 * C++ program have the word as their type.
 */

import { isKernelCry, levelOfCode } from '../codes.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { codeOf, quoteCode, skipBlanks, spaceCode } from '../text.ts';
import { isFrame } from '../traces/frames.ts';
import { rubyThrown } from '../traces/spoken.ts';
import { thrownEnd, thrownMessage } from '../traces/thrown.ts';

/** What was thrown, and where the trace begins. */
interface Thrown {
  readonly start: number;
  readonly type: string;
  readonly message: string;
}

/** Notes the error whose trace is in the message of `log`, or in `tail`, the text behind a record. */
export function noteTrace(log: ParsedLog, tail: string): void {
  const text = tail === '' ? log.message : tail;
  const fields = log.parsed_fields;
  if (tail !== '' && tail.trim() !== '') fields['error.stack_trace'] ??= tail.trimEnd();
  const thrown = readTrace(text);
  if (thrown === null) return;
  if (text.indexOf('\n', thrown.start) > 0 || tail !== '') {
    fields['error.stack_trace'] ??= text.slice(thrown.start).trimEnd();
  }
  if (thrown.type !== '') fields['error.type'] ??= thrown.type;
  if (thrown.message !== '') fields['error.message'] ??= thrown.message;
}

/**
 * Notes what a line without a level says was thrown, be it without a trace (`java.lang.OutOfMemoryError: …`), or the
 * level that its code means.
 */
export function noteCry(log: ParsedLog): void {
  const text = log.message;
  const end = lineEnd(text, 0);
  const thrown = cryIn(text, 0, end) ?? thrownIn({ text, start: 0, end }, false);
  if (thrown === null) {
    if (log.parsed_fields['error.type'] === undefined) log.level = isKernelCry(text) ? 'ERROR' : levelOfCode(text);
    return;
  }
  if (thrown.type !== '') log.parsed_fields['error.type'] ??= thrown.type;
  else log.level = 'ERROR';
  if (thrown.message !== '') log.parsed_fields['error.message'] ??= thrown.message;
}

/** A line of a text. */
interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What the trace in a text of several lines says, or null if there is none. */
function readTrace(text: string): Thrown | null {
  const python = text.indexOf('Traceback (most recent call last)');
  if (python >= 0) return pythonTrace(text, python);
  let weak: Thrown | null = null;
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const line = { text, start: at, end };
    const word = skipBlanks(text, at);
    let named = thrownIn(line, false);
    // `Exception` alone is what a logger says before it names one.
    if (named !== null && at === 0 && named.message === '' && namesThrown(text, end + 1)) named = null;
    // A message is no exception for its first words alone; behind it, one that stands by itself is.
    if (named !== null && (at > 0 || lengthOfAnnouncement(text, word, end) > 0 || framesFollow(text, end)))
      return named;
    if (isFrame(text, word, end)) return weak ?? { start: at, type: '', message: '' };
    const cry = cryIn(text, word, end);
    if (cry !== null) return cry;
    if (word === at) weak = thrownIn(line, true) ?? weak;
    at = end + 1;
  }
  return null;
}

/** Whether a line begins at `at` with the qualified name of an exception. */
function namesThrown(text: string, at: number): boolean {
  const end = thrownEnd(text, at, false);
  return end > 0 && text.slice(at, end).includes('.');
}

/** What a line names, at its start or behind what runtimes say before it. */
function thrownIn({ text, start, end }: Line, around: boolean): Thrown | null {
  const word = skipBlanks(text, start);
  const ruby = rubyThrown(text, word, end);
  if (ruby >= 0) {
    const place = text.indexOf(': ', text.indexOf(':in ', word));
    return { start, type: text.slice(ruby, end - 1), message: text.slice(place + 2, ruby - 2) };
  }
  const at = word + lengthOfAnnouncement(text, word, end);
  const name = thrownEnd(text, at, around || at > word);
  if (name < 0 || name > end) return null;
  return { start, type: text.slice(at, name), message: thrownMessage(text, name, end) };
}

/** How long what stands before a name is: `Exception in thread "main" `, `Unhandled exception. `, `** (`. */
function lengthOfAnnouncement(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at);
  if (first !== upperE && first !== upperU) return first === starCode && text.startsWith('** (', at) ? 4 : 0;
  for (let i = 0; i < announcements.length; i++) {
    const words = announcements[i]!;
    if (!text.startsWith(words, at)) continue;
    let from = at + words.length;
    if (text.charCodeAt(from - 1) === quoteCode) {
      const close = text.slice(from, end).indexOf('" ');
      if (close < 0) return 0;
      from += close + 2;
    }
    return from < end ? skipBlanks(text, from) - at : 0;
  }
  return 0;
}

/** What programs cry that fail without an exception, and PHP and C++ where they wrap its name. */
function cryIn(text: string, at: number, end: number): Thrown | null {
  if (firstOfCries[text.charCodeAt(at)] !== 1) return null;
  for (let i = 0; i < cries.length; i++) {
    const { words, type } = cries[i]!;
    if (!text.startsWith(words, at)) continue;
    const said = text.slice(at + words.length, end).trim();
    if (type === '') return announcedIn({ text, start: end + 1, end: lineEnd(text, end + 1) }, at);
    return { start: at, ...unwrapped(type, said) };
  }
  const panic = panicIn(text, at, end);
  if (panic !== null) return panic;
  const sanitizer = text.startsWith('==', at) ? text.slice(at, end).indexOf('Sanitizer: ') : -1;
  if (sanitizer < 0) return null;
  const said = text.slice(at + sanitizer + 11, end);
  return { start: at, type: said.split(/ on | \(|: /, 1)[0]!, message: said };
}

/** What the line behind an announcement says, from which the trace begins at `start`. */
function announcedIn(line: Line, start: number): Thrown {
  const { text, start: at, end } = line;
  const thrown = at < end ? thrownIn(line, true) : null;
  return { start, type: thrown?.type ?? '', message: thrown?.message ?? text.slice(at, end).trim() };
}

/** Rust's panic with its message on this line or the next, and the panic that Go's HTTP server has caught. */
function panicIn(text: string, at: number, end: number): Thrown | null {
  if (text.startsWith('http: panic serving ', at)) {
    const said = text.slice(at, end);
    const colon = said.indexOf(': ', Math.max(20, said.indexOf(']')));
    return { start: at, type: 'panic', message: colon > 0 ? said.slice(colon + 2) : '' };
  }
  if (!text.startsWith("thread '", at)) return null;
  const said = text.slice(at, end).indexOf('panicked at ');
  if (said < 0) return null;
  const place = text.slice(at + said + 12, end);
  const closing = place.lastIndexOf("', ");
  if (place.startsWith("'") && closing > 0) return { start: at, type: 'panic', message: place.slice(1, closing) };
  return { start: at, type: 'panic', message: text.slice(end + 1, lineEnd(text, end + 1)).trim() };
}

/** The exception that PHP and C++ name inside of what they say. */
function unwrapped(type: string, said: string): { readonly type: string; readonly message: string } {
  const quoted = /^'([^']{1,200})'(?: with message '(.*)' in )?/.exec(said);
  if (quoted !== null) return { type: quoted[1]!, message: quoted[2] ?? '' };
  const thrown = said.startsWith('Uncaught ') ? 9 : 0;
  const name = thrownEnd(said, thrown, thrown > 0);
  if (name < 0) return { type, message: said };
  return { type: said.slice(thrown, name), message: thrownMessage(said, name, said.length).replace(/ in \/\S+$/, '') };
}

/**
 * The outermost exception of Python is the one named last: the name behind the last traceback. Of a group it is the
 * group's own, which stands before those of its members.
 */
function pythonTrace(text: string, at: number): Thrown {
  const start = text.lastIndexOf('\n', at) + 1;
  const bar = isInGroup(text, start, at);
  let found: Thrown = { start: at, type: '', message: '' };
  for (let from = lineEnd(text, at) + 1; from < text.length; from = lineEnd(text, from) + 1) {
    const end = lineEnd(text, from);
    const word = bar ? behindBar(text, from) : from;
    if (word < 0 || !(text.charCodeAt(word) > spaceCode)) continue;
    const name = thrownEnd(text, word, true);
    const plain = name < 0 ? plainNameEnd(text, word, end) : name;
    if (plain < 0) continue;
    found = { start: at, type: text.slice(word, plain), message: thrownMessage(text, plain, end) };
    if (bar) break;
  }
  return found;
}

const isInGroup = (text: string, start: number, at: number): boolean => text.slice(start, at).includes('+ Exception');

/** Where the text of a line of a group begins, `  | ValueError: 1`, or -1. */
function behindBar(text: string, at: number): number {
  const bar = skipBlanks(text, at);
  return text.startsWith('| ', bar) ? bar + 2 : -1;
}

/** The end of a name that no convention shows: `shop_error: gone`; what follows a traceback is one. */
function plainNameEnd(text: string, at: number, end: number): number {
  const line = text.slice(at, Math.min(end, at + maxName));
  const name = /^[A-Za-z_][\w.]*(?=: |\s*$)/.exec(line)?.[0];
  return name === undefined ? -1 : at + name.length;
}

/** Whether a frame stands in one of the next lines: there may be more of the message before it. */
function framesFollow(text: string, at: number): boolean {
  for (let i = 0, from = at + 1; i < linesOfMessage && from < text.length; i++) {
    const end = lineEnd(text, from);
    if (isFrame(text, skipBlanks(text, from), end)) return true;
    from = end + 1;
  }
  return false;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end;
}

const maxName = 200;
/** So many lines of a message may stand between the name of what was thrown and its first frame. */
const linesOfMessage = 6;

/** What runtimes say before the name of what was thrown. */
const announcements = [
  'Exception in thread "',
  'Unhandled exception. ',
  'Unhandled Exception: ',
  'Unhandled exception: ',
  'Uncaught Kotlin exception: ',
  'Uncaught exception: ',
  'Uncaught ',
  'Error: Uncaught ',
];

/** All of them begin with one of these; what Elixir says with a star. */
const [upperE, upperU, starCode] = [codeOf('E'), codeOf('U'), codeOf('*')];

/** What programs say that fail, and what stands for the name of an exception. */
const cries = [
  { words: 'panic: ', type: 'panic' },
  { words: 'fatal error: ', type: 'fatal error' },
  { words: 'Fatal error: ', type: 'Fatal error' },
  { words: 'PHP Fatal error: ', type: 'Fatal error' },
  { words: 'Fatal Python error: ', type: 'Fatal Python error' },
  { words: 'terminate called after throwing an instance of ', type: 'abort' },
  { words: 'terminate called ', type: 'abort' },
  { words: 'libc++abi: terminating ', type: 'abort' },
  { words: '*** stack smashing detected ***', type: 'abort' },
  { words: 'Segmentation fault', type: 'Segmentation fault' },
  { words: '# A fatal error has been detected', type: 'fatal error' },
  { words: 'The application panicked', type: 'panic' },
  { words: '[UnhandledPromiseRejection: ', type: 'UnhandledPromiseRejection' },
  { words: 'Unhandled exception', type: '' },
];
/** What these, `http: panic`, `thread '` and the sanitizers' `==` begin with. */
const firstOfCries = new Uint8Array(128);
for (const words of ['http', 'thread', '==', ...cries.map(({ words }) => words)]) firstOfCries[codeOf(words)] = 1;
