/**
 * What stands in brackets in a header: the time, the level, ids, a thread, a logger, pairs; alone or several of them.
 */
import { isAmbiguous, levelOf, levelOfColumn } from '../levels.ts';
import {
  closeBracketCode,
  colonCode,
  hashSignCode,
  isDigit,
  isUpper,
  isWordCode,
  lessCode,
  openParenCode,
  skipBlanks,
  slashCode,
  spaceCode,
} from '../text.ts';
import { letterEnd, levelBehindName } from './levels.ts';
import { isThreadName, shapeOf } from './shapes.ts';
import { type HeaderState, plainLetters, type Verdict } from './state.ts';
import { bareEnd } from './tokens.ts';

/** Reads the bracket at `at`, which closes at `close`. */
export function enclosed(state: HeaderState, at: number, close: number): Verdict {
  const { text } = state;
  const start = skipBlanks(text, at + 1);
  let end = close;
  while (end > start && text.charCodeAt(end - 1) <= spaceCode) end--;
  const headed = state.isHeaded();
  state.goOn(close + 1);
  const next = state.next;
  const kind = state.separators.kind;
  if (telling(state, start, end) || endsInLevel(state, start, end)) {
    state.next = state.separators.read(text, close + 1);
    return 'sure';
  }
  state.next = next;
  // A line is not all header.
  if (next >= text.length) return 'message';
  const content = text.slice(start, end);
  if (text.charCodeAt(at) === lessCode && headed && state.notes.process(content)) return 'sure';
  const shape = shapeOf(text, start, end);
  if (shape === 'phrase') return phrase(state, content, kind === 'dash' || kind === 'colon');
  if (shape === 'other' && !state.notes.others(content)) {
    const separated = kind === 'dash' || kind === 'colon' || kind === 'bar';
    if (separated && headed) state.notes.thread(content);
    return separated && headed ? 'sure' : state.level === null && hasWord(content) ? 'doubtful' : 'message';
  }
  if (shape === 'word' || shape === 'name') state.notes.name(content, true);
  else state.noteShape(shape, content);
  const weak = text.charCodeAt(at) === openParenCode && (shape === 'word' || shape === 'empty') && kind === 'blank';
  if (weak && !isThreadName(content)) return 'message';
  return headed || state.level !== null ? 'sure' : 'doubtful';
}

/** Several words in brackets: pairs, a process id with its name, or a thread; else it is what the message says. */
function phrase(state: HeaderState, content: string, separated: boolean): Verdict {
  if (state.notes.phrase(content)) {
    state.notePairs();
    return state.isHeaded() ? 'sure' : 'doubtful';
  }
  if (isThreadName(content)) {
    state.notes.thread(content);
    return state.isHeaded() ? 'sure' : 'doubtful';
  }
  if (separated && state.isHeaded() && state.level !== null) {
    state.notes.thread(content);
    return 'sure';
  }
  return state.level === null && state.pieces < 3 ? 'doubtful' : 'message';
}

/** Whether what is in brackets has the time or the level, alone or among names: `[ERROR 2026-01-29 08:51:24 main]`. */
function telling(state: HeaderState, start: number, end: number): boolean {
  const { text } = state;
  let found = false;
  let at = start;
  for (let words = 0; words < maxWords && at < end; words++) {
    if (state.isTime(at) && state.scanner.end <= end) {
      found = true;
      at = state.separators.read(text, state.scanner.end);
      continue;
    }
    let wordEnd = letterEnd(text, at, end);
    if (text.charCodeAt(wordEnd) > lastAscii) wordEnd = foreignEnd(text, at, end);
    const word = text.slice(at, wordEnd);
    const isWhole = state.level === null && wordEnd > at && !(wordEnd < end && isWordCode(text.charCodeAt(wordEnd)));
    const level = !isWhole ? null : found || state.isHeaded() ? levelOfColumn(word) : levelOf(word);
    const alone = at === start && wordEnd === end;
    if (word.length === 1 && isLetterBesideTime(state, at, { end, found })) {
      found = true;
      state.noteLevel(levelOf(word), word);
    } else if (level !== null && (alone || (word.length > 1 && !isAmbiguous(word) && isFramed(text, at, wordEnd)))) {
      if (word.length > 1 || isUpper(word.charCodeAt(0))) {
        found = true;
        state.noteLevel(level, word);
      }
    } else if (!found && words === 2) return false;
    else if (found) {
      const tokenEnd = Math.min(end, bareEnd(text, at, end));
      if (tokenEnd > at) noteInner(state, at, tokenEnd);
    }
    const next = Math.min(end, Math.max(wordEnd, bareEnd(text, wordEnd, end), at + 1));
    if (level !== null && text.charCodeAt(wordEnd) === slashCode) wordEnd = noteWorker(state, wordEnd + 1, end);
    at = level !== null ? state.separators.read(text, wordEnd) : state.separators.read(text, next);
  }
  return found;
}

/** `[2026-01-29 08:51:24: WARNING/MainProcess]`: the process or thread behind a level; returns where it ends. */
function noteWorker(state: HeaderState, at: number, limit: number): number {
  const end = Math.min(limit, bareEnd(state.text, at, limit));
  if (end > at) state.notes.thread(state.text.slice(at, end));
  return end;
}

/** `[E 260129 08:51:24 web:7]`, `[2026-01-29 08:51:24 E 42]`: one letter before or behind the time. */
function isLetterBesideTime(state: HeaderState, at: number, { end, found }: { end: number; found: boolean }): boolean {
  const { text } = state;
  if (state.level !== null || !plainLetters.includes(text.charAt(at)) || text.charCodeAt(at + 1) !== spaceCode)
    return false;
  return at + 2 < end && (found || (isDigit(text.charCodeAt(at + 2)) && state.scanner.scan(text, at + 2)));
}

/** `[Server thread/ERROR]`, `[app.ERROR]`: a level in capitals behind a name; the name is the thread's or a logger's. */
function endsInLevel(state: HeaderState, start: number, end: number): boolean {
  const { text } = state;
  const from = levelBehindName(text, start, end);
  if (from < 0 || state.level !== null) return false;
  state.noteLevel(levelOf(text.slice(from, end)), text.slice(from, end));
  const name = text.slice(start, from - 1);
  if (text.charCodeAt(from - 1) === slashCode) state.notes.thread(name);
  else state.notes.name(name, true);
  return true;
}

function noteInner(state: HeaderState, at: number, end: number): void {
  const { text } = state;
  const shape = shapeOf(text, at, end);
  const token = text.slice(at, end);
  if (shape === 'word' || shape === 'name') state.notes.name(token, true);
  else state.noteShape(shape, token);
}

/** Whether a level among other words in brackets is one: in capitals, or at the first place. */
const isFramed = (text: string, at: number, end: number): boolean =>
  (isUpper(text.charCodeAt(at)) && isUpper(text.charCodeAt(at + 1))) ||
  text.charCodeAt(at) > lastAscii ||
  text.charCodeAt(end) === colonCode ||
  text.charCodeAt(end) === hashSignCode ||
  text.charCodeAt(at - 1) === colonCode ||
  text.charCodeAt(end) === closeBracketCode;

const hasWord = (content: string): boolean => isWordCode(content.charCodeAt(0));

/** The end of a word of another alphabet, which reaches to a blank. */
function foreignEnd(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && end - at < longestWord && text.charCodeAt(end) > spaceCode) end++;
  return end;
}

const longestWord = 20;
const lastAscii = 127;
const maxWords = 8;
