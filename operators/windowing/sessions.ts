/**
 * Session windows. A key's sessions are a short list, nearly always of one, so they are linked: the first is what the
 * state holds, and a record that grows it touches nothing else. A record at `time` brings the interval
 * [time, time + gap] and merges with every session it touches; so two records exactly `gap` apart share a session, in
 * whatever order they come.
 *
 * A session is complete when the watermark reaches the end of the second in which it ends. That is where its one timer
 * stands and the time of its result: many keys share few timers, and the watermark's default step is a second, so it
 * delays nothing. Growing does not move the timer: when it is due and finds the session longer, it is armed again.
 */
import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import type { Codec } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import {
  type Emit,
  type Fold,
  Folded,
  type Handlers,
  type MakeHandlers,
  type OpContext,
  type Out,
} from '../../graph/op.ts';
import type { ValueState } from '../../state/keyed.ts';
import type { Duration, Time } from '../../time/duration.ts';
import type { Aggregate } from '../../windows/aggregate.ts';
import type { Session } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';

interface Live<Acc> {
  start: Time;
  end: Time;
  acc: Acc;
  /** How often the session has fired as it stands. */
  fired: number;
  /** The key's next later session. */
  next: Live<Acc> | undefined;
}

/** The handlers of a session window. Errors: OPTION_INVALID if the aggregate can't merge. */
export function sessionPanes<T, Acc, R>(
  assigner: Session,
  aggregate: Aggregate<T, Acc, R>,
): MakeHandlers<T, Windowed<R>> {
  const { merge } = aggregate;
  if (merge === undefined) {
    const owner = `session(${assigner.gap})`;
    const detail = { option: 'aggregate', owner, got: aggregate.name, expected: 'one that merges' };
    throw new MillraceError('OPTION_INVALID', detail);
  }
  return (ctx) => new Sessions({ assigner, aggregate, merge }, ctx);
}

class Sessions<T, Acc, R> implements Handlers<T, Windowed<R>> {
  readonly #gap: Duration;
  readonly #lateness: Duration;
  readonly #aggregate: Aggregate<T, Acc, R>;
  readonly #merge: (a: Acc, b: Acc) => Acc;
  readonly #ctx: OpContext<T>;
  readonly #sessions: ValueState<Live<Acc>>;
  readonly #late: Emit<T>;

