/**
 * A table that is described beside the thing it holds. A column is one entry: its type, what it means, and how its
 * value is computed. The specification for the database and the function that makes rows both come from these entries,
 * so that a column cannot be in one and missing in the other. Nothing here knows of databases.
 */
import type { Time } from '../time/duration.ts';

/** A column of rows made of `T`. */
export interface Column<T> {
  /** A ClickHouse type. */
  readonly type: string;
  readonly comment: string;
  readonly value: (of: T) => unknown;
}

/** What a table is made with; see `TableSpec` of the engine for `identity`, `partitionBy` and `ttl`. */
export interface RowTableOptions<T> {
  readonly name: string;
  /** What a row is, in one sentence. */
  readonly comment: string;
  readonly columns: { readonly [name: string]: Column<T> };
  readonly identity: readonly string[];
  readonly partitionBy?: string;
  /** For how long rows are kept unless `retention` in millrace.yaml says otherwise. */
  readonly ttl: string;
}

/** A table's specification and its rows. */
export interface RowTable<T> {
  readonly spec: Omit<RowTableOptions<never>, 'columns'> & {
    readonly columns: { readonly [name: string]: Pick<Column<never>, 'type' | 'comment'> };
  };
  readonly row: (of: T) => Readonly<Record<string, unknown>>;
}

/** The type of texts of which there are few. */
export const nameType = 'LowCardinality(String)';
/** The type of times, to the millisecond. */
export const timeType = 'DateTime64(3)';
/** A time as tables and events have it: ISO 8601. */
export const timeText = (time: Time): string => new Date(time).toISOString();

/**
 * Makes a table of its columns.
 *
 * @example
 * const sizes = rowTable({
 *   name: 'sizes',
 *   comment: 'One row per text',
 *   columns: { size: { type: 'UInt32', comment: 'Its length', value: (text) => text.length } },
 *   identity: ['size'],
 *   ttl: 'inserted_at + INTERVAL 90 DAY',
 * });
 * sizes.row('abc') // => { size: 3 }
 * sizes.spec.columns // => { size: { type: 'UInt32', comment: 'Its length' } }
 */
export function rowTable<T>({ columns, ...rest }: RowTableOptions<T>): RowTable<T> {
  const entries = Object.entries(columns);
  const described = entries.map(([name, { type, comment }]) => [name, { type, comment }] as const);
  return {
    spec: { ...rest, columns: Object.fromEntries(described) },
    row: (of) => Object.fromEntries(entries.map(([name, { value }]) => [name, value(of)])),
  };
}
