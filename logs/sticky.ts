import type { TextFormat } from './format.ts';
import { textFormats } from './formats/index.ts';
import type { ParsedLog, Value } from './parsed-log.ts';
import { type Capture, type Layout, type Match, matches } from './pattern.ts';
import { integer } from './text.ts';
import type { TimestampScanner } from './timestamps.ts';
import { columnsOf, readColumns } from './w3c.ts';

/**
 * Reads a line by the layouts that its source has used lately, and only if none of them fits by all the others. A
 * source remembers up to eight layouts (a container writes its application's lines and its server's). They are tried
 * in the registry's order, the telling before the general, so that remembering changes what a line costs and hardly
 * ever how it reads; and every 64th line of a source is tried on everything, so that a choice made too early is
 * revised. Lines that no format reads are tried on everything, too, but only one in eight once there were many of
 * them. A source that names its columns, as the W3C's format has it, is read by them.
 *
 * State: per source its layouts, in two generations: a source that is heard of goes to the young one; when that is
 * full it becomes the old one, and the old one, sources not heard of since, is forgotten. Looking up thus writes
 * nothing.
 */
export class StickyFormats {
  /** Whether the last line that was read had a time; if so, the scanner holds it. */
  timed = false;

  readonly #match: Match;
  #young = new Map<string, Memory>();
  #old = new Map<string, Memory>();

  readonly #candidates: readonly Candidate[];

  /** `own` are formats that are tried before the built-in ones. */
  constructor(scanner: TimestampScanner, own: readonly TextFormat[] = []) {
    this.#candidates = own.length === 0 ? builtIn : [...candidatesOf(own), ...builtIn];
    const widest = Math.max(...this.#candidates.map(({ layout }) => layout.captures.length));
    this.#match = { scanner, spans: new Int32Array(2 * widest), level: null, timed: false };
  }

  /** The log of a line that a format reads, or null. */
  read(text: string, source: string): ParsedLog | null {
    const memory = this.#memoryOf(source);
    const revise = memory.lines++ % REVISE_EVERY === 0;
    const candidates = this.#candidates;
    const opening = text.charCodeAt(0);
    const timed = this.#match.scanner.scan(text, 0);
    if (opening === HASH) memory.columns = columnsOf(text) ?? memory.columns;
    if (timed && memory.columns !== null) {
      const log = readColumns(text, memory.columns, this.#match.scanner);
      this.timed = log !== null;
      if (log !== null) return log;
    }
    if (!revise) {
      for (let i = 0; i < memory.ranks.length; i++) {
        const { layout } = candidates[memory.ranks[i]!]!;
        if (!mayOpen(layout, opening, timed) || !matches(layout, text, this.#match)) continue;
        return this.#cut(candidates[memory.ranks[i]!]!, text);
      }
      if (memory.misses >= MANY_MISSES && ++memory.misses % RETRY_EVERY !== 0) return null;
    }
    for (let rank = 0; rank < candidates.length; rank++) {
      const { layout } = candidates[rank]!;
      if (!mayOpen(layout, opening, timed) || (!revise && memory.ranks.includes(rank))) continue;
      if (!matches(layout, text, this.#match)) continue;
      if (learn(memory, rank)) memory.misses = 0;
      return this.#cut(candidates[rank]!, text);
    }
    memory.misses++;
    return null;
  }

  #memoryOf(source: string): Memory {
    let memory = this.#young.get(source);
    if (memory !== undefined) return memory;
    memory = this.#old.get(source) ?? { ranks: [], lines: 0, columns: null, misses: 0 };
    if (this.#young.size >= MAX_SOURCES) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(source, memory);
    return memory;
  }

  /** Cuts the captures out of the line. */
  #cut({ format, layout }: Candidate, text: string): ParsedLog {
    const { spans, level, timed } = this.#match;
    this.timed = timed;
    const fields: Record<string, Value> = {};
    const log: ParsedLog = {
      timestamp: null,
      timestampSource: 'ingest',
      level,
      service: '',
      trace_id: null,
      span_id: null,
      message: '',
      format: format.name,
      parsed_fields: fields,
    };
    for (let i = 0; i < layout.captures.length; i++) {
      const start = spans[2 * i]!;
      if (start >= 0) note(log, layout.captures[i]!, cutValue(text, start, spans[2 * i + 1]!, layout.captures[i]!));
    }
    format.finish?.(log);
    return log;
  }
}

interface Candidate {
  readonly format: TextFormat;
  readonly layout: Layout;
}

interface Memory {
  /** Indices of candidates, ascending. */
  ranks: number[];
  lines: number;
  /** Columns that the source named in a directive of the W3C's format. */
  columns: readonly string[] | null;
  /** Lines that no layout fitted since one was learnt: after many of them, only some are tried on everything. */
  misses: number;
}

/** Whether a line that begins like this can be of a layout. */
function mayOpen({ opening: needed }: Layout, opening: number, timed: boolean): boolean {
  return needed === null || (needed === 'time' ? timed : needed === opening);
}

function learn(memory: Memory, rank: number): boolean {
  if (memory.ranks.includes(rank)) return false;
  if (memory.ranks.length >= MAX_LAYOUTS) memory.ranks.pop();
  memory.ranks = [...memory.ranks, rank].sort((a, b) => a - b);
  return true;
}

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

/** Digits that make no number stay text. */
function finite(value: number, text: string): Value {
  return Number.isFinite(value) ? value : text;
}

/** Puts a value where its name belongs; a lone `-` (null here) is how logs write that there is none. */
function note(log: ParsedLog, capture: Capture, value: Value | null): void {
  if (capture.name === 'message') log.message = value === null ? '-' : String(value);
  else if (value === null || capture.name === '') return;
  else if (capture.name === 'service.name') log.service = String(value);
  else if (capture.name === 'trace.id') log.trace_id = String(value);
  else if (capture.name === 'span.id') log.span_id = String(value);
  else log.parsed_fields[capture.name] = value;
}

function candidatesOf(formats: readonly TextFormat[]): readonly Candidate[] {
  return formats.flatMap((format) => format.layouts.map((layout) => ({ format, layout })));
}

const builtIn = candidatesOf(textFormats);

const HASH = 35;
const MAX_LAYOUTS = 8;
const MAX_SOURCES = 10_000;
const REVISE_EVERY = 64;
const MANY_MISSES = 32;
const RETRY_EVERY = 8;
