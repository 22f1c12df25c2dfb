/** What tests of the search sink have in common: orders as documents, a lane that delivers them, a gateway between. */
import { onTestFinished } from 'vitest';
import { type ElasticsearchOptions, elasticsearch } from '../../connectors/elasticsearch/elasticsearch.ts';
import type { ChunkWriter, Ports } from '../../graph/connector.ts';
import { chunkDelivery, type RefusedRow } from '../../runtime/commit/lanes.ts';
import { encodeRows } from '../../runtime/commit/outputs.ts';
import { deadLetters } from '../../runtime/commit/own-tables.ts';
import { memoryTables } from '../../tables/memory.ts';
import type { Clock } from '../../time/clock.ts';
import { gateway } from './search-gateway.ts';

export interface Order {
  readonly id: string;
  readonly amount: unknown;
}
export const day = Date.UTC(2026, 0, 29);
const mappings = { properties: { amount: { type: 'long' } } };
export const byId = (node: string): ElasticsearchOptions<Order> => ({
  node,
  id: ({ id }) => id,
  document: ({ amount }) => ({ amount }),
  template: { settings: { number_of_replicas: 0 }, mappings },
});
export const orders = (count: number): Order[] => Array.from({ length: count }, (_, i) => ({ id: `o${i}`, amount: i }));

interface ChunkOptions {
  /** Number of the first row's revision. */
  readonly first?: number;
  readonly deleted?: boolean;
}

/** Makes chunks of orders for an index, as the runtime does. */
export function chunksFor(index: string, options: ElasticsearchOptions<Order>) {
  const { row } = elasticsearch(index, options);
  return (values: readonly Order[], { first = 0, deleted = false }: ChunkOptions = {}): Buffer => {
    const rows = values.map((value) => ({ open: JSON.stringify(row(value, day)).slice(0, -1), deleted }));
    return Buffer.from(encodeRows(rows, { lane: 'search', task: 'all', generation: 1, epoch: 0, first }));
  };
}

let indices = 0;
/** An index of the test's own and its writer, over a server that may stand behind a gateway. */
export async function fresh(options: ElasticsearchOptions<Order>) {
  const index = `orders${indices++}`;
  const writer = elasticsearch(index, options).open({} as Ports);
  await writer.ensure();
  return { index, writer, chunkOf: chunksFor(index, options) };
}

/** A lane that delivers with the writer, and the dead letters it makes. `onPause` is what happens while it waits. */
export async function lane(writer: ChunkWriter, onPause: (ms: number) => void | Promise<void> = () => {}) {
  const tables = memoryTables();
  await tables.ensure(deadLetters);
  const clock: Clock = { now: () => day, sleep: async (ms) => onPause(ms) };
  const letterOf = ({ row, reason, id }: RefusedRow) =>
    Buffer.from(`${JSON.stringify({ job: 'shop', id, sample: row, detail: reason, revision: 0 })}\n`);
  const into: ChunkWriter = {
    ensure: async () => {},
    insert: (ndjson, chunk) => tables.insert(deadLetters.name, ndjson, chunk),
  };
  const signal = new AbortController().signal;
  const deliver = chunkDelivery({
    uid: 'search',
    writer,
    deadLetters: into,
    letterOf,
    clock,
    onRetry: () => {},
    signal,
  });
  return {
    deliver: (payload: Buffer, token: string) =>
      deliver({ entries: [{ lane: 'search', seq: 1, epoch: 0, payload }], bytes: payload.length, token }),
    letters: () => tables.rows(deadLetters.name),
  };
}

/** An address at which `answer` comes before the server. */
export async function gatewayTo(url: string, answer: Parameters<typeof gateway>[1]): Promise<string> {
  const { port, close } = await gateway(url, answer);
  onTestFinished(close);
  return `http://127.0.0.1:${port}`;
}

export const html = { 'content-type': 'text/html' };
export const actionsIn = (body: string): string[] => body.match(/^\{"(index|delete)":.*$/gm) ?? [];
