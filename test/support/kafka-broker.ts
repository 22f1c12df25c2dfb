/**
 * A broker that speaks as much of Kafka's protocol as reading one partition needs, over TCP, and answers fetches as a
 * test says: with what a real one is hard to be brought to, such as a log that went another way.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { WireReader } from '../../topics/kafka/protocol/reader.ts';
import { WireWriter } from '../../topics/kafka/protocol/writer.ts';

/** What a fetch asks of the partition. */
export interface Asked {
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly lastEpoch: number;
}

/** What it is answered. `diverging`: the log went another way, and is common up to `end`. */
export interface Answer {
  readonly error?: number;
  readonly records?: Buffer;
  readonly diverging?: { readonly epoch: number; readonly end: number };
}

export interface BrokerOptions {
  readonly topic: string;
  /** The epoch of the leader, which is this broker. */
  readonly leaderEpoch: number;
  /** The records that are there, as it says when it is asked. */
  readonly range: { readonly begin: number; readonly end: number };
  /** Where the log ended under an epoch of leaders. */
  readonly endOf: (epoch: number) => number;
  readonly onFetch: (asked: Asked) => Answer;
}

/** Starts it; `epochs` are the epochs whose end was asked for. */
export async function kafkaBroker(options: BrokerOptions) {
  const epochs: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const end = 4 + rest.readInt32BE(0);
        socket.write(answered(new WireReader(rest, 4, end), { ...options, port, epochs }));
        rest = rest.subarray(end);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `127.0.0.1:${port}`,
    epochs,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

type Serving = BrokerOptions & { readonly port: number; readonly epochs: number[] };

const [fetch, listOffsets, metadata, apiVersions, offsetForLeaderEpoch] = [1, 2, 3, 18, 23];
const versions = new Map([
  [fetch, 17],
  [listOffsets, 7],
  [metadata, 12],
  [apiVersions, 3],
  [offsetForLeaderEpoch, 4],
]);
const topicId = 'ab'.repeat(16);

function answered(from: WireReader, serving: Serving): Buffer {
  const [key] = [from.int16(), from.int16()];
  const to = new WireWriter().int32(0).int32(from.int32());
  from.at += 2 + from.bytes.readInt16BE(from.at);
  from.tags();
  if (key !== apiVersions) to.tags();
  if (key === apiVersions) writeVersions(to);
  else if (key === metadata) writeMetadata(to, serving);
  else if (key === fetch) writeFetch(to, serving.onFetch(askedIn(from)));
  else if (key === listOffsets)
    writeOffset(
      to,
      serving,
      lastPartition(from, () => from.int64()),
    );
  else if (key === offsetForLeaderEpoch)
    writeEnd(
      to,
      serving,
      lastPartition(from, () => from.int32()),
    );
  else throw new Error(`no answer to request ${key}`);
  const bytes = to.finish();
  bytes.writeInt32BE(bytes.length - 4, 0);
  return bytes;
}

function writeVersions(to: WireWriter): void {
  to.int16(0).array([...versions], ([key, version]) => to.int16(key).int16(version).int16(version).tags());
  to.int32(0).tags();
}

function writeMetadata(to: WireWriter, { topic, leaderEpoch, port }: Serving): void {
  to.int32(0).array([0], (id) => to.int32(id).string('127.0.0.1').int32(port).string(undefined).tags());
  to.string(undefined).int32(0);
  to.array([topic], (name) => {
    to.int16(0).string(name).uuid(topicId).boolean(false);
    to.array([0], (partition) => {
      to.int16(0).int32(partition).int32(0).int32(leaderEpoch);
      to.array([], () => {})
        .array([], () => {})
        .array([], () => {})
        .tags();
    });
    to.int32(0).tags();
  }).tags();
}

function askedIn(from: WireReader): Asked {
  from.at += 21;
  const [[asked]] = from.array(() => {
    from.uuid();
    const its = from.array(() => {
      from.int32();
      const [leaderEpoch, offset, lastEpoch] = [from.int32(), from.int64(), from.int32()];
      from.at += 12;
      from.tags();
      return { leaderEpoch, offset, lastEpoch };
    });
    from.tags();
    return its;
  }) as [[Asked]];
  return asked;
}

function writeFetch(to: WireWriter, { error = 0, records = Buffer.alloc(0), diverging }: Answer): void {
  to.int32(0).int16(0).int32(0);
  to.array([topicId], (id) => {
    to.uuid(id).array([0], (partition) => {
      to.int32(partition).int16(error).int64(0).int64(0).int64(0);
      to.array([], () => {})
        .int32(-1)
        .blob(records);
      if (diverging === undefined) to.tags();
      else to.unsigned(1).unsigned(0).unsigned(13).int32(diverging.epoch).int64(diverging.end).tags();
    });
    to.tags();
  }).tags();
}

/** What the only partition of a request ends with, behind its number and the leader's epoch. */
function lastPartition(from: WireReader, read: () => number): number {
  from.int32();
  if (from.bytes[from.at] === 1) from.int8();
  return from.onePartition(() => {
    from.int32();
    from.int32();
    return read();
  });
}

const oldest = -2;

function writeOffset(to: WireWriter, { topic, range, leaderEpoch }: Serving, time: number): void {
  to.int32(0).unsigned(2).string(topic).unsigned(2).int32(0).int16(0).int64(-1);
  to.int64(time === oldest ? range.begin : range.end)
    .int32(leaderEpoch)
    .tags()
    .tags()
    .tags();
}

function writeEnd(to: WireWriter, { topic, endOf, epochs }: Serving, epoch: number): void {
  epochs.push(epoch);
  to.int32(0).unsigned(2).string(topic).unsigned(2).int16(0).int32(0).int32(epoch);
  to.int64(endOf(epoch)).tags().tags().tags();
}
