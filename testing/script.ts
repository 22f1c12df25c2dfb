/**
 * The script of a play: per source a list of records, and verbs between them that say what befalls the job. A verb
 * happens once, when the source has been read up to it; after a crash records are read again, verbs do not repeat.
 */

import { MillraceError } from '../errors.ts';
import type { PollLimit, SourceBatch, SourceReader, SourceSpec } from '../graph/connector.ts';
import type { Duration, Time } from '../time/duration.ts';
import { Crash } from './faults.ts';

const verb: unique symbol = Symbol('verb');

/** What can be answered with an unknown outcome. */
export type Uncertain = 'commit' | 'transaction' | 'insert';

/** Something that happens in a play. */
export type Verb = { readonly [verb]: true } & (
  | { readonly kind: 'crash' | 'idle' | 'end' }
  | { readonly kind: 'pause' | 'advance'; readonly ms: Duration }
  | { readonly kind: 'wake'; readonly uid: string }
  | { readonly kind: 'unknown'; readonly of: Uncertain; readonly applied: boolean }
);

/** The process dies here, with all it has not committed; a new one takes the task over. */
export const CRASH: Verb = { [verb]: true, kind: 'crash' };
/** From here on the source says nothing, but stays open, until another one says WAKE. */
export const IDLE: Verb = { [verb]: true, kind: 'idle' };
/** The source ends: nothing will ever come from it again. When all have ended, every window fires. */
export const END: Verb = { [verb]: true, kind: 'end' };
/** The source says nothing for so long, while the clock goes on. */
export const PAUSE = (ms: Duration): Verb => ({ [verb]: true, kind: 'pause', ms });
/** The clock moves at once. */
export const ADVANCE = (ms: Duration): Verb => ({ [verb]: true, kind: 'advance', ms });
/** Ends the silence of another source. */
export const WAKE = (uid: string): Verb => ({ [verb]: true, kind: 'wake', uid });
/** The next such call gets no answer: it was applied all the same, or not. */
export const UNKNOWN_OUTCOME = (of: Uncertain, applied: boolean): Verb => ({
  [verb]: true,
  kind: 'unknown',
  of,
  applied,
});

/** Per source uid what it says and what happens. */
export type Script = { readonly [source: string]: readonly unknown[] };

/** What verbs do to the world. */
export interface Stage {
  now(): Time;
  advance(ms: Duration): void;
  crash(): void;
  unknown(of: Uncertain, applied: boolean): void;
}

/** The sources of a play while it goes on. */
export class Prompter {
  readonly #stage: Stage;
  readonly #parts: ReadonlyMap<string, Part>;

  constructor(script: Script, stage: Stage) {
    this.#stage = stage;
    const partOf = (lines: readonly unknown[]): Part => ({ lines, done: new Set(), wakes: 0, resumesAt: undefined });
    this.#parts = new Map(Object.entries(script).map(([uid, lines]) => [uid, partOf(lines)]));
  }

  /** When the next pause ends; undefined if nobody pauses. */
  get nextCue(): Time | undefined {
    const cues = [...this.#parts.values()].flatMap((part) => part.resumesAt ?? []);
    return cues.length === 0 ? undefined : Math.min(...cues);
  }

  /** The source that speaks the part of `uid`. */
  source(uid: string): SourceSpec<unknown> {
    const part = this.#parts.get(uid)!;
    const reader: SourceReader<unknown> = {
      splits: async () => ['0'],
      start: async () => 0,
      poll: async (_split, position, limit) => this.#poll(part, position as number, limit),
      close: async () => {},
    };
    return { kind: 'script', label: `script of ${part.lines.length}`, replayable: true, open: async () => reader };
  }

  #poll(part: Part, at: number, { maxRecords, until }: PollLimit): SourceBatch<unknown> | undefined | 'ended' {
    const line = part.lines[at];
    if (at >= part.lines.length) return undefined;
    if (!isVerb(line)) {
      const end = Math.min(at + maxRecords, typeof until === 'number' ? until : part.lines.length);
      const verbAt = part.lines.findIndex((l, i) => i > at && isVerb(l));
      const values = part.lines.slice(at, verbAt === -1 ? end : Math.min(end, verbAt));
      const times = new Float64Array(values.length).fill(this.#stage.now());
      return { values, times, refused: [], next: at + values.length };
    }
    if (line.kind === 'end') return 'ended';
    if (!part.done.has(at) && !this.#act(part, line, at)) return undefined;
    part.done.add(at);
    return { values: [], times: new Float64Array(0), refused: [], next: at + 1 };
  }

  /** Does what the verb says; false while the source must not go on behind it. */
  #act(part: Part, line: Verb, at: number): boolean {
    switch (line.kind) {
      case 'crash':
        part.done.add(at);
        this.#stage.crash();
        throw new Crash('the script says so');
      case 'idle':
        if (part.wakes === 0) return false;
        part.wakes--;
        break;
      case 'pause':
        part.resumesAt ??= this.#stage.now() + line.ms;
        if (this.#stage.now() < part.resumesAt) return false;
        part.resumesAt = undefined;
        break;
      case 'wake':
        this.#wake(line.uid);
        break;
      case 'advance':
        this.#stage.advance(line.ms);
        break;
      case 'unknown':
        this.#stage.unknown(line.of, line.applied);
        break;
    }
    return true;
  }

  #wake(uid: string): void {
    const part = this.#parts.get(uid);
    if (part === undefined) {
      throw new MillraceError('OPTION_INVALID', { option: 'WAKE', owner: 'a script', got: uid, expected: 'a source' });
    }
    part.wakes++;
  }
}

/** One source's lines, and how far it is with its verbs. */
interface Part {
  readonly lines: readonly unknown[];
  readonly done: Set<number>;
  wakes: number;
  resumesAt: Time | undefined;
}

const isVerb = (line: unknown): line is Verb => typeof line === 'object' && line !== null && verb in line;
