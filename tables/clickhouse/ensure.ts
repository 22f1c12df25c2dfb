/**
 * Makes a table on ClickHouse as its specification says, or finds out how far it is from it. Every step can be done
 * twice and by several workers at once: IF NOT EXISTS throughout, and a version that two of them write is one row.
 * What a newer Millrace left (see versions.ts) is used if it fits and otherwise refused, never changed, but for how
 * long its rows are kept.
 */
import { MillraceError } from '../../errors.ts';
import type { TableSpec, Tables } from '../tables.ts';
import {
  addColumns,
  bareType,
  changeTtl,
  compareTable,
  createTable,
  type ExistingTable,
  inUtc,
  isSameType,
  ttlOf,
} from './ddl.ts';
import { isOlder, schemaVersions, standingOf, versionRow } from './versions.ts';

/** What making tables needs of a server. */
export interface Server {
  readonly query: Tables['query'];
  command(statement: string): Promise<unknown>;
  insert(table: string, ndjson: Uint8Array, token: string): Promise<void>;
}

/** Errors: TABLE_MISMATCH, and the server's own. */
export async function ensureTable(server: Server, spec: TableSpec): Promise<void> {
  await server.command(createTable(schemaVersions));
  const standing = await standingOf(server.query, spec);
  await server.command(createTable(spec));
  const existing = await existingTable(server.query, spec.name);
  const comparison = compareTable(spec, existing, {
    types: await canonicalTypes(server.query, spec, existing),
    partitionBy: await canonical(server.query, spec.partitionBy),
    ttl: await canonical(server.query, spec.ttl),
  });
  const { own = 0, latest } = standing;
  const refuse = (difference: string): never => {
    const since = isOlder(standing) ? `; a newer Millrace made it version ${latest}, this one knows ${own}` : '';
    throw new MillraceError('TABLE_MISMATCH', { table: spec.name, difference: difference + since });
  };
  if (comparison.kind === 'differs') return refuse(comparison.difference);
  if (comparison.missing.length > 0) {
    if (isOlder(standing)) refuse(`it lacks the columns ${comparison.missing.join(', ')}`);
    await server.command(addColumns(spec, comparison.missing));
  }
  // How long rows are kept is a setting and no part of a version: the process that started last decides.
  if (comparison.keepsOtherwise) await server.command(changeTtl(spec));
  if (standing.own !== undefined) return;
  const row = versionRow(spec, latest + 1);
  await server.insert(schemaVersions.name, row, Buffer.from(row).toString());
}

async function existingTable(query: Tables['query'], name: string): Promise<ExistingTable> {
  const [table] = await query(
    `SELECT engine, engine_full, sorting_key, partition_key FROM system.tables
     WHERE database = currentDatabase() AND name = {name:String}`,
    { name },
  );
  const columns = await query(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {name:String}',
    { name },
  );
  return {
    engine: String(table?.['engine']),
    engineFull: String(table?.['engine_full']),
    sortingKey: String(table?.['sorting_key']),
    partitionKey: String(table?.['partition_key']),
    ttl: ttlOf(String(table?.['engine_full'])),
    columns: Object.fromEntries(columns.map((column) => [String(column['name']), String(column['type'])])),
  };
}

/**
 * The types of a specification that the server spells otherwise, by column: it puts the values of an enum in order, and
 * calls a VARCHAR a String. It is asked only about those that seem to differ.
 */
async function canonicalTypes(
  query: Tables['query'],
  spec: TableSpec,
  { columns }: ExistingTable,
): Promise<Readonly<Record<string, string>>> {
  const types: Record<string, string> = {};
  for (const [name, { type }] of Object.entries(spec.columns)) {
    const found = columns[name];
    if (found === undefined || isSameType(found, type)) continue;
    const values = { type: inUtc(bareType(type)) };
    const [row] = await query('SELECT toTypeName(defaultValueOfTypeName({type:String})) AS type', values);
    types[name] = String(row?.['type']);
  }
  return types;
}

/** An expression as the server spells it: it rewrites `INTERVAL 30 DAY`, for one. */
async function canonical(query: Tables['query'], expression: string | undefined): Promise<string> {
  if (expression === undefined) return '';
  const [row] = await query("SELECT formatQuerySingleLine(concat('SELECT ', {e:String})) AS sql", { e: expression });
  return String(row?.['sql']).slice('SELECT '.length);
}
