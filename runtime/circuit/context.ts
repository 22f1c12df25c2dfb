/** What an operator asks for while it is made: states, timers and side outputs, bound to the gate of its segment. */
import type { Codec } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import type { Emit, MapOptions, OpContext, ValueOptions } from '../../graph/op.ts';
import { expire, expiryBy, mapState, valueState } from '../../state/cells.ts';
import { type KeySlot, keyOf } from '../../state/entry.ts';
import { type Key, type KeyPart, keyText } from '../../state/key.ts';
import type { KeyTable, TableCell } from '../../state/key-table.ts';
import type { MapState, ValueState } from '../../state/keyed.ts';
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
  readonly expiries: { readonly cell: TableCell; readonly timers: Timers }[] = [];

  constructor(parts: ContextParts) {
    this.uid = parts.uid;
    this.#parts = parts;
    this.timers = new Timers(`${parts.uid}/~timers`);
    parts.gate?.timers.push(this.timers);
  }

  get key(): Key {
    return this.#table().current.key;
  }

  get watermark(): Time {
    return this.#parts.watermark();
  }

  #table(): KeyTable {
    const { gate } = this.#parts;
    if (gate === undefined) throw new MillraceError('KEY_INVALID', { got: `no key at '${this.uid}'` });
    return gate.table;
  }

  value<V>(name: string, codec: Codec<V>, options: ValueOptions<V> = {}): ValueState<V> {
    const cell = this.#declare({ name, kind: 'value', codec, ttl: options.ttl, lazy: false });
    if (options.timers !== undefined) this.timers.follow(cell, options.timers as (value: unknown) => readonly Time[]);
    return valueState(cell);
  }

  map<S extends KeyPart, V>(name: string, codec: Codec<V>, options: MapOptions<never> = {}): MapState<S, V> {
    const { ttl, limit = defaultMapLimit, prefetch } = options;
    if (prefetch === undefined) return mapState(this.#declare({ name, kind: 'map', codec, ttl, lazy: false }), limit);
    const cell = this.#declare({ name, kind: 'value', codec, ttl, lazy: true });
    this.#parts.gate?.lazy.push({ cell, prefetch: prefetch as LazyMap['prefetch'] });
    return mapState(cell, Number.POSITIVE_INFINITY);
  }

  shared<S extends KeyPart, V>(name: string, codec: Codec<V>): MapState<S, V> {
    const space = { name: `${this.uid}/${name}`, kind: 'map' } as const;
    const how = { codec: codec as Codec<unknown>, expiry: undefined, lazy: false };
    return mapState(this.#parts.shared.declare({ space, ...how }), Number.POSITIVE_INFINITY);
  }

  #declare<V>(state: {
    readonly name: string;
    readonly kind: 'value' | 'map';
    readonly codec: Codec<V>;
    readonly ttl: Duration | undefined;
    readonly lazy: boolean;
  }): TableCell {
    const space = { name: `${this.uid}/${state.name}`, kind: state.kind };
    const codec = state.codec as Codec<unknown>;
    const table = this.#table();
    if (state.ttl === undefined) return table.declare({ space, codec, expiry: undefined, lazy: state.lazy });
    const timers = new Timers(`${space.name}/~ttl`);
    const expiry = expiryBy(state.ttl, timers, () => this.#parts.out.time);
    const cell = table.declare({ space, codec, expiry, lazy: state.lazy });
    this.expiries.push({ cell, timers });
    // What expires of a lazy map need not be in memory.
    if (!state.lazy) this.#parts.gate?.timers.push(timers);
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

  /** Deletes what has expired by `until`. */
  readonly expire = (until: Time): void => {
    for (const { cell, timers } of this.expiries) {
      while (timers.isDue(until)) {
        const { time, due } = timers.take();
        for (const of of due) {
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
