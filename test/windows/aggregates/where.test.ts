import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { where } from '../../../windows/aggregates/where.ts';
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

const failed = (r: Request) => r.level === 'ERROR';

test('laws', () => obeysLaws(where(failed, count()), request));

test('only accepted values count', () => {
  expect(fold(where(failed, count()), requests)).toBe(1);
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
      where(() => true, own),
      requests,
    ),
  ).toBe(3);
});

test('it merges only if the aggregate does', () => {
  const { merge, ...withoutMerge } = count<Request>();
  expect(merge).toBeDefined();
  expect(where(failed, withoutMerge).merge).toBeUndefined();
  expect(where(failed, count()).merge).toBeDefined();
});
