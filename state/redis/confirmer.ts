/**
 * Waits until commits are as durable as the server's configuration allows. WAIT and WAITAOF block a connection, so they
 * have one of their own. All tasks that ask while a round runs share the next round.
 *
 * Both commands wait for the last write of **their own** connection, and return at once where there was none. So a
 * round first runs confirm.lua for every task: it writes, and it checks that this server holds the task's epoch, also
 * after a fail-over.
 */

import type { Redis } from 'ioredis';
import type { WaitFor } from './checks.ts';
import type { Connection } from './connection.ts';
import { confirmEpoch, run, texts } from './scripts.ts';

/** The epoch that a task wants to have confirmed. */
export interface Claim {
  readonly head: string;
  readonly token: string;
  /** The last epoch that was acknowledged to it. */
  readonly epoch: number;
}

/** The reply of confirm.lua, or `behind` with what is missing. */
export type ClaimReply = readonly string[];

export class Confirmer {
  readonly #connection: Connection;
  readonly #waitFor: WaitFor;
  /** The next round, which has not begun. */
  #next: { readonly claims: Claim[]; readonly replies: Promise<readonly ClaimReply[]> } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** `connection` must be used for nothing else. */
  constructor(connection: Connection, waitFor: WaitFor) {
    this.#connection = connection;
    this.#waitFor = waitFor;
  }

  /** Resolves with the claim's reply once all earlier writes are safe. Errors: OUTCOME_UNKNOWN, STATE_UNAVAILABLE. */
  async confirm(claim: Claim): Promise<ClaimReply> {
    if (this.#next === undefined) {
      const claims: Claim[] = [];
      const replies = this.#last.then(() => {
        this.#next = undefined;
        return this.#round(claims);
      });
      this.#last = replies.catch(() => {});
      this.#next = { claims, replies };
    }
    const at = this.#next.claims.push(claim) - 1;
    return (await this.#next.replies)[at]!;
  }

  #round(claims: readonly Claim[]): Promise<readonly ClaimReply[]> {
    return this.#connection.call({ what: 'the confirmation of epochs', writes: true }, async (redis) => {
      // Written in one go: a reconnect in between would make the wait meaningless, and fails it.
      const replies = claims.map(({ head, token, epoch }) =>
        run(redis, confirmEpoch, { keys: [head], args: [token, epoch] }),
      );
      const [answered, behind] = await Promise.all([Promise.all(replies), this.#wait(redis)]);
      const found = answered.map(texts);
      if (behind === undefined) return found;
      // An owner that lost its task must learn it now: a server that just took over may have no replica for a long
      // time.
      if (found.every(([kind]) => kind === 'ok')) throw new Error(behind);
      return found.map((reply) => (reply[0] === 'ok' ? ['behind', behind] : reply));
    });
  }

  /** Waits; returns what is missing if that takes too long. */
  async #wait(redis: Redis): Promise<string | undefined> {
    const { kind, local, replicas } = this.#waitFor;
    if (kind === 'none') return undefined;
    const ms = Math.ceil(this.#connection.timeout / 2);
    const args = kind === 'WAITAOF' ? [local, replicas, ms] : [replicas, ms];
    const reached = await redis.call(kind, ...args);
    const [onDisk, onReplicas] = kind === 'WAITAOF' ? (reached as [number, number]) : [0, reached as number];
    if (onDisk >= local && onReplicas >= replicas) return undefined;
    return `${kind} reached ${onReplicas} of ${replicas} replicas${onDisk < local ? ' and not the disk' : ''}`;
  }
}
