/**
 * The events of one file with its traces joined (headed-traces.ts), in the order in which they begin: what stands
 * between the lines of a trace waits until the trace is over, a few events at most.
 */
import { type HeadedEvent, HeadedTraces, type OpenTrace } from './headed-traces.ts';

/** Joins the traces of one file. State: what waits, and the traces that are open. */
export class TracesInOrder<E extends HeadedEvent> {
  readonly #traces = new HeadedTraces<E>({ maxLines: 500, maxLength: 1 << 20 });
  readonly #open: OpenTrace<E>[] = [];
  /** What is not handed on yet; the first is an open trace. */
  readonly #waiting: E[] = [];
  readonly #done: E[] = [];
  readonly #onEvent: (event: E) => void;

  constructor(onEvent: (event: E) => void) {
    this.#onEvent = onEvent;
  }

  /** Takes the next event, and hands on what need not wait any longer. */
  add(event: E): void {
    const isKept = this.#traces.take(this.#open, event, this.#done);
    this.#done.length = 0;
    if (isKept ? this.#open.at(-1)!.event === event : this.#waiting.length > 0) this.#waiting.push(event);
    else if (!isKept) this.#onEvent(event);
    this.#handOn();
    if (this.#waiting.length > mostWaiting) this.#endFirst();
  }

  /** The file is over. */
  end(): void {
    while (this.#waiting.length > 0) this.#endFirst();
  }

  #endFirst(): void {
    const [first] = this.#waiting;
    const at = this.#open.findIndex(({ event }) => event === first);
    this.#traces.end(this.#open[at]!);
    this.#open.splice(at, 1);
    this.#handOn();
  }

  #handOn(): void {
    while (this.#waiting.length > 0 && !this.#open.some(({ event }) => event === this.#waiting[0]))
      this.#onEvent(this.#waiting.shift()!);
  }
}

/** Events that wait for the first of them. */
const mostWaiting = 64;
