import { expect, test } from 'vitest';
import { instantOf } from '../../time/instant.ts';

test.each([
  ['2026-01-29T08:00:00Z', Date.UTC(2026, 0, 29, 8)],
  ['2026-01-29T08:00Z', Date.UTC(2026, 0, 29, 8)],
  ['2026-01-29T08:00:00.123456789+02:00', Date.UTC(2026, 0, 29, 6, 0, 0, 123)],
  ['2026-01-29T08:00:00-0730', Date.UTC(2026, 0, 29, 15, 30)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('%s is a time', (text, time) => {
  expect(instantOf(text)).toBe(time);
});

test.each([
  '2026-01-29T08:00:00',
  '2026-01-29',
  '2026-01-29 08:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-01-29T25:00:00Z',
  '2026-01-29T08:00:00+99:00',
  '1899-12-31T23:59:59Z',
  '2300-01-01T00:00:00Z',
  '1',
  '1769673600000',
  'yesterday',
  '',
])('%j is none, whatever Date.parse makes of it', (text) => {
  expect(instantOf(text)).toBeNaN();
});
