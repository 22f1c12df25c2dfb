import { expect, test } from 'vitest';
import { maxTime } from '../../windows/window.ts';

test('the end does not belong to the window', () => {
  expect(maxTime({ start: -60_000, end: 0 })).toBe(-1);
});
