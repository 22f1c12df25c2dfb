/** What every implementation of tables promises, as tests. */
import { expect, onTestFinished } from 'vitest';
import type { Row, TableSpec } from '../../tables/tables.ts';
import { type Skip, suite } from './suite.ts';
import { counts, noon, type OpenTables, put, row, type Start } from './tables-steps.ts';
import { hostile, valueTests } from './tables-values.ts';

const coded = (code: string) => expect.objectContaining({ code });

export function tablesConformance(name: string, open: OpenTables, skips: readonly Skip[] = []): void {
  const start = async () => {
    const under = await open();
    onTestFinished(() => under.tables.close());
    return { ...under, spec: counts() };
  };

  suite(name, { ...tableTests(start), ...insertTests(start), ...valueTests(start), ...queryTests(start) }, skips);
}

const tableTests = (start: Start) => ({
  async 'a table made twice keeps its rows'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    await tables.ensure(spec);
    expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
  },
  async 'a table fits its own specification, however the types are spelled'() {
    const { tables, spec } = await start();
    const types = ["Enum8('b' = 2, 'a' = 1)", "Enum('a', 'b')", 'UInt8 DEFAULT 5', 'VARCHAR', 'INT', 'Decimal32(2)'];
    const added = Object.fromEntries(types.map((type, i) => [`x${i}`, { type, comment: '' }]));
    const odd = { ...spec, columns: { ...spec.columns, ...added } };
    await tables.ensure(odd);
    await tables.ensure(odd);
    const other = { ...odd, columns: { ...odd.columns, x0: { type: "Enum8('b' = 2, 'c' = 1)", comment: '' } } };
    await expect(tables.ensure(other)).rejects.toThrow(/TABLE_MISMATCH: .* column x0 has type Enum8\('/);
    await put(tables, spec.name, 'a', row('api', 1, 1, { x0: 'b', x1: 'a' }));
    expect(await tables.rows(spec.name)).toMatchObject([{ x0: 'b', x1: 'a' }]);
  },
  async 'a column added to the specification is added to the table, empty in older rows'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    const columns = { ...spec.columns, owners: { type: 'Array(String)', comment: 'Whose.' } };
    await tables.ensure({ ...spec, columns });
    await put(tables, spec.name, 'b', row('db', 2, 1, { owners: ['x'] }));
    expect(await tables.rows(spec.name)).toEqual([
      row('api', 1, 1, { owners: [] }),
      row('db', 2, 1, { owners: ['x'] }),
    ]);
    await tables.ensure(spec);
  },
  async 'a table that differs in a type, its identity or its partitions is refused and says in what'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    const differing: readonly (readonly [Partial<TableSpec>, RegExp])[] = [
      [
        { columns: { ...spec.columns, count: { type: 'String', comment: '' } } },
        /column count has type UInt64, not String/,
      ],
      [{ identity: ['service'] }, /order/],
      [{ partitionBy: 'toYYYYMM(window_start)' }, /partition is toYYYYMMDD\(window_start\)/],
    ];
    for (const [part, message] of differing) {
      const refusal = tables.ensure({ ...spec, ...part });
      await expect(refusal).rejects.toEqual(coded('TABLE_MISMATCH'));
      await expect(refusal).rejects.toThrow(message);
    }
  },
  async 'a table whose rows are to be kept longer, forever or as long as before is altered and keeps its rows'() {
    const { tables, spec } = await start();
    const { ttl: _, ...forever } = spec;
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    for (const next of [{ ...spec, ttl: 'inserted_at + INTERVAL 400 DAY' }, forever, spec]) {
      await tables.ensure(next);
      expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
    }
  },
  async 'rows that are too old for a changed TTL are gone after a merge, the others are kept'() {
    const { tables, spec, merge } = await start();
    await tables.ensure(spec);
    const [old, young] = ['2001-01-29T12:00:00.000Z', '2100-01-29T12:00:00.000Z'];
    const kept = row('db', 2, 1, { window_start: young });
    await put(tables, spec.name, 'a', row('api', 1, 1, { window_start: old }), kept);
    await merge!(spec.name);
    expect(await tables.rows(spec.name)).toHaveLength(2);
    await tables.ensure({ ...spec, ttl: 'toDateTime(window_start) + INTERVAL 30 DAY' });
    await merge!(spec.name);
    expect(await tables.rows(spec.name)).toEqual([kept]);
    const { ttl: _, ...forever } = spec;
    await tables.ensure(forever);
    await put(tables, spec.name, 'b', row('api', 3, 1, { window_start: old }));
    await merge!(spec.name);
    expect(await tables.rows(spec.name)).toHaveLength(2);
  },
  async 'a specification without identity, or with a column of ours, is refused'() {
    const { tables, spec } = await start();
    await expect(tables.ensure({ ...spec, identity: [] })).rejects.toEqual(coded('OPTION_INVALID'));
    await expect(tables.ensure({ ...spec, identity: ['who'] })).rejects.toEqual(coded('OPTION_INVALID'));
    for (const name of ['revision', 'is_deleted', 'inserted_at']) {
      const columns = { ...spec.columns, [name]: { type: 'UInt8', comment: '' } };
      await expect(tables.ensure({ ...spec, columns }), name).rejects.toEqual(coded('OPTION_INVALID'));
    }
  },
  async 'a table that was never made is missing'() {
    const { tables, spec } = await start();
    await expect(put(tables, spec.name, 'a', row('api', 1))).rejects.toEqual(coded('TABLE_MISSING'));
    await expect(tables.rows(spec.name)).rejects.toEqual(coded('TABLE_MISSING'));
  },
  async 'a table that vanished is missing until it is made again'() {
    const { tables, spec, vanish } = await start();
    await tables.ensure(spec);
    await vanish!(spec.name);
    await expect(put(tables, spec.name, 'a', row('api', 1))).rejects.toEqual(coded('TABLE_MISSING'));
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
  },
  async 'rows and tokens are there after reopening'() {
    const { tables, spec, reopen } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    const again = await reopen!();
    await again.ensure(spec);
    await put(again, spec.name, 'a', row('db', 1));
    expect(await again.rows(spec.name)).toEqual([row('api', 1)]);
  },
});

