/**
 * Topics in memory, for tests and simulated runs: many members and producers within one process, nothing survives it.
 * Records become visible in the step that stores them, so whatever is read is committed. Retention and compaction,
 * which only ever permit to forget, forget nothing; `trim` does.
 */
import { MillraceError } from '../errors.ts';
import { countOf, encodeBlocks, readBlocks, type StoredBlock } from './block.ts';
import { Groups } from './group.ts';
import type {
  FetchLimit,
  GroupOffset,
  Mark,
  Membership,
  TopicInfo,
  TopicPartition,
  TopicRecord,
  Topics,
} from './topics.ts';

/** Topics in memory, with a hook that no real broker has. */
export interface MemoryTopics extends Topics {
  /** Takes every partition from a member, as if its heartbeat had stopped. Its next event is `lost`. */
  lose(membership: Membership): void;
}

interface Topic extends TopicInfo {
  readonly logs: readonly Log[];
}

interface Log {
  begin: number;
  end: number;
  blocks: StoredBlock[];
}

/** Empty topics in memory. */
export function memoryTopics(): MemoryTopics {
  const topics = new Map<string, Topic>();
  const groups = new Groups();
  const producers = new Map<string, number>();
  const marks = new Map<string, Mark>();
  const offsets = new Map<string, number>();
  return {
    async create({ name, partitions }) {
      const found = topics.get(name)?.partitions ?? partitions;
      if (found !== partitions) {
        throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { topic: name, found, job: '-', known: partitions });
      }
      if (topics.has(name)) return;
      const logs = Array.from({ length: partitions }, (): Log => ({ begin: 0, end: 0, blocks: [] }));
      topics.set(name, { name, id: `memory-${topics.size + 1}`, partitions, logs });
    },
    async describe(topic) {
      const found = topics.get(topic);
      return found && { name: found.name, id: found.id, partitions: found.partitions };
    },
    async range(topic, partition) {
      const { begin, end } = logOf(topics, topic, partition);
      return { begin, end };
    },
    async fetch({ topic, partition }, offset, limit) {
      return fetchFrom(logOf(topics, topic, partition), { topic, partition, offset }, limit);
    },
    async append(records) {
      append(topics, records);
    },
    async trim(topic, partition, before) {
      trim(logOf(topics, topic, partition), before);
    },
    async join(group, names) {
      return groups.join(
        group,
        names.map((name) => [name, topicOf(topics, name).partitions]),
      );
    },
    async producer(id) {
      const epoch = (producers.get(id) ?? 0) + 1;
      producers.set(id, epoch);
      return {
        async transact({ records, group, offsets: consumed, task, mark }) {
          if (producers.get(id) !== epoch) throw new MillraceError('PRODUCER_FENCED', { id });
          append(topics, records);
          for (const { topic, partition, offset } of consumed) offsets.set(keyOf([group, topic, partition]), offset);
          marks.set(keyOf([group, task]), mark);
        },
        async close() {
          if (producers.get(id) === epoch) producers.set(id, epoch + 1);
        },
      };
    },
    async mark(group, task) {
      return marks.get(keyOf([group, task]));
    },
    async committed(group, partitions) {
      return partitions.map(({ topic, partition }) => offsets.get(keyOf([group, topic, partition])));
    },
    async close() {},
    lose: (membership) => groups.lose(membership),
  };
}

function keyOf(parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

function topicOf(topics: ReadonlyMap<string, Topic>, name: string): Topic {
  const topic = topics.get(name);
  if (topic === undefined) throw new MillraceError('TOPIC_MISSING', { topic: name });
  return topic;
}

function logOf(topics: ReadonlyMap<string, Topic>, name: string, partition: number): Log {
  const log = topicOf(topics, name).logs[partition];
  if (log === undefined) throw new MillraceError('TOPIC_MISSING', { topic: `${name}/${partition}` });
  return log;
}

/** Every log is found before the first record is stored: a missing topic leaves nothing half done. */
function append(topics: ReadonlyMap<string, Topic>, records: readonly TopicRecord[]): void {
  const perLog = new Map<Log, TopicRecord[]>();
  for (const record of records) {
    const log = logOf(topics, record.topic, record.partition);
    const its = perLog.get(log);
    if (its === undefined) perLog.set(log, [record]);
    else its.push(record);
  }
  for (const [log, its] of perLog) {
    for (const block of encodeBlocks(its)) {
      log.blocks.push({ base: log.end, block });
      log.end += countOf(block);
    }
  }
}

function fetchFrom(log: Log, from: TopicPartition & GroupOffset, limit: FetchLimit) {
  const { begin, end } = log;
  if (from.offset < begin || from.offset > end) throw new MillraceError('OFFSET_OUT_OF_RANGE', { ...from, begin, end });
  if (from.offset === end) return undefined;
  return readBlocks(blocksFrom(log, from.offset), from.offset, limit);
}

/** The block that holds `offset`, found by bisection, and those behind it. */
function* blocksFrom(log: Log, offset: number): Iterable<StoredBlock> {
  let low = 0;
  let high = log.blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (log.blocks[middle]!.base <= offset) low = middle;
    else high = middle - 1;
  }
  for (; low < log.blocks.length; low++) yield log.blocks[low]!;
}

function trim(log: Log, before: number): void {
  log.begin = Math.max(log.begin, Math.min(before, log.end));
  log.blocks = log.blocks.filter(({ base, block }) => base + countOf(block) > log.begin);
}
