/**
 * What an operator is at run time, without the runtime: handlers for single values and timers. One seam
 * (runtime/circuit/operate.ts) turns handlers into an RxJS operator and orders data, timers, watermarks and barriers for all.
 */
import type { Codec } from '../codecs/codec.ts';
import type { Key, KeyPart } from '../state/key.ts';
import type { MapState, ValueState } from '../state/keyed.ts';
import type { Duration, Time } from '../time/duration.ts';
import type { Nothing } from './promises.ts';

/** Where a handler sends its results. Calls are synchronous; nothing may be kept for later. */
export interface Out<R> {
  /** Sends a value at the time of the record or timer being handled, under its key. */
  emit(value: R): void;
  /** Sends a value at another time; not before the watermark, or it will be late downstream. */
  emitAt(value: R, time: Time): void;
  /**
   * Makes a dead letter of `what`, because `error` kept a result of `time` from being made. The call goes on, and what it
   * changes counts; to throw would take all of it back.
   */
  refuse(what: unknown, time: Time, error: unknown): void;
}

/** Sends a value to a named side output. */
export type Emit<X> = (value: X) => void;

/** The moments of an operator's life. All are called synchronously and single-threaded. */
export interface Handlers<T, R> {
  onData(value: T, time: Time, out: Out<R>): Nothing;
  /** An event-time timer of this operator is due, under its key; the watermark has reached `time`. */
  onTimer?(time: Time, out: Out<R>): Nothing;
  /** The watermark advanced; called after the timers it made due and before it is passed on. No key is current. */
  onWatermark?(time: Time, out: Out<R>): Nothing;
  /** The recorded clock ticked (about once a second in live mode). No key is current. */
  onTick?(now: Time, out: Out<R>): Nothing;
  /** The second input of a `broadcast`: a value of the control stream. No key is current. */
  onControl?(value: unknown, time: Time, out: Out<R>): Nothing;
}

/** How a state behaves. */
export interface StateOptions {
  /** Entries not written for this long in event time are deleted; swept in buckets of an eighth of it. */
  readonly ttl?: Duration;
  /**
   * That the operator's code throws, if at all, before it changes a value of this state in place: records need not be
   * read again after a throw. `'storable'` says as well that its codec takes every value that is set: values need not be
   * saved before they are handed out, nor tried behind each call.
   */
  readonly intact?: boolean | 'storable';
}

/** How a value state behaves. */
export interface ValueOptions<V> extends StateOptions {
  /**
   * The operator's timers follow from the value: none is stored, after a restart they are set to these times again.
   * For operators that keep one value per key and set every timer by it.
   */
  readonly timers?: (value: V) => readonly Time[];
}

/** How a map state behaves. */
export interface MapOptions<T> extends StateOptions {
  /** Entries per key beyond this are a coded error (STATE_OVERFLOW). Default 10 000; ignored when lazy. */
  readonly limit?: number;
  /**
   * Makes the map lazy: only the sub-keys named here are loaded for an event. All others read as absent, and writing
   * one is refused.
   */
  readonly prefetch?: (event: T) => readonly KeyPart[];
}

/** What an operator may ask for while it is being made, and consult while it runs. */
export interface OpContext<T> {
  readonly uid: string;
  /** The key of the record or timer being handled. */
  readonly key: Key;
  /** Highest watermark handled; −Infinity before the first, +Infinity when the input has ended. */
  readonly watermark: Time;
  /** State of one value per key. */
  value<V>(name: string, codec: Codec<V>, options?: ValueOptions<V>): ValueState<V>;
  /** State of many values per key. */
  map<S extends KeyPart, V>(name: string, codec: Codec<V>, options?: MapOptions<T>): MapState<S, V>;
  /** State shared by all keys of the task, filled by the control input of a broadcast. Whole in memory. */
  shared<S extends KeyPart, V>(name: string, codec: Codec<V>): MapState<S, V>;
  /** Calls onTimer under the present key once the watermark reaches `at`; asking twice for one time is asking once. */
  timer(at: Time): void;
  /** Takes a timer of the present key back. */
  cancelTimer(at: Time): void;
  /** A named side output; a value sent to one that no stream reads becomes a dead letter with the name as reason. */
  side<X>(name: string): Emit<X>;
}

/** Makes an operator's handlers once per task. Called further times only to check the job and to describe its state. */
export type MakeHandlers<T, R> = (ctx: OpContext<T>) => Handlers<T, R>;

/**
 * How an operator's values of one key may be folded before they change hands, so that a key with most of the values
 * sends as little as any other. Windows whose aggregate merges take folds in place of values.
 */
export interface Fold<T, Acc> {
  readonly codec: Codec<Acc>;
  /** The time that stands for a value in its fold: values with equal ones may be folded together. */
  slot(time: Time): Time;
  /** Whether a value would come late for that watermark; such a value is sent by itself. */
  isLate(slot: Time, watermark: Time): boolean;
  create(): Acc;
  add(acc: Acc, value: T, time: Time): Acc;
}

/** What arrives in place of the values that were folded. Its time is their slot. */
export class Folded<Acc> {
  readonly acc: Acc;

  constructor(acc: Acc) {
    this.acc = acc;
  }
}
