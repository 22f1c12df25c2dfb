/** What is remembered of sources is bounded, and of those that are heard of nothing is forgotten. */
import { expect, test } from 'vitest';
import { SourceMemory } from '../../logs/source-memory.ts';

test('a source that is heard of stays, one that is not is forgotten', () => {
  const memory = new SourceMemory<number>(10);
  memory.set('heard', 1);
  memory.set('silent', 2);
  for (let i = 0; i < 100; i++) {
    memory.set(`other ${i}`, i);
    if (i % 5 === 0) expect(memory.get('heard')).toBe(1);
  }
  expect(memory.get('silent')).toBeUndefined();
  const kept = Array.from({ length: 100 }, (_, i) => memory.get(`other ${i}`)).filter((value) => value !== undefined);
  expect(kept.length).toBeLessThanOrEqual(20);
});

test('a value that is set again takes no room', () => {
  const memory = new SourceMemory<number>(2);
  memory.set('a', 1);
  for (let i = 0; i < 10; i++) memory.set('b', i);
  expect([memory.get('a'), memory.get('b')]).toEqual([1, 9]);
});
