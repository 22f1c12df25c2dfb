/**
 * One connection to Redis that reconnects by itself, and calls that are repeated until they are answered or their time
 * is over. Every call must be harmless when repeated, also when an earlier attempt arrives after a later one: the
 * scripts ensure it with tokens, commit ids and expected values.
 *
 * ioredis queues nothing and resends nothing here: a call in flight when the connection breaks fails at once, and its
 * repetition decides the outcome. An attempt that takes too long closes the connection, which may be half open.
 */

import { Redis, type RedisOptions } from 'ioredis';
import { MillraceError, reasonOf } from '../../errors.ts';
import { type Clock, within } from '../../time/clock.ts';
import { type Duration, milliseconds } from '../../time/duration.ts';
import { aliveKey } from './keys.ts';
import { loadScripts } from './scripts.ts';

/** How to connect, and how long calls are repeated. */
export interface ConnectionOptions {
  readonly redis: RedisOptions;
  readonly clock: Clock;
  /** The longest that one attempt may take. */
  readonly timeout: Duration;
  /** How long a call is repeated: no attempt begins after it. */
  readonly patience: Duration;
  /** Looks at the server whenever it is connected; until it finds it safe, calls fail with its MillraceError. */
  readonly onConnect?: (redis: Redis, address: string) => Promise<void>;
}

/** What a call does, for its error message, and whether it writes. */
export interface Purpose {
  readonly what: string;
  readonly writes: boolean;
  /** The task whose keys it uses. */
  readonly task?: string;
}

/** Refusals that pass: the server is starting, failing over, short of memory or replicas, or busy. */
const passing = new Set(
  'LOADING BUSY READONLY MASTERDOWN CLUSTERDOWN TRYAGAIN OOM MISCONF NOREPLICAS UNKILLABLE'.split(' '),
);

export class Connection {
  readonly address: string;
  /** The longest that one attempt may take. */
  readonly timeout: Duration;
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #patience: Duration;
  #ready: Promise<void> = Promise.resolve();
  /** Resolves `#ready`; undefined while the connection is ready. */
  #announce: (() => void) | undefined;
  #isClosed = false;
  readonly #onConnect: ConnectionOptions['onConnect'];
  /** Why the server is not trusted. */
  #unsafe: MillraceError | undefined;
  /** Why the last attempt to connect failed. */
  #trouble = '';

