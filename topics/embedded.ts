/**
 * Topics in one LMDB file, for a single process. A transaction of topics is one transaction of the file: records,
 * offsets and mark stand in it together, on the disk when it resolves. Records are kept as blocks (see block.ts), one
 * or more per append and partition, so that a fetch reads few large values. The key of a block ends in the offset of
 * its last record: the first key at or behind an offset is then the block that holds it.
 *
 * Membership and producers live in memory, as this process is all there is: a restart ends all of them.
 * `compact` is a permission that is not used. Retention is applied to an old partition when it is appended to.
 */
import { randomUUID } from 'node:crypto';
import { MillraceError } from '../errors.ts';
import { type Embedded, type EmbeddedTable, openEmbedded } from '../lmdb/environment.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { countOf, encodeBlocks, isIntact, newestOf, readBlocks, type StoredBlock } from './block.ts';
import { Groups } from './group.ts';
import type { Mark, OffsetRange, Producer, TopicRecord, TopicSpec, Topics, Transaction } from './topics.ts';

/** Whose time decides what is older than a topic's retention; the machine's by default. */
export interface EmbeddedTopicsOptions {
  readonly clock?: Clock;
}

interface StoredTopic extends TopicSpec {
  readonly id: string;
  readonly number: number;
}

interface Tables {
  readonly path: string;
  readonly clock: Clock;
  readonly file: Embedded;
  /** By name. */
  readonly topics: EmbeddedTable;
  /** By topic number and partition. */
  readonly ranges: EmbeddedTable;
  /** By topic number, partition and last offset. */
  readonly blocks: EmbeddedTable;
  readonly marks: EmbeddedTable;
  readonly offsets: EmbeddedTable;
}

/** Opens or creates the topics in the directory `path`. Errors: EMBEDDED_IN_USE, STATE_CORRUPT, EMBEDDED_DISK_FULL. */
export async function embeddedTopics(path: string, options: EmbeddedTopicsOptions = {}): Promise<Topics> {
  const file = openEmbedded(path);
  const table = (name: string) => file.table(name);
  const tables: Tables = {
    path,
    clock: options.clock ?? systemClock,
    file,
    topics: table('topics'),
    ranges: table('ranges'),
    blocks: table('chunks'),
    marks: table('marks'),
    offsets: table('offsets'),
  };
  const groups = new Groups();
  const producers = new Map<string, number>();
  return {
    create: (spec) => file.write(() => create(tables, spec)),
    async describe(name) {
      const topic = file.read(() => findTopic(tables, name));
      return topic && { name, id: topic.id, partitions: topic.partitions };
    },
    range: async (topic, partition) => file.read(() => rangeOf(tables, partitionKey(tables, topic, partition))),
    fetch: async ({ topic, partition }, offset, limit) =>
      file.read(() => {
        const key = partitionKey(tables, topic, partition);
        const { begin, end } = rangeOf(tables, key);
        if (offset < begin || offset > end) {
          throw new MillraceError('OFFSET_OUT_OF_RANGE', { topic, partition, offset, begin, end });
        }
        return offset === end ? undefined : readBlocks(blocksFrom(tables, key, offset), offset, limit);
      }),
    append: (records) => {
      const batches = encode(records);
      return file.write(() => append(tables, batches));
    },
    trim: (topic, partition, before) =>
      file.write(() => {
        const key = partitionKey(tables, topic, partition);
        trim(tables, key, Math.min(before, rangeOf(tables, key).end));
      }),
    join: async (group, names) =>
      file.read(() =>
        groups.join(
          group,
          names.map((name) => [name, topicOf(tables, name).partitions]),
        ),
      ),
    producer: async (id) => makeProducer(tables, producers, id),
    // In line behind the transactions that are still on their way to the disk.
    mark: (group, task) => file.write(() => readJson<Mark>(tables.marks, JSON.stringify([group, task]))),
    committed: async (group, partitions) =>
      file.read(() =>
        partitions.map(({ topic, partition }) =>
          readJson<number>(tables.offsets, JSON.stringify([group, topic, partition])),
        ),
      ),
    close: () => file.close(),
  };
}

function makeProducer(tables: Tables, producers: Map<string, number>, id: string): Producer {
  const epoch = (producers.get(id) ?? 0) + 1;
  producers.set(id, epoch);
  return {
    async transact(transaction) {
      const batches = encode(transaction.records);
      await tables.file.write(() => {
        if (producers.get(id) !== epoch) throw new MillraceError('PRODUCER_FENCED', { id });
        append(tables, batches);
        storePosition(tables, transaction);
      });
    },
    async close() {
      if (producers.get(id) === epoch) producers.set(id, epoch + 1);
    },
  };
}

function storePosition(tables: Tables, { group, offsets, task, mark }: Transaction): void {
  for (const { topic, partition, offset } of offsets) {
    writeJson(tables.offsets, JSON.stringify([group, topic, partition]), offset);
  }
  writeJson(tables.marks, JSON.stringify([group, task]), mark);
}

