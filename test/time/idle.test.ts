import { expect, test } from 'vitest';
import { heldByClock, idleWatermark, tooFarAhead } from '../../time/idle.ts';
import { SplitWatermark } from '../../time/watermark.ts';

test('a record is too far ahead from one millisecond beyond the allowance', () => {
  expect(tooFarAhead(65_000, 60_000, 5_000)).toBe(false);
  expect(tooFarAhead(65_001, 60_000, 5_000)).toBe(true);
  expect(tooFarAhead(Number.POSITIVE_INFINITY, 60_000, 5_000)).toBe(true);
});

test('a record ahead of the clock does not make punctual records late', () => {
  const split = new SplitWatermark({ outOfOrder: 2_000 });
  split.observe(64_999);
  expect(heldByClock(split.watermark, 60_000, 2_000)).toBe(58_000);
  expect(heldByClock(split.watermark, 90_000, 2_000)).toBe(split.watermark);
});

test('while all inputs are idle the watermark follows the clock, out-of-orderness and idle time behind it', () => {
  expect(idleWatermark(100_000, 10_000, 60_000)).toBe(30_000);
});
