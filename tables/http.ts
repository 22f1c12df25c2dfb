/**
 * Lets other processes ask the one that holds the embedded tables, over the reading half of ClickHouse's HTTP interface
 * (https://clickhouse.com/docs/interfaces/http): any ClickHouse client can connect. Statements that do more than read
 * are refused as a server refuses them to a `readonly = 1` user; reading-only.ts says how.
 *
 * Whoever reaches the port may read every table. With a token, only who sends it: as bearer token, as password of
 * basic authentication, or in `X-ClickHouse-Key`. Web pages are kept out either way: a browser marks their requests
 * with `Origin`, and a name that was rebound to this machine shows in `Host`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MillraceError } from '../errors.ts';
import type { ChdbTables } from './chdb.ts';
import { exceptionCode } from './clickhouse.ts';
import { type Functions, functionsSql, refusal, sortFunctions } from './reading-only.ts';

/** Where to listen. */
export interface ServeOptions {
  /** An address of this machine, `127.0.0.1` by default. Any but a loopback address needs a token. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token?: string;
}

/** A running front. */
export interface TableServer {
  readonly url: string;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

/** A refusal with ClickHouse's number and name for it. */
interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly name: string;
  readonly reason: string;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
const longestStatement = 1 << 20;

/** Serves reading statements on `tables`. Errors: OPTION_INVALID (a host beyond this machine without a token). */
export async function serveTables(tables: ChdbTables, options: ServeOptions = {}): Promise<TableServer> {
  const { host = '127.0.0.1', port = 0, token } = options;
  if (!loopback.has(host) && token === undefined) {
    const expected = 'a loopback address unless there is a token';
    throw new MillraceError('OPTION_INVALID', { option: 'host', owner: 'the table server', got: host, expected });
  }
  const functions = sortFunctions(
    (await tables.query(functionsSql)).map(({ name, category, aggregate }) => {
      return { name: String(name), category: String(category), aggregate: aggregate === 1 };
    }),
  );
  const server = createServer((request, response) => {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'millrace');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    const refused = refuseCaller(request, options);
    const answered = refused ? Promise.reject(refused) : answer(tables, functions, request, response);
    answered.catch((error: unknown) => fail(response, asRefusal(error)));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  tables: ChdbTables,
  functions: Functions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/ping' || (request.method === 'GET' && pathname === '/' && !searchParams.has('query'))) {
    response.end('Ok.\n');
    return;
  }
  if (pathname !== '/') throw refuse(404, 60, 'UNKNOWN_TABLE', `there is no path ${pathname}`);
  refuseParameters(searchParams);
  const text = [searchParams.get('query') ?? '', await body(request)].filter((part) => part !== '').join('\n');
  const sql = await formatted(tables, text);
  const reason = refusal(sql, functions);
  if (reason !== undefined)
    throw refuse(403, 164, 'READONLY', `${reason}; these tables only answer reading statements`);

  const format = searchParams.get('default_format') ?? 'TabSeparated';
  if (!/^\w+$/.test(format)) throw refuse(400, 73, 'UNKNOWN_FORMAT', 'a format is a word');
  const values = [...searchParams].filter(([name]) => name.startsWith('param_'));
  const bytes = await tables.ask({
    sql,
    format,
    values: Object.fromEntries(values.map(([name, value]) => [name.slice('param_'.length), value])),
  });
  response.setHeader('X-ClickHouse-Query-Id', (searchParams.get('query_id') ?? '').replace(/[^\w.:-]/g, ''));
  response.setHeader('X-ClickHouse-Format', / FORMAT (\w+)$/.exec(sql)?.[1] ?? format);
  response.setHeader(
    'Content-Type',
    /^JSON/.test(format) ? 'application/json; charset=UTF-8' : 'application/octet-stream',
  );
  response.end(bytes);
}

/** The statement as the engine understood it, on one line: exactly one, and only if it parses. */
async function formatted(tables: ChdbTables, text: string): Promise<string> {
  const sql = 'SELECT formatQuerySingleLine({text:String}) AS sql';
  const bytes = await tables.ask({ sql, format: 'JSONEachRow', values: { text: escapeField(text) } });
  return String(JSON.parse(Buffer.from(bytes).toString()).sql);
}

/** Values of `param_…` are spelled as fields of a tab-separated file. */
const escapeField = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0');

function refuseCaller(request: IncomingMessage, { host = '127.0.0.1', token }: ServeOptions): Refusal | undefined {
  const { headers } = request;
  const named = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (headers.origin !== undefined || (loopback.has(host) && !loopback.has(named))) {
    return refuse(403, 497, 'ACCESS_DENIED', 'requests of web pages are not answered');
  }
  if (token === undefined) return undefined;
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ');
  const password = Buffer.from(credentials, 'base64').toString().split(':').slice(1).join(':');
  const given = [
    headers['x-clickhouse-key'],
    scheme === 'Bearer' ? credentials : scheme === 'Basic' ? password : undefined,
  ];
  if (given.some((text) => typeof text === 'string' && equal(text, token))) return undefined;
  return refuse(403, 516, 'AUTHENTICATION_FAILED', 'the token is missing or wrong');
}

/** In a time that says nothing about where they differ. */
const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

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
    if (name !== 'database') throw refuse(403, 164, 'READONLY', `Cannot modify '${name}' setting in readonly mode`);
    if (value !== '' && value !== 'default')
      throw refuse(404, 81, 'UNKNOWN_DATABASE', `Database ${value} does not exist`);
  }
}

async function body(request: IncomingMessage): Promise<string> {
  if (request.headers['content-encoding'] !== undefined)
    throw refuse(400, 1, 'UNSUPPORTED_METHOD', 'send it uncompressed');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestStatement)
      throw refuse(413, 62, 'SYNTAX_ERROR', `a statement has at most ${longestStatement} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const refuse = (status: number, code: number, name: string, reason: string): Refusal => ({
  status,
  code,
  name,
  reason,
});

function asRefusal(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null && 'status' in error) return error as Refusal;
  const text = error instanceof Error ? error.message : String(error);
  const code = exceptionCode(error) ?? 1002;
  const name = /\(([A-Z_]+)\)\s*$/.exec(text)?.[1] ?? 'UNKNOWN_EXCEPTION';
  const reason = text.replace(/^Code: \d+\. DB::Exception: /, '').replace(/\s*\([A-Z_]+\)\s*$/, '');
  return refuse(statusOf(code), code, name, reason);
}

const statusOf = (code: number): number =>
  code === 60 || code === 81 ? 404 : code === 164 ? 403 : code === 159 ? 408 : 400;

function fail(response: ServerResponse, { status, code, name, reason }: Refusal): void {
  if (response.headersSent) return void response.destroy();
  // A body that was not read would be taken for the next request on this connection.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, {
    'X-ClickHouse-Exception-Code': String(code),
    'Content-Type': 'text/plain; charset=UTF-8',
  });
  response.end(`Code: ${code}. DB::Exception: ${reason}. (${name})\n`);
}
