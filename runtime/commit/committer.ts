/**
 * How a task's epochs become durable and its outputs delivered: what a task hands to its committer, and the contract
 * of the three kinds (epochs.ts, transactions.ts, recipes.ts), of which the plan names one.
 */
import type { Shapes } from '../../graph/shape.ts';
import type { Delta, Json, Meta, TaskState } from '../../state/store.ts';
import type { Time } from '../../time/duration.ts';
import type { EventTimeMemory } from '../circuit/times.ts';
import type { LaneMeta } from './chunks.ts';
import type { Sent } from './outputs.ts';

/** Next positions by source uid and split. */
export type Positions = Meta['positions'];

/** What a task must know to go on where it stopped. */
export interface Restored {
  readonly positions: Positions;
  readonly eventTimes: Readonly<Record<string, EventTimeMemory>>;
  readonly tick: Time | undefined;
  /** By uid, the time of the last timer that fired because the input had ended. */
  readonly ended?: Readonly<Record<string, Time>> | undefined;
}

/** A stretch of one split, read without interruption; a recipe lists them in the order of reading. */
export interface ReadRange {
  readonly uid: string;
  readonly split: string;
  readonly from: Json;
  readonly to: Json;
}

/** An epoch as the task hands it over: nothing in it changes any more. */
export interface Frozen extends Sent {
  readonly positions: Positions;
  readonly deltas: readonly Delta[];
  readonly eventTimes: Readonly<Record<string, EventTimeMemory>>;
  readonly tick: Time | undefined;
  readonly ended: Readonly<Record<string, Time>>;
  readonly ranges: readonly ReadRange[];
  readonly recordsIn: number;
  readonly recordsLate: number;
  /** The last epoch before the task gives up its partitions: chunks are sealed however small. */
  readonly final: boolean;
}

/**
 * Makes epochs durable. With state, by an epoch commit with outbox; without state and to topics only, by the topics'
 * transaction; without state and to tables, by a recipe of the input.
 */
export interface Committer {
  /** The task's state store; one that holds nothing where the stage has no state. */
  readonly state: TaskState;
  readonly restored: Restored | undefined;
  /** The last committed epoch; −1 before the first. */
  readonly epoch: number;
  /** Makes outputs again that the last owner committed as ranges only; called before anything is read. */
  recover?(replay: (ranges: readonly ReadRange[]) => Promise<Sent>): Promise<void>;
  /** Makes the epoch durable and starts its delivery. */
  commit(epoch: Frozen): Promise<void>;
  /** Bytes committed and not yet delivered. */
  readonly pending: number;
  /** Whether rows wait for their chunk to be sealed by a later commit. */
  readonly open: boolean;
  /** Resolves when everything is delivered. Throws what made a delivery fail permanently. */
  settle(): Promise<void>;
  /** Resolves when everything is delivered that only this owner can settle: topics, but not tables. */
  settleTopics(): Promise<void>;
  /** Throws what made a delivery fail permanently, if anything did. */
  check(): void;
  close(): Promise<void>;
}

/** Metadata of the runtime inside an epoch's meta. */
export interface RuntimeMeta {
  readonly plan: string;
  readonly tick: Time | null;
  readonly eventTimes: Readonly<Record<string, EventTimeMemory>>;
  readonly lanes: Readonly<Record<string, LaneMeta>>;
  /** By topic. */
  readonly partitions: Readonly<Record<string, number>>;
  /** The topic that each source reads, by uid; older versions kept none. */
  readonly sources?: Readonly<Record<string, { readonly topic: string; readonly id: string }>>;
  /** What the stored state depends on; older versions kept none. */
  readonly shapes?: Shapes;
  /** As `ended` of what is restored; left out until an input has ended. */
  readonly ended?: Readonly<Record<string, Time>>;
}

/** The runtime's part of a meta. */
export const runtimeMeta = (meta: Meta): RuntimeMeta => meta.runtime as unknown as RuntimeMeta;

/** As JSON for a meta. */
export const asJson = (meta: RuntimeMeta): Json => meta as unknown as Json;
