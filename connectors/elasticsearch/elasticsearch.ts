/** Search indexes as sinks: a value becomes a document of Elasticsearch or OpenSearch. */
import { MillraceError } from '../../errors.ts';
import type { ChunkSink, ChunkWriter } from '../../graph/connector.ts';
import type { Time } from '../../time/duration.ts';
import type { SearchServer } from './client.ts';
import type { IndexTemplate } from './writer.ts';

/** How values become documents, and where these go. */
export interface ElasticsearchOptions<T> extends SearchServer {
  /** What a value's document is called, in at most 512 bytes: equal names replace each other. Default: its own name. */
  readonly id?: (value: T) => string;
  readonly document: (value: T, time: Time) => Readonly<Record<string, unknown>>;
  /** Whether the value takes its document away, as a retracted window does; needs `id`. */
  readonly deletes?: (value: T) => boolean;
  /** Settings and mappings of the indices. Default: the server's. */
  readonly template?: IndexTemplate;
}

/**
 * Elasticsearch (7.17 or newer) or OpenSearch (2 or newer), as a sink: one index a day, `<index>-2026.01.29`, by the
 * UTC day of the value's time, and `<index>-undated` where it has none; all of them are found under the alias `index`.
 * A row thus always goes to the same index, which makes a repetition harmless, and the past is dropped by deleting an
 * index. (Where an alias rolls over by size, as behind data streams, a repeated row could meet another index.)
 * So a value's time must be part of what its `id` says.
 *
 * Delivery: a chunk is a bulk request in which every document has a name and, as its version, the row's revision: sent
 * twice it is there once, and a former owner's late chunk overwrites nothing. Documents that the index refuses, for
 * their mapping, become dead letters with its reason. Back pressure: what is answered with 429 is sent again, only
 * that, with growing pauses, as everything is while the server is away; the outbox fills to its limit and reading
 * stops. Errors: OPTION_INVALID; while running, SEARCH_REFUSED.
 *
 * @example
 * elasticsearch('shop', { node: 'http://127.0.0.1:9200', document: (order) => ({ order }) }).label // => 'index shop'
 */
export function elasticsearch<T>(index: string, options: ElasticsearchOptions<T>): ChunkSink<T> {
  const owner = `elasticsearch('${index}')`;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(index)) {
    const expected = "lower-case letters, digits, '.', '-' and '_'";
    throw new MillraceError('OPTION_INVALID', { option: 'index', owner, got: `'${index}'`, expected });
  }
  const { id, document, deletes, template = {}, ...connection } = options;
  if (deletes !== undefined && id === undefined) {
    const expected = "there, because 'deletes' must say which document goes";
    throw new MillraceError('OPTION_INVALID', { option: 'id', owner, got: 'missing', expected });
  }
  return {
    kind: 'chunks',
    label: `index ${index}`,
    row: (value, time) => ({ _index: indexOf(index, time), _id: id?.(value), document: document(value, time) }),
    deletes,
    open: () => lazily(async () => (await import('./writer.ts')).bulkWriter(index, connection, template)),
  };
}

const endOfDates = Date.UTC(10_000, 0);

/** The index of the day. Times that make no date of four digits must not make an index each either. */
function indexOf(index: string, time: Time): string {
  if (!(time >= 0 && time < endOfDates)) return `${index}-undated`;
  return `${index}-${new Date(time).toISOString().slice(0, 10).replaceAll('-', '.')}`;
}

/** A writer that is made when it is first needed: loading the client takes longer than planning a job. */
function lazily(make: () => Promise<ChunkWriter>): ChunkWriter {
  let made: Promise<ChunkWriter> | undefined;
  const writer = () => (made ??= make());
  return {
    ensure: async () => (await writer()).ensure(),
    insert: async (ndjson, chunk) => (await writer()).insert(ndjson, chunk),
  };
}
