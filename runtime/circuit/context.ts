/** What an operator asks for while it is made: states, timers and side outputs, bound to the gate of its segment. */
import type { Codec } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import type { Emit, MapOptions, OpContext, ValueOptions } from '../../graph/op.ts';
import { bucketEnd, expire, expiryBy, mapState, valueState } from '../../state/cells.ts';
import { type Entry, type KeySlot, keyOf } from '../../state/entry.ts';
import type { Journal } from '../../state/journal.ts';
import { type Key, type KeyPart, keyText, parseKey } from '../../state/key.ts';
import type { KeyTable, TableCell } from '../../state/key-table.ts';
import type { MapState, ValueState } from '../../state/keyed.ts';
import type { TaskState } from '../../state/store.ts';
import { Timers } from '../../state/timers.ts';
import type { Duration, Time } from '../../time/duration.ts';
import type { Collector } from './element.ts';
import type { Gate, LazyMap } from './gate.ts';

/** Where an operator's context gets its parts from. */
export interface ContextParts {
  readonly uid: string;
  readonly gate: Gate | undefined;
  /** Holds the state that all keys share. */
  readonly shared: KeyTable;
  readonly out: Collector;
  readonly watermark: () => Time;
  readonly isEnding: () => boolean;
  readonly isFiring: () => boolean;
  /** Notes what a handler changes. */
  readonly journal: Journal;
  /** Whether values are saved before handlers get them, and checked behind them. */
  readonly careful: boolean;
  readonly side: <X>(name: string) => Emit<X>;
}

/** All keys' shared state is kept under this one key. */
export const sharedKey = '~';
const defaultMapLimit = 10_000;

/**
 * What an operator asks for while it is made, bound to the key table of its segment. States register themselves here,
 * so a table knows what to load for a key before the first record comes.
 */
export class Context implements OpContext<unknown> {
  readonly uid: string;
  readonly #parts: ContextParts;
  readonly timers: Timers;
  readonly #cells: TableCell[] = [];
  readonly expiries: { readonly cell: TableCell; readonly timers: Timers; readonly unswept: Key[] }[] = [];

  constructor(parts: ContextParts) {
    this.uid = parts.uid;
    this.#parts = parts;
    this.timers = new Timers(`${parts.uid}/~timers`, parts.journal);
    parts.gate?.timers.push(this.timers);
  }

  get key(): Key {
    return this.#table().current.key;
  }

  get watermark(): Time {
    return this.#parts.isEnding() ? Number.POSITIVE_INFINITY : this.#parts.watermark();
  }

