/**
 * The port to keyed state: per task one atomic, fenced epoch commit with a durable outbox. Redis, an LMDB file and
 * memory implement it; `test/conformance/state.ts` checks each.
 */

/**
 * A named set of entries. `value` spaces hold one entry per key (its `sub` is ''), `map` spaces any number per key.
 * Space names are `uid/state`; `~` is reserved for the runtime.
 */
export interface Space {
  readonly name: string;
  readonly kind: 'value' | 'map';
}

/** One changed entry; a null value deletes it. `key` and `sub` are canonical texts (see state/key.ts). */
export interface Delta {
  readonly space: string;
  readonly key: string;
  readonly sub: string;
  readonly value: Uint8Array | null;
}

/** An entry as loaded: within its key, `sub` names it. */
export type Loaded = readonly (readonly [sub: string, value: Uint8Array])[];

/** JSON that positions and metadata are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What a task stores about itself; each commit replaces all of it. */
export interface Meta {
  /** Raised by restore and reset; delivery marks of other generations do not count. */
  readonly generation: number;
  /** Epochs count up by one from 0, the commit of the starting positions. */
  readonly epoch: number;
  /** Identifies the attempt: a resent commit whose id is stored is a success. */
  readonly commitId: string;
  /** Next position per source uid and split. */
  readonly positions: { readonly [uid: string]: { readonly [split: string]: Json } };
  /**
   * Everything else that the runtime must restore: watermark, clock tick, plan hash, partition counts, chunk numbers.
   */
  readonly runtime: Json;
}

/**
 * Output waiting for delivery. A lane is delivered in order and independently of other lanes: `topics`, or the uid of a
 * sink that writes chunks. Within a lane `seq` rises.
 */
export interface OutboxEntry {
  readonly lane: string;
  readonly seq: number;
  readonly epoch: number;
  readonly payload: Uint8Array;
}

/** One epoch, all or nothing. */
export interface EpochCommit {
  readonly meta: Meta;
  readonly deltas: readonly Delta[];
  readonly outbox: readonly OutboxEntry[];
}

/**
 * A task's state as held by its present owner. Errors of every method that writes: STATE_FENCED (the task has
 * a new owner: stop), OUTCOME_UNKNOWN (send the same commit again; its id decides).
 */
export interface TaskState {
  /** This owner's fence; a later owner has a higher one. */
  readonly fence: number;
  /** As of the take-over; undefined if the task never committed. */
  readonly meta: Meta | undefined;
  /**
   * How often the task was reset. If a task is known to have delivered, and the store has neither its meta nor a reset,
   * then the store was emptied. Undefined where nothing is stored at all.
   */
  readonly resets?: number;
  /** Entries per key, in the order of `keys`; an empty array where there are none. */
  load(space: Space, keys: readonly string[]): Promise<readonly Loaded[]>;
  /** Every entry of a space, in pages, in any order. */
  scan(space: Space): AsyncIterable<readonly (readonly [key: string, sub: string, value: Uint8Array])[]>;
  /** Every undelivered entry, ordered by lane and seq. */
  outbox(): Promise<readonly OutboxEntry[]>;
  /**
   * Applies the epoch if the fence still holds and `meta.epoch` follows the stored one. Further errors:
   * STATE_EPOCH_GAP.
   */
  commit(commit: EpochCommit): Promise<void>;
  /** Resolves when all commits so far survive the loss of one store node; deliver nothing before. */
  confirm(): Promise<void>;
  /** Drops the lane's entries up to and including `seq`. */
  acknowledge(lane: string, seq: number): Promise<void>;
  /** Deletes everything of the named spaces. */
  drop(spaces: readonly Space[]): Promise<void>;
  /** The names of all spaces that hold entries. */
  spaces(): Promise<readonly string[]>;
}

/** Keyed state of many tasks. */
export interface StateStore {
  /**
   * Takes the task over: raises its fence, so that the former owner can no longer commit. `known` is the highest fence
   * that this process has seen of the task. Errors: STATE_LOST_WRITES if the store's fence is below it.
   */
  open(job: string, task: string, known?: number): Promise<TaskState>;
  /** Forgets everything about the job. */
  reset(job: string): Promise<void>;
  close(): Promise<void>;
}
