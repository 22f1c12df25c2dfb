import type { TextFormat } from './format.ts';
import { textFormats } from './formats/index.ts';
import type { ParsedLog, Value } from './parsed-log.ts';
import { type Capture, type Layout, type Match, matches } from './pattern.ts';
import { integer } from './text.ts';
import type { TimestampScanner } from './timestamps.ts';

/**
 * Reads a line by the layouts that its source has used lately, and only if none of them fits by all the others. A
 * source remembers up to four layouts (a container writes its application's lines and its server's). They are tried
 * in the registry's order, the telling before the general, so that remembering changes what a line costs and hardly
 * ever how it reads; and every 64th line of a source is tried on everything, so that a choice made too early is
 * revised. A source whose lines no format reads is tried on every eighth line only.
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

  constructor(scanner: TimestampScanner) {
    this.#match = { scanner, spans: new Int32Array(2 * widest), level: null, timed: false };
  }

  /** The log of a line that a format reads, or null. */
  read(text: string, source: string): ParsedLog | null {
    const memory = this.#memoryOf(source);
    const revise = memory.lines++ % (memory.misses >= MANY_MISSES ? RETRY_EVERY : REVISE_EVERY) === 0;
    if (!revise) {
      for (let i = 0; i < memory.ranks.length; i++) {
        const candidate = candidates[memory.ranks[i]!]!;
        if (matches(candidate.layout, text, this.#match)) {
          memory.misses = 0;
          return this.#cut(candidate, text);
        }
      }
    }
    if (!revise && memory.misses >= MANY_MISSES) return null;
    const opening = text.charCodeAt(0);
    const timed = this.#match.scanner.scan(text, 0);
    for (let rank = 0; rank < candidates.length; rank++) {
      const candidate = candidates[rank]!;
      const needed = candidate.layout.opening;
      if (needed === null || (needed === 'time' ? timed : needed === opening)) {
        if (!revise && memory.ranks.includes(rank)) continue;
        if (matches(candidate.layout, text, this.#match)) {
          memory.misses = 0;
          learn(memory, rank);
          return this.#cut(candidate, text);
        }
      }
    }
    memory.misses++;
    return null;
  }

  #memoryOf(source: string): Memory {
    let memory = this.#young.get(source);
    if (memory !== undefined) return memory;
    memory = this.#old.get(source) ?? { ranks: [], lines: 0, misses: 0 };
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
  /** Lines since the last one of a format: of a source that has none, only some are tried on everything. */
  misses: number;
}

function learn(memory: Memory, rank: number): void {
  if (memory.ranks.includes(rank)) return;
  if (memory.ranks.length >= MAX_LAYOUTS) memory.ranks.pop();
  memory.ranks = [...memory.ranks, rank].sort((a, b) => a - b);
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
  else if (value === null) return;
  else if (capture.name === 'service.name') log.service = String(value);
  else if (capture.name === 'trace.id') log.trace_id = String(value);
  else if (capture.name === 'span.id') log.span_id = String(value);
  else log.parsed_fields[capture.name] = value;
}

const candidates: readonly Candidate[] = textFormats.flatMap((format) =>
  format.layouts.map((layout) => ({ format, layout })),
);
const widest = Math.max(...candidates.map(({ layout }) => layout.captures.length));

const MAX_LAYOUTS = 4;
const MAX_SOURCES = 10_000;
const REVISE_EVERY = 64;
const MANY_MISSES = 32;
const RETRY_EVERY = 8;
