/** Real search servers for tests: that of ELASTICSEARCH_URL, else one of this process's own, which ends with it. */
import { mkdtempSync, rmSync } from 'node:fs';
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
