/**
 * A transactional producer by librdkafka: records, consumed offsets and the mark become visible together (KIP-98), and
 * the group learns which member sends them (KIP-447), so that one that was replaced is refused.
 *
 * What can be known is made known: a transaction that fails before its commit is aborted and nothing of it remains.
 * Whenever the outcome is in doubt the producer is thrown away; its successor with the same id first settles what was
 * left open, and then the mark decides. librdkafka lacks KIP-890: going on with a producer in doubt could tear a
 * transaction.
 */
import { hasCode, MillraceError, reasonOf } from '../../errors.ts';
import type { Producer, Transaction } from '../topics.ts';
import { createTopic } from './admin.ts';
import type { Cluster } from './cluster.ts';
import type { GroupHandles } from './group-handles.ts';
import { type MarkedOffsets, markedOffsets, marksTopic } from './marks.ts';
import {
  loadNative,
  NativeCalls,
  type NativeConsumer,
  type NativeError,
  type NativeProducer,
  nativeCode,
  nativeConfig,
} from './native.ts';
import { checkTopics, produceAll, producerConfig } from './produce.ts';
import { code } from './protocol/codes.ts';
import { describeTransaction } from './protocol/coordinators.ts';

/** An open transaction of a dead producer blocks its partitions' readers and its successor this long. */
const transactionTimeoutMs = 10_000;
/** A member's epoch moves on amid a rebalance: its next try names the new one. */
const generationPauseMs = 300;
const generationTries = 20;

export interface ProducerParts {
  readonly cluster: Cluster;
  readonly handles: GroupHandles;
  readonly id: string;
  onClose(): void;
}

export class KafkaProducer implements Producer {
  readonly #parts: ProducerParts;
  readonly #native: NativeProducer;
  readonly #calls: NativeCalls;
  #failure: MillraceError | undefined;
  /** The first record of the open transaction that a broker refused. */
  #refused: { readonly topic: string; readonly reason: string } | undefined;
  #last: Promise<void> = Promise.resolve();
  #isInitialized = false;
  #closing: Promise<void> | undefined;

  /** Fences the older producer of this id and settles its transaction. Errors: KAFKA_UNREACHABLE, KAFKA_REFUSED. */
  static async open(parts: ProducerParts): Promise<KafkaProducer> {
    const { settings } = parts.cluster;
    const { Producer } = await loadNative();
    const config = {
      ...nativeConfig(settings),
      ...producerConfig(parts.cluster),
      'transactional.id': parts.id,
      'transaction.timeout.ms': transactionTimeoutMs,
      'message.timeout.ms': transactionTimeoutMs,
      dr_cb: true,
      'delivery.report.only.error': true,
    };
    const producer = new KafkaProducer(parts, new Producer(config, {}));
    await producer.#calls.connect(producer.#native);
    try {
      await producer.#initialize();
    } catch (error) {
      await producer.close();
      throw error;
    }
    return producer;
  }

  private constructor(parts: ProducerParts, native: NativeProducer) {
    this.#parts = parts;
    this.#native = native;
    this.#calls = new NativeCalls(parts.cluster.settings);
    native.on('delivery-report', ((error: NativeError | null, { topic }: { readonly topic: string }) => {
      if (error !== null && refusals.has(error.code)) this.#refused ??= { topic, reason: error.message };
    }) as (...args: never[]) => void);
  }

  /** One after the other. Errors: TOPIC_MISSING, TOPIC_APPEND_REFUSED, GROUP_LOST, PRODUCER_FENCED, OUTCOME_UNKNOWN. */
  transact(transaction: Transaction): Promise<void> {
    const done = this.#last.then(() => this.#transact(transaction));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    this.#parts.onClose();
    await this.#last;
    this.#failure ??= new MillraceError('PRODUCER_FENCED', { id: this.#parts.id });
    await this.#leave();
  }

