/**
 * Turns any vendor's severity into one of seven. Words come from syslog, log4j, java.util.logging, Python, .NET,
 * nginx, Apache, MySQL and PostgreSQL; numbers from pino and bunyan, Python, logback, syslog and OpenTelemetry, which
 * overlap, so that each scheme has a function of its own.
 */
import { abbreviations, ambiguous, columnWords, fieldWords, foreignWords, words } from './level-words.ts';
import { isUpper, lowered } from './text.ts';

/** Severity, from the least to the most severe. */
export type Level = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL' | 'FATAL';

/** Whether a level says that all is well. */
export const isMild = (level: Level): boolean => level === 'INFO' || level === 'DEBUG' || level === 'TRACE';

/**
 * The level a word stands for, in any case and many languages, or null.
 *
 * @example
 * levelOf('warning') // => 'WARN'
 * levelOf('ОШИБКА') // => 'ERROR'
 * levelOf('Severe') // => 'ERROR'
 * levelOf('emerg') // => 'FATAL'
 * levelOf('hello') // => null
 */
export function levelOf(word: string): Level | null {
  if (!mayBeLevel(word, 0, word.length)) return null;
  return byWord.get(word) ?? byWord.get(word.toLowerCase()) ?? null;
}

/**
 * Whether the text between two positions is as long as a level with its first and last letter: most words are told
 * from levels by that, before they are cut out and looked up.
 *
 * @example
 * mayBeLevel('on error: retry', 3, 8) // => true
 * mayBeLevel('on error: retry', 0, 2) // => false
 */
// hot: called for every word that could be a level.
export function mayBeLevel(text: string, start: number, end: number): boolean {
  const code = text.charCodeAt(start);
  const first = lowered(code) - lowerA;
  if (first >= 0 && first < letters)
    return end - start < letters && ((lengths[endsOf(code, text.charCodeAt(end - 1))]! >> (end - start)) & 1) === 1;
  return code > lastAscii && end - start <= longestForeign;
}

/**
 * The level a word stands for if it hardly means anything else in prose: used where a level is guessed, not expected.
 *
 * @example
 * plainLevelOf('ERROR') // => 'ERROR'
 * plainLevelOf('statement') // => null
 */
export function plainLevelOf(word: string): Level | null {
  if (
    word.length < (word.charCodeAt(0) > lastAscii ? 2 : 3) ||
    word.length > longestForeign ||
    !mayBeLevel(word, 0, word.length)
  )
    return null;
  return isAmbiguous(word) ? null : levelOf(word);
}

/** Whether a word that names a level often stands for something else. */
export const isAmbiguous = (word: string): boolean => ambiguous.has(word.toLowerCase());

/**
 * The level that a column of its own holds: a word as above, three capitals that abbreviate one, or a word with a
 * capital that says how something went.
 *
 * @example
 * levelOfColumn('FAT') // => 'FATAL'
 * levelOfColumn('fat') // => null
 * levelOfColumn('FAILED') // => 'ERROR'
 */
export function levelOfColumn(word: string): Level | null {
  const level = levelOf(word);
  if (level !== null || word.length > longestForeign || !isUpper(word.charCodeAt(0))) return level;
  return byAbbreviation.get(word) ?? byColumn.get(word.toLowerCase()) ?? null;
}

/**
 * The level that a field for levels names: a word as above, or one that is used nowhere else, or one with something
 * around it: `[ERROR]`, `LogLevel.Error`, `LOG_ERR`, `ERROR+2`, `error3`.
 *
 * @example
 * levelOfField('ERROR+2') // => 'ERROR'
 * levelOfField('Level.WARNING') // => 'WARN'
 * levelOfField('success') // => 'INFO'
 * levelOfField('gold') // => null
 */
export function levelOfField(text: string): Level | null {
  if (text.length > 32 || text.includes(' ')) return levelOf(text);
  const found = levelOf(text) ?? byFieldWord.get(text.toLowerCase());
  if (found !== undefined) return found;
  // The letters at the end, but for a number that says how far it is from the level that is named.
  const word = /([\p{L}]+)[\])>]*(?:[+-]?\d{1,2})?$/u.exec(text)?.[1];
  if (word === undefined || word.length === text.length) return null;
  return levelOf(word) ?? byFieldWord.get(word.toLowerCase()) ?? null;
}

/**
 * A level as pino and bunyan number it (10…60); in between, the level reached.
 *
 * @example
 * levelOfPino(30) // => 'INFO'
 * levelOfPino(60) // => 'FATAL'
 */
