/**
 * Levels in a header: words in any case, one letter in a column, and words that name a level together with something
 * else. What a word stands beside decides whether it is a level or begins a sentence.
 */
import { type Level, levelOf, levelOfColumn, levelOfSyslog, mayBeLevel, plainLevelOf } from '../levels.ts';
import {
  closeBracketCode,
  colonCode,
  commaCode,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
  semicolonCode,
  slashCode,
} from '../text.ts';
import { type HeaderState, plainLetters, type Verdict } from './state.ts';
import { bareEnd, partnerOf } from './tokens.ts';

/** A token that names a level, be it together with something else; null when it does not. */
export function levelWord(state: HeaderState, at: number, end: number): Verdict | null {
  const { text } = state;
  const wordEnd = letterEnd(text, at, end);
  if (wordEnd < end)
    return text.charCodeAt(wordEnd) > lastAscii ? foreignWord(state, at, end) : levelWith(state, at, { wordEnd, end });
  const word = text.slice(at, end);
  if (end === at + 1 && isBehindNames(state)) return noteServerLetter(state, word);
  const level = levelOf(word);
  const kind = state.separators.kind;
  const headed = state.isHeaded();
  if (level === null) return headed && isColumnEnd(state) ? abbreviation(state, word) : null;
  if (word.length === 1) return levelLetter(state, word, level);
  const plain = plainLevelOf(word) !== null;
  const separated = kind !== 'blank' && kind !== 'none';
  const enclosed = text.charCodeAt(end) === openBracketCode;
  if (isUpper(text.charCodeAt(at + 1))) {
    if (!plain && !headed && !separated) return null;
    state.noteLevel(level, word);
    return headed || separated || enclosed ? 'sure' : 'doubtful';
  }
  if (!plain || (!headed && !separated)) return null;
  // `Error opening the file` and `Error: 18456` are sentences, `Info opened the file` is not.
  const numbered = kind === 'colon' && isDigit(text.charCodeAt(state.next));
  const sentence = isUpper(text.charCodeAt(at)) && isComplaint(word) && (!separated || numbered);
  if (!headed && numbered) return null;
  state.noteLevel(level, word);
  return headed && !sentence ? 'sure' : sentence ? 'message' : 'doubtful';
}

/** Three capitals that abbreviate a level in a column of its own. */
function abbreviation(state: HeaderState, word: string): Verdict | null {
  const level = levelOfColumn(word);
  if (level === null) return null;
  state.noteLevel(level, word);
  return 'sure';
}

const isColumnEnd = ({ separators: { kind } }: HeaderState): boolean =>
  kind === 'bar' || kind === 'gap' || kind === 'comma' || kind === 'dash';

/** Whether a time, a thread's id and a name stand in front, as IBM's servers write them before the letter. */
const isBehindNames = ({ timeAt, notes }: HeaderState): boolean =>
  timeAt >= 0 && notes.has('process.thread.id') && notes.has('log.logger');

/** The letter of a level, or of what a program wrote out (`O`, `R`) and an administrator did (`A`). */
function noteServerLetter(state: HeaderState, letter: string): Verdict | null {
  const level = letter === 'O' || letter === 'A' ? 'INFO' : levelOf(letter);
  if (!isUpper(letter.charCodeAt(0)) || (level === null && letter !== 'R')) return null;
  state.noteLevel(level, letter);
  return 'sure';
}

/** A level of another alphabet: `ОШИБКА:`, `错误`. */
function foreignWord(state: HeaderState, at: number, end: number): Verdict | null {
  const word = state.text.slice(at, end);
  const { kind } = state.separators;
  const separated = kind !== 'blank' && kind !== 'none';
  const level = separated ? levelOf(word) : state.isHeaded() ? plainLevelOf(word) : null;
  if (level === null) return null;
  state.noteLevel(level, word);
  // A capital and a small letter begin a sentence, as they do in English.
  return !separated && word !== word.toUpperCase() && word[0] !== word[0]!.toLowerCase() ? 'message' : 'sure';
}

/** One letter counts in a column, or before the name of a logger. */
function levelLetter(state: HeaderState, word: string, level: Level): Verdict | null {
  const { text } = state;
  const kind = state.separators.kind;
  if (!isUpper(word.charCodeAt(0))) return null;
  const next = state.next;
  const opens = partnerOf(text.charCodeAt(next)) !== 0;
  const behind = isLetter(text.charCodeAt(next)) ? text.charCodeAt(bareEnd(text, next, next + longestPlace)) : 0;
  const named = behind === colonCode || behind === closeBracketCode;
  if (state.pieces === 0 && kind !== 'colon' && !opens) return null;
  if (kind === 'blank' && !opens && !named) return null;
  if (kind === 'none') return null;
  if (state.pieces === 0 && !plainLetters.includes(word)) return null;
  state.noteLevel(level, word);
  return 'sure';
}

