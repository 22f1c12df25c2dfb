/**
 * Tables on ClickHouse through its official client: a server, or chDB, which answers the same client in the process.
 *
 * Times in rows are ISO 8601 strings in UTC, both ways; a `DateTime64(3)` column also takes whole milliseconds since
 * the epoch as a number. (A number in a `DateTime` column would be seconds: write the string.)
 *
 * Delivery: deduplication by token is the server's, **per partition** of the table: a repeated insert of the same
 * rows is a no-op in every partition, so an insert that died between two partitions is completed by repeating it.
 * Under the same token other rows are dropped too, unless they fall into a partition that the first insert did not
 * touch. `non_replicated_deduplication_window` remembers the last 10,000 inserts.
 *
 * The token is not trusted where the outcome of an insert was unknown: its repetition looks for the rows as well, and
 * inserts those that are missing once more (missing-rows.ts says how a server can know a token and lack its rows).
 */
import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { hasCode, MillraceError } from '../../errors.ts';
import type { Row, Tables } from '../tables.ts';
import { readAnswer } from './answer.ts';
import { quoteName, quoteText, validate } from './ddl.ts';
import { ensureTable } from './ensure.ts';
import { ensureFailure, insertFailure, queryFailure, readFailure, unknownOutcome } from './failures.ts';
import { missingRows } from './missing-rows.ts';

/** What an implementation on top of ClickHouse may do its own way. */
export interface ClickHouseOptions {
  /** A faster way in than the client's: resolves when the rows are stored. */
  readonly insert?: (table: string, ndjson: Uint8Array, settings: InsertSettings) => Promise<void>;
  /** Recognizes failures that only this implementation has; asked first. */
  readonly failure?: (error: unknown) => MillraceError | undefined;
}

/** Settings of one insert by name. */
export type InsertSettings = Readonly<Record<string, string | number>>;

/** Tokens count; a block is inserted whole into any number of partitions; rows that don't fit are refused, not bent. */
export const insertSettings: InsertSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  date_time_input_format: 'best_effort',
  input_format_skip_unknown_fields: 0,
  max_partitions_per_insert_block: 0,
};

const querySettings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
  output_format_json_escape_forward_slashes: 0,
} as const;

/** Tables that `client` reaches. Closing them closes the client. */
export function clickhouseTables(client: ClickHouseClient, options: ClickHouseOptions = {}): Tables {
  const insertRows =
    options.insert ?? ((table, ndjson, settings) => insertByClient(client, insertStatement(table, settings), ndjson));

  async function select(sql: string, values: Readonly<Record<string, unknown>> = {}): Promise<readonly Row[]> {
    const answer = await client.query({
      query: sql,
      query_params: { ...values },
      format: 'JSONCompactEachRowWithNamesAndTypes',
      clickhouse_settings: querySettings,
    });
    return readAnswer(await answer.text());
  }

  const attempt: Attempt = async (action, explain) => {
    try {
      return await action();
    } catch (error) {
      const known = options.failure?.(error) ?? error;
      throw known instanceof MillraceError ? known : explain(known);
    }
  };
  const insert = (table: string, ndjson: Uint8Array, token: string) =>
    insertRows(table, ndjson, { ...insertSettings, insert_deduplication_token: token });

  return {
    async ensure(spec) {
      validate(spec);
      await attempt(
        () => ensureTable({ query: select, insert, command: (query) => client.command({ query }) }, spec),
        (error) => ensureFailure(error, spec.name),
      );
    },
    insert: sureInsert({ attempt, insert, query: select }),
    rows: (table) =>
      attempt(
        async () => {
          const [known] = await select(
            'SELECT sorting_key FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
            { table },
          );
          if (known === undefined) throw new MillraceError('TABLE_MISSING', { table });
          return select(`SELECT * FROM ${quoteName(table)} FINAL ORDER BY ${known['sorting_key']}`);
        },
        (error) => readFailure(error, table),
      ),
    query: (sql, values) => attempt(() => select(sql, values), queryFailure),
    close: () => client.close(),
  };
}

/** Does something, or throws what its failure means. */
type Attempt = <T>(action: () => Promise<T>, explain: (error: unknown) => MillraceError) => Promise<T>;

interface Inserting {
  readonly attempt: Attempt;
  readonly query: Tables['query'];
  insert(table: string, ndjson: Uint8Array, token: string): Promise<void>;
}

/** Inserts by token; after an unknown outcome the repetition also looks for the rows. */
function sureInsert({ attempt, query, insert }: Inserting): Tables['insert'] {
  /** Inserts that may or may not have been applied, by table and token. */
  const unknown = new Set<string>();

  /** Inserts what is missing, under a token that no insert had before. */
  async function complete(table: string, ndjson: Uint8Array): Promise<void> {
    const missing = await missingRows(query, table, ndjson);
    if (missing.length === 0) return;
    const [fresh] = await query('SELECT generateUUIDv4() AS token');
    await insert(table, missing, String(fresh?.['token']));
  }

  return async (table, ndjson, { rows, token, again = false }) => {
    if (rows === 0) return;
    const key = JSON.stringify([table, token]);
    if (again) unknown.add(key);
    try {
      await attempt(
        () => insert(table, ndjson, token),
        (error) => insertFailure(error, table, rows),
      );
      if (unknown.has(key)) {
        await attempt(
          () => complete(table, ndjson),
          (error) => unknownOutcome(`completing ${rows} rows in '${table}'`, error),
        );
      }
    } catch (error) {
      if (hasCode(error, 'OUTCOME_UNKNOWN')) unknown.add(key);
      else unknown.delete(key);
      throw error;
    }
    unknown.delete(key);
  };
}

/** Settings stand in the statement: set beside it they would stay with chDB's session and catch later inserts. */
export function insertStatement(table: string, settings: InsertSettings): string {
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${literal(value)}`);
  return `INSERT INTO ${quoteName(table)} SETTINGS ${list.join(', ')} FORMAT JSONEachRow`;
}

const literal = (value: string | number): string => (typeof value === 'number' ? String(value) : quoteText(value));

async function insertByClient(client: ClickHouseClient, query: string, ndjson: Uint8Array): Promise<void> {
  const values = Readable.from([Buffer.from(ndjson.buffer, ndjson.byteOffset, ndjson.byteLength)], {
    objectMode: false,
  });
  const { stream } = await client.exec({ query, values });
  for await (const _ of stream);
}
