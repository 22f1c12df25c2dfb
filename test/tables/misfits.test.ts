/** What a column can't hold is known before a row leaves; what it holds is left alone. */
import { describe, expect, test } from 'vitest';
import { table } from '../../connectors/table.ts';
import { memoryTables } from '../../tables/memory.ts';
import { misfitOf, rowMisfit } from '../../tables/misfits.ts';
import { coded } from '../support/file-workplace.ts';

/** Type, values that it holds, and values that ClickHouse changes in it without a word. */
const types: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ['UInt8', [0, 255, '255', true, undefined], [null, '', 256, '256', -1, '-1', 1e19, Number.NaN]],
  ['Int8', [-128, 127], [-129, '-129', 128, '128']],
  ['UInt32', [4_294_967_295], [4_294_967_296]],
  ['UInt64', [1e19, '18446744073709551615', Number.MAX_SAFE_INTEGER], [2e19, 2 ** 64, '18446744073709551616']],
  ['Int64', [-(2 ** 63), '-9223372036854775808'], [1e19, 2 ** 63, '9223372036854775808', '-9223372036854775809']],
  ['Float64', [1e308, 'nan', '-inf', '1.5'], [Number.NaN, Number.POSITIVE_INFINITY, '1e999']],
  ['Float32', [3.4e38, '1.5'], [1e39, '-1e39', Number.NEGATIVE_INFINITY]],
  ['DateTime', [0, 4_294_967_295, '2026-01-29 08:51:24', '1769676684'], [-1, 4_294_967_296, '1960-01-01T00:00:00Z']],
  [
    'DateTime',
    ['2026-01-29T24:00:00Z', '2026-01-29', '2026-1-9 1:2:3', '20260129T100000Z', 'Thu, 29 Jan 2026 10:00:00 GMT'],
    ['2026-02-30 10:00:00', '2026-02-29T10:00:00Z', '20260230101010', '20260229T100000Z', '2026-00-10', '0000-00-00'],
  ],
  [
    'DateTime',
    ['2026-01-29T10:59:59+05:30', '2026-01-29 10:00'],
    ['10:60:00', '10:00:00', '2026', '2026-01', '2026-01-29 10:60', '2026-01-29T10:00:60Z', '20260129T106000Z', null],
  ],
  ['DateTime64(3)', [undefined], ['2026-01-29 24:00:01', '2026-01-29 25:00:00', '2026-06-31T10:00:00.5Z', '12', null]],
  ["DateTime64(3, 'UTC')", [-1, 1_769_676_684_967, '2299-12-31T23:59:59.999Z'], [1e15, '1800-01-01', '2400-01-01']],
  ['DateTime64(6)', [1_769_676_684_967_000], [1e17, new Date(Number.NaN)]],
  ['Time', ['10:20:30', '-999:59:59', '59:59', '90', 36_000, -3_599_999], ['10:60:30', '10:20:60', '60:00', 3_600_000]],
  ['Time64(3)', ['10:20:59.5', 3_599_999_999], ['10:60:30.5', '10:20:60', 3_600_000_000, Number.NaN, null]],
  ['Date', ['2149-06-06', 20_000], ['1960-01-01', '2200-01-01', 70_000]],
  ['Date', ['2024-02-29', '2026/2/3', '20260203'], ['2026-02-29', '2026-13-01', '2026-1-00', '20260230', null]],
  ['Date', [undefined], ['2026-01-29T10:00:00Z', '2026-01-29 ', new Date(0), 'Jan 5 2026', '20260129100000']],
  ['Date32', ['1900-01-01'], ['2026-04-31', '1900-02-29', '1800-01-01', '2400-01-01']],
  ['Array(UInt8)', [[1, 2], [], 'x'], [null, [1, null], [undefined], [1, 300], [Number.NaN]]],
  ['Map(String, UInt8)', [{ a: 1, b: undefined }], [{ a: 300 }, { a: null }, null, new Map([['a', 1]]), new Set([1])]],
  ['Map(UInt8, String)', [{ 255: 'x' }], [{ 256: 'x' }, { 1: 'x', '-1': 'y' }, { '': 'x' }, { 1: null }]],
  ['Map(Date, Map(Int8, Nullable(UInt8)))', [{ '2026-02-28': { 1: null } }], [{ '2026-02-30': {} }, { 1: { 200: 1 } }]],
  ["Map(Enum8('a,(b' = 1), UInt8)", [{ 'a,(b': 1 }], [{ 'a,(b': 300 }]],
  ['Tuple(UInt8, String)', [[1, 'a'], undefined, 5], [[300, 'a'], [null, 'a'], [undefined, 'a'], [1, null], null]],
  ['Tuple(a UInt8, `b c` Array(Int8))', [{ a: 1, 'b c': [1] }, {}], [{ a: 300 }, { a: null }, { 'b c': [200] }]],
  ['Tuple(a UInt8, b String)', [{ a: 1, b: 'x' }], [new Map([['a', 1]])]],
  ["Array(Tuple(Enum8('x' = 1), Date))", [[['x', '2026-02-28']], []], [[['x', '2026-02-30']], [null]]],
  ["LowCardinality(String) DEFAULT 'x'", [null, 'y'], [Number.NaN]],
  ['UInt8 DEFAULT 5', [null, 5], [300]],
  ["Enum8('DEFAULT' = 1)", ['DEFAULT', 1, undefined], [null]],
  ['Bool', [true, 0, undefined], [null]],
  ['UUID', [undefined], [null]],
  ['LowCardinality(String)', ['', undefined], [null]],
  ['SimpleAggregateFunction(sum, UInt8)', [1], [null, 300]],
  ['SimpleAggregateFunction(any, Nullable(String))', [null], [Number.NaN]],
  ['Variant(UInt8, String)', [null, 'x'], [Number.NaN]],
  ['JSON', [{ a: null }, null], [new Map([['a', 1]])]],
  ['BFloat16', [3e38], [3.4e38, null]],
  ['Nullable(UInt8)', [null, 1], [300]],
  ['LowCardinality(Nullable(Int16))', [null, 1], [40_000]],
  ['String', ['x', 5], [Number.NaN, null]],
];