  constructor({ assigner, aggregate, merge }: SessionParts<T, Acc, R>, ctx: OpContext<T>) {
    this.#gap = assigner.gap;
    this.#lateness = assigner.lateness;
    this.#aggregate = aggregate;
    this.#merge = merge;
    this.#ctx = ctx;
    this.#sessions = ctx.value('sessions', liveCodec(aggregate.codec), {
      intact: aggregate.intact ?? false,
      timers: (first) => listOf(first).map((s) => secondOf(s.fired > 0 ? s.end + assigner.lateness : s.end)),
    });
    this.#late = ctx.side('late');
  }

  onData(value: T, time: Time, out: Out<Windowed<R>>): void {
    const gap = this.#gap;
    const only = this.#sessions.get();
    if (value instanceof Folded) return this.#place(only, this.#liveOf(value.acc as Burst<Acc>), out);
    if (only === undefined || only.next !== undefined || only.fired > 0 || time > only.end || time + gap < only.start) {
      if (this.#isLate(only, time)) return this.#late(value);
      // Added before anything is merged: should the aggregate throw, the sessions are what they were.
      const acc = this.#aggregate.add(this.#aggregate.create(), value, time);
      return this.#place(only, { start: time, end: time + gap, acc, fired: 0, next: undefined }, out);
    }
    only.acc = this.#aggregate.add(only.acc, value, time);
    if (time < only.start) only.start = time;
    if (time + gap > only.end) only.end = time + gap;
    this.#sessions.set(only);
  }

  onTimer(time: Time, out: Out<Windowed<R>>): void {
    const first = this.#sessions.get();
    let hasChanged = false;
    for (let s = first; s !== undefined; s = s.next) {
      if (s.fired > 0) hasChanged ||= this.#isOver(s.end, time);
      else if (s.end > time) this.#ctx.timer(secondOf(s.end));
      else {
        this.#fire(s, out);
        hasChanged = true;
      }
    }
    // A session that only grew is stored already.
    if (!hasChanged) return;
    const kept = linked(listOf(first).filter((s) => !this.#isOver(s.end, time)));
    if (kept === undefined) this.#sessions.clear();
    else this.#sessions.set(kept);
  }

  /** Whether what a record at `time` would open or join is forgotten already. */
  #isLate(first: Live<Acc> | undefined, time: Time): boolean {
    let end = time + this.#gap;
    for (let s = first; s !== undefined; s = s.next) {
      if (s.start <= time + this.#gap && time <= s.end) end = Math.max(end, s.end);
    }
    return this.#isOver(end, this.#ctx.watermark);
  }

  #liveOf({ first, last, acc }: Burst<Acc>): Live<Acc> {
    return { start: first, end: last + this.#gap, acc, fired: 0, next: undefined };
  }

  /** Puts an interval where it belongs: it may grow one session, join some, or open another. */
  #place(first: Live<Acc> | undefined, own: Live<Acc>, out: Out<Windowed<R>>): void {
    const { watermark } = this.#ctx;
    if (first === undefined) {
      if (secondOf(own.end) <= watermark) this.#fire(own, out);
      else this.#ctx.timer(secondOf(own.end));
      return this.#sessions.set(own);
    }
    const list = listOf(first);
    const touched = list.filter((s) => s.start <= own.end && own.start <= s.end);
    const whole = this.#joined(touched, own, out);
    if (secondOf(whole.end) <= watermark) this.#fire(whole, out);
    else if (!touched.some((s) => s.fired === 0)) this.#ctx.timer(secondOf(whole.end));
    const others = list.filter((s) => !touched.includes(s));
    this.#sessions.set(linked([...others, whole].sort((a, b) => a.start - b.start))!);
  }

  /** One session of all that were touched, before it is known whether it fires now. */
  #joined(touched: readonly Live<Acc>[], own: Live<Acc>, out: Out<Windowed<R>>): Live<Acc> {
    const merge = this.#merge;
    const start = Math.min(own.start, ...touched.map((s) => s.start));
    const end = Math.max(own.end, ...touched.map((s) => s.end));
    const whole = { start, end, acc: this.#aggregate.create(), fired: 0, next: undefined };
    for (const s of touched) {
      if (s.start === start && s.end === end) whole.fired = s.fired;
      else if (s.fired > 0) this.#emit(s, true, out);
      whole.acc = merge(whole.acc, s.acc);
    }
    whole.acc = merge(whole.acc, own.acc);
    return whole;
  }

  #fire(live: Live<Acc>, out: Out<Windowed<R>>): void {
    this.#emit(live, false, out);
    live.fired++;
    if (this.#lateness > 0) this.#ctx.timer(secondOf(live.end + this.#lateness));
  }

  #emit(live: Live<Acc>, retracted: boolean, out: Out<Windowed<R>>): void {
    const window = { start: live.start, end: live.end };
    const { fired: revision, acc } = live;
    let value: R;
    try {
      value = this.#aggregate.result(acc);
    } catch (error) {
      // This session has no result; its key's others do not depend on it.
      return out.refuse({ key: this.#ctx.key, window, revision }, secondOf(live.end), error);
    }
    out.emitAt({ window, value, revision, retracted }, secondOf(live.end));
  }

  /** Whether a session that ends at `end` is forgotten when the watermark is at `time`. */
  #isOver(end: Time, time: Time): boolean {
    return secondOf(end + this.#lateness) <= time;
  }
}

interface SessionParts<T, Acc, R> {
  readonly assigner: Session;
  readonly aggregate: Aggregate<T, Acc, R>;
  readonly merge: (a: Acc, b: Acc) => Acc;
}

/** A key's sessions from the first on. */
function listOf<Acc>(first: Live<Acc> | undefined): Live<Acc>[] {
  const list: Live<Acc>[] = [];
  for (let s = first; s !== undefined; s = s.next) list.push(s);
  return list;
}

/** The first of sessions, each of which leads to the next. */
function linked<Acc>(list: readonly Live<Acc>[]): Live<Acc> | undefined {
  for (const [i, s] of list.entries()) s.next = list[i + 1];
  return list[0];
}

/** The last millisecond of the second in which `time` falls. */
const secondOf = (time: Time): Time => (Math.floor(time / 1_000) + 1) * 1_000 - 1;

/** Values of a key so close to each other that they share a session. */
interface Burst<Acc> {
  first: Time;
  last: Time;
  acc: Acc;
}

/**
 * How values are folded into bursts before they change hands: those of one stretch of time as long as the gap, which
 * are never further apart than that.
 */
export function sessionFold<T, Acc>(
  { gap, lateness }: Session,
  aggregate: Aggregate<T, Acc, unknown>,
): Fold<T, Burst<Acc>> {
  return {
    codec: burstCodec(aggregate.codec),
    slot: (time) => Math.floor(time / gap) * gap,
    isLate: (slot, watermark) => secondOf(slot + gap + lateness) <= watermark,
    create: () => ({ first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, acc: aggregate.create() }),
    add(burst, value, time) {
      burst.acc = aggregate.add(burst.acc, value, time);
      if (time < burst.first) burst.first = time;
      if (time > burst.last) burst.last = time;
      return burst;
    },
  };
}

function burstCodec<Acc>(codec: Codec<Acc>): Codec<Burst<Acc>> {
  return {
    name: `burst of ${codec.name}`,
    version: codec.version,
    encode: ({ first, last, acc }) =>
      new ByteWriter()
        .int(first)
        .varint(last - first)
        .bytes(codec.encode(acc))
        .finish(),
    decode(bytes) {
      const reader = new ByteReader(bytes, 'burst');
      const first = reader.int();
      return { first, last: first + reader.varint(), acc: codec.decode(reader.bytes()) };
    },
  };
}

function liveCodec<Acc>(codec: Codec<Acc>): Codec<Live<Acc>> {
  return {
    name: `sessions of ${codec.name}`,
    version: codec.version,
    encode(first) {
      const writer = new ByteWriter().varint(first.next === undefined ? 1 : listOf(first).length);
      for (let s: Live<Acc> | undefined = first; s !== undefined; s = s.next)
        writer
          .int(s.start)
          .varint(s.end - s.start)
          .varint(s.fired)
          .bytes(codec.encode(s.acc));
      return writer.finish();
    },
    decode: (bytes) => decodeWith(bytes, (acc) => codec.decode(acc)),
    ...(codec.upgrade === undefined
      ? {}
      : { upgrade: (bytes: Uint8Array, from: number) => decodeWith(bytes, (acc) => codec.upgrade!(acc, from)) }),
  };
}

function decodeWith<Acc>(bytes: Uint8Array, decode: (bytes: Uint8Array) => Acc): Live<Acc> {
  const reader = new ByteReader(bytes, 'sessions');
  const list: Live<Acc>[] = [];
  for (let n = reader.varint(); n > 0; n--) {
    const start = reader.int();
    const end = start + reader.varint();
    list.push({ start, end, fired: reader.varint(), acc: decode(reader.bytes()), next: undefined });
  }
  // What holds no session is not stored.
  return linked(list)!;
}
