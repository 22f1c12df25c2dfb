import { MillraceError } from '../errors.ts';
import type { ChunkWriter, Ports } from '../graph/connector.ts';
import type { Job } from '../graph/job.ts';
import { commitKind, plan } from '../graph/plan.ts';
import type { Node } from '../graph/stream.ts';
import type { GroupOffset } from '../topics/topics.ts';
import type { Committer, Positions } from './committer.ts';
import { deadLetterLane, deadLetters, deadLetterTopic } from './dead-letters.ts';
import { Epochs } from './epochs.ts';
import { ledger, ledgerLane } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import { Outputs } from './outputs.ts';
import { Recipes } from './recipes.ts';
import type { TaskOptions } from './task-options.ts';
import { Transactions } from './transactions.ts';

/**
 * Looks at what a job reads and writes, makes sure that it exists, and opens the committer that fits.
 */
export async function openCommitter(
  job: Job,
  ports: Ports,
  { options, metrics }: { readonly options: TaskOptions; readonly metrics: Metrics },
): Promise<{ readonly committer: Committer; readonly outputs: Outputs }> {
  const inputs = await inputTopics(job.nodes, ports);
  const outputs = new Outputs(job.name, await outputTopics(job, ports));
  const offsetsOf = (positions: Positions): readonly GroupOffset[] =>
    [...inputs].flatMap(([uid, { topic }]) =>
      Object.entries(positions[uid] ?? {}).map(([split, offset]) => ({
        topic,
        partition: Number(split),
        offset: Number(offset),
      })),
    );
  const { task } = options;
  if (commitKind(job.nodes) === 'transactions') {
    const partitions = [...inputs].flatMap(([uid, { topic, partitions }]) =>
      Array.from({ length: partitions }, (_, partition) => ({ uid, split: String(partition), topic, partition })),
    );
    const how = { topics: ports.topics, job: job.name, task, tries: 5, offsetsOf, partitions };
    return { outputs, committer: await Transactions.open(how) };
  }
  const parts = {
    job: job.name,
    task,
    ports,
    metrics,
    nonce: options.nonce(),
    plan: plan(job).hash,
    uids: new Set(job.nodes.flatMap((n) => (n.uid === undefined ? [] : [n.uid]))),
    partitions: Object.fromEntries([...inputs.values()].map((t) => [t.topic, t.partitions])),
    writers: chunkWriters(job.nodes, ports),
    onRefused: (lane: string, row: string, reason: string) => {
      metrics.add('millrace_records_dead_total', lane);
      outputs.addDead({
        origin: lane,
        reason: 'refused',
        detail: reason,
        sample: row.slice(0, 1_024),
        time: ports.clock.now(),
      });
    },
  };
  if (commitKind(job.nodes) === 'recipes') return { outputs, committer: await Recipes.open(parts) };
  return { outputs, committer: await Epochs.open({ ...parts, offsetsOf }) };
}

/** Source uid → topic and partition count. Errors: TOPIC_MISSING. */
async function inputTopics(
  nodes: readonly Node[],
  ports: Ports,
): Promise<ReadonlyMap<string, { readonly topic: string; readonly partitions: number }>> {
  const inputs = new Map<string, { topic: string; partitions: number }>();
  for (const { uid, body } of nodes) {
    if (body.kind !== 'source' || body.source.topic === undefined) continue;
    const { topic } = body.source;
    const info = await ports.topics.describe(topic);
    if (info === undefined) throw new MillraceError('TOPIC_MISSING', { topic });
    inputs.set(uid!, { topic, partitions: info.partitions });
  }
  return inputs;
}

/** Topic → partition count, of all topics the job writes; those that are missing are made with one partition. */
async function outputTopics(job: Job, ports: Ports): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const sinks = job.nodes.flatMap((n) =>
    n.body.kind === 'sink' && n.body.sink.kind === 'topic' ? [n.body.sink.topic] : [],
  );
  for (const name of [...sinks, deadLetterTopic(job.name)]) {
    const known = await ports.topics.describe(name);
    if (known === undefined) await ports.topics.create({ name, partitions: 1 });
    counts.set(name, known?.partitions ?? 1);
  }
  return counts;
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
      insert: (ndjson, rows, token) => ports.tables.insert(spec.name, ndjson, rows, token),
    });
  }
  return writers;
}
