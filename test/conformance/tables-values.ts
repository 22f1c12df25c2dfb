/** What every Tables promises about values: they come back as they went in. */
import { expect } from 'vitest';
import { table } from '../../connectors/table.ts';
import type { Row } from '../../tables/tables.ts';
import { noon, put, row, type Start } from './tables-steps.ts';

/** Strings that break naive quoting, line splitting, formats and encodings. */
export const hostile = [
  '',
  "it's",
  '"quoted"',
  'back\\slash',
  '\\',
  '`',
  'a\nb\r\nc\td',
  '\0nul',
  '☃ 𝄞 é',
  '{"json":[1]}',
  "'; DROP TABLE t; --",
  '{name:String}',
  '\u0024{x}',
  '\u2028\u2029',
  '\ud7ff\uffff',
  'FORMAT JSONEachRow',
  '\\N',
  '1',
  'null',
  '/*',
  '--',
];

const nil = '00000000-0000-0000-0000-000000000000';
const uuid = '61f0c404-5cb3-11e7-907b-a6006ad3dba0';

/** Types, a value that a column of it holds, how it comes back, and values that ClickHouse would bend. */
const given: readonly (readonly [type: string, held: unknown, read: unknown, refused: readonly unknown[]])[] = [
  ['UInt8', '7', 7, [null, '', 300]],
  ['Bool', 1, true, [null]],
  ['UUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', [null]],
  ["Enum8('a' = 1)", 'a', 'a', [null]],
  ['Array(UInt8)', [1], [1], [[null], null]],
  ['Map(UInt8, UInt8)', { 7: 1 }, { 7: 1 }, [{ 300: 1 }, { 7: null }, new Map([[7, 1]])]],
  [
    'Tuple(UInt8, String)',
    [1, 'a'],
    [1, 'a'],
    [
      [300, 'a'],
      [null, 'a'],
    ],
  ],
  ['Tuple(a UInt8, b String)', { a: 1, c: 2 }, { a: 1, b: '' }, [{ a: 300 }, { b: null }]],
  ['Array(Tuple(UInt8, Date))', [[1, '2026-02-28']], [[1, '2026-02-28']], [[[1, '2026-02-30']]]],
  ['Date', '2024-02-29', '2024-02-29', ['2026-02-30', '2026-13-01', '2026-01-29T10:00:00Z']],
  ['Date32', '1900-01-01', '1900-01-01', ['2026-04-31']],
  [
    'DateTime',
    '2026-01-29T24:00:00Z',
    '2026-01-30T00:00:00Z',
    ['2026-02-30 10:00:00', '10:60:00', '2026-01-29 10:60:00'],
  ],
  ['Time', 36_000, '10:00:00', ['10:60:30', '10:20:60', 3_600_000]],
  ['Time64(3)', '10:20', '00:10:20.000', ['10:60:30.5', 3_600_000_000]],
  ['DateTime64(3)', noon, noon, ['2026-02-29T10:00:00Z', '10:00:00']],
];

/** Types, a value that a column of it holds, how it comes back, and values that it refuses by itself. */
const refusing: readonly (readonly [type: string, held: unknown, read: unknown, refused: readonly unknown[]])[] = [
  ['UUID', uuid.replaceAll('-', '').toUpperCase(), uuid, ['x', '', 5, true, uuid.slice(1), `{${uuid}}`, `${uuid}0`]],
  ['IPv4', '1.2.3.4', '1.2.3.4', ['1.2.3', '1.2.3.256', ' 1.2.3.4', 5, '', '::1', '1.2.3.4.5']],
  ['IPv6', 'FE80::1', 'fe80::1', ['g::', '', '1:2', 5, '1:2:3:4:5:6:7:8:9', 'fe80::1%eth0']],
  ["Enum8('b c' = -2, 'a' = 1)", -2, 'b c', ['A', 'x', '', 2, true, 1.5]],
  ["Enum16('a' = 300)", '300', 'a', ['x', 1]],
  ['Time', '-10:20:30', '-10:20:30', ['x', '', '1000:00:00', '10:20:30.5', 1.5]],
  ['Time64(3)', -5, '-00:00:00.005', ['x', '1000:00:00', 1.5]],
  ['Array(UUID)', [uuid], [uuid], [[uuid, 'x']]],
];

