import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { type Collected, collect } from '../../../windows/aggregates/collect.ts';
import { type CombineAcc, combine } from '../../../windows/aggregates/combine.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { from } from '../../../windows/aggregates/from.ts';
import { max } from '../../../windows/aggregates/max.ts';
import { mean } from '../../../windows/aggregates/mean.ts';
import { quantile } from '../../../windows/aggregates/quantile.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { type TopEntry, topK } from '../../../windows/aggregates/top-k.ts';
import { where } from '../../../windows/aggregates/where.ts';
import { fold, obeysLaws, stored } from '../../support/aggregate-laws.ts';

interface Request {
  readonly level: string;
  readonly ms: number;
}

const request = fc.record({ level: fc.constantFrom('INFO', 'ERROR'), ms: fc.integer({ min: 0, max: 1e6 }) });
const failed = (r: Request) => r.level === 'ERROR';
const requests: readonly Request[] = [
  { level: 'INFO', ms: 10 },
  { level: 'ERROR', ms: 30 },
  { level: 'INFO', ms: 20 },
];

describe('laws', () => {
  test('combine of counts and a mean', () =>
    obeysLaws(
      combine({ total: count<Request>(), errors: where(failed, count()), time: mean((r: Request) => r.ms) }),
      request,
    ));
  test('combine of every aggregate', () =>
    obeysLaws(
      combine({
        slowest: max((r: Request) => r.ms),
        levels: topK(2, (r: Request) => r.level),
        p50: from((r: Request) => r.ms, quantile([0.5])),
        sample: collect<Request>(3),
      }),
      request,
    ));
});

test('the results carry the names of the parts', () => {
  const stats = combine({ total: count<Request>(), errors: where(failed, count()), ms: sum((r: Request) => r.ms) });
  expect(stats.result(fold(stats, requests))).toEqual({ total: 3, errors: 1, ms: 60 });
  expect(stats.name).toBe('combine(total: count, errors: where(count), ms: sum)');
});

test('it offers merge exactly if all parts do', () => {
  const { merge, ...withoutMerge } = count<Request>();
  expect(merge).toBeDefined();
  expect(combine({ a: count(), b: withoutMerge }).merge).toBeUndefined();
  expect(combine({ a: count(), b: sum((r: Request) => r.ms) }).merge).toBeDefined();
});

test('a new part starts empty in stored accumulators, a removed part is forgotten', () => {
  const before = combine({ gone: count<Request>(), ms: sum((r: Request) => r.ms) });
  const after = combine({ ms: sum((r: Request) => r.ms), fresh: mean((r: Request) => r.ms) });
  const acc = after.codec.decode(before.codec.encode(fold(before, requests)));
  expect(after.result(acc)).toEqual({ ms: 60, fresh: undefined });
});

test('combines nest', () => {
  const byLevel = combine({
    all: count<Request>(),
    failed: where(failed, combine({ n: count(), ms: sum((r: Request) => r.ms) })),
  });
  expect(byLevel.result(stored(byLevel, fold(byLevel, requests)))).toEqual({ all: 3, failed: { n: 1, ms: 30 } });
});

interface Sized extends Request {
  readonly size: number;
}

/** As small as a pipe can be that infers from the left, to see that nothing inside it needs an annotation. */
interface Stream<out T> {
  readonly values: readonly T[];
  pipe<A, B>(first: (s: Stream<T>) => Stream<A>, second: (s: Stream<A>) => Stream<B>): Stream<B>;
}
declare function same<T>(): (s: Stream<T>) => Stream<T>;
declare function window<T, Acc, R>(
  uid: string,
  aggregate: Aggregate<T, Acc, R>,
  options?: { readonly late?: (s: Stream<T>) => void },
): (s: Stream<T>) => Stream<R>;

test('in a pipe every type is inferred, from the stream into the callbacks and out to the results', () => {
  const typed = (start: Stream<Request>) => {
    const perMinute = start.pipe(
      same(),
      window(
        'per-minute',
        combine({
          total: count(),
          errors: where((r) => r.level === 'ERROR', count()),
          ms: sum((r) => r.ms),
          slowest: max((r) => r.ms),
          latency: from((r) => r.ms, quantile([0.5, 0.99])),
          levels: topK(3, (r) => r.level),
          sample: collect(5),
        }),
        { late: (s) => expectTypeOf(s).toEqualTypeOf<Stream<Request>>() },
      ),
    );
    expectTypeOf(perMinute.values[0]!).toEqualTypeOf<{
      total: number;
      errors: number;
      ms: number;
      slowest: number | undefined;
      latency: readonly [number, number] | undefined;
      levels: readonly TopEntry[];
      sample: Collected<Request>;
    }>();
    const late = (s: Stream<Request>) => expectTypeOf(s).toEqualTypeOf<Stream<Request>>();
    const counted = start.pipe(same(), window('n', count(), { late }));
    expectTypeOf(counted.values).toEqualTypeOf<readonly number[]>();
    // @ts-expect-error the stream's values have no size
    const unknownField: Aggregate<Request, number, number> = sum((r) => r.size);
    const bySize = window(
      'by-size',
      max((r: Sized) => r.size),
    );
    // @ts-expect-error the aggregate wants richer values than the stream has
    start.pipe(same(), bySize);
    return unknownField;
  };
  expect(typed).toBeTypeOf('function');
});

test('outside a pipe the type of the values is found from the parts', () => {
  const stats = combine({ total: count(), errors: where(failed, count()), ms: sum((r: Request) => r.ms) });
  expectTypeOf(stats).toEqualTypeOf<Aggregate<Request, CombineAcc, { total: number; errors: number; ms: number }>>();
  expect(stats.result(fold(stats, requests))).toEqual({ total: 3, errors: 1, ms: 60 });
});
