import { hasCode, MillraceError } from '../errors.ts';
import type { ChunkWriter, Ports } from '../graph/connector.ts';
import type { EpochCommit, Meta, OutboxEntry, TaskState } from '../state/store.ts';
import { seconds } from '../time/duration.ts';
import type { GroupOffset } from '../topics/topics.ts';
import { checkStored } from './check-stored.ts';
import {
  asJson,
  type Committer,
  type Frozen,
  type LaneMeta,
  type Restored,
  type RuntimeMeta,
  runtimeMeta,
  type SealedChunk,
} from './committer.ts';
import { acknowledgeIn, chunkDelivery, covers, type Deliver, Lane, type Parcel, TopicsWriter } from './lanes.ts';
import type { Metrics } from './metrics.ts';
import { decodeTopics, encodeRows, encodeTopics } from './outbox.ts';
import type { PendingRow } from './outputs.ts';

/**
 * The epoch commit of a stage with state. The commit point is one atomic, fenced write: state, positions, watermark and
 * outputs together. What it put into the outbox is delivered afterwards, lane by lane, and dropped when acknowledged.
 * Taking over repeats exactly what may be missing: topic epochs that the mark does not cover, chunks under the token
 * they were sealed with.
 */

/** The lane of all topics: one transaction an epoch. */
const topicsLane = '~topics';
/** A chunk is sealed at this many rows, or when it has been open this long. */
const sealRows = 10_000;
const sealAfter = seconds(2);
/** A commit or delivery without a definite answer is tried this often before the process gives up. */
const tries = 5;

/** What an epoch committer works with. */
export interface EpochParts {
  readonly job: string;
  readonly task: string;
  readonly ports: Ports;
  readonly metrics: Metrics;
  /** Fresh random text; part of tokens and commit ids. */
  readonly nonce: string;
  readonly plan: string;
  /** First names of every node of the job. */
  readonly uids: ReadonlySet<string>;
  /** Partition counts of every topic the job reads, which must never change. */
  readonly partitions: Readonly<Record<string, number>>;
  /** Chunked sinks by lane. */
  readonly writers: ReadonlyMap<string, ChunkWriter>;
  /** The consumed offsets that a topics transaction stores. */
  readonly offsetsOf: (positions: Meta['positions']) => readonly GroupOffset[];
  readonly onRefused: (lane: string, row: string, reason: string) => void;
}

const emptyLane: LaneMeta = { seq: 0, row: 0, chunk: 0, open: null, sealed: [] };

export class Epochs implements Committer {
  readonly state: TaskState;
  readonly #parts: EpochParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #topics: TopicsWriter;
  /** Entries committed but not part of a sealed chunk yet, by lane. */
  readonly #open = new Map<string, OutboxEntry[]>();
  #laneMeta: Record<string, LaneMeta>;
  #meta: Meta | undefined;

  /** Takes the task over: raises the fence, then repeats what may not have been delivered. */
  static async open(parts: EpochParts): Promise<Epochs> {
    const { ports, job, task } = parts;
    const state = await ports.state.open(job, task);
    await checkStored(state, parts);
    for (const writer of parts.writers.values()) await writer.ensure();
    const epochs = new Epochs(parts, state);
    await epochs.#topics.open();
    if (state.meta !== undefined) await epochs.#redeliver(state.meta);
    return epochs;
  }

  private constructor(parts: EpochParts, state: TaskState) {
    this.#parts = parts;
    this.state = state;
    this.#meta = state.meta;
    this.#laneMeta = { ...(state.meta === undefined ? {} : runtimeMeta(state.meta).lanes) };
    const { ports, metrics, job, task } = parts;
    this.#topics = new TopicsWriter({ topics: ports.topics, producerId: `${job}/${task}`, group: job, task, tries });
    this.#lanes.set(topicsLane, new Lane(topicsLane, this.#deliverEpochs, acknowledgeIn(state, topicsLane)));
    for (const [lane, writer] of parts.writers) {
      const onRetry = () => metrics.add('millrace_delivery_retries_total', lane);
      const onRefused = (row: string, reason: string) => parts.onRefused(lane, row, reason);
      const deliver = chunkDelivery({ writer, clock: ports.clock, onRetry, onRefused });
      this.#lanes.set(lane, new Lane(lane, deliver, (parcel) => this.#acknowledgeChunk(lane, parcel)));
    }
  }

