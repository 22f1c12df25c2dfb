/**
 * Where a source writes its level, when it stands where no line alone shows it: `billing info 2026-… order taken`,
 * `2026-… 1042 W ledger retry`. A word among the first of a line may be a level or say something; if in the lines of a
 * source that have no other level the same column holds levels in nine of ten, and not always the same, it is where the
 * level is written. What was learnt is forgotten when it stops fitting.
 *
 * State: per source the votes of its columns.
 */
import { type Level, levelOf, mayBeLevel, plainLevelOf } from '../levels.ts';
import { SourceMemory } from '../source-memory.ts';
import { isLetter, isUpper, isWordCode, skipBlanks, spaceCode } from '../text.ts';

/** How often the columns of a source held levels. Plain JSON. */
export interface LevelVotes {
  /** Lines that voted, of at most `mostVoting`; then as many lines as `rests` are passed over. */
  lines: number;
  rests: number;
  /** By column: in how many lines it held a level, and which one the first of them. */
  readonly votes: number[];
  readonly first: (Level | null)[];
  /** Bits of the columns that held more than one level. */
  various: number;
  /** The column of the level, or -1. */
  column: number;
  /** Lines in a row in which it held none. */
  misses: number;
}

/** Learns the columns of levels. */
export class LevelColumns {
  readonly memory = new SourceMemory<LevelVotes>();

  /**
   * The word that is the level of a line which shows none, as far as its source is known; '' for none.
   *
   * @example
   * const columns = new LevelColumns();
   * for (let n = 0; n < 8; n++) columns.wordOf(`${n} billing ${n % 2 ? 'info' : 'warn'} order taken`, 'shop.log');
   * columns.wordOf('9 ledger error order lost', 'shop.log') // => 'error'
   * columns.wordOf('9 ledger error order lost', 'other.log') // => ''
   */
  wordOf(text: string, source: string): string {
    let memory = this.memory.get(source);
    if (memory === undefined) this.memory.set(source, (memory = newMemory()));
    if (memory.rests > 0) {
      memory.rests--;
      return '';
    }
    if (memory.column < 0) {
      vote(memory, text);
      this.memory.hasLearnt = true;
    }
    if (memory.column < 0) return '';
    const word = levelWordAt(text, columnStart(text, memory.column));
    if (word === '' || memory.misses > 0) this.memory.hasLearnt = true;
    memory.misses = word === '' ? memory.misses + 1 : 0;
    if (memory.misses >= mostMisses) forget(memory);
    return word;
  }
}

const newMemory = (): LevelVotes => ({
  lines: 0,
  rests: 0,
  votes: Array.from({ length: columns }, () => 0),
  first: Array.from({ length: columns }, () => null),
  various: 0,
  column: -1,
  misses: 0,
});

/** Counts which columns of a line hold levels, and chooses one when it is clear. */
function vote(memory: LevelVotes, text: string): void {
  memory.lines++;
  let at = skipBlanks(text, 0);
  for (let column = 0; column < columns && at < text.length; column++) {
    const word = levelWordAt(text, at);
    if (word !== '') {
      const level = levelOf(word);
      memory.votes[column]!++;
      memory.first[column] ??= level;
      if (memory.first[column] !== level) memory.various |= 1 << column;
    }
    at = nextColumn(text, at);
  }
  if (memory.lines < fewestVoting) return;
  memory.column = memory.votes.findIndex((votes, i) => votes * 10 >= memory.lines * 9 && (memory.various >> i) & 1);
  if (memory.column < 0 && memory.lines >= mostVoting) {
    forget(memory);
    memory.rests = restsFor;
  }
}

function forget(memory: LevelVotes): void {
  memory.lines = memory.various = memory.misses = 0;
  memory.votes.fill(0);
  memory.first.fill(null);
  memory.column = -1;
}

/** Where a column begins; the end of the text if it has fewer. */
function columnStart(text: string, column: number): number {
  let at = skipBlanks(text, 0);
  for (let i = 0; i < column; i++) at = nextColumn(text, at);
  return at;
}

function nextColumn(text: string, from: number): number {
  let at = from;
  const limit = from + longestColumn;
  while (at < limit && text.charCodeAt(at) > spaceCode) at++;
  return skipBlanks(text, at);
}

/** The level that a column begins with behind its signs, `(warn)` or `W@ledger`; '' for none. */
function levelWordAt(text: string, from: number): string {
  let start = from;
  while (start < from + mostSigns && !isWordCode(text.charCodeAt(start)) && text.charCodeAt(start) > spaceCode) start++;
  let end = start;
  while (end < start + longestLevel && isLetter(text.charCodeAt(end))) end++;
  if (end === start || isWordCode(text.charCodeAt(end))) return '';
  if (end - start === 1) return isUpper(text.charCodeAt(start)) ? letterAt(text, start) : '';
  if (!mayBeLevel(text, start, end)) return '';
  const word = text.slice(start, end);
  return plainLevelOf(word) === null ? '' : word;
}

const letterAt = (text: string, at: number): string => (letters.includes(text.charAt(at)) ? text.charAt(at) : '');

const letters = 'TDIWEF';
const columns = 8;
/** Lines after which a column may be chosen, after which none is, and for how many it is then not looked for. */
const [fewestVoting, mostVoting, restsFor] = [8, 32, 480];
const mostMisses = 8;
const [longestColumn, longestLevel, mostSigns] = [64, 12, 3];