  async #initialize(): Promise<void> {
    const { cluster, id } = this.#parts;
    const patience = cluster.patience();
    for (;;) {
      try {
        await this.#call('opening a producer', (ms, done) => this.#native.initTransactions(ms, done));
        this.#isInitialized = true;
        return;
      } catch (error) {
        const { isRetriable, message } = error as NativeError;
        if (isFencing(error)) throw new MillraceError('PRODUCER_FENCED', { id });
        if (isRetriable !== true) {
          const request = `producer '${id}'`;
          throw new MillraceError('KAFKA_REFUSED', { broker: 'Kafka', request, reason: message }, { cause: error });
        }
        if (!(await patience.again())) throw cluster.unreachable(message);
      }
    }
  }

  async #transact(transaction: Transaction): Promise<void> {
    const { cluster, handles } = this.#parts;
    if (this.#failure !== undefined) throw this.#failure;
    await checkTopics(cluster, transaction.records);
    const marked = markedOffsets(transaction);
    if (transaction.offsets.length === 0) await createTopic(cluster, { name: marksTopic, partitions: 1 });
    const consumer = await handles.consumerOf(marked.group, marked.offsets);
    this.#native.poll();
    for (let tries = 1; ; tries++) {
      try {
        await this.#fill(transaction, marked, consumer);
        break;
      } catch (error) {
        await this.#giveUp(error, transaction);
        if (tries === generationTries) throw this.#doubt('a rebalance that does not end');
        await cluster.settings.clock.sleep(generationPauseMs);
      }
    }
    try {
      await this.#call('committing', (ms, done) => this.#native.commitTransaction(ms, done));
    } catch (error) {
      if ((error as NativeError).isTxnRequiresAbort === true) await this.#abortRefused();
      throw isFencing(error) ? this.#fenced() : this.#doubt(reasonOf(error));
    }
    await this.#visible();
  }

  /**
   * A commit is decided before its markers stand in every partition; the next transaction would have to wait for them
   * anyway. A caller that hears of the commit can then read it. The outcome is certain already, so failures do not
   * matter.
   */
  async #visible(): Promise<void> {
    const { cluster, id } = this.#parts;
    const request = async () => {
      const { error, state } = await cluster.askCoordinator('transaction', id, (connection) =>
        connection.request(describeTransaction, { id }),
      );
      return { error: state === 'PrepareCommit' ? code.concurrentTransactions : error };
    };
    await cluster.persist(`the transaction of '${id}'`, [], request).catch(() => undefined);
  }

  /** Everything up to the commit: until then nothing is visible. */
  async #fill({ records }: Transaction, { offsets }: MarkedOffsets, consumer: NativeConsumer): Promise<void> {
    const { settings } = this.#parts.cluster;
    await this.#call('beginning', (_, done) => this.#native.beginTransaction(done));
    await produceAll({ producer: this.#native, records, settings, opaque: undefined });
    await this.#call('sending offsets', (ms, done) =>
      this.#native.sendOffsetsToTransaction(offsets, consumer, ms, done),
    );
  }

  /** Aborts; returns when the same transaction is worth another try, throws otherwise. */
  async #giveUp(error: unknown, { group }: Transaction): Promise<void> {
    if (isFencing(error)) throw this.#fenced();
    try {
      await this.#abort();
    } catch (failure) {
      throw isFencing(failure) ? this.#fenced() : this.#doubt(reasonOf(failure));
    }
    this.#throwRefused();
    const number = (error as NativeError).code;
    if (number === code.illegalGeneration || number === code.staleMemberEpoch) return;
    if (number === code.unknownMember || number === code.fencedMemberEpoch) {
      throw new MillraceError('GROUP_LOST', { group }, { cause: error });
    }
    if (hasCode(error, 'TOPIC_APPEND_REFUSED')) throw error;
    throw this.#doubt(reasonOf(error));
  }

  /** A transaction with a record that its broker refused was not committed, and the same would be refused again. */
  async #abortRefused(): Promise<void> {
    try {
      await this.#abort();
    } catch {
      return;
    }
    this.#throwRefused();
  }

  /** Reports of what was refused are handed out by `poll`, and are here when the answer to the abort is. */
  #abort(): Promise<void> {
    this.#native.poll();
    return this.#call('aborting', (ms, done) => this.#native.abortTransaction(ms, done));
  }

  /** The client does not find back to its sequence of records after a refusal, so this producer is over. */
  #throwRefused(): void {
    if (this.#refused !== undefined) throw this.#throwAway(new MillraceError('TOPIC_APPEND_REFUSED', this.#refused));
  }

  #fenced(): MillraceError {
    return this.#throwAway(new MillraceError('PRODUCER_FENCED', { id: this.#parts.id }));
  }

  #doubt(reason: string): MillraceError {
    const what = `the transaction of producer '${this.#parts.id}' (${reason})`;
    return this.#throwAway(new MillraceError('OUTCOME_UNKNOWN', { what }));
  }

  #throwAway(error: MillraceError): MillraceError {
    this.#failure ??= error;
    void this.#leave();
    return error;
  }

  #leave(): Promise<void> {
    this.#closing ??= this.#calls.leave((done) => this.#native.disconnect(1, done));
    return this.#closing;
  }

  /**
   * The client's own limit first: it knows more about the failure. No step of a transaction waits longer than the
   * coordinator keeps it open.
   */
  #call(
    what: string,
    action: (ms: number, done: (error: NativeError | null | undefined) => void) => void,
  ): Promise<void> {
    const { settings } = this.#parts.cluster;
    const ms = this.#isInitialized ? Math.min(settings.timeoutMs, transactionTimeoutMs) : settings.timeoutMs;
    return this.#calls.call(what, ms + 2_000, (done) => action(ms, (error) => done(error, undefined)));
  }
}

/** What a broker says of a record, and not of itself: too large, not to its rules, or not for this user. */
const refusals: ReadonlySet<number> = new Set([
  code.messageTooLarge,
  code.recordListTooLarge,
  code.topicUnauthorized,
  code.invalidTimestamp,
  code.policyViolation,
  code.invalidRecord,
]);

function isFencing(error: unknown): boolean {
  const number = (error as NativeError).code;
  return number === nativeCode.fenced || number === code.producerFenced || number === code.invalidProducerEpoch;
}