const insertTests = (start: Start) => ({
  async 'a second insert under the same token is a no-op, even with other rows'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, "it's \\ a `token` ☃", row('api', 1));
    await put(tables, spec.name, "it's \\ a `token` ☃", row('api', 9, 5), row('db', 2));
    expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
  },
  async 'the same rows under two tokens are both stored and still one row'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1));
    await put(tables, spec.name, 'b', row('api', 1));
    expect(await tables.rows(spec.name)).toEqual([row('api', 1)]);
  },
  async 'an insert over many partitions is repeated without doubling'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    const days = Array.from({ length: 101 }, (_, i) => new Date(Date.parse(noon) + i * 86_400_000).toISOString());
    const rows = days.map((day) => row('api', 1, 1, { window_start: day }));
    await put(tables, spec.name, 'a', ...rows);
    await put(tables, spec.name, 'a', ...rows);
    expect(await tables.rows(spec.name)).toEqual(rows);
  },
  async 'the highest revision wins in whatever order it comes'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 3, 3), row('db', 1, 1));
    await put(tables, spec.name, 'b', row('api', 2, 2), row('db', 2, 2 ** 40));
    expect(await tables.rows(spec.name)).toEqual([row('api', 3, 3), row('db', 2, 2 ** 40)]);
  },
  async 'a deleted winner is gone until a higher revision brings it back'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await put(tables, spec.name, 'a', row('api', 1), row('api', 1, 2, { is_deleted: 1 }));
    expect(await tables.rows(spec.name)).toEqual([]);
    await put(tables, spec.name, 'b', row('api', 7, 3));
    expect(await tables.rows(spec.name)).toEqual([row('api', 7, 3)]);
  },
  async 'one row that does not fit refuses all of its insert, and the token stays free'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    const misfits: readonly Row[] = [
      { ...row('db', 1), count: 'many' },
      { ...row('db', 1), count: -1 },
      { ...row('db', 1), window_start: 'yesterday' },
      { ...row('db', 1), nobody_declared_this: 1 },
    ];
    for (const misfit of misfits) {
      await expect(put(tables, spec.name, 'a', row('api', 1), misfit)).rejects.toEqual(coded('TABLE_INSERT_REFUSED'));
    }
    await expect(tables.insert(spec.name, Buffer.from('{"service":'), { rows: 1, token: 'a' })).rejects.toEqual(
      coded('TABLE_INSERT_REFUSED'),
    );
    expect(await tables.rows(spec.name)).toEqual([]);
    await put(tables, spec.name, 'a', row('api', 1));
    expect(await tables.rows(spec.name)).toHaveLength(1);
  },
  async 'no rows are no insert'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    await tables.insert(spec.name, new Uint8Array(), { rows: 0, token: 'a' });
    await put(tables, spec.name, 'a', row('api', 1));
    expect(await tables.rows(spec.name)).toHaveLength(1);
  },
  async 'a hundred thousand rows go in at once and come back in order of identity'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    const rows = Array.from({ length: 100_000 }, (_, i) =>
      row(`service-${String((i * 7919) % 100_000).padStart(6, '0')}`, i),
    );
    await put(tables, spec.name, 'a', ...rows);
    const found = await tables.rows(spec.name);
    expect(found).toHaveLength(100_000);
    expect(found[0]).toEqual(rows[0]);
    expect(found.every((r, i) => i === 0 || String(found[i - 1]!['service']) < String(r['service']))).toBe(true);
  },
});

const queryTests = (start: Start) => ({
  async 'a query is answered with its values bound, however hostile'() {
    const { tables } = await start();
    const sql = 'SELECT {text:String} AS text, {list:Array(String)} AS list, {n:UInt64} AS n';
    for (const text of hostile) {
      expect(await tables.query(sql, { text, list: [text, 'x'], n: 5 })).toEqual([{ text, list: [text, 'x'], n: 5 }]);
    }
  },
  async 'a query that is wrong, unanswerable or more than one statement fails with its reason'() {
    const { tables } = await start();
    await expect(tables.query('SELECT FROM')).rejects.toEqual(coded('TABLE_QUERY_FAILED'));
    await expect(tables.query('SELECT * FROM nowhere')).rejects.toThrow(/TABLE_QUERY_FAILED: .*nowhere/);
    await expect(tables.query('SELECT 1; SELECT 2')).rejects.toEqual(coded('TABLE_QUERY_FAILED'));
  },
  async 'no answer is no rows'() {
    const { tables, spec } = await start();
    await tables.ensure(spec);
    expect(await tables.query(`SELECT * FROM ${spec.name}`)).toEqual([]);
  },
});
