/**
 * Reads partitions: a cursor for each, a loop of requests for each broker. When a broker refuses, the cause is found
 * out: a leader that moved is followed, a position that is gone is a coded stop. A position is never reset.
 */
import { hasCode, MillraceError } from '../../errors.ts';
import type { FetchLimit, RecordBatch, TopicPartition } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { Cursor } from './cursor.ts';
import { FetchLoop } from './fetch-loop.ts';
import { code, isPassing, nameOf } from './protocol/codes.ts';
import type { FetchedPartition } from './protocol/fetch.ts';
import { offsetForLeaderEpoch } from './protocol/offsets.ts';
import { lastBatch } from './protocol/record-batch.ts';
import { rangeOf } from './range.ts';

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #cursors = new Map<string, Cursor>();
  readonly #loops = new Map<number, FetchLoop>();
  /** The id of each topic when it was first read. */
  readonly #ids = new Map<string, string>();
  #requests = 0;
  #isAssigning = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /**
   * Committed records from `offset` on, or undefined when a request sent after the call found none. A batch without
   * records leads past markers and aborted transactions.
   *
   * Errors: TOPIC_MISSING, TOPIC_REMADE, OFFSET_OUT_OF_RANGE, TOPIC_LOG_DIVERGED, RECORD_BATCH_BROKEN,
   * KAFKA_UNREACHABLE, KAFKA_REFUSED, KAFKA_UNSUPPORTED.
   */
  async fetch(at: TopicPartition, offset: number, limit: FetchLimit): Promise<RecordBatch | undefined> {
    const cursor = this.#cursorOf(at, offset);
    const asked = this.#requests;
    for (;;) {
      if (cursor.position !== offset) cursor.seek(offset);
      const batch = cursor.take(limit);
      if (batch !== undefined) {
        this.#pump(cursor);
        return batch;
      }
      if (cursor.failure !== undefined) {
        const { failure } = cursor;
        cursor.seek(offset);
        throw failure;
      }
      if (cursor.endedAfter(asked)) return undefined;
      const woken = cursor.wait(asked);
      this.#pump(cursor);
      await woken;
    }
  }

  /** Drops what was read ahead of partitions that are read no longer. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const key = `${topic}/${partition}`;
      const cursor = this.#cursors.get(key);
      if (cursor === undefined || cursor.waiting) continue;
      this.#cursors.delete(key);
      if (cursor.broker !== undefined) this.#loopOf(cursor.broker).remove(cursor);
    }
  }

  /** Wakes all waiting callers with an error. */
  close(): void {
    for (const cursor of this.#cursors.values()) {
      cursor.fail(this.#cluster.unreachable('these topics were closed'));
    }
  }

  #cursorOf(at: TopicPartition, offset: number): Cursor {
    const key = `${at.topic}/${at.partition}`;
    let cursor = this.#cursors.get(key);
    if (cursor === undefined) this.#cursors.set(key, (cursor = new Cursor(at, offset)));
    return cursor;
  }

  #pump(cursor: Cursor): void {
    if (cursor.broker !== undefined) this.#loopOf(cursor.broker).pump();
    else if (!this.#isAssigning) {
      this.#isAssigning = true;
      void this.#assignLeaders();
    }
  }

  #loopOf(broker: number): FetchLoop {
    let loop = this.#loops.get(broker);
    if (loop === undefined) {
      loop = new FetchLoop({
        connect: () => this.#cluster.broker(broker),
        sleep: (ms) => this.#cluster.settings.clock.sleep(ms),
        number: () => ++this.#requests,
        room: () => this.#room(),
        answered: (cursor, answer, request) => this.#answered(cursor, answer, request),
        lost: (cursors, error) => {
          for (const cursor of cursors) this.#displace(cursor, error);
        },
      });
      this.#loops.set(broker, loop);
    }
    return loop;
  }

  #room(): number {
    let buffered = 0;
    for (const cursor of this.#cursors.values()) buffered += cursor.buffered;
    return this.#cluster.settings.readAheadBytes - buffered;
  }

  #answered(cursor: Cursor, answer: FetchedPartition, request: number): void {
    if (answer.diverging !== undefined) {
      const { topic, partition, wanted: offset } = cursor;
      cursor.fail(new MillraceError('TOPIC_LOG_DIVERGED', { topic, partition, offset, end: answer.diverging.end }));
    } else if (answer.error === code.none) this.#take(cursor, answer, request);
    else if (answer.error === code.offsetOutOfRange) this.#explain(cursor, () => this.#explainRange(cursor));
    else if (isPassing(answer.error) || isAboutTopic(answer.error)) this.#displace(cursor, nameOf(answer.error));
    else {
      const detail = { broker: 'Kafka', request: `Fetch of ${cursor.topic}/${cursor.partition}` };
      cursor.fail(new MillraceError('KAFKA_REFUSED', { ...detail, reason: nameOf(answer.error) }));
    }
  }

  #take(cursor: Cursor, { records, aborted, stableEnd }: FetchedPartition, request: number): void {
    cursor.missing = undefined;
    const { wanted } = cursor;
    const last = lastBatch(records);
    if (last !== undefined && last.nextOffset > wanted) {
      cursor.push({ records, aborted, wanted, nextOffset: last.nextOffset }, last.epoch);
    } else if (wanted >= stableEnd) cursor.noteEmpty(request);
  }

  /** Takes a partition off its loop until its leader is known again. */
  #displace(cursor: Cursor, error: unknown): void {
    const { clock, timeoutMs } = this.#cluster.settings;
    const { since, times } = cursor.missing ?? { since: clock.now(), times: 0 };
    cursor.missing = { since, times: times + 1 };
    if (cursor.broker !== undefined) this.#loopOf(cursor.broker).remove(cursor);
    cursor.broker = undefined;
    if (error instanceof MillraceError && !hasCode(error, 'KAFKA_UNREACHABLE')) cursor.fail(error);
    else if (clock.now() - since > timeoutMs) {
      cursor.fail(error instanceof Error ? error : this.#cluster.unreachable(String(error)));
    } else this.#pump(cursor);
  }

  /** Finds the leaders of all partitions that have none, after a pause that grows with every miss. */
  async #assignLeaders(): Promise<void> {
    for (;;) {
      const lost = [...this.#cursors.values()].filter((c) => c.broker === undefined && c.failure === undefined);
      if (lost.length === 0) break;
      const misses = Math.max(...lost.map(({ missing }) => missing?.times ?? 0));
      if (misses > 0) await this.#cluster.settings.clock.sleep(Math.min(1_000, 25 * 2 ** Math.min(misses, 8)));
      try {
        await this.#cluster.refresh([...new Set(lost.map(({ topic }) => topic))]);
        for (const cursor of lost) this.#assignLeader(cursor);
      } catch (error) {
        for (const cursor of lost) cursor.fail(error);
      }
    }
    this.#isAssigning = false;
  }

  /** One without a leader is tried again later: waiting for it here would hold up the others. */
  #assignLeader(cursor: Cursor): void {
    const { topic, partition } = cursor;
    try {
      const leader = this.#cluster.leaderNow(topic, partition);
      if (leader === undefined) {
        this.#displace(cursor, `${topic}/${partition} has no leader`);
        return;
      }
      const { broker, topicId, leaderEpoch } = leader;
      const was = this.#ids.get(topic) ?? topicId;
      if (was !== topicId) throw new MillraceError('TOPIC_REMADE', { topic, was, now: topicId });
      this.#ids.set(topic, topicId);
      Object.assign(cursor, { broker, topicId, leaderEpoch });
      this.#loopOf(broker).add(cursor);
      this.#pump(cursor);
    } catch (error) {
      cursor.fail(error);
    }
  }

  /** Finds something out about a partition; meanwhile it is not asked for. */
  #explain(cursor: Cursor, explain: () => Promise<MillraceError | undefined>): void {
    const { version } = cursor;
    cursor.blocked = true;
    const done = (failure: unknown) => {
      cursor.blocked = false;
      if (failure !== undefined && cursor.version === version) cursor.fail(failure);
      this.#pump(cursor);
    };
    explain().then(done, done);
  }

  /** Why the broker has no such offset; undefined if it has by now. */
  async #explainRange(cursor: Cursor): Promise<MillraceError | undefined> {
    const { topic, partition, wanted: offset, lastEpoch } = cursor;
    const { begin, end } = await rangeOf(this.#cluster, cursor);
    if (offset > end && lastEpoch >= 0) {
      const found = await this.#cluster.askLeader(cursor, (connection, { leaderEpoch }) =>
        connection.request(offsetForLeaderEpoch, { topic, partition, leaderEpoch, epoch: lastEpoch }),
      );
      if (found.end < offset)
        return new MillraceError('TOPIC_LOG_DIVERGED', { topic, partition, offset, end: found.end });
    }
    if (offset >= begin && offset <= end) return undefined;
    return new MillraceError('OFFSET_OUT_OF_RANGE', { topic, partition, offset, begin, end });
  }
}

function isAboutTopic(error: number): boolean {
  return error === code.unknownTopic || error === code.unknownTopicId || error === code.inconsistentTopicId;
}
