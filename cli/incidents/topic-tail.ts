/**
 * Follows a topic of one partition from its present end, as the command follows the incidents that the job reports.
 */
import { TextDecoder } from 'node:util';
import type { Topics } from '../../topics/topics.ts';

const limit = { maxRecords: 1_000, maxBytes: 4 << 20 };
const utf8 = new TextDecoder();

/** Reads what a topic of one partition gets from now on. */
export class TopicTail<T> {
  readonly #topics: Topics;
  readonly #topic: string;
  #offset: number;

  /** The topic need not exist yet. */
  static async from<T>(topics: Topics, topic: string): Promise<TopicTail<T>> {
    const exists = (await topics.describe(topic)) !== undefined;
    return new TopicTail(topics, topic, exists ? (await topics.range(topic, 0)).end : 0);
  }

  private constructor(topics: Topics, topic: string, offset: number) {
    this.#topics = topics;
    this.#topic = topic;
    this.#offset = offset;
  }

  /** Hands every new value to `take`, in order. */
  async drain(take: (value: T) => void): Promise<void> {
    if ((await this.#topics.describe(this.#topic)) === undefined) return;
    for (;;) {
      const batch = await this.#topics.fetch({ topic: this.#topic, partition: 0 }, this.#offset, limit);
      if (batch === undefined) return;
      for (let i = 0; i < batch.length; i++) {
        if (batch.starts[i]! < 0) continue;
        take(JSON.parse(utf8.decode(batch.bytes.subarray(batch.starts[i]!, batch.ends[i]!))) as T);
      }
      this.#offset = batch.nextOffset;
    }
  }
}
