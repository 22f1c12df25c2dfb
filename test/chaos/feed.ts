/**
 * Writes the input while the campaign goes on, straight to the broker: at least once, so a broker that is killed may
 * hold an order twice. The oracle goes by what the topic holds in the end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Topics } from '../../topics/topics.ts';
import { closingRecords, orderRecord } from './job.ts';

const pauseMs = 200;

export class Feed {
  /** Orders written so far. */
  written = 0;
  readonly #topics: Topics;
  readonly #perSecond: number;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(topics: Topics, perSecond: number) {
    this.#topics = topics;
    this.#perSecond = perSecond;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends the input and closes every window. */
  async finish(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#write(closingRecords(this.written));
  }

  async #run(): Promise<void> {
    const batch = Math.ceil((this.#perSecond * pauseMs) / 1_000);
    while (!this.#stop.signal.aborted) {
      await this.#write(Array.from({ length: batch }, (_, i) => orderRecord(this.written + i)));
      this.written += batch;
      await sleep(pauseMs);
    }
  }

  async #write(records: Parameters<Topics['append']>[0]): Promise<void> {
    for (;;) {
      try {
        return await this.#topics.append(records);
      } catch {
        await sleep(500);
      }
    }
  }
}
