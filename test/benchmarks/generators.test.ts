import { expect, test } from 'vitest';
import { firstTime, h, logJson, nexmark } from '../../benchmarks/peers/generators.ts';

test('the hash is murmur3’s finaliser of number and salt', () => {
  // fmix32 of 0 is 0 and of 1 is 0x514e28b7, by the reference implementation.
  expect(h(0, 0)).toBe(0);
  expect(h(1, 0)).toBe(0x514e28b7);
});

test('a log line is a pure function of its number', () => {
  expect(logJson(12_345, 10_000)).toBe(logJson(12_345, 10_000));
  const line = JSON.parse(logJson(12_345, 10_000));
  expect(Object.keys(line)).toEqual(['@timestamp', 'level', 'service', 'trace_id', 'message', 'status', 'duration_ms']);
  expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
});

test('of fifty Nexmark events one is a person, three are auctions and the rest are bids', () => {
  const kinds = Array.from({ length: 50 }, (_, n) => nexmark(n, 10_000).kind);
  expect(kinds.filter((k) => k === 'person')).toHaveLength(1);
  expect(kinds.filter((k) => k === 'auction')).toHaveLength(3);
  expect(nexmark(10_000, 10_000).time).toBe(firstTime + 1_000);
});