  constructor({ redis, clock, timeout, patience, onConnect }: ConnectionOptions) {
    this.#clock = clock;
    this.timeout = timeout;
    this.#patience = patience;
    this.#onConnect = onConnect;
    this.#redis = new Redis({
      ...redis,
      connectionName: 'millrace',
      connectTimeout: timeout,
      disconnectTimeout: milliseconds(100),
      retryStrategy: (times) => Math.min(20 * 2 ** Math.min(times, 6), 500),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Zero, not null: with null and no resending, ioredis would never settle commands that were in flight.
      maxRetriesPerRequest: 0,
    });
    this.address = addressOf(redis);
    this.#awaitReady();
    this.#redis.on('error', (error) => (this.#trouble = String(error.message || error)));
    this.#redis.on('close', () => this.#awaitReady());
    this.#redis.on('ready', () => {
      this.#trouble = '';
      void this.#look().then(() => {
        this.#announce?.();
        this.#announce = undefined;
      });
    });
  }

  /**
   * Runs `action` on the connection, repeatedly until it is answered. An action that rejects with an error that is
   * neither the server's nor a MillraceError counts as unanswered.
   *
   * Errors: OUTCOME_UNKNOWN for calls that write, STATE_UNAVAILABLE for others and for refusals that do not pass,
   * STATE_UNSAFE, STATE_LOST_WRITES.
   */
  async call<T>({ what, writes, task }: Purpose, action: (redis: Redis) => Promise<T>): Promise<T> {
    const deadline = this.#clock.now() + this.#patience;
    for (let pause = 10; ; pause = Math.min(pause * 2, 500)) {
      try {
        return await this.#attempt(action);
      } catch (error) {
        if (error instanceof MillraceError) throw error;
        const refusal = refusalOf(error);
        if (refusal === 'LOST') throw lossOf(error as Error, task ?? what);
        const isFinal = refusal !== undefined && refusal !== 'NOSCRIPT' && !passing.has(refusal);
        const isLate = this.#clock.now() + pause >= deadline;
        if (this.#isClosed || isFinal || (isLate && !writes)) throw this.#unavailable(error);
        if (isLate) throw this.#unknown(what, error);
        await this.#mend(refusal, pause);
      }
    }
  }

  /**
   * One small write, which is not repeated: a server that is full, read-only or without its replicas still answers
   * questions. Rejects with what the server or the client says, or when nothing answers in time.
   */
  async ping(): Promise<void> {
    await this.#attempt((redis) => redis.set(aliveKey, '', 'EX', 60));
  }

  /** Ends the connection; calls in flight fail. */
  close(): void {
    this.#isClosed = true;
    this.#redis.disconnect();
  }

  async #attempt<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = this.#redis;
    let isOver = false;
    const whenReady = async () => {
      await this.#ready;
      // An attempt that was given up must not run after its repetition.
      if (isOver) throw new Error('given up');
      if (this.#unsafe !== undefined) await this.#look();
      if (this.#unsafe !== undefined) throw this.#unsafe;
      return action(redis);
    };
    // Sent at once where possible: the caller prepares its next call meanwhile.
    const isTrusted = this.#announce === undefined && this.#unsafe === undefined;
    const answer = redis.status === 'ready' && isTrusted ? action(redis) : whenReady();
    const late = (): never => {
      if (redis.status === 'ready') redis.disconnect(true);
      throw new Error(`no answer in ${this.timeout} ms${this.#trouble === '' ? '' : `, ${this.#trouble}`}`);
    };
    try {
      return await within(answer, { clock: this.#clock, ms: this.timeout, late });
    } finally {
      isOver = true;
    }
  }

  /** Prepares the next attempt. */
  async #mend(refusal: string | undefined, pause: Duration): Promise<void> {
    if (refusal === 'NOSCRIPT') {
      await this.#attempt(loadScripts).catch((error) => (this.#trouble = reasonOf(error)));
      return;
    }
    // The server is no longer the master: the address, or the sentinels, may lead to another server now.
    if (refusal === 'READONLY' || refusal === 'MASTERDOWN') this.#redis.disconnect(true);
    await this.#clock.sleep(pause);
  }

  async #look(): Promise<void> {
    try {
      await this.#onConnect?.(this.#redis, this.address);
      this.#unsafe = undefined;
    } catch (error) {
      // Any other trouble is met by the next call.
      if (error instanceof MillraceError) this.#unsafe = error;
    }
  }

  #awaitReady(): void {
    if (this.#announce !== undefined) return;
    this.#ready = new Promise((resolve) => (this.#announce = resolve));
  }

  #unavailable(cause: unknown): MillraceError {
    return new MillraceError('STATE_UNAVAILABLE', { address: this.address, reason: reasonOf(cause) }, { cause });
  }

  #unknown(what: string, cause: unknown): MillraceError {
    const where = `${what} in Redis at ${this.address} (${reasonOf(cause)})`;
    return new MillraceError('OUTCOME_UNKNOWN', { what: where }, { cause });
  }
}

/** The first word of a refusal by the server, such as OOM; undefined for every other failure. */
function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'ReplyError' ? error.message.split(' ', 1)[0] : undefined;
}

/** What guard.lua raises: `LOST <entries> <counted> <name>`. */
function lossOf(cause: Error, task: string): MillraceError {
  const [, size, known, name] = /^LOST (\d+) (\d+) (\S+)/.exec(cause.message) ?? [];
  const detail = { task, found: `${size} entries of ${name}`, known: `${known}` };
  return new MillraceError('STATE_LOST_WRITES', detail, { cause });
}

function addressOf({ sentinels, path, host = '127.0.0.1', port = 6379 }: RedisOptions): string {
  return path ?? sentinels?.map((s) => `${s.host}:${s.port}`).join(',') ?? `${host}:${port}`;
}
