import type { Time } from '../../time/duration.ts';

/**
 * Records that can't be handled because code of the job threw on them. They are set aside and the stream goes on,
 * unless so many follow each other that the code, not the data, must be at fault.
 */

/** A record, or the key of a timer, on which something threw. */
export interface Poison {
  readonly value: unknown;
  readonly time: Time;
  readonly error: unknown;
  /** How many failed in a row, this one included. */
  readonly streak: number;
}

/** Receives poison; throws in turn if the task must fail. */
export type OnPoison = (poison: Poison) => void;

/** Counts failures in a row, across batches. */
export class Streak {
  #count = 0;
  #last = -1;

  /** Notes that record `i` of the present batch failed; returns the length of the streak. */
  failed(i: number): number {
    this.#count = this.#last === i - 1 ? this.#count + 1 : 1;
    this.#last = i;
    return this.#count;
  }

  /** Ends a batch of `length` records. */
  end(length: number): void {
    if (this.#last !== length - 1) this.#count = 0;
    this.#last = -1;
  }
}
