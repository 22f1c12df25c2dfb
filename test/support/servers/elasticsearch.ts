/**
 * Real search servers for tests: that of ELASTICSEARCH_URL, else one of this process's own, which ends with it. And a
 * gateway before one, which answers in its place when it is told to: with 429, with 413, for lack of a password.
 */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error a plain script without types
import { canHaveServer, ensureElasticsearch, startElasticsearch } from '../../../scripts/elasticsearch.mjs';

export type Product = 'elasticsearch' | 'opensearch';

export interface SearchServer {
  readonly url: string;
  /** Ends the process as a crash would; undefined where it is not ours. */
  readonly kill?: () => Promise<void>;
  /** Starts it again over its files. */
  readonly start?: () => Promise<void>;
  stop(): Promise<void>;
}

interface Process {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const given = process.env['ELASTICSEARCH_URL'];

/** Whether tests can have a server of the product; says on stderr why not. */
export function canHave(product: Product): boolean {
  if ((product === 'elasticsearch' && given !== undefined) || canHaveServer(product)) return true;
  process.stderr.write(`tests against ${product} are skipped: it is not in the cache, and can't be fetched here\n`);
  return false;
}

export async function searchServer(product: Product = 'elasticsearch'): Promise<SearchServer> {
  if (product === 'elasticsearch' && given !== undefined) return { url: given, stop: async () => {} };
  ensureElasticsearch(undefined, product);
  const dir = mkdtempSync(join(tmpdir(), 'millrace-search-'));
  let server: Process = await startElasticsearch({ dir, product });
  return {
    url: server.url,
    kill: () => server.kill(),
    async start() {
      server = await startElasticsearch({ dir, product });
    },
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Asks a server something; throws on every answer that is no success. */
export async function ask(url: string, method = 'GET', body?: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

/** The documents of an index or alias by name. */
export async function documentsOf(url: string, index: string): Promise<Readonly<Record<string, unknown>>> {
  await ask(`${url}/${index}/_refresh`, 'POST');
  const { hits } = (await ask(`${url}/${index}/_search`, 'POST', { size: 10_000 })) as {
    readonly hits: { readonly hits: readonly { readonly _id: string; readonly _source: unknown }[] };
  };
  return Object.fromEntries(hits.hits.map(({ _id, _source }) => [_id, _source]));
}

/** A request on its way to the server. */
export interface Passing {
  readonly request: IncomingMessage;
  readonly body: string;
  /** Hands a body to the server and returns its answer. */
  pass(body?: string): Promise<Response>;
}

/** A gateway before `url`. `answer` is asked for each bulk request; undefined lets it pass. */
export async function gateway(
  url: string,
  answer: (passing: Passing) => Promise<Response | undefined> | Response | undefined,
  make: (listener: RequestListener) => Server = createServer,
): Promise<{ readonly port: number; close(): void }> {
  const server = make(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const pass = (instead = body) =>
      fetch(`${url}${request.url}`, {
        method: request.method!,
        headers: { 'content-type': request.headers['content-type']!, accept: request.headers.accept! },
        body: instead,
      });
    const isBulk = request.url!.startsWith('/_bulk');
    const answered = (isBulk ? await answer({ request, body, pass }) : undefined) ?? (await pass());
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'application/json' });
    response.end(await answered.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
