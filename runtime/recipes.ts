import { hasCode, MillraceError } from '../errors.ts';
import type { ChunkWriter, Ports } from '../graph/connector.ts';
import type { Json, Meta, OutboxEntry, TaskState } from '../state/store.ts';
import { checkStored } from './check-stored.ts';
import { asJson, type Committer, type Frozen, type ReadRange, type Restored, runtimeMeta } from './committer.ts';
import { chunkDelivery, type Deliver, Lane, type Parcel } from './lanes.ts';
import { ledgerLane } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import { encodeRows } from './outbox.ts';
import type { PendingRow, Sent } from './outputs.ts';

/**
 * Epochs of a stage without state that writes only rows: an archive of raw logs would otherwise write every row twice,
 * once into the outbox. What is committed is a recipe, the exact ranges that were read. Rows are inserted afterwards
 * in chunks that the recipe determines, under its tokens; a take-over reads the ranges again and makes the same
 * chunks. Only pure synchronous chains come here, so that the same input makes the same rows.
 */

const recipeLane = '~recipe';
/** Rows per chunk; part of what determines the chunks, so it must not change while recipes wait. */
const chunkRows = 50_000;
const tries = 5;

interface Recipe {
  readonly plan: string;
  readonly nonce: string;
  readonly ranges: readonly ReadRange[];
  /** The ledger's row, which is not a function of the input. */
  readonly ledger: string | null;
}

/** What a recipe committer works with. */
export interface RecipeParts {
  readonly job: string;
  readonly task: string;
  readonly ports: Ports;
  readonly metrics: Metrics;
  readonly nonce: string;
  readonly plan: string;
  /** First names of every node of the job. */
  readonly uids: ReadonlySet<string>;
  readonly partitions: Readonly<Record<string, number>>;
  readonly writers: ReadonlyMap<string, ChunkWriter>;
  readonly onRefused: (lane: string, row: string, reason: string) => void;
}

export class Recipes implements Committer {
  readonly state: TaskState;
  readonly open = false;
  readonly #parts: RecipeParts;
  readonly #lane: Lane;
  readonly #deliveries = new Map<string, Deliver>();
  /** Rows of recipes on their way, by seq. */
  readonly #rows = new Map<number, { readonly recipe: Recipe; readonly rows: Sent['rows'] }>();
  #meta: Meta | undefined;

  static async open(parts: RecipeParts): Promise<Recipes> {
    const state = await parts.ports.state.open(parts.job, parts.task);
    await checkStored(state, parts);
    for (const writer of parts.writers.values()) await writer.ensure();
    return new Recipes(parts, state);
  }

  private constructor(parts: RecipeParts, state: TaskState) {
    this.#parts = parts;
    this.state = state;
    this.#meta = state.meta;
    for (const [lane, writer] of parts.writers) {
      const onRetry = () => parts.metrics.add('millrace_delivery_retries_total', lane);
      const onRefused = (row: string, reason: string) => parts.onRefused(lane, row, reason);
      this.#deliveries.set(lane, chunkDelivery({ writer, clock: parts.ports.clock, onRetry, onRefused }));
    }
    this.#lane = new Lane(recipeLane, this.#deliver, async ({ entries }) => {
      await state.acknowledge(recipeLane, entries[0]!.seq);
      this.#rows.delete(entries[0]!.seq);
    });
  }

  get restored(): Restored | undefined {
    if (this.#meta === undefined) return undefined;
    const { eventTimes, tick } = runtimeMeta(this.#meta);
    return { positions: this.#meta.positions, eventTimes, tick: tick ?? undefined };
  }

  get pending(): number {
    return this.#lane.pending;
  }

  check(): void {
    if (this.#lane.failure !== undefined) throw this.#lane.failure;
  }

  async settle(): Promise<void> {
    await this.#lane.settled();
    this.check();
  }

  async close(): Promise<void> {}

  /** Makes the rows of unfinished recipes again. Errors: PLAN_CHANGED if other code would make other rows. */
  async recover(replay: (ranges: readonly ReadRange[]) => Promise<Sent>): Promise<void> {
    for (const entry of await this.state.outbox()) {
      const recipe = JSON.parse(Buffer.from(entry.payload).toString('utf8')) as Recipe;
      const { plan } = this.#parts;
      if (recipe.plan !== plan) {
        const difference = 'recipes of the former plan wait for delivery; run the former version until it is idle';
        throw new MillraceError('PLAN_CHANGED', { found: recipe.plan, now: plan, difference });
      }
      const { rows } = await replay(recipe.ranges);
      this.#send(entry, recipe, rows);
    }
  }

  async commit(frozen: Frozen): Promise<void> {
    const { plan, nonce, partitions } = this.#parts;
    const generation = this.#meta?.generation ?? 1;
    const epoch = this.#meta === undefined ? 0 : this.#meta.epoch + 1;
    const recipe: Recipe = {
      plan,
      nonce,
      ranges: frozen.ranges,
      ledger: frozen.rows.get(ledgerLane)?.[0]?.open ?? null,
    };
    const payload = Buffer.from(JSON.stringify(recipe), 'utf8');
    const entry: OutboxEntry = { lane: recipeLane, seq: epoch + 1, epoch, payload };
    const runtime = { plan, tick: frozen.tick ?? null, eventTimes: frozen.eventTimes, lanes: {}, partitions };
    const meta: Meta = {
      generation,
      epoch,
      commitId: `${nonce}/${epoch}`,
      positions: frozen.positions,
      runtime: asJson(runtime),
    };
    const outbox = frozen.ranges.length === 0 ? [] : [entry];
    for (let n = 1; ; n++) {
      try {
        await this.state.commit({ meta, deltas: [], outbox });
        break;
      } catch (error) {
        if (!hasCode(error, 'OUTCOME_UNKNOWN') || n === tries) throw error;
      }
    }
    this.#meta = meta;
    await this.state.confirm();
    if (outbox.length > 0) this.#send(entry, recipe, frozen.rows);
  }

  #send(entry: OutboxEntry, recipe: Recipe, rows: Sent['rows']): void {
    this.#rows.set(entry.seq, { recipe, rows });
    let bytes = 0;
    for (const lane of rows.values()) for (const row of lane) bytes += row.open.length;
    this.#lane.send({ entries: [entry], bytes, token: '' });
  }

  readonly #deliver: Deliver = async ({ entries }: Parcel) => {
    const { seq, epoch } = entries[0]!;
    const { recipe, rows } = this.#rows.get(seq)!;
    for (const [lane, deliver] of this.#deliveries) {
      const own: readonly PendingRow[] = recipe.ledger === null ? [] : [{ open: recipe.ledger, deleted: false }];
      const all = lane === ledgerLane ? own : (rows.get(lane) ?? []);
      for (let from = 0; from < all.length; from += chunkRows) {
        const how = { lane, task: this.#parts.task, generation: this.#meta!.generation, epoch, first: from };
        const payload = encodeRows(all.slice(from, from + chunkRows), how);
        const token = `${this.#parts.job}/${lane}/${this.#parts.task}/${recipe.nonce}/${epoch}/${from}`;
        await deliver({ entries: [{ lane, seq, epoch, payload }], bytes: payload.length, token });
      }
    }
  };
}

/** Positions in a recipe are JSON and compared as such. */
export const samePosition = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
