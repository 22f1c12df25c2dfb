import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import type { GroupOffset, TopicRecord } from '../../topics/topics.ts';
import { deadLetterLane } from './dead-letters.ts';
import { ledgerLane } from './ledger.ts';
import type { PendingRow } from './outputs.ts';

/** The bytes in which outputs wait in the outbox; version 1 of both forms. */

/** What one epoch appends to topics, with the offsets it consumed. */
export interface TopicsPayload {
  readonly records: readonly TopicRecord[];
  readonly offsets: readonly GroupOffset[];
}

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
    /** The part of the revision that all rows share, where running numbers start anew with each epoch. */
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
