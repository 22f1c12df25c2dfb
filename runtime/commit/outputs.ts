/**
 * What sinks write: values become topic records and rows, which wait for their epoch. A value that its sink can't
 * write down becomes a dead letter. Here are also the bytes in which both wait in the outbox, version 1 of each form.
 */
import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import { jsonText } from '../../codecs/json-text.ts';
import { utf8Length } from '../../codecs/utf8.ts';
import { hasCode, MillraceError, reasonOf } from '../../errors.ts';
import type { SinkSpec, TopicSink } from '../../graph/connector.ts';
import { refusePromise } from '../../graph/promises.ts';
import type { KeySlot } from '../../state/entry.ts';
import { type Key, keyBytes } from '../../state/key.ts';
import type { Clock } from '../../time/clock.ts';
import type { Time } from '../../time/duration.ts';
import { partitionOf } from '../../topics/partition.ts';
import type { GroupOffset, TopicRecord } from '../../topics/topics.ts';
import type { Batch, Signal } from '../circuit/element.ts';
import type { Arrival } from '../circuit/parts.ts';
import type { Sender } from '../exchange/sender.ts';
import {
  type DeadLetter,
  deadLetterLane,
  deadLetterRow,
  deadLetterTopic,
  detailOf,
  ledgerLane,
  sampleOf,
  timestampOf,
} from './own-tables.ts';

/** What one epoch sends: records for topics, and rows by lane. Rows lack their revision until the epoch is made. */
export interface Sent {
  readonly records: readonly TopicRecord[];
  readonly rows: ReadonlyMap<string, readonly PendingRow[]>;
  readonly counts: { readonly out: number; readonly dead: number };
}

/** A row's JSON without its closing brace, so that revision and deletion can be appended. */
export interface PendingRow {
  readonly open: string;
  readonly deleted: boolean;
}

/** A record of Kafka's usual limit of a million bytes has room for this much of key and value. */
const recordBytes = 998_000;
/** What a record takes besides its key and value, and its batch besides its records. */
const aroundRecord = 128;

/** A topic that is written: its partitions, and how many bytes it takes at once, where that is known. */
export interface WrittenTopic {
  readonly partitions: number;
  readonly mostBytes?: number | undefined;
}

const oneTopic: WrittenTopic = { partitions: 1 };

/** A value that its sink can't write down. */
export interface Unwritable {
  readonly uid: string;
  readonly value: unknown;
  readonly time: Time;
  readonly error: unknown;
}

/** Gathers the outputs of a task until its epoch takes them. */
export class Outputs {
  readonly #job: string;
  readonly #topics: ReadonlyMap<string, WrittenTopic>;
  readonly #senders: ReadonlyMap<string, Sender>;
  readonly #clock: Clock;
  #records: TopicRecord[] = [];
  #rows = new Map<string, PendingRow[]>();
  #out = 0;
  #dead = 0;
  /** Rough size of what waits for the epoch. */
  bytes = 0;
  /** Sets aside what can't be written down. */
  onUnwritable = ({ uid, value, time, error }: Unwritable): void =>
    this.addDead({ origin: uid, reason: 'unwritable', detail: reasonOf(error), sample: sampleOf(value), time });
  /** Told of a row that its table refused, whose dead letter is on its way already. */
  onRefused: ((uid: string) => void) | undefined;

  constructor(
    job: string,
    {
      topics,
      senders,
      clock,
    }: {
      /** By name. */
      topics: ReadonlyMap<string, WrittenTopic>;
      /** By the uid of the sink that sends to another stage. */
      senders: ReadonlyMap<string, Sender>;
      clock: Clock;
    },
  ) {
    this.#job = job;
    this.#topics = topics;
    this.#senders = senders;
    this.#clock = clock;
  }

