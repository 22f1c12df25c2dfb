/**
 * Opens the committer of a task: makes sure that what its job reads and writes exists, that the stored state belongs to
 * the job as it is now, and connects each sink to its delivery.
 */
import { hasCode } from '../../errors.ts';
import type { ChunkWriter, Ports } from '../../graph/connector.ts';
import type { Plan } from '../../graph/plan.ts';
import { shapesOf } from '../../graph/shape.ts';
import type { Node } from '../../graph/stream.ts';
import type { Clock } from '../../time/clock.ts';
import type { GroupOffset } from '../../topics/topics.ts';
import { Sender, type Share } from '../exchange/sender.ts';
import type { Metrics } from '../metrics.ts';
import { type Committer, type Positions, runtimeMeta } from './committer.ts';
import { type EpochParts, Epochs } from './epochs.ts';
import { checkInputs, checkShare, countsOf, inputTopics, storedInputs } from './inputs.ts';
import { chunkDelivery, type Deliver, type RefusedRow, type Timed } from './lanes.ts';
import { Outputs, type WrittenTopic } from './outputs.ts';
import {
  deadLetterLane,
  deadLetterRow,
  deadLetters,
  deadLetterTopic,
  ledger,
  ledgerLane,
  sampleOf,
} from './own-tables.ts';
import { Recipes } from './recipes.ts';
import { type Retried, retriesOf } from './retries.ts';
import { checkedOutbox, checkState } from './stored.ts';
import { Transactions } from './transactions.ts';

/** How a committer is opened. */
export interface Opening {
  readonly options: {
    /** Name of the task within the job; state and marks are kept under it. */
    readonly task: string;
    /** Which of how many partitions the task reads; all of them where it is the only one. */
    readonly share?: Share;
    /** Fresh random text per take-over. */
    readonly nonce: () => string;
    /** Told of deliveries that are tried again. */
    readonly onRetry?: (told: Retried) => void;
  };
  readonly metrics: Metrics;
  /** The highest fence of the task that this process has held: a store that knows less lost writes. */
  readonly known?: number | undefined;
}

/** What a task runs with. */
export interface OpenedCommitter {
  readonly committer: Committer;
  readonly outputs: Outputs;
  /** The only partition that it reads of its topics. */
  readonly partition: number | undefined;
  /** Takes the number of splits that a source is found to have; throws TOPIC_PARTITIONS_CHANGED. */
  readonly checkSplits: (uid: string, found: number) => void;
}

/** Makes sure that what a job reads and writes exists, and opens the committer that its plan names. */
export async function openCommitter(
  plan: Plan,
  ports: Ports,
  { options, metrics, known }: Opening,
): Promise<OpenedCommitter> {
  const { job } = plan;
  const { commit, controls, nodes: planned } = plan.stages[0]!;
  const nodes = planned.map(({ node }) => node);
  const inputs = await inputTopics(nodes, ports);
  checkShare(inputs, { share: options.share, controls, job });
  const written = await outputTopics({ job, nodes }, ports);
  const to = { topics: written, senders: senders(nodes, written, options.share), clock: ports.clock };
  const outputs = new Outputs(job, to);
  // A control stream is read by every task, so none may store how far the group has come.
  const owned = [...inputs].filter(([uid]) => options.share === undefined || !controls.has(uid));
  const offsetsOf = (positions: Positions): readonly GroupOffset[] =>
    owned.flatMap(([uid, { topic }]) =>
      Object.entries(positions[uid] ?? {}).map(([split, offset]) => ({
        topic,
        partition: Number(split),
        offset: Number(offset),
      })),
    );
  const { task } = options;
  // Where no key has state, one task that reads all partitions may read new ones too.
  const isFixed = commit !== 'transactions' || options.share !== undefined;
  const reads = { partition: options.share?.partition, checkSplits: countsOf(isFixed ? inputs : new Map(), job) };
  if (commit === 'transactions') {
    const partitions = owned.flatMap(([uid, { topic, partitions }]) => {
      const all = Array.from({ length: partitions }, (_, partition) => partition);
      const mine = options.share === undefined ? all : [options.share.partition];
      return mine.map((partition) => ({ uid, split: String(partition), topic, partition }));
    });
    const how = { topics: ports.topics, job, task, offsetsOf, partitions, inputs };
    return { outputs, ...reads, committer: await Transactions.open(how) };
  }
  const state = await ports.state.open(job, task, known);
  await checkState(state, plan);
  if (state.meta !== undefined) checkInputs(inputs, runtimeMeta(state.meta), job);
  const writers = chunkWriters(nodes, ports);
  for (const writer of writers.values()) await writer.ensure().catch(unlessAway);
  const stop = new AbortController();
  const timed = timer(ports.clock, metrics);
  const deliveries = chunkDeliveries(writers, {
    job,
    clock: ports.clock,
    metrics,
    outputs,
    timed,
    signal: stop.signal,
    tell: options.onRetry,
  });
  const nonce = options.nonce();
  const parts = { job, task, ports, state, nonce, plan: plan.hash, inputs: storedInputs(inputs), deliveries, stop };
  if (commit === 'recipes') return { outputs, ...reads, committer: new Recipes(parts) };
  const outbox: EpochParts['outbox'] = (lanes) => checkedOutbox(state, plan, lanes);
  const shapes = shapesOf(plan.stages[0]!);
  return { outputs, ...reads, committer: await Epochs.open({ ...parts, offsetsOf, timed, shapes, outbox }) };
}

