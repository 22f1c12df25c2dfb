import { expect, test } from 'vitest';
import { stack } from '../../console/stack.ts';

const bar = (id: string, from: number, to: number) => ({ id, from, to });

test('bars that overlap stand in different rows, and a free row is used again', () => {
  const { rows, rowOf } = stack([bar('c', 25, 40), bar('a', 0, 20), bar('b', 10, 30)], 1);
  expect(rows).toBe(2);
  expect(Object.fromEntries(rowOf)).toEqual({ a: 0, b: 1, c: 0 });
});

test('a short bar keeps room for its words', () => {
  expect(stack([bar('a', 0, 1), bar('b', 5, 6)], 10).rows).toBe(2);
  expect(stack([bar('a', 0, 1), bar('b', 10, 11)], 10).rows).toBe(1);
});
