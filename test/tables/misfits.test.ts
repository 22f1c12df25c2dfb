/** What a column can't hold is known before a row leaves; what it holds is left alone. */
import { describe, expect, test } from 'vitest';
import { table } from '../../connectors/table.ts';
import { memoryTables } from '../../tables/memory.ts';
import { misfitOf, rowMisfit } from '../../tables/misfits.ts';
import { coded } from '../support/file-workplace.ts';

/** Type, values that it holds, and values that ClickHouse changes in it without a word. */
const types: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ['UInt8', [0, 255, '255', true, null, undefined], [256, '256', -1, '-1', 1e19, Number.NaN]],
  ['Int8', [-128, 127], [-129, '-129', 128, '128']],
  ['UInt32', [4_294_967_295], [4_294_967_296]],
  ['UInt64', [1e19, '18446744073709551615', Number.MAX_SAFE_INTEGER], [2e19, 2 ** 64, '18446744073709551616']],
  ['Int64', [-(2 ** 63), '-9223372036854775808'], [1e19, 2 ** 63, '9223372036854775808', '-9223372036854775809']],
  ['Float64', [1e308, 'nan', '-inf', '1.5'], [Number.NaN, Number.POSITIVE_INFINITY, '1e999']],
  ['Float32', [3.4e38, '1.5'], [1e39, '-1e39', Number.NEGATIVE_INFINITY]],
  ['DateTime', [0, 4_294_967_295, '2026-01-29 08:51:24', '1769676684'], [-1, 4_294_967_296, '1960-01-01T00:00:00Z']],
  ["DateTime64(3, 'UTC')", [-1, 1_769_676_684_967, '2299-12-31T23:59:59.999Z'], [1e15, '1800-01-01', '2400-01-01']],
  ['DateTime64(6)', [1_769_676_684_967_000], [1e17, new Date(Number.NaN)]],
  ['Date', ['2149-06-06', 20_000], ['1960-01-01', '2200-01-01', 70_000]],
  ['Date32', ['1900-01-01'], ['1800-01-01', '2400-01-01']],
  ['Array(UInt8)', [[1, 2], []], [[1, 300], [Number.NaN]]],
  ['Map(String, UInt8)', [{ a: 1 }], [{ a: 300 }]],
  ['Nullable(UInt8)', [null, 1], [300]],
  ['LowCardinality(Nullable(Int16))', [null, 1], [40_000]],
  ['String', ['x', 5], [Number.NaN]],
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