/** A server that is away must not keep a job from its topics; deliveries wait for it and find the table missing. */
function unlessAway(error: unknown): void {
  if (!hasCode(error, 'OUTCOME_UNKNOWN')) throw error;
}

/** Measures how long deliveries take. */
function timer(clock: Clock, metrics: Metrics): Timed {
  return (lane, deliver) => async (delivery) => {
    const started = clock.now();
    await deliver(delivery);
    metrics.observe('millrace_delivery_seconds', lane, (clock.now() - started) / 1_000);
  };
}

/** How each lane inserts its chunks. */
function chunkDeliveries(
  writers: ReadonlyMap<string, ChunkWriter>,
  {
    job,
    clock,
    metrics,
    outputs,
    timed,
    signal,
    tell,
  }: {
    job: string;
    clock: Clock;
    metrics: Metrics;
    outputs: Outputs;
    timed: Timed;
    signal: AbortSignal;
    tell: ((told: Retried) => void) | undefined;
  },
): ReadonlyMap<string, Deliver> {
  const deliveryOf = ([lane, writer]: [string, ChunkWriter]): [string, Deliver] => {
    const letterOf = ({ row, reason, id }: RefusedRow): Buffer => {
      metrics.add('millrace_records_dead_total', lane);
      outputs.onRefused?.(lane);
      const letter = { origin: lane, reason: 'refused', detail: reason, sample: sampleOf(row), time: clock.now() };
      return Buffer.from(`${JSON.stringify({ ...deadLetterRow(job, letter), id, revision: 0 })}\n`, 'utf8');
    };
    metrics.add('millrace_records_dead_total', lane, 0);
    metrics.add('millrace_delivery_retries_total', lane, 0);
    const retried = retriesOf(lane, { clock, tell });
    const onRetry = (error: unknown) => {
      metrics.add('millrace_delivery_retries_total', lane);
      retried(error);
    };
    const deadLetters = writers.get(deadLetterLane)!;
    return [lane, timed(lane, chunkDelivery({ uid: lane, writer, deadLetters, letterOf, clock, onRetry, signal }))];
  };
  return new Map([...writers].map(deliveryOf));
}

/** All topics that the job writes, by name; those that are missing are made with one partition. */
async function outputTopics(
  { job, nodes }: { readonly job: string; readonly nodes: readonly Node[] },
  ports: Ports,
): Promise<ReadonlyMap<string, WrittenTopic>> {
  const written = new Map<string, WrittenTopic>();
  const sinks = nodes.flatMap((n) =>
    n.body.kind === 'sink' && n.body.sink.kind !== 'chunks' ? [n.body.sink.topic] : [],
  );
  for (const name of [...sinks, deadLetterTopic(job)]) {
    const known = await ports.topics.describe(name);
    if (known === undefined) await ports.topics.create({ name, partitions: 1 });
    const mostBytes = await ports.topics.mostBytes?.(name);
    written.set(name, { partitions: known?.partitions ?? 1, mostBytes });
  }
  return written;
}

/** What sends to other stages; only a task that shares its stage does. */
function senders(
  nodes: readonly Node[],
  written: ReadonlyMap<string, WrittenTopic>,
  share: Share | undefined,
): ReadonlyMap<string, Sender> {
  const found = new Map<string, Sender>();
  for (const { uid, body } of nodes) {
    if (body.kind !== 'sink' || body.sink.kind !== 'exchange') continue;
    const how = { partitions: written.get(body.sink.topic)!.partitions, task: share!.partition, of: share!.of };
    found.set(uid!, new Sender(body.sink, how));
  }
  return found;
}

function chunkWriters(nodes: readonly Node[], ports: Ports): ReadonlyMap<string, ChunkWriter> {
  const writers = new Map<string, ChunkWriter>();
  for (const { uid, body } of nodes) {
    if (body.kind === 'sink' && body.sink.kind === 'chunks') writers.set(uid!, body.sink.open(ports));
  }
  for (const [lane, spec] of [
    [ledgerLane, ledger],
    [deadLetterLane, deadLetters],
  ] as const) {
    writers.set(lane, {
      ensure: () => ports.tables.ensure(spec),
      insert: (ndjson, chunk) => ports.tables.insert(spec.name, ndjson, chunk),
    });
  }
  return writers;
}
