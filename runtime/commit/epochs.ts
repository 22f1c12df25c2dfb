/**
 * The epoch commit of a stage with state. The commit point is one atomic, fenced write: state, positions, watermark and
 * outputs together. What it put into the outbox is delivered afterwards, lane by lane, and dropped when acknowledged.
 * Taking over repeats exactly what may be missing: topic epochs that the mark does not cover, chunks under the token
 * they were sealed with.
 */
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Shapes } from '../../graph/shape.ts';
import type { EpochCommit, Meta, OutboxEntry, TaskState } from '../../state/store.ts';
import type { GroupOffset, Mark } from '../../topics/topics.ts';
import { Chunks, type FullChunk } from './chunks.ts';
import { asJson, type Committer, type Frozen, type Restored, type RuntimeMeta, runtimeMeta } from './committer.ts';
import {
  acknowledge,
  covers,
  type Deliver,
  type Delivery,
  Lane,
  type Timed,
  TopicsWriter,
  untilKnown,
} from './lanes.ts';
import { decodeTopics, encodeTopics } from './outputs.ts';

/** The lane of all topics: one transaction an epoch. */
const topicsLane = '~topics';

/** What an epoch committer works with. */
export interface EpochParts {
  readonly job: string;
  readonly task: string;
  readonly ports: Ports;
  /** The task as taken over. */
  readonly state: TaskState;
  /** Fresh random text; part of tokens and commit ids. */
  readonly nonce: string;
  readonly plan: string;
  /** The topics that the stage reads, which must not change. */
  readonly inputs: Pick<RuntimeMeta, 'partitions' | 'sources'>;
  /** How each chunked lane delivers. */
  readonly deliveries: ReadonlyMap<string, Deliver>;
  readonly timed: Timed;
  /** Aborted when the task lets go; deliveries then stop waiting. */
  readonly stop: AbortController;
  readonly shapes: Shapes;
  /** What a former owner left to be delivered, once it is sure that the lanes take it. */
  readonly outbox: (lanes: ReadonlyMap<string, unknown>) => Promise<readonly OutboxEntry[]>;
  /** The consumed offsets that a topics transaction stores. */
  readonly offsetsOf: (positions: Meta['positions']) => readonly GroupOffset[];
}

export class Epochs implements Committer {
  readonly state: TaskState;
  readonly #parts: EpochParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #topics: TopicsWriter;
  readonly #chunks: Chunks;
  readonly #generation: number;
  #meta: Meta | undefined;

  /** Continues a task just taken over: repeats what may not have been delivered. Errors: STATE_LOST_WRITES. */
  static async open(parts: EpochParts): Promise<Epochs> {
    const { ports, job, task, state } = parts;
    const topics = new TopicsWriter({ topics: ports.topics, producerId: `${job}/${task}`, group: job, task });
    await topics.open();
    const mark = await ports.topics.mark(job, task);
    const { found, isBehind } = compare(state, mark);
    if (isBehind) {
      // An owner that was overtaken while it opened is behind as well; this write then fails with STATE_FENCED.
      await untilKnown(() => state.acknowledge(topicsLane, 0));
      throw new MillraceError('STATE_LOST_WRITES', { task, found, known: mark!.epoch });
    }
    const epochs = new Epochs(parts, topics, generationOf(state, mark));
    try {
      await epochs.#redeliver();
      return epochs;
    } catch (error) {
      await epochs.close();
      throw error;
    }
  }

  private constructor(parts: EpochParts, topics: TopicsWriter, generation: number) {
    const { state, job, task, nonce, ports } = parts;
    this.#parts = parts;
    this.state = state;
    this.#topics = topics;
    this.#generation = generation;
    this.#meta = state.meta;
    const lanes = state.meta === undefined ? {} : runtimeMeta(state.meta).lanes;
    this.#chunks = new Chunks({ job, task, nonce, clock: ports.clock, lanes });
    this.#lanes.set(
      topicsLane,
      new Lane(topicsLane, parts.timed(topicsLane, this.#deliverEpochs), (p) => acknowledge(state, topicsLane, p)),
    );
    for (const [lane, deliver] of parts.deliveries) {
      this.#lanes.set(lane, new Lane(lane, deliver, (delivery) => this.#acknowledgeChunk(lane, delivery)));
    }
  }

  get restored(): Restored | undefined {
    const meta = this.#meta;
    if (meta === undefined) return undefined;
    const { eventTimes, tick, ended } = runtimeMeta(meta);
    return { positions: meta.positions, eventTimes, tick: tick ?? undefined, ended };
  }

  get epoch(): number {
    return this.#meta?.epoch ?? -1;
  }

  get pending(): number {
    let pending = 0;
    for (const lane of this.#lanes.values()) pending += lane.pending;
    return pending;
  }

  get open(): boolean {
    return this.#chunks.open;
  }

  check(): void {
    for (const { name, failure } of this.#lanes.values()) {
      if (failure === undefined) continue;
      if (failure instanceof MillraceError) throw failure;
      throw new MillraceError('DELIVERY_FAILED', { uid: name, tries: 1, reason: String(failure) }, { cause: failure });
    }
  }

  async settle(): Promise<void> {
    try {
      await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
    } finally {
      this.check();
    }
  }

  settleTopics(): Promise<void> {
    return this.#lanes.get(topicsLane)!.settled();
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes.values()) lane.stop();
    this.#parts.stop.abort();
    await this.#topics.close();
  }

  readonly #deliverEpochs: Deliver = async ({ entries }) => {
    for (const { payload, epoch } of entries) {
      await this.#topics.write(decodeTopics(payload), { generation: this.#generation, epoch });
    }
  };

