/**
 * Tables in memory, for tests and simulated runs: the same promises, no SQL. Rows are kept by identity; the highest
 * revision wins, of equal ones the later insert, and a deleted winner is not shown. No row is ever too old: a TTL runs
 * by the server's clock, and memory has none.
 */
import { MillraceError, reasonOf } from '../errors.ts';
import { cell } from './cell.ts';
import { allColumns, inUtc, validate } from './clickhouse/ddl.ts';
import { rowMisfit } from './misfits.ts';
import type { Row, TableSpec, Tables } from './tables.ts';

interface Table {
  spec: TableSpec;
  readonly tokens: Set<string>;
  /** Winners, deleted ones too, by their identity as JSON. */
  readonly winners: Map<string, Row>;
}

/** Empty tables in memory. */
export function memoryTables(): Tables {
  const tables = new Map<string, Table>();
  const find = (name: string): Table => {
    const table = tables.get(name);
    if (table === undefined) throw new MillraceError('TABLE_MISSING', { table: name });
    return table;
  };

  return {
    async ensure(spec) {
      validate(spec);
      const table = tables.get(spec.name);
      if (table === undefined) tables.set(spec.name, { spec, tokens: new Set(), winners: new Map() });
      else table.spec = merged(table.spec, spec);
    },
    async insert(name, ndjson, { rows, token }) {
      const table = find(name);
      if (rows === 0 || table.tokens.has(token)) return;
      const parsed = parse(table.spec, ndjson, rows);
      table.tokens.add(token);
      for (const row of parsed) keepWinner(table, row);
    },
    async rows(name) {
      const { spec, winners } = find(name);
      // Complete again, because a column may have been added after the row was.
      return [...winners.values()]
        .filter((row) => Number(row['is_deleted']) === 0)
        .map((row) => complete(spec, row))
        .sort((a, b) => compareRows(spec, a, b));
    },
    async query() {
      throw new MillraceError('SQL_UNSUPPORTED', { reason: 'they live in memory; read whole tables with rows(…)' });
    },
    async close() {
      tables.clear();
    },
  };
}

/** The new specification with the columns of both. Errors: TABLE_MISMATCH. */
function merged(old: TableSpec, next: TableSpec): TableSpec {
  const differs = (difference: string): never => {
    throw new MillraceError('TABLE_MISMATCH', { table: next.name, difference });
  };
  const fields: readonly (readonly [string, string, string])[] = [
    ['order', old.identity.join(', '), next.identity.join(', ')],
    ['partition', old.partitionBy ?? 'none', next.partitionBy ?? 'none'],
  ];
  for (const [what, found, wanted] of fields) if (found !== wanted) differs(`its ${what} is ${found}, not ${wanted}`);
  for (const [name, { type }] of Object.entries(next.columns)) {
    const found = old.columns[name]?.type;
    if (found !== undefined && inUtc(found) !== inUtc(type)) differs(`column ${name} has type ${found}, not ${type}`);
  }
  return { ...next, columns: { ...old.columns, ...next.columns } };
}

/** All rows or none. Errors: TABLE_INSERT_REFUSED. */
function parse(spec: TableSpec, ndjson: Uint8Array, rows: number): readonly Row[] {
  try {
    const lines = new TextDecoder().decode(ndjson).split('\n');
    const misfit = rowMisfit(allColumns(spec));
    const written = (row: Row): Row => {
      const wrong = misfit(row);
      if (wrong !== undefined) throw new TypeError(wrong);
      return complete(spec, row);
    };
    return lines.filter((line) => line.trim() !== '').map((line) => written(JSON.parse(line)));
  } catch (error) {
    const reason = reasonOf(error);
    throw new MillraceError('TABLE_INSERT_REFUSED', { table: spec.name, rows, reason }, { cause: error });
  }
}

function complete(spec: TableSpec, row: Row): Row {
  const columns = allColumns(spec);
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined) throw new TypeError(`unknown field ${unknown}`);
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, cell(type, row[name])]));
}

function keepWinner(table: Table, row: Row): void {
  const key = JSON.stringify(table.spec.identity.map((name) => row[name]));
  const present = table.winners.get(key);
  if (present === undefined || revision(row) >= revision(present)) table.winners.set(key, row);
}

const revision = (row: Row): bigint => BigInt(row['revision'] as number | string);

function compareRows(spec: TableSpec, a: Row, b: Row): number {
  for (const name of spec.identity) {
    const order = compareValues(a[name], b[name]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by size, texts by their bytes as ClickHouse does. */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
