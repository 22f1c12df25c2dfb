/**
 * What every HTTP front of tables has in common, whatever it lets through: the shell of ClickHouse's HTTP interface
 * (https://clickhouse.com/docs/interfaces/http) with pings, errors by number and name, tokens, and web pages kept out.
 *
 * With a token, only requests that carry it are answered: as bearer token, as password of basic authentication, or in
 * `X-ClickHouse-Key`. Web pages are kept out either way: a browser marks their requests with `Origin`, and a name that
 * was rebound to this machine shows in `Host`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { MillraceError, reasonOf } from '../../errors.ts';
import { minutes } from '../../time/duration.ts';
import { exceptionCode } from '../clickhouse/failures.ts';

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

/** ClickHouse's numbers for the names that a front gives itself. */
const exceptionCodes = {
  UNSUPPORTED_METHOD: 1,
  UNKNOWN_TABLE: 60,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_DATABASE: 81,
  READONLY: 164,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
} as const;

/** A refusal with this HTTP status. */
export function refuse(status: number, name: keyof typeof exceptionCodes, reason: string): Refusal {
  return { status, code: exceptionCodes[name], name, reason };
}

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
  const app = fastify({
    bodyLimit: handler.longest,
    forceCloseConnections: true,
    requestTimeout: minutes(5),
    routerOptions: { querystringParser: (text) => new URLSearchParams(text) as never },
    frameworkErrors: (error, request, reply) => fail(error, request, reply),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'X-ClickHouse-Server-Display-Name': 'millrace', 'X-ClickHouse-Timezone': 'UTC' });
    const refusal = refusalOf(request.headers, options);
    if (refusal !== undefined) return fail(refusal, request, reply);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.setErrorHandler(fail);
  app.setNotFoundHandler(({ url }) => {
    throw refuse(404, 'UNKNOWN_TABLE', `there is no path ${url.split('?')[0]}`);
  });
  app.all('/ping', () => 'Ok.\n');
  app.all('/', (request, reply) => answer(handler, request, reply));
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
}

async function answer(handler: Handler, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parameters = request.query as URLSearchParams;
  if (request.method === 'GET' && !parameters.has('query')) return reply.send('Ok.\n');
  const parts = [parameters.get('query') ?? '', String(request.body ?? '')];
  const text = parts.filter((part) => part !== '').join('\n');
  const { bytes, format } = await handler.answer({ text, parameters });
  return reply
    .headers({
      'X-ClickHouse-Query-Id': (parameters.get('query_id') ?? '').replace(/[^\w.:-]/g, ''),
      'X-ClickHouse-Format': format,
    })
    .type(/^JSON/.test(format) ? 'application/json; charset=UTF-8' : 'application/octet-stream')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Why a request is refused before its body is read, or undefined. */
function refusalOf(headers: IncomingHttpHeaders, { host = '127.0.0.1', token }: ServeOptions): Refusal | undefined {
  const named = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (headers.origin !== undefined || (loopback.has(host) && !loopback.has(named))) {
    return refuse(403, 'ACCESS_DENIED', 'requests of web pages are not answered');
  }
  if (token !== undefined && !hasToken(headers, token)) {
    return refuse(403, 'AUTHENTICATION_FAILED', 'the token is missing or wrong');
  }
  if (headers['content-encoding'] === undefined) return undefined;
  return refuse(400, 'UNSUPPORTED_METHOD', 'send it uncompressed');
}

function hasToken(headers: IncomingHttpHeaders, token: string): boolean {
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ');
  const password = Buffer.from(credentials, 'base64').toString().split(':').slice(1).join(':');
  const given = [
    headers['x-clickhouse-key'],
    scheme === 'Bearer' ? credentials : scheme === 'Basic' ? password : undefined,
  ];
  return given.some((text) => typeof text === 'string' && equal(text, token));
}

/** In a time that says nothing about where they differ. */
const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function asRefusal(error: unknown): Refusal {
  if (typeof error === 'object' && error !== null && 'status' in error) return error as Refusal;
  const text = reasonOf(error);
  const code = exceptionCode(error) ?? 1002;
  const name = /\(([A-Z_]+)\)\s*$/.exec(text)?.[1] ?? 'UNKNOWN_EXCEPTION';
  const reason = text.replace(/^Code: \d+\. DB::Exception: /, '').replace(/\s*\([A-Z_]+\)\s*$/, '');
  return { status: statusOf(code), code, name, reason };
}

const statusOf = (code: number): number =>
  code === 60 || code === 81 ? 404 : code === 164 ? 403 : code === 159 ? 408 : 400;

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isTooLong = (error as Partial<FastifyError>).code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  const most = `a statement has at most ${request.routeOptions.bodyLimit} bytes`;
  const { status, code, name, reason } = isTooLong ? refuse(413, 'SYNTAX_ERROR', most) : asRefusal(error);
  // The rest of a body that is not wanted is not waited for.
  if (!request.raw.complete) reply.header('Connection', 'close');
  return reply
    .code(status)
    .header('X-ClickHouse-Exception-Code', String(code))
    .type('text/plain; charset=UTF-8')
    .send(`Code: ${code}. DB::Exception: ${reason}. (${name})\n`);
}
