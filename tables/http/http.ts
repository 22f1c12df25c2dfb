/**
 * Lets other processes ask the one that holds the embedded tables, over the reading half of ClickHouse's HTTP
 * interface: any ClickHouse client can connect. Statements that do more than read are refused as a server refuses them
 * to a `readonly = 1` user; reading-only.ts says how. Every caller that the front (front.ts) lets in may read every
 * table.
 */
import type { ChdbTables } from '../chdb/chdb.ts';
import { quoteText } from '../clickhouse/ddl.ts';
import {
  type Incoming,
  type Outgoing,
  refuse,
  type ServeOptions,
  serveFront,
  type TableServer,
  valuesOf,
} from './front.ts';
import { type Functions, functionsSql, refusal, runAs, sortFunctions } from './reading-only.ts';

export type { ServeOptions, TableServer } from './front.ts';

/** Serves reading statements on `tables`. Errors: OPTION_INVALID (a host beyond this machine without a token). */
export async function serveTables(tables: ChdbTables, options: ServeOptions = {}): Promise<TableServer> {
  const functions = sortFunctions(
    (await tables.query(functionsSql)).map(({ name, category, aggregate }) => {
      return { name: String(name), category: String(category), aggregate: aggregate === 1 };
    }),
  );
  const answer = (incoming: Incoming) => read(tables, functions, incoming);
  return serveFront({ longest: 1 << 20, answer }, options);
}

async function read(tables: ChdbTables, functions: Functions, { text, parameters }: Incoming): Promise<Outgoing> {
  refuseParameters(parameters);
  const values = valuesOf(parameters);
  const sql = runAs(await formatted(tables, text));
  const reason = refusal(sql, functions, values);
  if (reason !== undefined) throw refuse(403, 'READONLY', `${reason}; these tables only answer reading statements`);

  const format = parameters.get('default_format') ?? 'TabSeparated';
  if (!/^\w+$/.test(format)) throw refuse(400, 'UNKNOWN_FORMAT', 'a format is a word');
  const bytes = await tables.ask({ sql, format, values });
  return { bytes, format: / FORMAT (\w+)$/.exec(sql)?.[1] ?? format };
}

/** The statement as the engine understood it, on one line: exactly one, and only if it parses. */
async function formatted(tables: ChdbTables, text: string): Promise<string> {
  const sql = `SELECT formatQuerySingleLine(${quoteText(text)}) AS sql`;
  const bytes = await tables.ask({ sql, format: 'JSONEachRow', values: {} });
  return String(JSON.parse(Buffer.from(bytes).toString()).sql);
}

/** Parameters that only concern the transport, or that change nothing here. */
const ignored = new Set([
  'query',
  'default_format',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'user',
  'password',
  'role',
  'compress',
  'decompress',
  'readonly',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
  'client_protocol_version',
]);

function refuseParameters(parameters: URLSearchParams): void {
  for (const [name, value] of parameters) {
    if (ignored.has(name) || /^param_\w+$/.test(name)) continue;
    if (name !== 'database') throw refuse(403, 'READONLY', `Cannot modify '${name}' setting in readonly mode`);
    if (value !== '' && value !== 'default') throw refuse(404, 'UNKNOWN_DATABASE', `Database ${value} does not exist`);
  }
}
