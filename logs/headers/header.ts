/**
 * Reads the header of a line that no format knows: its pieces are taken one by one, brackets and bare tokens, and each
 * gets a role by its shape: time, level, process and thread, logger, place in the source, ids, `key=value`. Their
 * order and what separates them do not matter. A piece that could as well begin the message is doubtful and belongs
 * to the header only if one that is sure comes behind it.
 */
import { type Level, levelOfField } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  codeOf,
  colonCode,
  equalsCode,
  hashSignCode,
  isDigit,
  isLower,
  isUpper,
  isWordCode,
  openBraceCode,
  percentCode,
  skipBlanks,
  spaceCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { bare } from './bare.ts';
import { enclosed } from './brackets.ts';
import { levelAmongSigns, levelBeforeTime } from './marked-levels.ts';
import { shapeOf } from './shapes.ts';
import { HeaderState, type Verdict } from './state.ts';
import { bareEnd, closingOf, opensRecord, partnerOf } from './tokens.ts';
import { runnerCommand } from './tool-levels.ts';

/**
 * Reads headers. State: what the header read last says.
 *
 * @example
 * const header = new HeaderReader(new TimestampScanner('UTC'));
 * header.read('[2026-01-29 08:51:24] (main) WARN shop.Cart - slow', 0);
 * header.end // => 46
 * header.level // => 'WARN'
 */
export class HeaderReader {
  /** Where the message begins. */
  end = 0;
  /** Whether a bar stands before the message: more columns may stand behind it. */
  barred = false;
  readonly #state: HeaderState;

  constructor(scanner: TimestampScanner) {
    this.#state = new HeaderState(scanner);
  }

  get level(): Level | null {
    return this.#state.level;
  }

  /** The level as the line has it. */
  get word(): string {
    return this.#state.word;
  }

  /** Whether the header has a time; if so, the scanner holds it. */
  get timed(): boolean {
    return this.#state.timeAt >= 0;
  }

  /** Reads the header that begins at `start`. */
  read(text: string, start: number): void {
    const state = this.#state;
    state.begin(text);
    this.end = start;
    this.barred = false;
    const limit = Math.min(text.length, start + longest);
    let at = isDigit(text.charCodeAt(start)) ? -1 : levelBeforeTime(state, start);
    if (at < 0) at = this.#behindMark(start);
    if (at < 0) at = behindSigns(text, start);
    else state.pieces++;
    for (; state.pieces < maxPieces && at < limit; state.pieces++) {
      const verdict = pieceAt(state, at, limit);
      if (verdict === 'message') break;
      at = state.next;
      if (verdict === 'sure') {
        this.end = at;
        this.barred = state.separators.kind === 'bar';
        state.doubts = 0;
        state.notes.keep();
      } else if (++state.doubts > maxDoubts) break;
    }
    state.notes.forgetDoubts();
    if (this.timed) state.scanner.scan(text, state.timeAt);
  }

  /** Where the header goes on behind a level among signs, with which it begins; -1 for none. */
  #behindMark(start: number): number {
    const behind = levelAmongSigns(this.#state, start);
    if (behind < 0) return -1;
    this.#state.goOn(behind);
    return (this.end = this.#state.next);
  }

  /** Takes off the columns behind the message of a line: `… | text | org.shop.Cart | worker-7`. */
  takeColumns(log: ParsedLog): void {
    const lineEnd = log.message.indexOf('\n');
    const line = lineEnd < 0 ? log.message : log.message.slice(0, lineEnd);
    const last = line.lastIndexOf(' | ');
    const before = last < 0 ? -1 : line.lastIndexOf(' | ', last - 1);
    if (before < 0 || shapeOf(line, before + 3, last) !== 'dotted') return;
    log.parsed_fields['log.logger'] ??= line.slice(before + 3, last);
    log.parsed_fields['process.thread.name'] ??= line.slice(last + 3);
    log.message = line.slice(0, before) + log.message.slice(line.length);
  }

  /** Puts what the header says, but for time and level, into a log. */
  into(log: ParsedLog): void {
    this.#state.notes.into(log);
  }
}

/**
 * Where the header begins behind a run of one sign that decorates it: `####<Jan 29, …>`, `*Jan 29 …`, `>> [error]`. The
 * signs stay with a line that has none.
 */
function behindSigns(text: string, start: number): number {
  const sign = text.charCodeAt(start);
  if (!decorations.has(sign)) return start;
  // `%FACILITY-severity-NAME`.
  if (sign === percentCode && isUpper(text.charCodeAt(start + 1))) return start;
  if (text.startsWith('##', start) && isLower(text.charCodeAt(start + 2))) return start;
  let end = start + 1;
  while (end - start < longestRun && text.charCodeAt(end) === sign) end++;
  return skipBlanks(text, end);
}

function pieceAt(state: HeaderState, at: number, limit: number): Verdict {
  const { text } = state;
  if (state.isTime(at)) {
    state.goOn(state.scanner.end);
    return 'sure';
  }
  const code = text.charCodeAt(at);
  const behind = state.level === null && !isWordCode(code) ? levelAmongSigns(state, at) : -1;
  if (behind >= 0) {
    state.goOn(behind);
    return 'sure';
  }
  if (code === hashSignCode && text.startsWith('##[', at)) return command(state, at + 2, limit);
  if ((code === colonCode || code === hashSignCode) && text.charCodeAt(at + 1) === code && toRunner(state, at))
    return 'sure';
  if (code === equalsCode && state.timeAt >= 0 && isRuler(state, at)) return 'sure';
  if (partnerOf(code) === 0) return bare(state, at, bareEnd(text, at, limit));
  if (code === openBraceCode && opensRecord(text, at)) return 'message';
  const close = closingOf(text, at, limit);
  return close < 0 ? 'message' : enclosed(state, at, close);
}

/** Whether a run of signs alone closes the title that a time is in: `=== 2026-01-29 08:51:24 ===`. */
function isRuler(state: HeaderState, at: number): boolean {
  let end = at;
  while (end < at + longestRun && state.text.charCodeAt(end) === equalsCode) end++;
  if (end < at + 2 || state.text.charCodeAt(end) > spaceCode) return false;
  state.goOn(end);
  return true;
}

/** Whether a command to a runner names the level here. */
function toRunner(state: HeaderState, at: number): boolean {
  const found = state.level === null ? runnerCommand(state.text, at) : null;
  if (found === null) return false;
  state.noteLevel(levelOfField(found.word), found.word);
  state.next = found.end;
  return true;
}

/** `##[error]`, as runners of jobs write a level; other commands are what is said. */
function command(state: HeaderState, at: number, limit: number): Verdict {
  const close = closingOf(state.text, at, limit);
  const verdict = close < 0 ? 'message' : enclosed(state, at, close);
  return state.level === null ? 'message' : verdict;
}

const decorations = new Set(Array.from('#*>=~.%', codeOf));
const longestRun = 8;
const longest = 200;
const maxPieces = 14;
const maxDoubts = 4;
