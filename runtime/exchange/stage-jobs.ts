/**
 * A job cut into stages, each a job of its own that a task can run: where values change hands, a sink into the topic of
 * the exchange stands on one side and a source from it on the other. Here the topics of exchanges are made too.
 */
import { MillraceError } from '../../errors.ts';
import type { ExchangeSink } from '../../graph/connector.ts';
import { type CutStage, cut } from '../../graph/cut.ts';
import type { Job } from '../../graph/job.ts';
import { type Stage, wholeStage } from '../../graph/plan.ts';
import type { Node, NodeBody, Origin } from '../../graph/stream.ts';
import type { Topics } from '../../topics/topics.ts';
import { exchangeSource } from './receiver.ts';

/** A stage with the job that its tasks run. */
export interface StageJob {
  /** Names the stage's tasks. */
  readonly name: string;
  readonly job: Job;
  readonly plan: Stage;
  /** Topics of which a task owns one partition each. */
  readonly inputs: readonly string[];
  /** Those of them that bring values from other stages. */
  readonly received: readonly string[];
  /** Topics of other stages that it sends to. */
  readonly sends: readonly string[];
  /** Uids of sources that are no topics. */
  readonly unshared: readonly string[];
}

/** The stages of a job. Errors: EVENT_TIME_BEHIND_EXCHANGE, CONTROL_BEHIND_EXCHANGE. */
export function stageJobs(job: Job): readonly StageJob[] {
  const stages = cut(job);
  const topics = new Map<number, string>();
  for (const { name, receives } of stages) {
    for (const [i, keyBy] of receives.entries()) {
      topics.set(keyBy, `${job.name}.to-${name}${receives.length > 1 ? `-${i + 1}` : ''}`);
    }
  }
  return stages.map((stage) => new Cutting(job, stage, topics).stage());
}

class Cutting {
  readonly #job: Job;
  readonly #cut: CutStage;
  /** The topics of exchanges by keyBy node. */
  readonly #topics: ReadonlyMap<number, string>;
  readonly #nodes: Node[] = [];
  /** New numbers of nodes; of a keyBy that sends, that of the source in its place. */
  readonly #numbers = new Map<number, number>();

  constructor(job: Job, stage: CutStage, topics: ReadonlyMap<number, string>) {
    this.#job = job;
    this.#cut = stage;
    this.#topics = topics;
  }

  stage(): StageJob {
    const { nodes, receives, sends, name } = this.#cut;
    for (const keyBy of receives) this.#numbers.set(keyBy, this.#source(this.#job.nodes[keyBy]!));
    for (const id of nodes) {
      const node = this.#job.nodes[id]!;
      const number = this.#add({ ...node, inputs: node.inputs.map((input) => this.#renumbered(input)) });
      if (sends.includes(id)) this.#sink(node, number);
      // A stage may send to itself; then its readers are behind the source.
      if (!receives.includes(id)) this.#numbers.set(id, number);
    }
    const job = Object.freeze({ ...this.#job, nodes: Object.freeze(this.#nodes) });
    const plan = wholeStage(job);
    const sources = job.nodes.flatMap(({ uid, body }) =>
      body.kind === 'source' && !plan.controls.has(uid!) ? [{ uid: uid!, topic: body.source.topic }] : [],
    );
    return Object.freeze({
      name,
      job,
      plan,
      inputs: [...new Set(sources.flatMap(({ topic }) => topic ?? []))],
      received: receives.map((keyBy) => this.#topics.get(keyBy)!),
      sends: sends.map((keyBy) => this.#topics.get(keyBy)!),
      unshared: sources.flatMap(({ uid, topic }) => (topic === undefined ? [uid] : [])),
    });
  }

  #add(node: Omit<Node, 'id'>): number {
    const id = this.#nodes.length;
    this.#nodes.push(Object.freeze({ ...node, id }));
    return id;
  }

  #renumbered({ node, port }: Origin): Origin {
    return { node: this.#numbers.get(node)!, port };
  }

  #source(keyBy: Node): number {
    const topic = this.#topics.get(keyBy.id)!;
    const source = exchangeSource({ topic, codec: codecOf(keyBy.body), fold: this.#foldBehind(keyBy) });
    const { keyed, timed } = keyBy;
    return this.#add({
      verb: 'from',
      uid: `~${topic}`,
      was: [],
      inputs: [],
      keyed,
      timed,
      body: { kind: 'source', source },
    });
  }

  #sink(keyBy: Node, number: number): void {
    const topic = this.#topics.get(keyBy.id)!;
    const fold = this.#foldBehind(keyBy);
    const sink: ExchangeSink<unknown> = {
      kind: 'exchange',
      label: `exchange ${topic}`,
      topic,
      codec: codecOf(keyBy.body),
      fold,
    };
    const { keyed, timed } = keyBy;
    const inputs = [{ node: number, port: '' }];
    this.#add({ verb: 'to', uid: `~to ${topic}`, was: [], inputs, keyed, timed, body: { kind: 'sink', sink } });
  }

  /** Values may be folded before they are sent if no other node reads them. */
  #foldBehind(keyBy: Node): ExchangeSink<unknown>['fold'] {
    const readers = this.#job.nodes.filter((n) => n.inputs.some((input) => input.node === keyBy.id));
    const body = readers.length === 1 ? readers[0]!.body : undefined;
    return body?.kind === 'operator' ? body.fold : undefined;
  }
}

function codecOf(body: NodeBody): ExchangeSink<unknown>['codec'] {
  if (body.kind !== 'keyBy') throw new Error('values change hands behind keyBy only');
  return body.codec;
}

/**
 * Makes sure that the topics of all exchanges exist, and returns how many tasks each stage has. The inputs of a stage
 * must have equal partition counts, for its tasks own one partition of each. An exchange gets as many partitions as the
 * largest source, or `parallelism`; once made it keeps them, because another count would move keys.
 *
 * Errors: TOPIC_MISSING, PARTITIONS_UNEQUAL, SOURCE_UNSHARED.
 */
export async function prepareStages(
  stages: readonly StageJob[],
  topics: Topics,
  parallelism?: number,
): Promise<ReadonlyMap<StageJob, number>> {
  const counts = new Map<string, number>();
  const received = new Set(stages.flatMap((stage) => stage.received));
  for (const { job, inputs, unshared } of stages) {
    if (unshared.length > 0) throw new MillraceError('SOURCE_UNSHARED', { uid: unshared[0]!, job: job.name });
    for (const topic of inputs) {
      const partitions = (await topics.describe(topic))?.partitions;
      if (partitions !== undefined) counts.set(topic, partitions);
      else if (!received.has(topic)) throw new MillraceError('TOPIC_MISSING', { topic });
    }
  }
  const usual = parallelism ?? Math.max(...counts.values());
  for (const { inputs } of stages) {
    const known = inputs.flatMap((topic) => counts.get(topic) ?? []);
    for (const name of inputs) {
      if (counts.has(name)) continue;
      const partitions = known[0] ?? usual;
      await topics.create({ name, partitions, retentionMs: -1 });
      counts.set(name, partitions);
    }
  }
  return new Map(stages.map((stage) => [stage, tasksOf(stage, counts)]));
}

function tasksOf({ job, inputs: [first, ...rest] }: StageJob, counts: ReadonlyMap<string, number>): number {
  const partitions = counts.get(first!)!;
  for (const other of rest) {
    const others = counts.get(other)!;
    if (others === partitions) continue;
    throw new MillraceError('PARTITIONS_UNEQUAL', { topic: first!, partitions, other, others, job: job.name });
  }
  return partitions;
}
