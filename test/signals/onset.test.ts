import { expect, test } from 'vitest';
import { cusum, type Onset } from '../../signals/onset.ts';

const after = (errors: readonly number[], expected = 1): Onset => {
  const onset = { sum: 0, since: -1 };
  errors.forEach((e, i) => {
    cusum(onset, { errors: e, expected, start: i * 10_000 });
  });
  return onset;
};

test('the onset is the pane in which the rise began, not the one in which it was noticed', () => {
  expect(after([1, 0, 2, 1, 1, 5, 6, 4]).since).toBe(50_000);
});

test('a single bad pane is forgotten when quiet follows', () => {
  expect(after([0, 4, 0, 0, 0, 0]).sum).toBe(0);
});

test('the sum is bounded, so that a long incident ends within a bounded number of quiet panes', () => {
  const long = Array.from({ length: 1_000 }, () => 50);
  expect(after([...long, ...Array.from({ length: 15 }, () => 0)]).sum).toBe(0);
});
