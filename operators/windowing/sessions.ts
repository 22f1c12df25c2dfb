import { ByteReader, ByteWriter } from '../../bytes.ts';
import type { Codec } from '../../codec.ts';
import { MillraceError } from '../../errors.ts';
import type { MakeHandlers, Out } from '../../graph/op.ts';
import type { Time } from '../../time/duration.ts';
import type { Aggregate } from '../../windows/aggregate.ts';
import type { Session } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';

/**
 * Session windows. A key's sessions are a short list, nearly always of one. A record at `time` brings the interval
 * [time, time + gap] and merges with every session it touches; so two records exactly `gap` apart share a session, in
 * whatever order they come.
 *
 * A session is complete when the watermark reaches the end of the second in which it ends. That is where its one timer
 * stands and the time of its result: many keys share few timers, and the watermark's default step is a second, so it
 * delays nothing. Growing does not move the timer: when it is due and finds the session longer, it is armed again.
 */

interface Live<Acc> {
  start: Time;
  end: Time;
  acc: Acc;
  /** How often the session has fired as it stands. */
  fired: number;
}

/** The handlers of a session window. Errors: OPTION_INVALID if the aggregate can't merge. */
export function sessionPanes<T, Acc, R>(
  { gap, lateness }: Session,
  aggregate: Aggregate<T, Acc, R>,
): MakeHandlers<T, Windowed<R>> {
  const { merge } = aggregate;
  if (merge === undefined) {
    const detail = { option: 'aggregate', owner: `session(${gap})`, got: aggregate.name, expected: 'one that merges' };
    throw new MillraceError('OPTION_INVALID', detail);
  }
  return (ctx) => {
    const sessions = ctx.value<Live<Acc>[]>('sessions', liveCodec(aggregate.codec));
    const late = ctx.side<T>('late');
    const emit = (live: Live<Acc>, retracted: boolean, out: Out<Windowed<R>>) => {
      const window = { start: live.start, end: live.end };
      out.emitAt({ window, value: aggregate.result(live.acc), revision: live.fired, retracted }, secondOf(live.end));
    };
    const fire = (live: Live<Acc>, out: Out<Windowed<R>>) => {
      emit(live, false, out);
      live.fired++;
      if (lateness > 0) ctx.timer(secondOf(live.end + lateness));
    };
    /** One session of all that were touched, before it is known whether it fires now. */
    const joined = (touched: readonly Live<Acc>[], own: Live<Acc>, out: Out<Windowed<R>>): Live<Acc> => {
      const start = Math.min(own.start, ...touched.map((s) => s.start));
      const end = Math.max(own.end, ...touched.map((s) => s.end));
      const whole = { start, end, acc: aggregate.create(), fired: 0 };
      for (const s of touched) {
        if (s.start === start && s.end === end) whole.fired = s.fired;
        else if (s.fired > 0) emit(s, true, out);
        whole.acc = merge(whole.acc, s.acc);
      }
      whole.acc = merge(whole.acc, own.acc);
      return whole;
    };
    /** A record of a key that has no session. */
    const open = (value: T, time: Time, out: Out<Windowed<R>>) => {
      const end = time + gap;
      if (secondOf(end + lateness) <= ctx.watermark) return late(value);
      const own = { start: time, end, acc: aggregate.add(aggregate.create(), value, time), fired: 0 };
      if (secondOf(end) <= ctx.watermark) fire(own, out);
      else ctx.timer(secondOf(end));
      sessions.set([own]);
    };
    /** A record of a key that has sessions: it may grow one, join some, or open another. */
    const join = (list: readonly Live<Acc>[], { value, time }: { value: T; time: Time }, out: Out<Windowed<R>>) => {
      const touched = list.filter((s) => s.start <= time + gap && time <= s.end);
      const end = Math.max(time + gap, ...touched.map((s) => s.end));
      if (secondOf(end + lateness) <= ctx.watermark) return late(value);
      // Added before anything is merged: should the aggregate throw, the sessions are what they were.
      const acc = aggregate.add(aggregate.create(), value, time);
      const whole = joined(touched, { start: time, end: time + gap, acc, fired: 0 }, out);
      if (secondOf(end) <= ctx.watermark) fire(whole, out);
      else if (!touched.some((s) => s.fired === 0)) ctx.timer(secondOf(end));
      const others = list.filter((s) => !touched.includes(s));
      sessions.set([...others, whole].sort((a, b) => a.start - b.start));
    };
    return {
      onData(value, time, out) {
        const list = sessions.get();
        if (list === undefined) return open(value, time, out);
        const only = list[0]!;
        if (list.length > 1 || only.fired > 0 || time > only.end || time + gap < only.start) {
          return join(list, { value, time }, out);
        }
        only.acc = aggregate.add(only.acc, value, time);
        if (time < only.start) only.start = time;
        if (time + gap > only.end) only.end = time + gap;
        sessions.set(list);
      },
      onTimer(time, out) {
        const list = sessions.get();
        if (list === undefined) return;
        let hasChanged = false;
        for (const s of list) {
          if (s.fired > 0) hasChanged ||= secondOf(s.end + lateness) <= time;
          else if (s.end > time) ctx.timer(secondOf(s.end));
          else {
            fire(s, out);
            hasChanged = true;
          }
        }
        // A session that only grew is stored already.
        if (!hasChanged) return;
        const kept = list.filter((s) => secondOf(s.end + lateness) > time);
        if (kept.length === 0) sessions.clear();
        else sessions.set(kept);
      },
    };
  };
}

/** The last millisecond of the second in which `time` falls. */
const secondOf = (time: Time): Time => (Math.floor(time / 1_000) + 1) * 1_000 - 1;

function liveCodec<Acc>(codec: Codec<Acc>): Codec<Live<Acc>[]> {
  return {
    name: `sessions of ${codec.name}`,
    version: codec.version,
    encode(list) {
      const writer = new ByteWriter().varint(list.length);
      for (const s of list)
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

function decodeWith<Acc>(bytes: Uint8Array, decode: (bytes: Uint8Array) => Acc): Live<Acc>[] {
  const reader = new ByteReader(bytes, 'sessions');
  const list: Live<Acc>[] = [];
  for (let n = reader.varint(); n > 0; n--) {
    const start = reader.int();
    const end = start + reader.varint();
    list.push({ start, end, fired: reader.varint(), acc: decode(reader.bytes()) });
  }
  return list;
}
