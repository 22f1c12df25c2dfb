/**
 * The script of a play: a list of records per source, with verbs between them that say what happens to the job. A verb
 * happens once, when the source has been read up to it. After a crash records are read again, but verbs do not repeat.
 */

import { MillraceError } from '../errors.ts';
import type { PollLimit, SourceBatch, SourceReader, SourceSpec } from '../graph/connector.ts';
import type { Duration, Time } from '../time/duration.ts';
import { Crash } from './faults.ts';

const verb: unique symbol = Symbol('verb');

/** A call whose outcome can be unknown. */
export type Uncertain = 'commit' | 'transaction' | 'insert';

/** Something that happens in a play. */
export type Verb = { readonly [verb]: true } & (
  | { readonly kind: 'crash' | 'idle' | 'end' }
  | { readonly kind: 'pause' | 'advance'; readonly ms: Duration }
  | { readonly kind: 'wake'; readonly uid: string }
  | { readonly kind: 'unknown'; readonly call: Uncertain; readonly applied: boolean }
);

/** The process dies here and loses what it has not committed; a new one takes the task over. */
export const CRASH: Verb = { [verb]: true, kind: 'crash' };
/** From here on the source is silent, but open, until another source has a WAKE. */
export const IDLE: Verb = { [verb]: true, kind: 'idle' };
/** The source ends: no record follows. When all sources have ended, every window fires. */
export const END: Verb = { [verb]: true, kind: 'end' };
/** The source is silent for `ms` milliseconds, while the clock advances. */
export const PAUSE = (ms: Duration): Verb => ({ [verb]: true, kind: 'pause', ms });
/** The clock advances at once by `ms` milliseconds. */
export const ADVANCE = (ms: Duration): Verb => ({ [verb]: true, kind: 'advance', ms });
/** Ends the IDLE of another source. */
export const WAKE = (uid: string): Verb => ({ [verb]: true, kind: 'wake', uid });
/** The answer of the next such call is lost; `applied` says whether the call took effect. */
export const UNKNOWN_OUTCOME = (call: Uncertain, applied: boolean): Verb => ({
  [verb]: true,
  kind: 'unknown',
  call,
  applied,
});

/** The records and verbs of each source, by its uid. */
export type Script = { readonly [source: string]: readonly unknown[] };

/** What verbs can do to a play. */
export interface PlayControls {
  now(): Time;
  advance(ms: Duration): void;
  crash(): void;
  loseAnswer(call: Uncertain, applied: boolean): void;
}

/** The sources of a play while it runs. */
export class ScriptedSources {
  readonly #controls: PlayControls;
  readonly #scripts: ReadonlyMap<string, SourceScript>;

  constructor(script: Script, controls: PlayControls) {
    this.#controls = controls;
    const scriptOf = (lines: readonly unknown[]): SourceScript => ({
      lines,
      done: new Set(),
      wakes: 0,
      resumesAt: undefined,
    });
    this.#scripts = new Map(Object.entries(script).map(([uid, lines]) => [uid, scriptOf(lines)]));
  }

  /** When the next pause ends; undefined if no source pauses. */
  get nextResume(): Time | undefined {
    const ends = [...this.#scripts.values()].flatMap((script) => script.resumesAt ?? []);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** The source that reads the script of `uid`. */
  source(uid: string): SourceSpec<unknown> {
    const script = this.#scripts.get(uid)!;
    const reader: SourceReader<unknown> = {
      splits: async () => ['0'],
      start: async () => 0,
      poll: async (_split, position, limit) => this.#poll(script, position as number, limit),
      close: async () => {},
    };
    return { kind: 'script', label: `script of ${script.lines.length}`, replayable: true, open: async () => reader };
  }

  #poll(
    script: SourceScript,
    at: number,
    { maxRecords, until }: PollLimit,
  ): SourceBatch<unknown> | undefined | 'ended' {
    const line = script.lines[at];
    if (at >= script.lines.length) return undefined;
    if (!isVerb(line)) {
      const end = Math.min(at + maxRecords, typeof until === 'number' ? until : script.lines.length);
      const verbAt = script.lines.findIndex((l, i) => i > at && isVerb(l));
      const values = script.lines.slice(at, verbAt === -1 ? end : Math.min(end, verbAt));
      const times = new Float64Array(values.length).fill(this.#controls.now());
      return { values, times, refused: [], next: at + values.length };
    }
    if (line.kind === 'end') return 'ended';
    if (!script.done.has(at) && !this.#act(script, line, at)) return undefined;
    script.done.add(at);
    return { values: [], times: new Float64Array(0), refused: [], next: at + 1 };
  }

  /** Carries out a verb; false while the source must not read on after it. */
  #act(script: SourceScript, line: Verb, at: number): boolean {
    switch (line.kind) {
      case 'crash':
        script.done.add(at);
        this.#controls.crash();
        throw new Crash('the script has a CRASH here');
      case 'idle':
        if (script.wakes === 0) return false;
        script.wakes--;
        break;
      case 'pause':
        script.resumesAt ??= this.#controls.now() + line.ms;
        if (this.#controls.now() < script.resumesAt) return false;
        script.resumesAt = undefined;
        break;
      case 'wake':
        this.#wake(line.uid);
        break;
      case 'advance':
        this.#controls.advance(line.ms);
        break;
      case 'unknown':
        this.#controls.loseAnswer(line.call, line.applied);
        break;
    }
    return true;
  }

  #wake(uid: string): void {
    const script = this.#scripts.get(uid);
    if (script === undefined) {
      throw new MillraceError('OPTION_INVALID', { option: 'WAKE', owner: 'a script', got: uid, expected: 'a source' });
    }
    script.wakes++;
  }
}

/** The lines of one source, and which of its verbs have happened. */
interface SourceScript {
  readonly lines: readonly unknown[];
  readonly done: Set<number>;
  wakes: number;
  resumesAt: Time | undefined;
}

const isVerb = (line: unknown): line is Verb => typeof line === 'object' && line !== null && verb in line;
