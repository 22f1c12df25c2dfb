/** What the compiler promises. The functions below are type-checked with the project and never called. */

import { distinctUntilChanged } from 'rxjs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  broadcast,
  collect,
  combine,
  count,
  eventTime,
  type From,
  filter,
  flatMap,
  float64,
  json,
  keyBy,
  map,
  mapMaybe,
  minutes,
  process,
  quantile,
  type Stream,
  scan,
  script,
  sum,
  type Terminal,
  table,
  to,
  topic,
  tumbling,
  union,
  type Windowed,
  window,
} from '../../index.ts';
import type { Unkeyed } from '../../state/key.ts';
import { drive } from '../../testing/index.ts';

interface Line {
  readonly at: number;
  readonly service: string;
  readonly level: 'error' | 'info';
}
declare const lines: Stream<Line>;
declare const from: From;
const timed = () => eventTime<Line, Unkeyed>({ at: (l) => l.at, outOfOrder: 0 });
const checked = (_: () => unknown) => expect(true).toBe(true);

describe('without annotations', () => {
  test('values and keys are inferred along a chain', () =>
    checked(() => {
      const stream = lines.pipe(
        mapMaybe((l) => (l.level === 'error' ? l : undefined)),
        eventTime({ at: (l) => l.at, outOfOrder: 0 }),
        keyBy((l) => l.service),
        window('n', tumbling(minutes(1)), count()),
        scan('s', { codec: float64 }, (past = 0, w, service) => {
          expectTypeOf(past).toEqualTypeOf<number>();
          expectTypeOf(w).toEqualTypeOf<Windowed<number>>();
          expectTypeOf(service).toEqualTypeOf<string>();
          return [past + w.value, { service, n: w.value }];
        }),
      );
      expectTypeOf(stream).toEqualTypeOf<Stream<{ service: string; n: number }, string>>();
    }));

  test('keys keep their form: tuples stay tuples', () =>
    checked(() => {
      const tuple = lines.pipe(keyBy((l) => [l.service, l.at]));
      expectTypeOf(tuple).toExtend<Stream<Line, readonly [string, number]>>();
      const level = lines.pipe(keyBy((l) => l.level));
      expectTypeOf(level).toEqualTypeOf<Stream<Line, 'error' | 'info'>>();
    }));

  test('a type guard narrows, flatMap takes the element, a window the result of its aggregate', () =>
    checked(() => {
      const mixed = from('mixed', script<string | number>([]));
      expectTypeOf(mixed.pipe(filter((v) => typeof v === 'string'))).toEqualTypeOf<Stream<string>>();
      expectTypeOf(lines.pipe(flatMap((l) => [l.at]))).toEqualTypeOf<Stream<number>>();
      const several = lines.pipe(
        timed(),
        keyBy((l) => l.service),
        window('w', tumbling(1), combine({ n: count(), at: sum((l: Line) => l.at) })),
      );
      expectTypeOf(several).toEqualTypeOf<Stream<Windowed<{ n: number; at: number }>, string>>();
    }));

  test('drive infers the values of its operator', () =>
    checked(() => {
      const d = drive(map((n: number) => String(n)));
      d.data(0, 1);
      // @ts-expect-error the operator takes numbers
      d.data(0, 'x');
    }));
});

