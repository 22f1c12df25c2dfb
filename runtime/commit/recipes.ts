/**
 * Epochs of a stage without state that writes only rows: an archive of raw logs would otherwise write every row twice,
 * once into the outbox. What is committed is a recipe, the exact ranges that were read. Rows are inserted afterwards
 * in chunks that the recipe determines, under its tokens; a take-over reads the ranges again and makes the same
 * chunks. Only pure synchronous chains come here, so that the same input makes the same rows.
 */
import { utf8Length } from '../../codecs/utf8.ts';
import { MillraceError } from '../../errors.ts';
import type { Json, Meta, OutboxEntry, TaskState } from '../../state/store.ts';
import {
  asJson,
  type Committer,
  type Frozen,
  type ReadRange,
  type Restored,
  type RuntimeMeta,
  runtimeMeta,
} from './committer.ts';
import { acknowledge, type Deliver, type Delivery, Lane, untilKnown } from './lanes.ts';
import { encodeRows, type PendingRow, type Sent } from './outputs.ts';
import { ledgerLane } from './own-tables.ts';
import { otherwiseCommitted, recipeLane } from './stored.ts';

/** Rows per chunk; part of what determines the chunks, so it must not change while recipes wait. */
const chunkRows = 50_000;

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
  /** The task as taken over. */
  readonly state: TaskState;
  readonly nonce: string;
  readonly plan: string;
  /** The topics that the stage reads, which must not change. */
  readonly inputs: Pick<RuntimeMeta, 'partitions' | 'sources'>;
  /** How each chunked lane delivers. */
  readonly deliveries: ReadonlyMap<string, Deliver>;
  /** Aborted when the task lets go; deliveries then stop waiting. */
  readonly stop: AbortController;
}

export class Recipes implements Committer {
  readonly state: TaskState;
  readonly open = false;
  readonly #parts: RecipeParts;
  readonly #lane: Lane;
  /** Rows of recipes on their way, by seq. */
  readonly #rows = new Map<number, { readonly recipe: Recipe; readonly rows: Sent['rows'] }>();
  #meta: Meta | undefined;

  constructor(parts: RecipeParts) {
    const { state } = parts;
    this.#parts = parts;
    this.state = state;
    this.#meta = state.meta;
    this.#lane = new Lane(recipeLane, this.#deliver, async (delivery) => {
      await acknowledge(state, recipeLane, delivery);
      this.#rows.delete(delivery.entries[0]!.seq);
    });
  }

  get restored(): Restored | undefined {
    if (this.#meta === undefined) return undefined;
    const { eventTimes, tick } = runtimeMeta(this.#meta);
    return { positions: this.#meta.positions, eventTimes, tick: tick ?? undefined };
  }

  get epoch(): number {
    return this.#meta?.epoch ?? -1;
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

  async settleTopics(): Promise<void> {}

  async close(): Promise<void> {
    this.#lane.stop();
    this.#parts.stop.abort();
  }

  /** Makes the rows of unfinished recipes again. Errors: PLAN_CHANGED if other code would make other rows. */
  async recover(replay: (ranges: readonly ReadRange[]) => Promise<Sent>): Promise<void> {
    // The last owner may have died before its commit was confirmed.
    await this.state.confirm();
    for (const entry of await this.state.outbox()) {
      if (entry.lane !== recipeLane) throw otherwiseCommitted(runtimeMeta(this.#meta!).plan, this.#parts.plan);
      const recipe = JSON.parse(Buffer.from(entry.payload).toString('utf8')) as Recipe;
      const { plan } = this.#parts;
      if (recipe.plan !== plan) {
        const difference = 'recipes of the former plan wait for delivery; run the former version until it is idle';
        throw new MillraceError('PLAN_CHANGED', { found: recipe.plan, now: plan, difference });
      }
      const { rows } = await replay(recipe.ranges);
      this.#send(entry, { recipe, rows, again: true });
    }
  }

  async commit(frozen: Frozen): Promise<void> {
    const { plan, nonce, inputs } = this.#parts;
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
    const runtime = { plan, tick: frozen.tick ?? null, eventTimes: frozen.eventTimes, lanes: {}, ...inputs };
    const meta: Meta = {
      generation,
      epoch,
      commitId: `${nonce}/${epoch}`,
      positions: frozen.positions,
      runtime: asJson(runtime),
    };
    const outbox = frozen.ranges.length === 0 ? [] : [entry];
    await untilKnown(() => this.state.commit({ meta, deltas: [], outbox }));
    this.#meta = meta;
    await this.state.confirm();
    if (outbox.length > 0) this.#send(entry, { recipe, rows: frozen.rows, again: false });
  }

  #send(entry: OutboxEntry, { recipe, rows, again }: Remade): void {
    this.#rows.set(entry.seq, { recipe, rows });
    let bytes = 0;
    for (const lane of rows.values()) for (const row of lane) bytes += utf8Length(row.open);
    this.#lane.send({ entries: [entry], bytes, token: '', again });
  }

  readonly #deliver: Deliver = async ({ entries, again = false }: Delivery) => {
    const { seq, epoch } = entries[0]!;
    const { recipe, rows } = this.#rows.get(seq)!;
    for (const [lane, deliver] of this.#parts.deliveries) {
      const own: readonly PendingRow[] = recipe.ledger === null ? [] : [{ open: recipe.ledger, deleted: false }];
      const all = lane === ledgerLane ? own : (rows.get(lane) ?? []);
      for (let from = 0; from < all.length; from += chunkRows) {
        // Rows are numbered from zero in each recipe, so ids of dead letters need the epoch.
        const task = `${this.#parts.task}/${epoch}`;
        const how = { lane, task, generation: this.#meta!.generation, epoch, first: from, revision: epoch };
        const payload = encodeRows(all.slice(from, from + chunkRows), how);
        const token = `${this.#parts.job}/${lane}/${this.#parts.task}/${recipe.nonce}/${epoch}/${from}`;
        await deliver({ entries: [{ lane, seq, epoch, payload }], bytes: payload.length, token, again });
      }
    }
  };
}

interface Remade {
  readonly recipe: Recipe;
  readonly rows: Sent['rows'];
  /** Whether a former owner may have begun to send them. */
  readonly again: boolean;
}

/** Positions in a recipe are JSON and compared as such. */
export const samePosition = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