function create(tables: Tables, spec: TopicSpec): void {
  const { name: topic, partitions: known } = spec;
  const found = findTopic(tables, topic)?.partitions;
  if (found === known) return;
  if (found !== undefined) throw new MillraceError('TOPIC_PARTITIONS_CHANGED', { topic, found, job: '-', known });
  const number = [...tables.topics.getKeys({ start: first })].length;
  writeJson<StoredTopic>(tables.topics, topic, { ...spec, id: randomUUID(), number });
}

/** Before every key. */
const first = Buffer.alloc(1);

function findTopic(tables: Tables, name: string): StoredTopic | undefined {
  return readJson<StoredTopic>(tables.topics, name);
}

function topicOf(tables: Tables, name: string): StoredTopic {
  const topic = findTopic(tables, name);
  if (topic === undefined) throw new MillraceError('TOPIC_MISSING', { topic: name });
  return topic;
}

function partitionKey(tables: Tables, name: string, partition: number): Buffer {
  const { number, partitions } = topicOf(tables, name);
  if (!(partition >= 0 && partition < partitions))
    throw new MillraceError('TOPIC_MISSING', { topic: `${name}/${partition}` });
  const key = Buffer.alloc(8);
  key.writeUInt32BE(number, 0);
  key.writeUInt32BE(partition, 4);
  return key;
}

function blockKey(partition: Buffer, lastOffset: number): Buffer {
  const key = Buffer.alloc(16);
  key.set(partition);
  key.writeBigUInt64BE(BigInt(lastOffset), 8);
  return key;
}

function rangeOf(tables: Tables, partition: Buffer): OffsetRange {
  const range = tables.ranges.get(partition);
  return range === undefined ? { begin: 0, end: 0 } : { begin: range.readDoubleLE(0), end: range.readDoubleLE(8) };
}

function setRange(tables: Tables, partition: Buffer, { begin, end }: OffsetRange): void {
  const range = Buffer.alloc(16);
  range.writeDoubleLE(begin, 0);
  range.writeDoubleLE(end, 8);
  tables.ranges.putSync(partition, range);
}

interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly blocks: readonly Buffer[];
}

/** Sorts records by partition and encodes them, before the transaction begins. */
function encode(records: readonly TopicRecord[]): readonly Batch[] {
  const perTopic = new Map<string, Map<number, TopicRecord[]>>();
  for (const record of records) {
    let perPartition = perTopic.get(record.topic);
    if (perPartition === undefined) perTopic.set(record.topic, (perPartition = new Map()));
    const its = perPartition.get(record.partition);
    if (its === undefined) perPartition.set(record.partition, [record]);
    else its.push(record);
  }
  return [...perTopic].flatMap(([topic, perPartition]) =>
    [...perPartition].map(([partition, its]) => ({ topic, partition, blocks: encodeBlocks(its) })),
  );
}

function append(tables: Tables, batches: readonly Batch[]): void {
  for (const { topic, partition, blocks } of batches) {
    const key = partitionKey(tables, topic, partition);
    let { begin, end } = rangeOf(tables, key);
    for (const block of blocks) {
      end += countOf(block);
      tables.blocks.putSync(blockKey(key, end - 1), block);
    }
    setRange(tables, key, { begin, end });
    const { retentionMs = -1 } = topicOf(tables, topic);
    if (retentionMs >= 0) trim(tables, key, expiredBefore(tables, key, tables.clock.now() - retentionMs));
  }
}

/** The offset behind the leading blocks that hold nothing newer than `time`. */
function expiredBefore(tables: Tables, partition: Buffer, time: number): number {
  const { begin, end } = rangeOf(tables, partition);
  for (const { base, block } of blocksFrom(tables, partition, begin)) {
    if (newestOf(block) >= time) return base;
  }
  return end;
}

/** A block that reaches across `before` stays; the range hides its beginning. */
function trim(tables: Tables, partition: Buffer, before: number): void {
  const { begin, end } = rangeOf(tables, partition);
  if (before <= begin) return;
  const range = { start: blockKey(partition, begin), end: blockKey(partition, before) };
  for (const key of [...tables.blocks.getKeys(range)]) tables.blocks.removeSync(key);
  setRange(tables, partition, { begin: before, end });
}

function* blocksFrom(tables: Tables, partition: Buffer, offset: number): Iterable<StoredBlock> {
  const range = { start: blockKey(partition, offset), end: blockKey(partition, Number.MAX_SAFE_INTEGER) };
  for (const { key, value: block } of tables.blocks.getRange(range)) {
    if (!isIntact(block))
      throw new MillraceError('STATE_CORRUPT', { path: tables.path, reason: 'a block was changed' });
    yield { base: Number(key.readBigUInt64BE(8)) - countOf(block) + 1, block };
  }
}

function readJson<T>(table: EmbeddedTable, key: string): T | undefined {
  const text = table.get(Buffer.from(key));
  return text === undefined ? undefined : (JSON.parse(text.toString()) as T);
}

function writeJson<T>(table: EmbeddedTable, key: string, value: T): void {
  table.putSync(Buffer.from(key), Buffer.from(JSON.stringify(value)));
}
