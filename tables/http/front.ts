/**
 * What every HTTP front of tables has in common, whatever it lets through: the shell of ClickHouse's HTTP interface
 * (https://clickhouse.com/docs/interfaces/http) with pings, errors by number and name, tokens, and web pages kept out.
 *
 * With a token, only who sends it is answered: as bearer token, as password of basic authentication, or in
 * `X-ClickHouse-Key`. Web pages are kept out either way: a browser marks their requests with `Origin`, and a name that
 * was rebound to this machine shows in `Host`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MillraceError, reasonOf } from '../../errors.ts';
import { exceptionCode } from '../clickhouse/clickhouse.ts';

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

/** A statement as it came in. */
export interface Incoming {
  /** The parameter `query` and the body, one below the other: an insert has its rows in the body. */
  readonly text: string;
  readonly parameters: URLSearchParams;
}

/** An answer, and the format it is in. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly format: string;
}

/** A front's own part. */
export interface Handler {
  /** Bytes of the longest body. */
  readonly longest: number;
  /** Throws what `refuse` makes, or an error of the engine. */
  answer(incoming: Incoming): Promise<Outgoing>;
}

/** A refusal with ClickHouse's number and name for it. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly name: string;
  readonly reason: string;
}

export const refuse = (status: number, code: number, name: string, reason: string): Refusal => ({
  status,
  code,
  name,
  reason,
});

/** Values for `{name:Type}` holes among the parameters of a request. */
export const valuesOf = (parameters: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...parameters]
      .filter(([name]) => name.startsWith('param_'))
      .map(([name, value]) => [name.slice('param_'.length), value]),
  );

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Listens, and answers by `handler`. Errors: OPTION_INVALID (a host beyond this machine without a token). */
export async function serveFront(handler: Handler, options: ServeOptions = {}): Promise<TableServer> {
  const { host = '127.0.0.1', port = 0, token } = options;
  if (!loopback.has(host) && token === undefined) {
    const expected = 'a loopback address unless there is a token';
    throw new MillraceError('OPTION_INVALID', { option: 'host', owner: 'the table server', got: host, expected });
  }
  const server = createServer((request, response) => {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'millrace');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    const refused = refuseCaller(request, options);
    const answered = refused ? Promise.reject(refused) : answer(handler, request, response);
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

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/ping' || (request.method === 'GET' && pathname === '/' && !searchParams.has('query'))) {
    response.end('Ok.\n');
    return;
  }
  if (pathname !== '/') throw refuse(404, 60, 'UNKNOWN_TABLE', `there is no path ${pathname}`);
  const parts = [searchParams.get('query') ?? '', await body(request, handler.longest)];
  const text = parts.filter((part) => part !== '').join('\n');
  const { bytes, format } = await handler.answer({ text, parameters: searchParams });
  response.setHeader('X-ClickHouse-Query-Id', (searchParams.get('query_id') ?? '').replace(/[^\w.:-]/g, ''));
  response.setHeader('X-ClickHouse-Format', format);
  response.setHeader(
    'Content-Type',
    /^JSON/.test(format) ? 'application/json; charset=UTF-8' : 'application/octet-stream',
  );
  response.end(bytes);
}

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

async function body(request: IncomingMessage, longest: number): Promise<string> {
  if (request.headers['content-encoding'] !== undefined)
    throw refuse(400, 1, 'UNSUPPORTED_METHOD', 'send it uncompressed');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longest) throw refuse(413, 62, 'SYNTAX_ERROR', `a statement has at most ${longest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function asRefusal(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null && 'status' in error) return error as Refusal;
  const text = reasonOf(error);
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
