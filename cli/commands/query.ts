/**
 * `millrace query`: sends a statement to the tables that a job writes: those of the server that CLICKHOUSE_URL names,
 * else those of a data directory. A running job that holds them answers it. Otherwise they are opened here for the
 * statement, behind the same server, which only lets reading statements through. --data means a directory even where
 * CLICKHOUSE_URL is set: what was typed is stronger than what is set for all commands.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '../../errors.ts';
import { systemClock } from '../../time/clock.ts';
import { askServer, type Question } from '../parts/clickhouse.ts';
import { findAddress, type TableAddress } from '../parts/table-address.ts';
import { dataDirectory, lastUsed } from '../settings/data-directory.ts';
import { serverUrls } from '../settings/environment.ts';
import { keepPrivate } from '../settings/private-files.ts';
import { Output, say } from '../terminal.ts';

/** Options of `millrace query`. */
export interface QueryOptions {
  readonly json?: boolean;
  readonly data?: string;
}

/** A table without colours, which older servers write wherever the answer goes. */
const table = 'PrettyCompactNoEscapesMonoBlock';

/** Prints the answer as a table, or as NDJSON. */
export async function execute([sql]: readonly string[], options: QueryOptions): Promise<void> {
  const format = options.json ? 'JSONEachRow' : table;
  const { clickhouse } = serverUrls();
  const isServed = clickhouse !== undefined && options.data === undefined;
  const question = { sql: sql!, format };
  const answer = isServed
    ? await askServer(clickhouse, systemClock, question)
    : await askDirectory(options.data, question);
  const output = new Output();
  for (const line of answer.trimEnd().split('\n')) output.line(line);
  if (answer !== '') await output.flush();
}

/** What the tables of a directory answer. */
async function askDirectory(given: string | undefined, { sql, format }: Question): Promise<string> {
  const dir = tablesDirectory(given);
  return (await askRunning(dir, sql, format)) ?? (await askHere(dir, sql, format));
}

/** The given directory, or the one that `watch` or `run` used last without --data, which is then said. */
function tablesDirectory(given: string | undefined): string {
  const last = given === undefined ? lastUsed() : undefined;
  if (last === undefined) return dataDirectory(given);
  say(`millrace: these are the tables in ${last}, used last`);
  return last;
}

/** The answer of the process that holds the tables; undefined if there is none, or if it has ended. */
async function askRunning(dir: string, sql: string, format: string): Promise<string | undefined> {
  const address = findAddress(dir);
  if (address === undefined) return undefined;
  try {
    return await ask(address, sql, format);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function askHere(dir: string, sql: string, format: string): Promise<string> {
  const path = join(dir, 'tables');
  if (!existsSync(path)) {
    const { clickhouse } = serverUrls();
    const remedy =
      clickhouse === undefined ? 'run a job first, or name its --data' : 'leave --data out to ask CLICKHOUSE_URL';
    throw new MillraceError('USAGE', { reason: `there are no tables in ${dir}; ${remedy}` });
  }
  const { chdbTables } = await import('../../tables/chdb/chdb.ts');
  const { serveTables } = await import('../../tables/http/http.ts');
  keepPrivate(dir, say);
  const tables = await chdbTables(path);
  try {
    const token = crypto.randomUUID();
    const server = await serveTables(tables, { token });
    try {
      return await ask({ url: server.url, token }, sql, format);
    } finally {
      await server.close();
    }
  } finally {
    await tables.close();
  }
}

/** Errors: TABLE_QUERY_FAILED; a TypeError when no process answers. */
async function ask({ url, token }: TableAddress, sql: string, format: string): Promise<string> {
  const response = await fetch(`${url}/?default_format=${format}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: sql,
  });
  const text = await response.text();
  if (!response.ok) throw new MillraceError('TABLE_QUERY_FAILED', { reason: text.trim() });
  return text;
}
