import { expect, test } from 'vitest';
import { taskKeys } from '../../../state/redis/keys.ts';
import { partsOf } from '../../../state/redis/parts.ts';
import { put, value } from '../../conformance/state-steps.ts';

const deltas = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, i) => put(value, `key-${i}`, 'x'.repeat(bytes)));

const sizes = (count: number, bytes: number) =>
  [...partsOf({ deltas: deltas(count, bytes), outbox: [] })].map(({ blob }) => blob.length);

test('an epoch of nothing is one part', () => {
  expect(sizes(0, 0)).toHaveLength(1);
});

test('10,000 changes are one script, one more are two', () => {
  expect(sizes(10_000, 10)).toHaveLength(1);
  expect(sizes(10_001, 10)).toHaveLength(2);
});

test('keys count by their bytes: Chinese ones fill a part with a third as many', () => {
  const keyed = (key: string) => {
    const all = Array.from({ length: 9_000 }, (_, n) => ({ space: 's', key: `${n}${key}`, sub: '', value: null }));
    return [...partsOf({ deltas: all, outbox: [] })].length;
  };
  expect(keyed('k'.repeat(300))).toBe(1);
  expect(keyed('单'.repeat(300))).toBe(2);
});

test('large values make parts of few changes, of outbox entries too', () => {
  const large = sizes(100, 1 << 20);
  expect(large).toHaveLength(25);
  expect(Math.max(...large)).toBeLessThan(5 << 20);
  const outbox = Array.from({ length: 10 }, (_, seq) => ({ lane: 'a', seq, epoch: 0, payload: Buffer.alloc(2 << 20) }));
  expect([...partsOf({ deltas: [], outbox })]).toHaveLength(5);
});

test('tasks never share a key and the tag is never cut short', () => {
  const names = ['a', 'a:', ':a', 'a}b', '{a', '%', '%3A', '', 'ü'];
  const heads = names.flatMap((job) => names.map((task) => taskKeys(job, task).head));
  expect(new Set(heads).size).toBe(names.length ** 2);
  for (const head of heads) expect(head).toMatch(/^millrace:\{[^{}]*:[^{}]*\}:head$/);
});
