/**
 * The port to tables: idempotent insert by token, and query. ClickHouse is the model; chDB and memory promise the
 * same, and `test/conformance/tables.ts` holds them to it.
 */

/** A ClickHouse column type, such as `LowCardinality(String)`, `DateTime64(3)` or `Array(String)`. */
export type ColumnType = string;

/** A table as the project creates it. */
export interface TableSpec {
  readonly name: string;
  /** What a row is, in one sentence; becomes the table's comment. */
  readonly comment: string;
  readonly columns: { readonly [name: string]: { readonly type: ColumnType; readonly comment: string } };
  /**
   * The columns that identify a row. Rows with equal identity replace one another: the highest `revision` wins,
   * and a winner with `is_deleted` = 1 disappears. Both columns are added by the table itself.
   */
  readonly identity: readonly string[];
  /** A ClickHouse expression over identity columns, such as `toYYYYMMDD(window_start)`. */
  readonly partitionBy?: string;
  /**
   * A ClickHouse TTL expression, such as `inserted_at + INTERVAL 30 DAY`. Every table has the column `inserted_at`, the
   * server's time of the insert. Run on the event's time instead, it would drop replayed rows older than that at once.
   * A table whose TTL differs is altered in place, its present rows too; without a TTL rows are kept forever.
   */
  readonly ttl?: string;
  /** ClickHouse's skipping indexes by name, such as `message TYPE text(tokenizer = 'splitByNonAlpha')`. */
  readonly indexes?: { readonly [name: string]: string };
}

/** A row: columns by name, plus `revision` (UInt64 as number or decimal string) and `is_deleted` (0 or 1). */
export type Row = { readonly [column: string]: unknown };

/** What is inserted at once under one token. */
export interface ChunkInfo {
  readonly rows: number;
  readonly token: string;
  /** Whether a former owner may have sent the rows: then a server may know the token and lack the rows. */
  readonly again?: boolean | undefined;
}

/** Idempotent tables. */
export interface Tables {
  /**
   * Creates the table if it is missing, adds columns that it lacks, changes its TTL if it has another.
   * Errors: TABLE_MISMATCH, TABLE_REFUSED (never succeeds as it is), OUTCOME_UNKNOWN (try again).
   */
  ensure(spec: TableSpec): Promise<void>;
  /**
   * Inserts rows given as NDJSON. A second insert of the rows under the same token is a no-op.
   * Errors: TABLE_MISSING, TABLE_INSERT_REFUSED (these rows never succeed), TABLE_REFUSED (no rows do),
   * OUTCOME_UNKNOWN (insert again, same token).
   */
  insert(table: string, ndjson: Uint8Array, chunk: ChunkInfo): Promise<void>;
  /** The rows that won, in order of identity. */
  rows(table: string): Promise<readonly Row[]>;
  /** Answers SQL with values bound to `{name:Type}` holes. Errors: TABLE_QUERY_FAILED, SQL_UNSUPPORTED. */
  query(sql: string, values?: Readonly<Record<string, unknown>>): Promise<readonly Row[]>;
  close(): Promise<void>;
}
