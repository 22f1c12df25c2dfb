/**
 * Reads a line by the layouts that its source has used lately, and only if none of them fits by all the others. A
 * source remembers up to eight layouts (a container writes its application's lines and its server's). They are tried
 * in the registry's order, the telling before the general, so that remembering changes what a line costs and hardly
 * ever how it reads; and every 64th line of a source is tried on everything, so that a choice made too early is
 * revised. Lines that no format reads are tried on everything, too, but only one in eight once there were many of
 * them.
 *
 * State: per source its layouts.
 */
import type { TextFormat } from '../formats/format.ts';
import { textFormats } from '../formats/index.ts';
import { firstSetIndex, firstSetLength } from '../layouts/first-set.ts';
import { type Capture, type Layout, type Match, matches } from '../layouts/layout.ts';
import { newLog, type ParsedLog, type Value } from '../parsed-log.ts';
import { SourceMemory } from '../source-memory.ts';
import { codeOf, finite, integer, isDigit, isLower, isUpper, skipBlanks, zeroCode } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';

/** Reads lines by the layouts of all formats; keeps per source which of them it has used. */
export class StickyFormats {
  /** Whether the last line that was read had a time; if so, the scanner holds it. */
  timed = false;
  /** Whether the line that `readSettled` left last is of a source of which no format reads any such line. */
  isProse = false;

  readonly #match: Match;
  readonly memory = new SourceMemory<Memory>();

  readonly #candidates: readonly Candidate[];
  /** How many of them are the user's. */
  readonly #own: number;
  /** Ranks of candidates by what lines begin with, without a time and with one. */
  readonly #ranks: (Int32Array | undefined)[] = [];