  #table(): KeyTable {
    const { gate } = this.#parts;
    if (gate === undefined) throw new MillraceError('KEY_INVALID', { got: `no key at '${this.uid}'` });
    return gate.table;
  }

  value<V>(name: string, codec: Codec<V>, options: ValueOptions<V> = {}): ValueState<V> {
    const { ttl, intact } = options;
    const cell = this.#declare({ name, kind: 'value', codec, ttl, intact, lazy: false });
    if (options.timers !== undefined) this.timers.follow(cell, options.timers as (value: unknown) => readonly Time[]);
    return valueState(cell);
  }

  map<S extends KeyPart, V>(name: string, codec: Codec<V>, options: MapOptions<never> = {}): MapState<S, V> {
    const { ttl, limit = defaultMapLimit, prefetch, intact } = options;
    const state = { name, codec, ttl, intact };
    if (prefetch === undefined) return mapState(this.#declare({ ...state, kind: 'map', lazy: false }), limit);
    const cell = this.#declare({ ...state, kind: 'value', lazy: true });
    this.#parts.gate?.lazy.push({ cell, prefetch: prefetch as LazyMap['prefetch'] });
    return mapState(cell, Number.POSITIVE_INFINITY);
  }

  shared<S extends KeyPart, V>(name: string, codec: Codec<V>): MapState<S, V> {
    const space = { name: `${this.uid}/${name}`, kind: 'map' } as const;
    const how = { codec: codec as Codec<unknown>, expiry: undefined, lazy: false, careful: this.#parts.careful };
    return mapState(this.#kept(this.#parts.shared.declare({ space, ...how })), Number.POSITIVE_INFINITY);
  }

  #declare<V>(state: {
    readonly name: string;
    readonly kind: 'value' | 'map';
    readonly codec: Codec<V>;
    readonly ttl: Duration | undefined;
    readonly lazy: boolean;
    readonly intact: boolean | 'storable' | undefined;
  }): TableCell {
    const space = { name: `${this.uid}/${state.name}`, kind: state.kind };
    const codec = state.codec as Codec<unknown>;
    const table = this.#table();
    const { lazy, intact } = state;
    const how = { space, codec, lazy, intact, careful: this.#parts.careful };
    if (state.ttl === undefined) return this.#kept(table.declare({ ...how, expiry: undefined }));
    const { out, watermark, isFiring, journal } = this.#parts;
    const timers = new Timers(`${space.name}/~ttl`, journal);
    // A timer fires at its own time, however far the watermark leaps that makes it due.
    const reached = () => (isFiring() ? out.time : Math.max(out.time, watermark()));
    const expiry = expiryBy(state.ttl, timers, { now: () => out.time, reached });
    const cell = this.#kept(table.declare({ ...how, expiry }));
    this.expiries.push({ cell, timers, unswept: [] });
    // What expires of a lazy map need not be in memory.
    if (!state.lazy) this.#parts.gate?.timers.push(timers);
    return cell;
  }

  #kept(cell: TableCell): TableCell {
    this.#cells.push(cell);
    return cell;
  }

  timer(at: Time): void {
    if (!Number.isFinite(at)) {
      const detail = { option: 'the time', owner: `a timer of '${this.uid}'`, got: at, expected: 'a finite number' };
      throw new MillraceError('OPTION_INVALID', detail);
    }
    this.timers.set(this.#table().current, at);
  }

  cancelTimer(at: Time): void {
    this.timers.cancel(this.#table().current, at);
  }

  side<X>(name: string): Emit<X> {
    return this.#parts.side(name);
  }

  /** Whether a value that a handler may have got of the present key, or of a shared state, can be changed in place. */
  couldChange(): boolean {
    return this.#cells.some((cell) => !cell.intact && holdsObject(cell.table.current?.cells[cell.index]));
  }

  /**
   * Finds the entries that were stored before their state had a TTL. They have no expiry timer, and get one at the
   * first watermark, as if they had been written then.
   */
  async findUnswept(store: TaskState): Promise<void> {
    for (const { cell, timers, unswept } of this.expiries) {
      // Where one entry has a timer, all have.
      if (timers.next !== Number.POSITIVE_INFINITY) continue;
      const texts = new Set<string>();
      for await (const page of store.scan(cell.space)) for (const [text] of page) texts.add(text);
      for (const text of texts) unswept.push(parseKey(text));
    }
  }

  /** Deletes what has expired by `until`. */
  readonly expire = (until: Time): void => {
    for (const { cell, timers, unswept } of this.expiries) {
      for (const key of unswept.splice(0)) timers.set(key, bucketEnd(until, cell.expiry!.ttl));
      while (timers.isDue(until)) {
        const { time, due } = timers.take();
        for (const of of due) {
          this.#parts.journal.begin();
          if (cell.lazy) {
            cell.table.expireLazy(cell, keyText(keyOf(of)));
            continue;
          }
          cell.table.current = cell.table.slotOf(of) as KeySlot;
          expire(cell, time);
        }
      }
    }
  };
}

function holdsObject(held: KeySlot['cells'][number]): boolean {
  const isObject = ({ value }: Entry): boolean => typeof value === 'object' && value !== null;
  return held instanceof Map ? [...held.values()].some(isObject) : held !== undefined && isObject(held);
}
