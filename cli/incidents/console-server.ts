/**
 * Serves the web page and what it shows, to browsers on this machine. Log text is written by strangers: it leaves here
 * as JSON only, and the page's own policy forbids it to run anything. Requests for another host's name are refused, so
 * that a web page whose name was rebound to this machine can't read along.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, relative } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { MillraceError } from '../../errors.ts';
import { type HttpServer, openServer } from '../http-server.ts';
import { consoleFiles } from '../installation.ts';
import type { ConsoleState } from './console-state.ts';

/** Where to listen, and where the page was built. */
export interface ConsoleOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly files?: string;
}

const headers = {
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const localNames = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** A page that reads more slowly than this is dropped; it comes back and starts from a snapshot. */
const mostUnread = 4 << 20;

/** Serves the page with `state` on 127.0.0.1. Errors: USAGE where the page is not built. */
export async function serveConsole(state: ConsoleState, options: ConsoleOptions = {}): Promise<HttpServer> {
  const { port = 0, files = consoleFiles } = options;
  if (!existsSync(join(files, 'index.html'))) {
    throw new MillraceError('USAGE', { reason: 'the web page is not built; node scripts/setup.mjs demo builds it' });
  }
  const addRoutes = (app: FastifyInstance): void => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(headers);
      const name = (request.headers.host ?? '').replace(/:\d+$/, '');
      if (!localNames.has(name)) return reply.code(403).send('this page is for this machine only\n');
    });
    app.get('/api/state', (_, reply) => reply.header('cache-control', 'no-store').send(state.snapshot));
    app.get('/api/events', (_, reply) => {
      reply.hijack();
      streamEvents(reply.raw, state);
    });
    servePage(app, files);
  };
  return openServer(addRoutes, { port });
}

/** Server-sent events: one delta a message (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
function streamEvents(response: ServerResponse, state: ConsoleState): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': connected\n\n');
  const stop = state.subscribe((delta) => {
    response.write(`data: ${JSON.stringify({ kind: 'delta', delta })}\n\n`);
    if (response.writableLength > mostUnread) response.destroy();
  });
  response.on('close', stop);
}

/** The files there are now, by name: a path that is none of them can't name anything else. */
function servePage(app: FastifyInstance, folder: string): void {
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path).replaceAll('\\', '/');
    const body = readFileSync(path);
    const type = types[extname(path)] ?? 'application/octet-stream';
    const fresh = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    for (const url of name === 'index.html' ? ['/', '/index.html'] : [`/${name}`]) {
      app.get(url, (_, reply) => reply.type(type).header('cache-control', fresh).send(body));
    }
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
