import { expect, test } from 'vitest';
import { cell } from '../../tables/cell.ts';

test('what is missing becomes the default of its type', () => {
  const types = [
    'String',
    'UInt64',
    'Float64',
    'Bool',
    'Array(UInt8)',
    'Map(String, UInt8)',
    'JSON',
    'Nullable(UInt8)',
    'DateTime64(3)',
    'LowCardinality(String)',
    'Tuple(UInt8, String)',
    'Tuple(a UInt8, b String)',
  ];
  expect(types.map((type) => cell(type, undefined))).toEqual([
    '',
    0,
    0,
    false,
    [],
    {},
    {},
    null,
    '1970-01-01T00:00:00.000Z',
    '',
    [0, ''],
    { a: 0, b: '' },
  ]);
});

test('a refused value is shown without half of a character', () => {
  const value = `${'x'.repeat(78)}😀`;
  expect(() => cell('UInt64', value)).toThrow(`"${'x'.repeat(78)} is not`);
});

test('times keep the digits of their column', () => {
  const time = '2026-01-29T13:00:00.123456789+01:00';
  expect(
    ['DateTime', 'DateTime64(3)', "DateTime64(6, 'UTC')", 'DateTime64(9)'].map((type) => cell(type, time)),
  ).toEqual([
    '2026-01-29T12:00:00Z',
    '2026-01-29T12:00:00.123Z',
    '2026-01-29T12:00:00.123456Z',
    '2026-01-29T12:00:00.123456789Z',
  ]);
});

test('numbers are read from their decimal text and stay exact', () => {
  expect(cell('UInt64', '12')).toBe(12);
  expect(cell('Array(Int64)', ['-9007199254740993', 1])).toEqual(['-9007199254740993', 1]);
  expect(cell('String', 5)).toBe('5');
});

test('what does not fit its column is refused', () => {
  const misfits: readonly (readonly [string, unknown])[] = [
    ['UInt64', -1],
    ['UInt64', 1.5],
    ['UInt64', 'x'],
    ['Float64', 'x'],
    ['DateTime64(3)', 'yesterday'],
    ['DateTime64(3)', 1.5],
    ['Array(String)', 'x'],
    ['Map(String, UInt8)', []],
    ['Map(String, UInt8)', { a: 'x' }],
    ['JSON', 'x'],
    ['Array(UInt8)', [-1]],
    ['Map(UInt8, String)', { x: 'y' }],
    ['Tuple(UInt8, String)', [1]],
    ['Tuple(UInt8, String)', { a: 1 }],
    ['Tuple(a UInt8, b String)', [1, 'x']],
    ['Tuple(a UInt8, b String)', { a: 'x' }],
  ];
  for (const [type, value] of misfits) expect(() => cell(type, value), `${type} ${value}`).toThrow(TypeError);
});
