/**
 * Where deliveries leave their marks: in the metadata of a stored offset, as `generation:epoch:task` and on a second
 * line its note, in the same transaction as the records. The offset is that of the first partition, by topic and
 * number, that the transaction moves. A task that reads no topic moves none: its mark stands at partition 0 of the
 * topic `millrace-marks`, in which nothing is ever written, in a group of its own.
 *
 * The first partition may change from one transaction to the next, so an older mark of the task can be left behind:
 * the highest generation and epoch count. Kafka forgets the offsets of a group that was inactive for
 * `offsets.retention.minutes` (a week by default), marks included.
 */
import type { GroupOffset, Mark, TopicPartition, Transaction } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { code } from './protocol/codes.ts';
import { offsetFetch, type StoredOffset } from './protocol/groups.ts';

/** The topic at which tasks without input leave their marks. */
export const marksTopic = 'millrace-marks';

/** The offsets a transaction stores, with the group they belong to and the mark beside one of them. */
export interface MarkedOffsets {
  readonly group: string;
  readonly offsets: readonly (GroupOffset & { readonly metadata?: string })[];
}

export function markedOffsets({ group, offsets, task, mark }: Transaction): MarkedOffsets {
  const note = mark.note === undefined ? '' : `\n${mark.note}`;
  const metadata = `${mark.generation}:${mark.epoch}:${task}${note}`;
  if (offsets.length === 0) {
    return { group: marksGroup(group, task), offsets: [{ topic: marksTopic, partition: 0, offset: 0, metadata }] };
  }
  const [first, ...rest] = [...offsets].sort(byPartition);
  return { group, offsets: [{ ...first!, metadata }, ...rest] };
}

function marksGroup(group: string, task: string): string {
  return `${group}/${task}/marks`;
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
}

/** The highest mark of the task; waits for offsets of an open transaction. Errors: KAFKA_UNREACHABLE, KAFKA_REFUSED. */
export async function readMark(cluster: Cluster, group: string, task: string): Promise<Mark | undefined> {
  const apart = [{ topic: marksTopic, partitions: [0] }];
  const stored = [
    ...(await storedOffsets(cluster, group, undefined)),
    ...(await storedOffsets(cluster, marksGroup(group, task), apart)),
  ];
  let highest: Mark | undefined;
  for (const { metadata } of stored) {
    const mark = parseMark(metadata, task);
    if (mark !== undefined && (highest === undefined || isAfter(mark, highest))) highest = mark;
  }
  return highest;
}

/** The stored offsets of the partitions, in their order; undefined where none is stored. */
export async function readCommitted(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<readonly (number | undefined)[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((topic) => ({
    topic,
    partitions: partitions.filter((p) => p.topic === topic).map((p) => p.partition),
  }));
  const stored = await storedOffsets(cluster, group, topics);
  return partitions.map(({ topic, partition }) => {
    const found = stored.find((s) => s.topic === topic && s.partition === partition);
    return found === undefined || found.offset < 0 ? undefined : found.offset;
  });
}

async function storedOffsets(
  cluster: Cluster,
  group: string,
  topics: Parameters<typeof offsetFetch.write>[1]['topics'],
): Promise<readonly StoredOffset[]> {
  const { offsets } = await cluster.askCoordinator('group', group, async (connection) => {
    const response = await connection.request(offsetFetch, { group, topics });
    const open = response.offsets.find(({ error }) => error !== code.none && error !== code.unknownTopic);
    return { ...response, error: response.error === code.none && open !== undefined ? open.error : response.error };
  });
  return offsets;
}

function parseMark(metadata: string, task: string): Mark | undefined {
  // The client sends the zero byte that ends a text in C, too.
  const [head = '', note] = metadata.replace('\0', '').split('\n', 2);
  const [generation = '', epoch = '', ...name] = head.split(':');
  if (name.length === 0 || name.join(':') !== task) return undefined;
  const mark = { generation: Number(generation), epoch: Number(epoch) };
  return note === undefined ? mark : { ...mark, note };
}

function isAfter(a: Mark, b: Mark): boolean {
  return a.generation > b.generation || (a.generation === b.generation && a.epoch > b.epoch);
}
