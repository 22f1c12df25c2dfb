/** The requests that the search sink makes, by the official client, to Elasticsearch and to OpenSearch. */
import { Client, errors, Transport } from '@elastic/elasticsearch';
import { cutText } from '../../codecs/utf8.ts';
import { MillraceError, reasonOf } from '../../errors.ts';
import { seconds } from '../../time/duration.ts';
import type { BulkAnswer } from './bulk.ts';

/** Where a server is and how it is addressed. Secrets are given, never looked up. */
export interface SearchServer {
  /** One or more addresses of one cluster, such as `https://search.internal:9200`. */
  readonly node: string | readonly string[];
  readonly auth?: { readonly username: string; readonly password: string } | { readonly apiKey: string };
  /** For https: authorities to trust beside the machine's, as PEM; or trust in any server. */
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean };
}

/** The two requests that a sink makes. Errors of both: OUTCOME_UNKNOWN (send it again), SEARCH_REFUSED. */
export interface SearchClient {
  putIndexTemplate(name: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** What became of each action; undefined if the request is larger than the server takes. */
  bulk(body: string): Promise<BulkAnswer | undefined>;
}

type Options = ConstructorParameters<typeof Transport>[0];

/**
 * The client asks every answer whether it is from Elasticsearch, and names a media type that only Elasticsearch knows.
 * Without either it is a client of plain HTTP and JSON, and on the requests made here Elasticsearch and OpenSearch
 * agree.
 */
class PlainTransport extends Transport {
  constructor({ productCheck: _product, vendoredHeaders: _headers, ...options }: Options) {
    super(options);
  }
}

/** A client of the cluster. It repeats nothing by itself: lanes do, with pauses by the clock. */
export function searchClient({ node, auth, tls }: SearchServer): SearchClient {
  const nodes = typeof node === 'string' ? [node] : [...node];
  const client = new Client({
    nodes,
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    Transport: PlainTransport,
    enableMetaHeader: false,
    maxRetries: 0,
    requestTimeout: seconds(60),
  });
  const address = nodes.map((url) => new URL(url).host).join(', ');

  async function request<A>(what: string, params: Parameters<Transport['request']>[0]): Promise<A> {
    try {
      return await client.transport.request<A>(params);
    } catch (error) {
      throw failure(error, what, address);
    }
  }

  return {
    async putIndexTemplate(name, body) {
      const path = `/_index_template/${encodeURIComponent(name)}`;
      await request(`the index template '${name}'`, { method: 'PUT', path, body: { ...body } });
    },
    async bulk(body) {
      // An answer leaves out documents without a failure.
      const querystring = { filter_path: 'errors,items.*.status,items.*.error' };
      try {
        const params = { method: 'POST', path: '/_bulk', bulkBody: body, querystring };
        return await request<BulkAnswer>('a bulk request', params);
      } catch (error) {
        if (statusOf((error as Error).cause) === 413) return undefined;
        throw error;
      }
    },
  };
}

/** Refusals that pass with time: too much at once, no quorum, a node that is starting, a proxy without its server. */
const passing = (status: number): boolean => status === 429 || status === 408 || status >= 500;

function failure(error: unknown, what: string, address: string): MillraceError {
  const reason = firstLineOf(error);
  const status = statusOf(error);
  if (status === undefined || passing(status)) {
    return new MillraceError('OUTCOME_UNKNOWN', { what: `${what} to ${address} (${reason})` }, { cause: error });
  }
  return new MillraceError('SEARCH_REFUSED', { address, what, reason }, { cause: error });
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof errors.ResponseError ? error.statusCode : undefined;

/** The first line of a failure; a client's own errors carry their whole request along. */
function firstLineOf(error: unknown): string {
  const line = cutText(reasonOf(error).split('\n', 1)[0]!, 300);
  const status = statusOf(error);
  return status === undefined ? line : `${status} ${line}`;
}