/** `information/cli:`, `E/Camera(`, `kern.err`, `%LINK-3-UPDOWN:`, `ERROR:root:`. */
function levelWith(state: HeaderState, at: number, { wordEnd, end }: { wordEnd: number; end: number }): Verdict | null {
  const { text } = state;
  const sign = text.charCodeAt(wordEnd);
  if (wordEnd === at) return text.charCodeAt(at) === percentCode ? mnemonic(state, at, end) : null;
  const word = text.slice(at, wordEnd);
  if (sign === slashCode && (state.separators.kind === 'colon' || word.length === 1)) {
    const level = word.length === 1 ? levelOf(word) : plainLevelOf(word);
    if (level === null) return null;
    state.noteLevel(level, word);
    state.notes.logger(text.slice(wordEnd + 1, end));
    return 'sure';
  }
  if (sign === colonCode && isUpper(text.charCodeAt(at + 1)) && plainLevelOf(word) !== null) {
    state.noteLevel(levelOf(word), word);
    state.next = wordEnd + 1;
    return 'sure';
  }
  if (facilities.has(word) && wordEnd + 1 < end) {
    const severity = text.slice(wordEnd + 1, end);
    const level = plainLevelOf(severity);
    if (level === null) return null;
    state.noteLevel(level, severity);
    return state.isHeaded() ? 'sure' : 'doubtful';
  }
  if (sign === semicolonCode || (sign === commaCode && text.charCodeAt(at - 1) === commaCode)) {
    const verdict = inCell(state, at, wordEnd);
    if (verdict !== null) return verdict;
  }
  if (sign === commaCode) return inList(state, at, { wordEnd, end });
  const from = levelBehindName(text, at, end);
  if (from < 0) return null;
  state.noteLevel(levelOf(text.slice(from, end)), text.slice(from, end));
  state.notes.name(text.slice(at, from - 1), false);
  return state.isHeaded() || state.separators.kind === 'colon' ? 'sure' : 'message';
}

/** `2026-01-29 08:51:24;error;no stock`: a cell of a row without the names of its columns. */
function inCell(state: HeaderState, at: number, end: number): Verdict | null {
  if (state.text.charCodeAt(at - 1) !== state.text.charCodeAt(end) || !state.isHeaded()) return null;
  const word = state.text.slice(at, end);
  const level = levelOfColumn(word);
  if (level === null) return null;
  state.noteLevel(level, word);
  state.next = end + 1;
  return 'sure';
}

/** `Information,1/29/2026 8:51:24 AM,…`, a row without the names of its columns; `system,error,critical`, topics. */
function inList(state: HeaderState, at: number, { wordEnd, end }: { wordEnd: number; end: number }): Verdict | null {
  const { text } = state;
  const word = text.slice(at, wordEnd);
  if (state.pieces === 0 && plainLevelOf(word) !== null && state.scanner.scan(text, wordEnd + 1)) {
    state.noteLevel(levelOf(word), word);
    state.next = wordEnd + 1;
    return 'sure';
  }
  if (!state.isHeaded() || end - at > longestList) return null;
  const found = text
    .slice(at, end)
    .split(',')
    .find((topic) => plainLevelOf(topic) !== null);
  if (found === undefined) return null;
  state.noteLevel(levelOf(found), found);
  // What stands behind the level in a row is said; topics have a blank in front.
  if (text.charCodeAt(at - 1) === commaCode)
    state.next = text.indexOf(`${found},`, at) + found.length + 1 || state.next;
  return 'sure';
}

/**
 * Where a level in capitals begins that ends a name, `app.ERROR`, `main/WARN`; -1 if none does, or it ends a path.
 *
 * @example
 * levelBehindName('app.ERROR', 0, 9) // => 4
 * levelBehindName('/var/ERROR', 0, 10) // => -1
 */
export function levelBehindName(text: string, start: number, end: number): number {
  let from = end;
  while (from > start && isUpper(text.charCodeAt(from - 1))) from--;
  if (end - from < 3 || from - 2 < start || !isLetter(text.charCodeAt(start))) return -1;
  if (!nameSigns.includes(text.charAt(from - 1)) || !isWordCode(text.charCodeAt(from - 2))) return -1;
  if (!mayBeLevel(text, from, end) || plainLevelOf(text.slice(from, end)) === null) return -1;
  return text.slice(start, from).includes('//') ? -1 : from;
}

/** `%FACILITY-severity-NAME:` of network devices, a digit, and of VMS, a letter. */
function mnemonic(state: HeaderState, at: number, end: number): Verdict | null {
  const { text } = state;
  const dash = text.indexOf('-', at);
  if (dash < 0 || dash > end || text.charCodeAt(dash + 2) !== minusCode) return null;
  const sign = text.charCodeAt(dash + 1);
  const level = isDigit(sign) ? levelOfSyslog(Number(text[dash + 1])) : isUpper(sign) ? levelOf(text[dash + 1]!) : null;
  const { kind } = state.separators;
  if (level === null || (kind !== 'colon' && kind !== 'comma')) return null;
  state.noteLevel(level, text[dash + 1]!);
  state.notes.add('event.code', text.slice(at + 1, end));
  return 'sure';
}

/** The end of the letters and digits that begin at `at`. */
export const letterEnd = (text: string, at: number, limit: number): number => {
  while (at < limit && isWordCode(text.charCodeAt(at))) at++;
  return at;
};

/** Whether a word is one with which sentences about trouble begin. */
export const isComplaint = (word: string): boolean => {
  const plain = word.toLowerCase();
  return plain.endsWith('error') || plain.endsWith('exception') || complaints.has(plain);
};
const complaints = new Set(
  'warning alert notice critical fatal failed failure timeout panic unable caused note fehler erreur errore fout'.split(
    ' ',
  ),
);
const lastAscii = 127;
/** What stands between a name and the level behind it. */
const nameSigns = './:#';
const longestList = 64;
const longestPlace = 96;

const facilities = new Set(
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  ),
);
const percentCode = 37;