export function levelOfPino(value: number): Level | null {
  return step(value, [10, 20, 30, 40, 50, 60], ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
}

/**
 * A level as Python's logging numbers it (10…50).
 *
 * @example
 * levelOfPython(30) // => 'WARN'
 */
export function levelOfPython(value: number): Level | null {
  return step(value, [1, 10, 20, 30, 40, 50], ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL']);
}

/**
 * A level as logback and log4j 1 number it (5000…50000).
 *
 * @example
 * levelOfLogback(40000) // => 'ERROR'
 */
export function levelOfLogback(value: number): Level | null {
  return step(value, [5000, 10000, 20000, 30000, 40000, 50000], ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
}

/**
 * A level as OpenTelemetry numbers it (1…24, four to a level).
 *
 * @example
 * levelOfOtel(17) // => 'ERROR'
 */
export function levelOfOtel(value: number): Level | null {
  if (value > 24) return null;
  return step(value, [1, 5, 9, 13, 17, 21], ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
}

/**
 * A level as Monolog numbers it (100…600).
 *
 * @example
 * levelOfMonolog(250) // => 'INFO'
 * levelOfMonolog(400) // => 'ERROR'
 */
export function levelOfMonolog(value: number): Level | null {
  return step(value, [100, 200, 300, 400, 500, 600], ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'FATAL']);
}

/**
 * A level as Google Cloud numbers it (100…800).
 *
 * @example
 * levelOfGoogle(400) // => 'WARN'
 */
export function levelOfGoogle(value: number): Level | null {
  return step(value, [100, 200, 400, 500, 600, 800], ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'FATAL']);
}

/**
 * A level from a syslog severity, RFC 5424 §6.2.1 (0 is the worst).
 *
 * @example
 * levelOfSyslog(3) // => 'ERROR'
 */
export function levelOfSyslog(severity: number): Level | null {
  return syslogLevels[severity] ?? null;
}

/**
 * The level of a served request: the server's fault, the caller's fault, or neither.
 *
 * @example
 * levelOfStatus(502) // => 'ERROR'
 * levelOfStatus(404) // => 'WARN'
 * levelOfStatus(200) // => 'INFO'
 */
export function levelOfStatus(status: number): Level {
  return status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO';
}

function step(value: number, floors: readonly number[], levels: readonly Level[]): Level | null {
  for (let i = floors.length - 1; i >= 0; i--) if (value >= floors[i]!) return levels[i]!;
  return null;
}

const syslogLevels: readonly Level[] = ['FATAL', 'CRITICAL', 'CRITICAL', 'ERROR', 'WARN', 'INFO', 'INFO', 'DEBUG'];

/** Keyed by the usual spellings, so that the common case needs no lower-casing. */
const byWord = new Map<string, Level>();
for (const table of [words, foreignWords]) {
  for (const [level, spellings] of Object.entries(table) as [Level, string][]) {
    for (const word of spellings.split(' ')) {
      byWord.set(word, level);
      byWord.set(word.toUpperCase(), level);
      byWord.set(`${word[0]!.toUpperCase()}${word.slice(1)}`, level);
    }
  }
}

/** A number for two letters in any case. */
function endsOf(first: number, last: number): number {
  return ((first & 31) << 5) | (last & 31);
}

/** For each first and last letter a bit for each length of a word that they are the ends of. */
const [lowerA, letters, lastAscii] = [97, 26, 127];
const longestForeign = 15;
const lengths = new Int32Array(32 * 32);
for (const word of byWord.keys()) {
  const first = lowered(word.charCodeAt(0)) - lowerA;
  if (first >= 0 && first < letters)
    lengths[endsOf(word.charCodeAt(0), word.charCodeAt(word.length - 1))]! |= 1 << word.length;
}

/** Abbreviations in capitals; in fields, in any case. */
const byAbbreviation = new Map<string, Level>();
const byFieldWord = new Map<string, Level>();
const byColumn = new Map<string, Level>();
for (const [level, spellings] of Object.entries(columnWords) as [Level, string][])
  for (const word of spellings.split(' ')) byColumn.set(word, level);
for (const [level, spellings] of Object.entries(fieldWords) as [Level, string][])
  for (const word of spellings.split(' ')) byFieldWord.set(word, level);
for (const [level, spellings] of Object.entries(abbreviations) as [Level, string][])
  for (const word of spellings.split(' ')) {
    byAbbreviation.set(word.toUpperCase(), level);
    byFieldWord.set(word, level);
  }