export const valueTests = (start: Start) => ({
  async 'hostile strings come back as they went in, as values and as identity'() {
    const { tables, spec } = await start();
    const columns = { ...spec.columns, text: { type: 'String', comment: '`\\\'"' } };
    await tables.ensure({ ...spec, columns });
    await put(tables, spec.name, 'a', ...hostile.map((text) => row(text, 1, 1, { text })));
    const found = await tables.rows(spec.name);
    expect(found.map((r) => r['text']).sort()).toEqual([...hostile].sort());
    expect(found.every((r) => r['text'] === r['service'])).toBe(true);
  },
  async 'a table and columns with hostile names work'() {
    const { tables, spec } = await start();
    const name = `${spec.name} it's \`a\\ "table"; --`;
    const columns = { 'a`b\\': { type: 'String', comment: '' }, "it's a column": { type: 'UInt8', comment: '' } };
    const odd = { name, comment: '', columns, identity: ['a`b\\'] };
    await tables.ensure(odd);
    await tables.ensure(odd);
    const stored = { 'a`b\\': 'x', "it's a column": 1, revision: 1, is_deleted: 0 };
    await put(tables, name, 'a', stored);
    await put(tables, name, 'a', stored);
    expect(await tables.rows(name)).toEqual([stored]);
  },
  async 'the least and the greatest that a column holds come back as they went in'() {
    const { tables, spec } = await start();
    const ends: readonly (readonly [type: string, least: unknown, most: unknown])[] = [
      ['UInt8', 0, 255],
      ['Int8', -128, 127],
      ['UInt64', 0, '18446744073709551615'],
      ['Int64', '-9223372036854775808', '9223372036854775807'],
      ['DateTime', '1970-01-01T00:00:00Z', '2106-02-07T06:28:15Z'],
      ['DateTime64(3)', '1900-01-01T00:00:00.000Z', '2299-12-31T23:59:59.999Z'],
    ];
    const names = ends.map((_, i) => `end_${i}`);
    const columns = Object.fromEntries(ends.map(([type], i) => [names[i]!, { type, comment: '' }]));
    await tables.ensure({ ...spec, columns: { ...spec.columns, ...columns } });
    const least = Object.fromEntries(ends.map(([, value], i) => [names[i]!, value]));
    const most = Object.fromEntries(ends.map(([, , value], i) => [names[i]!, value]));
    await put(tables, spec.name, 'a', row('least', 1, 1, least), row('most', 1, 1, most));
    expect(await tables.rows(spec.name)).toMatchObject([least, most]);
  },
  async 'of what its sink is given a table has what it holds, and a dead letter names what it does not'() {
    const { tables, spec } = await start();
    const columns = Object.fromEntries(given.map(([type], i) => [`given_${i}`, { type, comment: '' }]));
    const wide = { ...spec, columns: { ...spec.columns, ...columns } };
    await tables.ensure(wide);
    const sink = table(wide, { row: (value: Row) => value });
    for (const [i, [type, held, , refused]] of given.entries()) {
      const name = `given_${i}`;
      const made = sink.row(row(`held ${i}`, 1, 1, { [name]: held }), 0);
      await put(tables, spec.name, name, { ...made, revision: 1 });
      for (const value of refused)
        expect(() => sink.row(row('x', 1, 1, { [name]: value }), 0), type).toThrow(`column ${name}: `);
    }
    const found = await tables.rows(spec.name);
    for (const [i, [type, , read]] of given.entries()) {
      expect(found.find((r) => r['service'] === `held ${i}`)?.[`given_${i}`], type).toEqual(read);
    }
  },
  async 'identifiers, addresses, names and times of day that are none are refused'() {
    const { tables, spec } = await start();
    const columns = Object.fromEntries(refusing.map(([type], i) => [`x${i}`, { type, comment: '' }]));
    await tables.ensure({ ...spec, columns: { ...spec.columns, ...columns } });
    for (const [i, [type, held, , refused]] of refusing.entries()) {
      await put(tables, spec.name, `held ${i}`, row(`held ${i}`, 1, 1, { [`x${i}`]: held }));
      for (const [n, value] of refused.entries()) {
        const inserted = put(tables, spec.name, `${i} ${n}`, row('x', 1, 1, { [`x${i}`]: value }));
        await expect(inserted, `${type} ${value}`).rejects.toEqual(
          expect.objectContaining({ code: 'TABLE_INSERT_REFUSED' }),
        );
      }
    }
    await put(tables, spec.name, 'rest', row('rest', 1));
    const found = await tables.rows(spec.name);
    expect(found).toHaveLength(refusing.length + 1);
    expect(found.find((r) => r['service'] === 'rest')).toMatchObject({
      x0: nil,
      x1: '0.0.0.0',
      x2: '::',
      x3: 'b c',
      x5: '00:00:00',
    });
    for (const [i, [type, , read]] of refusing.entries())
      expect(found.find((r) => r['service'] === `held ${i}`)?.[`x${i}`], type).toEqual(read);
  },
  async 'arrays, maps, optional values, flags, fractions and JSON come back as they went in'() {
    const { tables, spec } = await start();
    const types = {
      tags: 'Array(Array(String))',
      attributes: 'Map(String, String)',
      counts: 'Map(String, Array(UInt64))',
      maybe: 'Nullable(Float64)',
      flag: 'Bool',
      detail: 'JSON',
      ids: 'Array(UInt64)',
      level: "Enum8('INFO' = 1, 'ERROR' = 2)",
    };
    const added = Object.fromEntries(Object.entries(types).map(([n, type]) => [n, { type, comment: n }]));
    await tables.ensure({ ...spec, columns: { ...spec.columns, ...added } });
    await tables.ensure({ ...spec, columns: { ...spec.columns, ...added } });
    const full = row('full', 1, 1, {
      tags: [['a', "b'"], [], ['☃']],
      attributes: { 'a.b': 'c"', '': '' },
      counts: { x: [1, 2] },
      maybe: -0.25,
      flag: true,
      detail: { a: 1, b: { c: [1, 2, 3], d: 'é' } },
      ids: [1, '18446744073709551615'],
      level: 'ERROR',
    });
    const empty = row('empty', 1, 1, {
      tags: [],
      attributes: {},
      counts: {},
      maybe: null,
      flag: false,
      detail: {},
      ids: [],
      level: 'INFO',
    });
    await put(tables, spec.name, 'a', full, empty);
    expect(await tables.rows(spec.name)).toEqual([empty, full]);
  },
  async 'times are ISO strings in UTC, and a DateTime64(3) takes milliseconds too'() {
    const { tables, spec } = await start();
    const columns = { ...spec.columns, second: { type: 'DateTime', comment: '' } };
    await tables.ensure({ ...spec, columns });
    const at = (time: unknown, service: string) => row(service, 1, 1, { window_start: time, second: noon });
    await put(
      tables,
      spec.name,
      't',
      at(Date.parse(noon) + 7, 'a'),
      at('2026-01-29T13:00:00.007+01:00', 'b'),
      at(-5, 'c'),
    );
    expect((await tables.rows(spec.name)).map((r) => [r['window_start'], r['second']])).toEqual([
      ['2026-01-29T12:00:00.007Z', '2026-01-29T12:00:00Z'],
      ['2026-01-29T12:00:00.007Z', '2026-01-29T12:00:00Z'],
      ['1969-12-31T23:59:59.995Z', '2026-01-29T12:00:00Z'],
    ]);
  },
  async 'integers beyond 2^53 are not rounded'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(
      tables,
      spec.name,
      'a',
      { ...row('api', 0), count: '18446744073709551615' },
      row('db', Number.MAX_SAFE_INTEGER),
    );
    const found = await tables.rows(spec.name);
    expect(found.map((r) => r['count'])).toEqual(['18446744073709551615', Number.MAX_SAFE_INTEGER]);
  },
});