  /** Takes a batch for a sink. */
  add(uid: string, sink: SinkSpec<unknown>, { batch, gated }: Arrival): void {
    const keyAt = (i: number): Key | undefined => {
      const key = batch.keys?.[i];
      return gated ? (key as KeySlot | undefined)?.key : (key as Key | undefined);
    };
    if (sink.kind === 'exchange') return this.#send(uid, batch);
    const now = this.#clock.now();
    for (let i = 0; i < batch.length; i++) {
      const value = batch.values[i];
      const time = batch.times[i]!;
      try {
        if (sink.kind === 'topic') this.#addRecord(sink, value, timestampOf(time, now), keyAt(i));
        else this.#pushRow(uid, sink.row(value, time), isDeleted(uid, sink.deletes?.(value)));
        this.#out++;
      } catch (error) {
        if (hasCode(error, 'PROMISE_REFUSED')) throw new MillraceError('PROMISE_REFUSED', { owner: `sink '${uid}'` });
        this.onUnwritable({ uid, value, time, error });
      }
    }
  }

  #send(uid: string, batch: Batch): void {
    const sender = this.#senders.get(uid)!;
    const before = sender.bytes;
    this.#out += batch.length;
    sender.add(batch, (i, error) => {
      this.#out--;
      this.onUnwritable({ uid, value: batch.values[i], time: batch.times[i]!, error });
    });
    this.bytes += sender.bytes - before;
  }

  /** Passes a signal that arrived at a sink on to the sender behind it. */
  signal(uid: string, signal: Signal): void {
    this.#senders.get(uid)?.signal(signal);
  }

  // hot: called for every record
  #addRecord(sink: TopicSink<unknown>, value: unknown, timestamp: Time, streamKey: Key | undefined): void {
    const bytes = sink.encode(value);
    if (bytes !== null) refusePromise(bytes, sink.label);
    const key = sink.key === undefined ? streamKey : sink.key(value);
    const hashed = key === undefined ? null : keyBytes(key);
    const size = (bytes?.length ?? 0) + (hashed?.length ?? 0);
    const { partitions = 1, mostBytes } = this.#topics.get(sink.topic) ?? oneTopic;
    const most = mostBytes === undefined ? recordBytes : Math.min(recordBytes, mostBytes - aroundRecord);
    if (size > most) throw new Error(`${size} bytes are too many for a record of ${sink.topic}, which takes ${most}`);
    const partition = hashed === null ? 0 : partitionOf(hashed, partitions);
    this.#records.push({ topic: sink.topic, partition, key: hashed, value: bytes, timestamp });
    this.bytes += size;
  }

  #pushRow(lane: string, row: Readonly<Record<string, unknown>>, deleted: boolean): void {
    const open = wellFormed(row).slice(0, -1);
    let rows = this.#rows.get(lane);
    if (rows === undefined) this.#rows.set(lane, (rows = []));
    rows.push({ open, deleted });
    this.bytes += utf8Length(open);
  }

  /** Takes a row of the runtime's own, for the ledger. */
  addOwn(lane: string, row: Readonly<Record<string, unknown>>): void {
    this.#pushRow(lane, row, false);
  }

  /** Takes a dead letter: a row and a record of the job's dead-letter topic. */
  addDead(given: DeadLetter): void {
    const letter = { ...given, detail: detailOf(given.detail) };
    this.#dead++;
    this.#pushRow(deadLetterLane, deadLetterRow(this.#job, letter), false);
    const value = Buffer.from(wellFormed({ job: this.#job, ...letter }), 'utf8');
    const timestamp = timestampOf(letter.time, this.#clock.now());
    this.#records.push({ topic: deadLetterTopic(this.#job), partition: 0, key: null, value, timestamp });
  }

  /** What was counted since the last epoch. */
  get counts(): Sent['counts'] {
    return { out: this.#out, dead: this.#dead };
  }

  /** Hands over everything gathered and starts again. */
  take(): Sent {
    for (const sender of this.#senders.values()) this.#records.push(...sender.take());
    const sent = { records: this.#records, rows: this.#rows, counts: this.counts };
    this.#records = [];
    this.#rows = new Map();
    this.#out = 0;
    this.#dead = 0;
    this.bytes = 0;
    return sent;
  }
}

/**
 * A row as JSON. Half of a character, which JSON writes as an escape, becomes the replacement character, in names too:
 * a table would refuse the row, and every row that goes with it.
 */
function wellFormed(row: Readonly<Record<string, unknown>>): string {
  const json = jsonText(row, 'a row')!;
  if (!json.includes('\\ud')) return json;
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.toWellFormed(), held]));
  });
}

function isDeleted(uid: string, deletes: boolean | undefined): boolean {
  refusePromise(deletes, uid);
  return deletes === true;
}

/** What one epoch appends to topics, with the offsets it consumed. */
export interface TopicsPayload {
  readonly records: readonly TopicRecord[];
  readonly offsets: readonly GroupOffset[];
}

/** A payload as bytes, version 1. */
export function encodeTopics({ records, offsets }: TopicsPayload): Uint8Array {
  const writer = new ByteWriter().varint(1).varint(offsets.length);
  for (const o of offsets) writer.string(o.topic).varint(o.partition).varint(o.offset);
  writer.varint(records.length);
  for (const r of records) {
    writer
      .string(r.topic)
      .varint(r.partition)
      .int(r.timestamp)
      .string(r.headers ? JSON.stringify(r.headers) : '');
    writeNullable(writer, r.key);
    writeNullable(writer, r.value);
  }
  return writer.finish();
}

/** The payload of an outbox entry. Errors: STATE_BYTES_BROKEN. */
export function decodeTopics(bytes: Uint8Array): TopicsPayload {
  const reader = new ByteReader(bytes, 'outbox of topics');
  reader.varint();
  const offsets = Array.from({ length: reader.varint() }, () => ({
    topic: reader.string(),
    partition: reader.varint(),
    offset: reader.varint(),
  }));
  const records = Array.from({ length: reader.varint() }, (): TopicRecord => {
    const head = { topic: reader.string(), partition: reader.varint(), timestamp: reader.int() };
    const headers = reader.string();
    const body = { key: readNullable(reader), value: readNullable(reader) };
    return headers === '' ? { ...head, ...body } : { ...head, ...body, headers: JSON.parse(headers) };
  });
  return { records, offsets };
}

function writeNullable(writer: ByteWriter, bytes: Uint8Array | null): void {
  writer.varint(bytes === null ? 0 : 1);
  if (bytes !== null) writer.bytes(bytes);
}

function readNullable(reader: ByteReader): Uint8Array | null {
  return reader.varint() === 0 ? null : reader.bytes();
}

/** Revisions order the versions of a row: a later generation beats an earlier one, then the running number decides. */
export const revisionOf = (generation: number, n: number): number => generation * 2 ** 32 + n;

/**
 * Rows as NDJSON. `first` is the running number of the first row; a retraction is a row that is deleted.
 */
export function encodeRows(
  rows: readonly PendingRow[],
  how: {
    readonly lane: string;
    readonly task: string;
    readonly generation: number;
    readonly epoch: number;
    readonly first: number;
    /** The part of the revision that all rows share, where running numbers start again with each epoch. */
    readonly revision?: number;
  },
): Uint8Array {
  const lines = rows.map(({ open, deleted }, i) => {
    const n = how.first + i;
    const revision = `"revision":${revisionOf(how.generation, how.revision ?? n)},"is_deleted":${deleted ? 1 : 0}`;
    return `${open}${ownColumns(how, n)},${revision}}\n`;
  });
  return Buffer.from(lines.join(''), 'utf8');
}

/** Columns of the runtime's own tables that are known only when the epoch is made. */
function ownColumns(how: { lane: string; task: string; generation: number; epoch: number }, n: number): string {
  const { lane, task, generation, epoch } = how;
  if (lane === deadLetterLane) return `,"id":${JSON.stringify(`${task}/${generation}/${n}`)}`;
  return lane === ledgerLane ? `,"generation":${generation},"epoch":${epoch}` : '';
}
