/**
 * Writes chunks as bulk requests of bounded size. A chunk that was answered in part is kept: when it is given again,
 * only what is left of it is sent.
 */
import { utf8Length } from '../../codecs/utf8.ts';
import { MillraceError } from '../../errors.ts';
import type { ChunkWriter, RefusedLine } from '../../graph/connector.ts';
import { type Action, actionsOf, fateOf } from './bulk.ts';
import { type SearchClient, type SearchServer, searchClient } from './client.ts';

/** What new indices are made with, in the server's own words. */
export interface IndexTemplate {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly mappings?: Readonly<Record<string, unknown>>;
}

/** Servers advise five to fifteen megabytes a request; gateways before them often take no more than ten. */
const requestBytes = 4_000_000;

/** Writes chunks into the indices of `index`. */
export function bulkWriter(index: string, server: SearchServer, template: IndexTemplate): ChunkWriter {
  const client = searchClient(server);
  const writer = new BulkWriter(client, index);
  return {
    ensure: () =>
      client.putIndexTemplate(index, {
        index_patterns: [`${index}-*`],
        // Above the templates that servers bring along; two of equal priority for one index are refused.
        priority: 501,
        template: { ...template, aliases: { [index]: {} } },
      }),
    insert: (ndjson, { token }) => writer.insert(ndjson, token),
  };
}

/** What is left to do of a chunk. */
interface Unfinished {
  readonly token: string;
  waiting: readonly Action[];
  readonly refused: RefusedLine[];
}

/** What a request came to. */
interface Outcome {
  /** Actions that were held back for now, and why the first of them was. */
  readonly again: readonly Action[];
  readonly reason: string;
  readonly refused: readonly RefusedLine[];
}

class BulkWriter {
  readonly #client: SearchClient;
  readonly #index: string;
  /** The chunk that is being written: when it is given once more, only what is left of it is sent. */
  #chunk: Unfinished | undefined;

  constructor(client: SearchClient, index: string) {
    this.#client = client;
    this.#index = index;
  }

  async insert(ndjson: Uint8Array, token: string): Promise<readonly RefusedLine[]> {
    if (this.#chunk?.token !== token) this.#chunk = { token, waiting: actionsOf(ndjson, token), refused: [] };
    const chunk = this.#chunk;
    while (chunk.waiting.length > 0) {
      const count = countFor(chunk.waiting, requestBytes);
      const { again, reason, refused } = await this.#send(chunk.waiting.slice(0, count));
      chunk.waiting = [...again, ...chunk.waiting.slice(count)];
      chunk.refused.push(...refused);
      if (again.length > 0) {
        const what = `indexing ${again.length} documents into '${this.#index}' (${reason})`;
        throw new MillraceError('OUTCOME_UNKNOWN', { what });
      }
    }
    this.#chunk = undefined;
    return chunk.refused;
  }

  /** Sends actions at once, or in halves where they are too large together. */
  async #send(actions: readonly Action[]): Promise<Outcome> {
    const answer = await this.#client.bulk(actions.map(({ text }) => text).join(''));
    if (answer === undefined) {
      const [first] = actions;
      const refused = [{ line: first!.line, reason: 'the document is larger than the server takes' }];
      if (actions.length === 1) return { again: [], reason: '', refused };
      const middle = actions.length >> 1;
      const halves = [await this.#send(actions.slice(0, middle)), await this.#send(actions.slice(middle))];
      return {
        again: halves.flatMap((half) => half.again),
        reason: halves.map((half) => half.reason).find((reason) => reason !== '') ?? '',
        refused: halves.flatMap((half) => half.refused),
      };
    }
    const again: Action[] = [];
    const refused: RefusedLine[] = [];
    let reason = '';
    for (const [i, item] of answer.errors ? answer.items.entries() : []) {
      const fate = fateOf(item);
      if (fate.kind === 'broken') this.#refuse(actions.length, fate.reason);
      if (fate.kind === 'refused') refused.push({ line: actions[i]!.line, reason: fate.reason });
      if (fate.kind !== 'again') continue;
      again.push(actions[i]!);
      reason ||= fate.reason;
    }
    return { again, reason, refused };
  }

  #refuse(documents: number, reason: string): never {
    throw new MillraceError('SEARCH_REFUSED', { address: this.#index, what: `${documents} documents`, reason });
  }
}

/** How many of the first actions make a request of at most so many bytes; at least one. */
function countFor(actions: readonly Action[], bytes: number): number {
  let count = 0;
  for (let total = 0; count < actions.length; count++) {
    total += utf8Length(actions[count]!.text);
    if (total > bytes && count > 0) break;
  }
  return count;
}
