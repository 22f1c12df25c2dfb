import { describe, expect, test } from 'vitest';
import type { SplitState } from '../../../runtime/circuit/element.ts';
import { SplitTimes } from '../../../runtime/circuit/split-times.ts';

const idleAfter = 60_000;

/** Times of splits, with news of them in short and ticks. */
function splits(outOfOrder = 0) {
  const times = new SplitTimes({ options: { outOfOrder, granule: 1, idleAfter }, nameOf: String, memory: undefined });
  const tell = (split: number, state: SplitState, asked: number, at = asked) =>
    times.onSplit({ split, state, at, asked });
  const at = (now: number) => {
    times.now = now;
    return times.advance(now);
  };
  return { times, tell, at };
}

describe('a watermark over splits', () => {
  test('is held by an open split that has brought no record', () => {
    const { times, tell } = splits();
    tell(0, 'open', 0);
    tell(1, 'open', 0);
    times.of(0).observe(500);
    expect(times.advance(9_000)).toBe(undefined);
    times.of(1).observe(300);
    expect(times.advance(9_000)).toBe(299);
  });

  test('is held by the clock, and follows it when every split is idle', () => {
    const { times, tell, at } = splits();
    tell(0, 'open', 0);
    times.of(0).observe(10_000);
    expect(times.advance(9_000)).toBe(9_000);
    tell(0, 'quiet', 100_000, 20_000);
    expect(at(100_000)).toBe(40_000);
  });

  test('follows the clock no further than to where an idle split was last asked', () => {
    const { tell, at } = splits();
    tell(0, 'quiet', 100_000, 20_000);
    expect(at(150_000)).toBe(40_000);
  });

  test('is held by a split that is at its end and was not asked since', () => {
    const { times, tell, at } = splits();
    for (const split of [0, 1]) tell(split, 'open', 0);
    times.of(0).observe(5_000);
    times.of(1).observe(5_000);
    at(5_000);
    tell(0, 'quiet', 6_000);
    times.of(1).observe(200_000);
    expect(at(200_000)).toBe(undefined);
    tell(0, 'quiet', 200_000, 6_000);
    expect(at(200_000)).toBe(199_999);
  });

  test('goes on without an idle split up to the moment at which that was last asked', () => {
    const { times, tell, at } = splits(1_000);
    for (const split of [0, 1]) tell(split, 'open', 0);
    tell(0, 'quiet', 100_000, 6_000);
    times.of(1).observe(150_000);
    expect(at(150_000)).toBe(99_000);
  });

  test('goes on without a split whose records have no time for so long, which says so, until one has', () => {
    const { times, tell, at } = splits();
    for (const split of [0, 1]) tell(split, 'open', 0);
    const start = 1_000_000;
    for (const now of [0, 20_000, 40_000, idleAfter, idleAfter + 1_000].map((ms) => start + ms)) {
      expect([times.isTimeless(0), times.watermark]).toEqual([false, Number.NEGATIVE_INFINITY]);
      tell(0, 'busy', now);
      times.of(1).observe(now);
      at(now);
    }
    expect([times.isTimeless(0), times.watermark]).toEqual([true, start + idleAfter + 999]);
    times.of(0).observe(start + idleAfter);
    expect(times.isTimeless(0)).toBe(false);
  });

  test('is held by a busy split as long as no poll shows what it brings', () => {
    const { times, tell } = splits();
    tell(0, 'busy', 1_000);
    tell(0, 'busy', 1_000 + 2 * idleAfter);
    expect(times.isTimeless(0)).toBe(false);
  });

  test('waits for the file after the last one that is gone, and follows the clock when none comes', () => {
    const { times, tell, at } = splits();
    tell(0, 'open', 0);
    times.of(0).observe(5_000);
    at(9_000);
    tell(0, 'gone', 10_000);
    expect(at(10_000 + idleAfter - 1)).toBe(undefined);
    expect(at(10_000 + idleAfter)).toBe(10_000);
    // Another file under the same name counts its own times.
    tell(0, 'open', 80_000);
    expect(times.splitWatermark(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(at(200_000)).toBe(undefined);
  });

  test('is not held by a split that is gone while others are read, nor by one that ended', () => {
    for (const state of ['gone', 'ended'] as const) {
      const { times, tell, at } = splits();
      for (const split of [0, 1]) tell(split, 'open', 0);
      tell(0, state, 1_000);
      times.of(1).observe(5_000);
      expect(at(5_000)).toBe(4_999);
    }
  });

  test('is over when all splits have ended, and not before', () => {
    const { tell, at } = splits();
    for (const split of [0, 1]) tell(split, 'open', 0);
    tell(0, 'ended', 1_000);
    expect(at(2_000)).toBe(undefined);
    tell(1, 'ended', 2_000);
    expect(at(3_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
