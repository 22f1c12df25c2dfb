import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { from } from '../../../windows/aggregates/from.ts';
import { quantile } from '../../../windows/aggregates/quantile.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { fold, obeysLaws } from '../../support/aggregate-laws.ts';

interface Request {
  readonly level: string;
  readonly ms: number;
}

const request = fc.record({ level: fc.constantFrom('INFO', 'ERROR'), ms: fc.integer({ min: 0, max: 1e6 }) });
const requests: readonly Request[] = [
  { level: 'INFO', ms: 10 },
  { level: 'ERROR', ms: 30 },
  { level: 'INFO', ms: 20 },
];

const ms = (r: Request) => r.ms;

test('laws', () => {
  obeysLaws(from(ms, quantile([0.5])), request);
  obeysLaws(from(ms, sum(Number)), request);
});

test("the aggregate receives the function's result", () => {
  const median = from(ms, quantile([0.5]));
  expect(median.result(fold(median, requests))).toEqual([20]);
});

test('an aggregate that is an object with methods of its own works inside', () => {
  const own: Aggregate<Request, number, number> = {
    ...count(),
    add(acc) {
      return acc + this.create() + 1;
    },
  };
  expect(
    fold(
      from((r: Request) => r, own),
      requests,
    ),
  ).toBe(3);
});

test('it merges only if the aggregate does', () => {
  const { merge, ...withoutMerge } = count<Request>();
  expect(merge).toBeDefined();
  expect(from((r: Request) => r, withoutMerge).merge).toBeUndefined();
  expect(from((r: Request) => r, count()).merge).toBeDefined();
});