  /** `own` are formats that are tried before the built-in ones. */
  constructor(scanner: TimestampScanner, own: readonly TextFormat[] = []) {
    this.#own = candidatesOf(own).length;
    this.#candidates = own.length === 0 ? builtIn : [...candidatesOf(own), ...builtIn];
    const widest = Math.max(...this.#candidates.map(({ layout }) => layout.captures.length));
    this.#match = { scanner, spans: new Int32Array(2 * widest), level: null, timed: false };
  }

  /** The log of a line that one of the user's formats reads, or null. */
  readOwn(text: string): ParsedLog | null {
    for (let i = 0; i < this.#own; i++) {
      const candidate = this.#candidates[i]!;
      if (matches(candidate.layout, text, this.#match)) return this.#cut(candidate, text);
    }
    return null;
  }

  /** Whether a source has written so many lines that it does not begin to name columns. */
  isEstablished(source: string): boolean {
    return (this.memory.get(source)?.lines ?? 0) > settledAfter;
  }

  /** How many lines a source has written, up to where it is established; undefined where none is known. */
  linesOf(source: string): number | undefined {
    const lines = this.memory.get(source)?.lines;
    return lines && Math.min(lines, settledAfter + 1);
  }

  /** Knows of a source only that it has written so many lines. */
  begin(source: string, lines: number | undefined): void {
    this.memory.put(source, lines === undefined ? undefined : { ...newMemory(), lines });
  }

  /**
   * The log of a line that a source writes by one of its layouts, without a look at what might be around it, if the
   * source is known for long and nothing was around lines that began alike; else null, and every 64th time. Then
   * `isProse` tells whether no format would read the line either.
   */
  readSettled(text: string, source: string): ParsedLog | null {
    this.isProse = false;
    const memory = this.memory.get(source);
    if (memory === undefined || memory.lines < settledAfter || memory.lines % reviseEvery === 0) return null;
    const { scanner } = this.#match;
    const timed = scanner.scan(text, 0);
    const beginning = beginningOf(text, timed ? scanner.end : -1);
    // A small letter may also begin the name of a container, which a layout may take for a host.
    if (beginning === smallCode || !memory.beginnings.includes(beginning)) return null;
    if (memory.ranks.length === 0) {
      this.isProse =
        beginning === capitalsBehindTime && memory.misses > manyMisses && ++memory.misses % retryEvery !== 0;
      if (this.isProse) memory.lines++;
      return null;
    }
    const log = this.#readSticky(text, memory, timed);
    if (log !== null) memory.lines++;
    return log;
  }

  /** The log of a line that a format reads, or null; `isBare` says that nothing was around it. */
  read(text: string, source: string, isBare = false): ParsedLog | null {
    let memory = this.memory.get(source);
    if (memory === undefined) this.memory.set(source, (memory = newMemory()));
    if (isBare) this.#noteBeginning(text, memory);
    if (memory.lines <= settledAfter) this.memory.hasLearnt = true;
    const revise = memory.lines++ % reviseEvery === 0;
    const candidates = this.#candidates;
    if (!revise) {
      const log = this.#readSticky(text, memory);
      if (log !== null) return log;
      if (memory.misses >= manyMisses && ++memory.misses % retryEvery !== 0) return null;
    }
    const start = firstSetIndex(text, 0);
    const timed = this.#match.scanner.scan(text, 0);
    const next = this.#nextIndex(text, timed);
    const ranks = this.#ranksOf(start, timed);
    for (let i = 0; i < ranks.length; i++) {
      const rank = ranks[i]!;
      const candidate = candidates[rank]!;
      if (!mayBegin(candidate.layout, start, next) || (!revise && memory.ranks.includes(rank))) continue;
      if (!matches(candidate.layout, text, this.#match)) continue;
      if (learn(memory, rank)) memory.misses = 0;
      return this.#cut(candidate, text);
    }
    memory.misses++;
    return null;
  }

  /** Keeps how lines begin that have nothing around them. */
  #noteBeginning(text: string, memory: Memory): void {
    if (memory.beginnings.length >= maxBeginnings) return;
    const { scanner } = this.#match;
    const beginning = beginningOf(text, scanner.scan(text, 0) ? scanner.end : -1);
    if (!memory.beginnings.includes(beginning)) memory.beginnings.push(beginning);
  }

  /** The log of a line by the layouts that its source has used lately, or null. */
  #readSticky(text: string, { ranks }: Memory, timedOnly = false): ParsedLog | null {
    const start = firstSetIndex(text, 0);
    const next = this.#nextIndex(text, this.#match.scanner.scan(text, 0));
    for (let i = 0; i < ranks.length; i++) {
      const candidate = this.#candidates[ranks[i]!]!;
      if (timedOnly && !candidate.layout.first.time) continue;
      if (mayBegin(candidate.layout, start, next) && matches(candidate.layout, text, this.#match))
        return this.#cut(candidate, text);
    }
    return null;
  }

  /** The index in FIRST sets of what stands behind the time at the start of a text; -1 for no time. */
  #nextIndex(text: string, timed: boolean): number {
    return timed ? firstSetIndex(text, skipBlanks(text, this.#match.scanner.end)) : -1;
  }

  /** Ranks of the candidates that may begin with the character of index `start`, or with a time. */
  #ranksOf(start: number, timed: boolean): Int32Array {
    const at = timed ? start + firstSetLength : start;
    let ranks = this.#ranks[at];
    if (ranks === undefined) {
      const may = ({ layout }: Candidate): boolean => mayBegin(layout, start, -1) || (timed && layout.first.time);
      ranks = Int32Array.from(this.#candidates.flatMap((candidate, rank) => (may(candidate) ? rank : [])));
      this.#ranks[at] = ranks;
    }
    return ranks;
  }

  /** Cuts the captures out of the line. */
  #cut({ format, layout }: Candidate, text: string): ParsedLog {
    const { spans, level, timed } = this.#match;
    this.timed = timed;
    const log = newLog(format.name, '');
    log.level = level;
    for (let i = 0; i < layout.captures.length; i++) {
      const start = spans[2 * i]!;
      if (start >= 0) note(log, layout.captures[i]!, cutValue(text, start, spans[2 * i + 1]!, layout.captures[i]!));
    }
    format.finish?.(log);
    return log;
  }
}

/**
 * How a line begins: its first sign, or that it is a time which ends at `timeEnd` and the first two signs behind. A
 * wrapper in front of lines makes them begin otherwise, or with a time that no layout of theirs goes on from.
 */
function beginningOf(text: string, timeEnd: number): number {
  if (timeEnd < 0) return signOf(text.charCodeAt(0));
  const at = skipBlanks(text, timeEnd);
  return afterTime | (signOf(text.charCodeAt(at)) << 7) | signOf(text.charCodeAt(at + 1));
}

/** A character's code; one for all digits, one for small and one for capital letters, one for all beyond ASCII. */
function signOf(code: number): number {
  if (isLower(code)) return smallCode;
  if (isUpper(code)) return capitalCode;
  if (isDigit(code)) return zeroCode;
  return Math.min(code, 127);
}

interface Candidate {
  readonly format: TextFormat;
  readonly layout: Layout;
}

/** What is known of a source. */
export interface Memory {
  /** Indices of candidates, ascending. */
  readonly ranks: number[];
  lines: number;
  /** How lines began that had nothing around them. */
  readonly beginnings: number[];
  /** Lines that no layout fitted since one was learnt: after many of them, only some are tried on everything. */
  misses: number;
}

const newMemory = (): Memory => ({ ranks: [], lines: 0, beginnings: [], misses: 0 });

/**
 * Whether a line can be of a layout: `start` is the index of its first character in FIRST sets, `next` that of the
 * first one behind the time it begins with (-1 for no time).
 */
function mayBegin({ first, afterTime }: Layout, start: number, next: number): boolean {
  return first.codes[start] === 1 || (next >= 0 && first.time && afterTime.codes[next] === 1);
}

function learn(memory: Memory, rank: number): boolean {
  const { ranks } = memory;
  if (ranks.includes(rank)) return false;
  if (ranks.length >= maxLayouts) ranks.pop();
  let at = ranks.push(rank) - 1;
  for (; at > 0 && ranks[at - 1]! > rank; at--) ranks[at] = ranks[at - 1]!;
  ranks[at] = rank;
  return true;
}

// hot: called for every capture of every line.
function cutValue(text: string, start: number, end: number, capture: Capture): Value | null {
  switch (capture.kind) {
    case 'integer':
      return integer(text, start, end);
    case 'decimal':
      return finite(Number(text.slice(start, end)), text.slice(start, end));
    case 'nanoseconds':
      return finite(Math.round(Number(text.slice(start, end)) * 1e9), text.slice(start, end));
    case 'text':
      return end === start + 1 && text[start] === '-' ? null : text.slice(start, end);
  }
}

/** Puts a value where its name belongs; a lone `-` (null here) is how logs write that there is none. */
function note(log: ParsedLog, { name, isField }: Capture, value: Value | null): void {
  if (isField) {
    if (value !== null) log.parsed_fields[name] = value;
  } else if (name === 'message') log.message = value === null ? '-' : String(value);
  else if (value === null) return;
  else if (name === 'service.name') log.service = String(value);
  else if (name === 'trace.id') log.trace_id = String(value);
  else if (name === 'span.id') log.span_id = String(value);
}

function candidatesOf(formats: readonly TextFormat[]): readonly Candidate[] {
  return formats.flatMap((format) => format.layouts.map((layout) => ({ format, layout })));
}

const builtIn = candidatesOf(textFormats);

const maxLayouts = 8;
const reviseEvery = 64;
const settledAfter = 64;
const maxBeginnings = 16;
const [smallCode, capitalCode] = [codeOf('a'), codeOf('A')];
/** Above all signs of a line that begins with a time. */
const afterTime = 1 << 14;
/** A word in capitals behind a time, which no wrapper writes. */
const capitalsBehindTime = afterTime | (capitalCode << 7) | capitalCode;
const manyMisses = 32;
const retryEvery = 8;
