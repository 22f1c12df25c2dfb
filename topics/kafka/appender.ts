/**
 * Appends outside of transactions, by one idempotent producer: each record is stored once and in order per partition as
 * long as this producer lives, at least once over its end.
 */
import { MillraceError, reasonOf } from '../../errors.ts';
import type { TopicRecord } from '../topics.ts';
import type { Cluster } from './cluster.ts';
import { loadNative, NativeCalls, type NativeError, type NativeProducer, nativeConfig } from './native.ts';
import { checkTopics, produceAll, producerConfig } from './produce.ts';

/** The records of one call that the broker has not confirmed yet. */
interface Delivery {
  left: number;
  failure: NativeError | undefined;
  done(): void;
}

export class Appender {
  readonly #cluster: Cluster;
  readonly #calls: NativeCalls;
  #producer: Promise<NativeProducer> | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#calls = new NativeCalls(cluster.settings);
  }

  /** Resolves when all are stored. Errors: TOPIC_MISSING, TOPIC_APPEND_REFUSED, KAFKA_UNREACHABLE, OUTCOME_UNKNOWN. */
  async append(records: readonly TopicRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { settings } = this.#cluster;
    await checkTopics(this.#cluster, records);
    this.#producer ??= this.#open();
    const producer = await this.#producer;
    await new Promise<void>((resolve, reject) => {
      const delivery: Delivery = {
        left: records.length,
        failure: undefined,
        done: () => (delivery.failure === undefined ? resolve() : reject(refusal(records, delivery.failure))),
      };
      const ms = settings.timeoutMs;
      const flush = () => this.#calls.call('appending', ms + 1_000, (done) => producer.flush(ms, done));
      const lost = (error: unknown) =>
        reject(error instanceof MillraceError ? error : unknown(records, reasonOf(error)));
      produceAll({ producer, records, settings, opaque: delivery }).then(flush).catch(lost);
    });
  }

  async close(): Promise<void> {
    const opened = await this.#producer?.catch(() => undefined);
    if (opened !== undefined) await this.#calls.leave((done) => opened.disconnect(1_000, done));
  }

  async #open(): Promise<NativeProducer> {
    try {
      const { Producer } = await loadNative();
      const { settings } = this.#cluster;
      const idempotent = { ...producerConfig(this.#cluster), 'enable.idempotence': true, dr_cb: true };
      const producer = new Producer({ ...nativeConfig(settings), ...idempotent }, {});
      producer.on('delivery-report', ((error: NativeError | null, report: { readonly opaque: Delivery }) => {
        const delivery = report.opaque;
        if (error) delivery.failure ??= error;
        if (--delivery.left === 0) delivery.done();
      }) as (...args: never[]) => void);
      await this.#calls.connect(producer);
      return producer;
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }
}

function refusal(records: readonly TopicRecord[], error: NativeError): MillraceError {
  if (error.code < 0) return unknown(records, error.message);
  return new MillraceError('TOPIC_APPEND_REFUSED', { topic: records[0]!.topic, reason: error.message });
}

function unknown(records: readonly TopicRecord[], reason: string): MillraceError {
  return new MillraceError('OUTCOME_UNKNOWN', { what: `appending ${records.length} records (${reason})` });
}
