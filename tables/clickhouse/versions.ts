/**
 * What was done to each table, in the table `schema_versions`: the statement that creates the table as of each
 * version, and, in `inserted_at`, when the server got it. A statement that stands there already, with others after it,
 * is that of an older Millrace than the one that changed the table last; an older one changes nothing any more.
 *
 * Workers that start at once may write the same version twice, which is one row; several statements may share a number.
 */
import type { TableSpec, Tables } from '../tables.ts';
import { createTable } from './ddl.ts';

export const schemaVersions: TableSpec = {
  name: 'schema_versions',
  comment: 'One row per table and statement that it was made or changed for',
  columns: {
    table: { type: 'String', comment: 'The table' },
    version: { type: 'UInt32', comment: 'Counts from 1' },
    statement: { type: 'String', comment: 'What creates the table as of this version' },
  },
  identity: ['table', 'version', 'statement'],
};

/** How a specification stands to what its table was made for. Versions are numbers, 0 is none. */
export interface Standing {
  /** The version that the specification is; undefined if the table was never made for it. */
  readonly own: number | undefined;
  readonly latest: number;
}

/** How long rows are kept is a setting, and may be changed and changed back. */
const statementOf = ({ ttl: _, ...spec }: TableSpec): string => createTable(spec);

/** Reads what is known of the table. */
export async function standingOf(query: Tables['query'], spec: TableSpec): Promise<Standing> {
  const rows = await query('SELECT version, statement FROM schema_versions FINAL WHERE table = {name:String}', {
    name: spec.name,
  });
  const versions = rows.map(({ version }) => Number(version));
  const statement = statementOf(spec);
  const own = rows.filter((row) => row['statement'] === statement).map(({ version }) => Number(version));
  return { own: own.length === 0 ? undefined : Math.max(...own), latest: Math.max(0, ...versions) };
}

/** The row that says that the table is now made for the specification, as NDJSON. */
export function versionRow(spec: TableSpec, version: number): Uint8Array {
  const row = { table: spec.name, version, statement: statementOf(spec), revision: 1, is_deleted: 0 };
  return Buffer.from(`${JSON.stringify(row)}\n`);
}

/** Whether a newer Millrace than this one changed the table. */
export const isOlder = ({ own, latest }: Standing): boolean => own !== undefined && own < latest;
