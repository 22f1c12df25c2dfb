/**
 * What several workers say of one server, told once: when the first misses it, and when the last reaches it again. A
 * worker that ended while it missed a server has not reached it: what it said stands until its successor, of the same
 * number, says whether it does.
 */

/** A worker's word of a server, with the address and the reason in its text. */
export interface ServerWord {
  readonly kind: 'server';
  readonly server: string;
  readonly isAway: boolean;
  readonly text: string;
}

/** The servers that workers miss. */
export class MissedServers {
  readonly #say: (line: string) => void;
  readonly #missing = new Map<string, Set<number>>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Takes a word of the worker of this number. */
  hear(worker: number, { server, isAway, text }: ServerWord): void {
    const missing = this.#missing.get(server) ?? new Set();
    this.#missing.set(server, missing);
    const before = missing.size;
    if (isAway) missing.add(worker);
    else missing.delete(worker);
    if (before === 0 && isAway) this.#say(`millrace: ${text}`);
    if (before > 0 && missing.size === 0) this.#say(`millrace: ${text}`);
  }
}
