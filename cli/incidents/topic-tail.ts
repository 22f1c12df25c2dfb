/** Follows a topic of one partition, as the command follows the incidents that the job reports. */
import { TextDecoder } from 'node:util';
import type { OffsetRange, Topics } from '../../topics/topics.ts';

const limit = { maxRecords: 1_000, maxBytes: 4 << 20 };
const utf8 = new TextDecoder();

/** Reads what a topic of one partition holds, and what it gets. */
export class TopicTail<T> {
  readonly #topics: Topics;
  readonly #topic: string;
  #offset: number;

  /** From the oldest record that is kept. The topic need not exist yet. */
  static async fromBegin<T>(topics: Topics, topic: string): Promise<TopicTail<T>> {
    return new TopicTail(topics, topic, (await rangeOf(topics, topic)).begin);
  }

  /** From now on. The topic need not exist yet. */
  static async fromEnd<T>(topics: Topics, topic: string): Promise<TopicTail<T>> {
    return new TopicTail(topics, topic, (await rangeOf(topics, topic)).end);
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

async function rangeOf(topics: Topics, topic: string): Promise<OffsetRange> {
  return (await topics.describe(topic)) === undefined ? { begin: 0, end: 0 } : topics.range(topic, 0);
}
