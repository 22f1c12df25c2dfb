import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTimeOf } from '../../../connectors/records/iso-time.ts';

function timeOf(text: string): number {
  const bytes = Buffer.from(`1${text}1`);
  return isoTimeOf(bytes, 1, bytes.length - 1);
}

const instant = fc.integer({ min: Date.UTC(0, 0, 1) - 1_900 * 366 * 86_400_000, max: Date.UTC(9999, 11, 31) });

test('every time that can be written with four digits of a year is read', () => {
  fc.assert(
    fc.property(instant, (time) => {
      const text = new Date(time).toISOString();
      fc.pre(text.length === 24);
      expect(timeOf(text)).toBe(time);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test('decimals and offsets are read as Date.parse reads them', () => {
  const decimals = fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }).map((digits) => `.${digits.join('')}`);
  const zone = fc.oneof(
    fc.constant('Z'),
    fc.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59)).map(([sign, h, m]) => `${sign}${two(h)}:${two(m)}`),
  );
  fc.assert(
    fc.property(instant, fc.oneof(fc.constant(''), decimals), zone, (time, fraction, offset) => {
      const day = new Date(time).toISOString();
      fc.pre(day.length === 24);
      const text = `${day.slice(0, 19)}${fraction}${offset}`;
      expect(timeOf(text)).toBe(Date.parse(text));
    }),
    { seed: 2, numRuns: 2_000 },
  );
});

test('29 February is a day of leap years only', () => {
  expect(timeOf('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29));
  expect(timeOf('2000-02-29T00:00:00Z')).toBe(Date.UTC(2000, 1, 29));
  for (const day of ['2023-02-29', '1900-02-29', '2024-02-30', '2024-04-31'])
    expect(timeOf(`${day}T00:00:00Z`), day).toBeNaN();
});

test.each([
  '',
  '2024-01-01',
  '2024-01-01 00:00:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00:00.Z',
  '2024-01-01T00:00:00ZZ',
  '2024-13-01T00:00:00Z',
  '2024-00-01T00:00:00Z',
  '2024-01-00T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T00:00:60Z',
  '2024-01-01T00:00:00+0100',
  '2024-01-01T00:00:00+01:60',
  '2024-01-01T00:00:00+24:00',
  '20a4-01-01T00:00:00Z',
  '2024-01-01T0x:00:00Z',
])('%j is no time', (text) => {
  expect(timeOf(text)).toBeNaN();
});

const two = (n: number): string => String(n).padStart(2, '0');
