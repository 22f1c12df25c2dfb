/**
 * Levels in a header: words in any case, one letter in a column, and words that name a level together with something
 * else. What a word stands beside decides whether it is a level or begins a sentence.
 */
import { type Level, levelOf, levelOfSyslog, plainLevelOf } from '../levels.ts';
import { colonCode, isDigit, isLetter, isUpper, isWordCode, openBracketCode, slashCode } from '../text.ts';
import { type HeaderState, plainLetters, type Verdict } from './state.ts';
import { bareEnd, partnerOf } from './tokens.ts';

/** A token that names a level, be it together with something else; null when it does not. */
export function levelWord(state: HeaderState, at: number, end: number): Verdict | null {
  const { text } = state;
  const wordEnd = letterEnd(text, at, end);
  if (wordEnd < end) return levelWith(state, at, { wordEnd, end });
  const word = text.slice(at, end);
  const level = levelOf(word);
  if (level === null) return null;
  const kind = state.separators.kind;
  const headed = state.isHeaded();
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

/** One letter counts in a column, or before the name of a logger. */
function levelLetter(state: HeaderState, word: string, level: Level): Verdict | null {
  const { text } = state;
  const kind = state.separators.kind;
  if (!isUpper(word.charCodeAt(0))) return null;
  const next = state.next;
  const opens = partnerOf(text.charCodeAt(next)) !== 0;
  const named = isLetter(text.charCodeAt(next)) && text.charCodeAt(bareEnd(text, next, next + 64)) === colonCode;
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
  return null;
}

/** `%FACILITY-severity-NAME:` of network devices. */
function mnemonic(state: HeaderState, at: number, end: number): Verdict | null {
  const { text } = state;
  const dash = text.indexOf('-', at);
  const level = dash < 0 || dash > end || text[dash + 2] !== '-' ? null : levelOfSyslog(Number(text[dash + 1]));
  if (level === null || state.separators.kind !== 'colon') return null;
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
  'warning alert notice critical fatal failed failure timeout panic unable caused note'.split(' '),
);

const facilities = new Set(
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  ),
);
const percentCode = 37;