describe.each(types)('%s', (type, good, bad) => {
  const misfit = misfitOf(type);
  test.each(good.map((value) => [value]))('holds %s', (value) => expect(misfit(value)).toBeUndefined());
  test.each(bad.map((value) => [value]))('does not hold %s', (value) => expect(misfit(value)).toBeTypeOf('string'));
});

const spec = {
  name: 'sizes',
  comment: '',
  columns: { id: { type: 'UInt8', comment: '' }, size: { type: 'UInt8', comment: '' } },
  identity: ['id'],
};

test('the sink names column and value, and leaves out fields that are no column', () => {
  const sink = table(spec, { row: (value: { id: number; size: number; note?: number }) => value });
  expect(sink.row({ id: 1, size: 2, note: Number.NaN }, 0)).toEqual({ id: 1, size: 2 });
  expect(() => sink.row({ id: 1, size: 300 }, 0)).toThrow('column size: 300 is not from 0 to 255');
  const missing = { id: 1, size: null as unknown as number };
  expect(() => sink.row(missing, 0)).toThrow('column size: null is no UInt8');
});

test('memory tables refuse what real ones would change', async () => {
  const tables = memoryTables();
  await tables.ensure(spec);
  const put = (row: object) => tables.insert('sizes', Buffer.from(JSON.stringify(row)), { rows: 1, token: 't' });
  await expect(put({ id: 1, size: 300, revision: 1 })).rejects.toEqual(coded('TABLE_INSERT_REFUSED'));
  await expect(put({ id: 1, size: 1, revision: -1 })).rejects.toEqual(coded('TABLE_INSERT_REFUSED'));
});

test('of several misfits the first column is named', () => {
  expect(rowMisfit(spec.columns)({ id: -1, size: 300 })).toBe('id: -1 is not from 0 to 255');
});