  async #redeliver(): Promise<void> {
    const { ports, job, task, deliveries, outbox: waiting } = this.#parts;
    if (this.#meta === undefined) return;
    const outbox = await waiting(this.#lanes);
    // The last owner may have died before its commit was confirmed.
    await this.state.confirm();
    const mark = await ports.topics.mark(job, task);
    for (const entry of outbox.filter((e) => e.lane === topicsLane)) {
      const delivery = { entries: [entry], bytes: entry.payload.length, token: '' };
      if (covers(mark, { generation: this.#generation, epoch: entry.epoch })) {
        await acknowledge(this.state, topicsLane, delivery);
      } else {
        this.#lanes.get(topicsLane)!.send(delivery);
      }
    }
    for (const lane of deliveries.keys()) {
      const entries = outbox.filter((e) => e.lane === lane);
      for (const chunk of this.#chunks.restore(lane, entries)) this.#send(chunk, true);
    }
  }

  async commit(frozen: Frozen): Promise<void> {
    const outbox: OutboxEntry[] = [];
    const epoch = this.#meta === undefined ? 0 : this.#meta.epoch + 1;
    outbox.push(this.#topicsEntry(frozen, epoch));
    const full: FullChunk[] = [];
    for (const lane of this.#parts.deliveries.keys()) {
      const entry = this.#chunks.add(lane, frozen.rows.get(lane) ?? [], { epoch, generation: this.#generation });
      if (entry !== undefined) outbox.push(entry);
      const chunk = this.#chunks.seal(lane, frozen.final);
      if (chunk !== undefined) full.push(chunk);
    }
    const meta = this.#nextMeta(frozen, epoch);
    const commit: EpochCommit = { meta, deltas: frozen.deltas, outbox };
    // Sent until its outcome is known: its id makes a repetition harmless.
    await untilKnown(() => this.state.commit(commit));
    this.#meta = meta;
    // Nothing leaves before it would survive the loss of the store's node.
    await this.state.confirm();
    this.#send({ lane: topicsLane, entries: [outbox[0]!], token: '' });
    for (const chunk of full) this.#send(chunk);
  }

  #nextMeta(frozen: Frozen, epoch: number): Meta {
    const { plan, inputs, nonce, shapes } = this.#parts;
    const runtime: RuntimeMeta = {
      plan,
      tick: frozen.tick ?? null,
      eventTimes: frozen.eventTimes,
      lanes: this.#chunks.lanes,
      ...inputs,
      shapes,
      ...(Object.keys(frozen.ended).length === 0 ? {} : { ended: frozen.ended }),
    };
    const { positions } = frozen;
    return { generation: this.#generation, epoch, commitId: `${nonce}/${epoch}`, positions, runtime: asJson(runtime) };
  }

  #topicsEntry(frozen: Frozen, epoch: number): OutboxEntry {
    const payload = encodeTopics({ records: frozen.records, offsets: this.#parts.offsetsOf(frozen.positions) });
    return { lane: topicsLane, seq: this.#chunks.nextSeq(topicsLane), epoch, payload };
  }

  #send({ lane, entries, token }: FullChunk, again = false): void {
    const bytes = entries.reduce((sum, e) => sum + e.payload.length, 0);
    this.#lanes.get(lane)!.send({ entries, bytes, token, again });
  }

  async #acknowledgeChunk(lane: string, delivery: Delivery): Promise<void> {
    await acknowledge(this.state, lane, delivery);
    this.#chunks.forget(lane, delivery.entries.at(-1)!.seq);
  }
}

/**
 * Whether the mark is ahead of the store, which then lost what it had acknowledged: what would be made again is already
 * delivered. A store that knows nothing of the task although there is a mark is such a store too, unless it remembers
 * that the job was reset.
 */
function compare({ meta, fence, resets }: TaskState, mark: Mark | undefined): { found: number; isBehind: boolean } {
  const found = meta?.epoch ?? -1;
  if (mark === undefined) return { found, isBehind: false };
  if (meta === undefined) return { found, isBehind: resets === undefined ? fence === 1 : resets === 0 };
  const { generation } = meta;
  const isBehind = mark.generation > generation || (mark.generation === generation && mark.epoch > found);
  return { found, isBehind };
}

/** The generation to go on with; a task that was reset gets a new one, so that marks from before do not count. */
const generationOf = ({ meta }: TaskState, mark: Mark | undefined): number =>
  meta?.generation ?? (mark?.generation ?? 0) + 1;