  get #generation(): number {
    return this.#meta?.generation ?? 1;
  }

  get restored(): Restored | undefined {
    const meta = this.#meta;
    if (meta === undefined) return undefined;
    const { eventTimes, tick } = runtimeMeta(meta);
    return { positions: meta.positions, eventTimes, tick: tick ?? undefined };
  }

  get pending(): number {
    let pending = 0;
    for (const lane of this.#lanes.values()) pending += lane.pending;
    return pending;
  }

  get open(): boolean {
    return Object.values(this.#laneMeta).some((lane) => lane.open !== null);
  }

  check(): void {
    for (const { name, failure } of this.#lanes.values()) {
      if (failure === undefined) continue;
      if (failure instanceof MillraceError) throw failure;
      throw new MillraceError('DELIVERY_FAILED', { uid: name, tries, reason: String(failure) }, { cause: failure });
    }
  }

  async settle(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane.settled();
    this.check();
  }

  async close(): Promise<void> {
    await this.#topics.close();
  }

  readonly #deliverEpochs: Deliver = async ({ entries }) => {
    for (const { payload, epoch } of entries) {
      await this.#topics.write(decodeTopics(payload), { generation: this.#generation, epoch });
    }
  };

  async #redeliver(meta: Meta): Promise<void> {
    const { topics } = this.#parts.ports;
    const outbox = await this.state.outbox();
    const waiting = outbox.filter((e) => e.lane === topicsLane);
    const mark = waiting.length === 0 ? undefined : await topics.mark(this.#parts.job, this.#parts.task);
    for (const entry of waiting) {
      if (covers(mark, { generation: meta.generation, epoch: entry.epoch })) {
        await this.state.acknowledge(topicsLane, entry.seq);
      } else {
        this.#send(topicsLane, [entry], '');
      }
    }
    for (const lane of new Set(outbox.map((e) => e.lane))) {
      if (!this.#lanes.has(lane)) throw new MillraceError('STATE_UNKNOWN_UID', { uid: lane, job: this.#parts.job });
    }
    for (const lane of this.#parts.writers.keys()) {
      const entries = outbox.filter((e) => e.lane === lane);
      const known = this.#lane(lane);
      // A chunk without entries was acknowledged after the last commit.
      const sealed = known.sealed.filter((c) => entries.some((e) => e.seq === c.to));
      const sealedTo = known.sealed.at(-1)?.to ?? 0;
      this.#laneMeta[lane] = { ...known, sealed };
      this.#open.set(
        lane,
        entries.filter((e) => e.seq > sealedTo),
      );
      for (const chunk of sealed) this.#sendChunk(lane, entries, chunk);
    }
  }

  async commit(frozen: Frozen): Promise<void> {
    const outbox: OutboxEntry[] = [];
    const epoch = this.#meta === undefined ? 0 : this.#meta.epoch + 1;
    outbox.push(this.#topicsEntry(frozen, epoch));
    const chunks: [lane: string, chunk: SealedChunk][] = [];
    for (const lane of this.#parts.writers.keys()) {
      const entry = this.#rowsEntry(lane, frozen.rows.get(lane) ?? [], epoch);
      if (entry !== undefined) outbox.push(entry);
      const chunk = this.#seal(lane, frozen.final);
      if (chunk !== undefined) chunks.push([lane, chunk]);
    }
    const meta = this.#nextMeta(frozen, epoch);
    await this.#write({ meta, deltas: frozen.deltas, outbox });
    this.#meta = meta;
    // Nothing leaves before it would survive the loss of the store's node.
    await this.state.confirm();
    for (const entry of outbox) {
      if (entry.lane === topicsLane) this.#send(topicsLane, [entry], '');
    }
    for (const [lane, chunk] of chunks) {
      const entries = this.#open.get(lane) ?? [];
      this.#sendChunk(lane, entries, chunk);
      this.#open.set(
        lane,
        entries.filter((e) => e.seq > chunk.to),
      );
    }
  }

  /** Sends the same commit until its outcome is known; its id makes a repetition harmless. */
  async #write(commit: EpochCommit): Promise<void> {
    for (let n = 1; ; n++) {
      try {
        return await this.state.commit(commit);
      } catch (error) {
        if (!hasCode(error, 'OUTCOME_UNKNOWN') || n === tries) throw error;
      }
    }
  }

  #nextMeta(frozen: Frozen, epoch: number): Meta {
    const { plan, partitions, nonce } = this.#parts;
    const runtime: RuntimeMeta = {
      plan,
      tick: frozen.tick ?? null,
      eventTimes: frozen.eventTimes,
      lanes: { ...this.#laneMeta },
      partitions,
    };
    const { positions } = frozen;
    return { generation: this.#generation, epoch, commitId: `${nonce}/${epoch}`, positions, runtime: asJson(runtime) };
  }

  #topicsEntry(frozen: Frozen, epoch: number): OutboxEntry {
    const meta = this.#lane(topicsLane);
    const seq = meta.seq + 1;
    this.#laneMeta[topicsLane] = { ...meta, seq };
    const payload = encodeTopics({ records: frozen.records, offsets: this.#parts.offsetsOf(frozen.positions) });
    return { lane: topicsLane, seq, epoch, payload };
  }

  #rowsEntry(lane: string, rows: readonly PendingRow[], epoch: number): OutboxEntry | undefined {
    if (rows.length === 0) return undefined;
    const meta = this.#lane(lane);
    const { task, ports } = this.#parts;
    const payload = encodeRows(rows, { lane, task, epoch, generation: this.#generation, first: meta.row });
    const seq = meta.seq + 1;
    const open = meta.open ?? { from: seq, rows: 0, since: ports.clock.now() };
    this.#laneMeta[lane] = {
      ...meta,
      seq,
      row: meta.row + rows.length,
      open: { ...open, rows: open.rows + rows.length },
    };
    const entry = { lane, seq, epoch, payload };
    this.#open.set(lane, [...(this.#open.get(lane) ?? []), entry]);
    return entry;
  }

  /** Closes the lane's open chunk if it is large or old enough; the seal is part of the commit that makes it. */
  #seal(lane: string, final: boolean): SealedChunk | undefined {
    const meta = this.#lane(lane);
    const { open } = meta;
    if (open === null) return undefined;
    const due = open.rows >= sealRows || this.#parts.ports.clock.now() - open.since >= sealAfter;
    if (!due && !final) return undefined;
    const { job, task, nonce } = this.#parts;
    const chunk = meta.chunk + 1;
    const sealed = { from: open.from, to: meta.seq, token: `${job}/${lane}/${task}/${nonce}/${chunk}` };
    this.#laneMeta[lane] = { ...meta, chunk, open: null, sealed: [...meta.sealed, sealed] };
    return sealed;
  }

  #lane(lane: string): LaneMeta {
    return this.#laneMeta[lane] ?? emptyLane;
  }

  #sendChunk(lane: string, entries: readonly OutboxEntry[], chunk: SealedChunk): void {
    const inside = entries.filter((e) => e.seq >= chunk.from && e.seq <= chunk.to);
    this.#send(lane, inside, chunk.token);
  }

  #send(lane: string, entries: readonly OutboxEntry[], token: string): void {
    const bytes = entries.reduce((sum, e) => sum + e.payload.length, 0);
    this.#lanes.get(lane)?.send({ entries, bytes, token });
  }

  async #acknowledgeChunk(lane: string, parcel: Parcel): Promise<void> {
    const last = parcel.entries.at(-1);
    if (last === undefined) return;
    await this.state.acknowledge(lane, last.seq);
    const meta = this.#lane(lane);
    this.#laneMeta[lane] = { ...meta, sealed: meta.sealed.filter((c) => c.to > last.seq) };
  }
}