describe('these do not compile', () => {
  test('a window, scan or process before keyBy', () =>
    checked(() => {
      // @ts-expect-error no key
      lines.pipe(timed(), window('n', tumbling(1), count()));
      // @ts-expect-error no key
      lines.pipe(scan('s', { codec: float64 }, () => [1, 1]));
      // @ts-expect-error no key
      lines.pipe(process('p', () => ({ onData() {} })));
    }));

  test('a union of streams with different keys, or of different values', () =>
    checked(() => {
      const byService = lines.pipe(keyBy((l) => l.service));
      const byTime = lines.pipe(keyBy((l) => l.at));
      // @ts-expect-error string and number
      union(byService, byTime);
      // @ts-expect-error one has no key
      union(byService, lines);
      // @ts-expect-error lines and numbers
      union(lines, lines.pipe(map((l) => l.at)));
      expectTypeOf(union(byService, byService)).toEqualTypeOf<Stream<Line, string>>();
    }));

  test('an RxJS operator in a chain: it would lose barriers', () =>
    checked(() => {
      // @ts-expect-error not a function of streams
      lines.pipe(distinctUntilChanged());
      // @ts-expect-error not a function of streams
      lines.pipe(distinctUntilChanged(), to('out', topic<Line>('out')));
    }));

  test('an async function where a value belongs', () =>
    checked(() => {
      const later = async (_: unknown) => 1;
      // @ts-expect-error a promise
      lines.pipe(map((l) => later(l)));
      // @ts-expect-error a promise
      lines.pipe(mapMaybe((l) => later(l)));
      // @ts-expect-error promises
      lines.pipe(flatMap((l) => [later(l)]));
      // @ts-expect-error a promise is no boolean
      lines.pipe(filter(async (l) => l.at > 1));
      const keyed = lines.pipe(keyBy((l) => l.service));
      // @ts-expect-error a promise is no key
      lines.pipe(keyBy((l) => later(l)));
      // @ts-expect-error a promise is no pair
      keyed.pipe(scan('s', { codec: float64 }, async () => [1, 1]));
      // @ts-expect-error the result is a promise
      keyed.pipe(scan('s', { codec: float64 }, (_, l) => [1, later(l)]));
      // @ts-expect-error a handler returns nothing
      keyed.pipe(process('p', () => ({ async onData() {} })));
      // @ts-expect-error a handler returns nothing
      keyed.pipe(process('p', () => ({ onData() {}, onTimer: async () => {} })));
      // @ts-expect-error a promise is no row
      table({ name: 't', columns: {}, identity: [] } as never, { row: async () => ({}) });
    }));

  test('anything after to', () =>
    checked(() => {
      const end = lines.pipe(to('out', topic<Line>('out')));
      expectTypeOf(end).toEqualTypeOf<Terminal>();
      const sink = to<Line, Unkeyed>('out', topic<Line>('out'));
      const same = map<Line, Line, Unkeyed>((l) => l);
      // @ts-expect-error to is the last
      lines.pipe(sink, same);
      // @ts-expect-error a terminal has no pipe
      end.pipe(map((l: Line) => l));
    }));

  test('a sink, an aggregate, a key or a codec that does not fit', () =>
    checked(() => {
      const keyed = lines.pipe(
        timed(),
        keyBy((l) => l.service),
      );
      const ofMs = sum((l: Line & { ms: number }) => l.ms);
      const text = (): [string, number] => ['x', 1];
      // @ts-expect-error the topic takes numbers
      lines.pipe(to('out', topic<number>('out')));
      // @ts-expect-error a quantile is of numbers
      keyed.pipe(window('q', tumbling(1), quantile([0.5])));
      // @ts-expect-error the aggregate wants a field that lines lack
      keyed.pipe(window('c', tumbling(1), ofMs));
      // @ts-expect-error an object is no key
      lines.pipe(keyBy((l) => ({ service: l.service })));
      // @ts-expect-error the state is a string, the codec one of numbers
      keyed.pipe(scan('s', { codec: float64 }, text));
    }));

  test('a rule of another type than the control stream has', () =>
    checked(() => {
      const rules = from('rules', script<{ id: string }>([]));
      const options = { codec: json<{ id: string }>(), id: (r: { id: string }) => r.id };
      lines.pipe(broadcast('b', rules, options, (l, all) => all.get(l.service)?.id));
      // @ts-expect-error the control stream has lines
      lines.pipe(broadcast('b', lines, options, (l: Line) => l));
    }));
});

test('a collection knows its elements', () => {
  const texts = collect<string>(3);
  expectTypeOf(texts.result(texts.create()).items).toEqualTypeOf<readonly string[]>();
  expect(texts.result(texts.create()).items).toEqual([]);
});
