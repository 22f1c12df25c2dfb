/**
 * Keyed state in Redis 7 or Valkey, for many processes. An epoch is one Lua script: it checks the owner, the epoch's
 * turn and the commit id, applies the changes and the outbox and writes the meta, all or nothing.
 *
 * A resolved commit is in the server's memory and on its way to the disk and the replicas; `confirm` resolves when it
 * is there (see redis/checks.ts for what survives which loss). A server that comes back with less than it acknowledged
 * is detected by the fence and epoch that this process remembers, by the owner's token, which is never given twice, and
 * by the epoch that each commit and confirmation expects; one that deleted entries and kept the rest, by the counts in
 * the head (guard.lua). It is an error, never a guess.
 *
 * While the server is away, calls are repeated for a limited time and then fail with OUTCOME_UNKNOWN (or
 * STATE_UNAVAILABLE where nothing was to be written). The layout of the keys is described in redis/keys.ts. Entries of
 * a space are read by their keys or scanned; the key space of the server is never searched.
 */

import type { RedisOptions } from 'ioredis';
import { MillraceError } from '../../errors.ts';
import { type Clock, systemClock } from '../../time/clock.ts';
import { type Duration, seconds } from '../../time/duration.ts';
import type { Meta, StateStore, TaskState } from '../store.ts';
import { type Finding, inspect, refuseEviction } from './checks.ts';
import { Confirmer } from './confirmer.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { type TaskKeys, taskKeys, tasksKey } from './keys.ts';
import { resetTask, run, takeOver, texts } from './scripts.ts';
import { type Known, RedisTask, sweep } from './task.ts';

export type { Finding } from './checks.ts';

/** How to reach the server, and how long to wait for it. */
export interface RedisStateOptions {
  /** `redis://user:password@host:port/db`, or `rediss://` for TLS. */
  readonly url?: string;
  /** What a URL can't express, as options of ioredis: sentinels, certificates. Wins over the URL. */
  readonly redis?: RedisOptions;
  /** Replicas that must have a commit before it is confirmed. Default 1 if one is connected at the start, else 0. */
  readonly replicas?: number;
  /** The longest that one attempt of a call may take. Default 5 s. */
  readonly timeout?: Duration;
  /** How long a call is repeated: no attempt begins after it. Default 20 s. */
  readonly patience?: Duration;
  readonly clock?: Clock;
}

/** Receives the findings about the server. */
export interface FindingLog {
  warn(fields: object, message: string): void;
}

/** State in Redis. */
export interface RedisState extends StateStore {
  /** What the server's operator should know, as found at the start. */
  checks(): readonly Finding[];
  /** `host:port`, or those of the sentinels. */
  readonly address: string;
  /** A sign of life, on a connection of its own. */
  ping(): Promise<void>;
}

/**
 * Connects, inspects the server and logs the findings to `log`.
 *
 * Errors: STATE_UNAVAILABLE; STATE_UNSAFE for a server that evicts keys, is older than version 7, or is a replica;
 * OPTION_INVALID for an invalid URL.
 */
export async function redisState(where: string | RedisStateOptions, log?: FindingLog): Promise<RedisState> {
  const options = typeof where === 'string' ? { url: where } : where;
  const { clock = systemClock, timeout = seconds(5), patience = seconds(20), replicas } = options;
  const redis = { ...(options.url === undefined ? {} : parseUrl(options.url)), ...options.redis };
  const how: ConnectionOptions = { redis, clock, timeout, patience };
  const connection = new Connection({ ...how, onConnect: refuseEviction });
  try {
    const { findings, waitFor } = await connection.call({ what: 'the inspection', writes: false }, (client) =>
      inspect(client, connection.address, replicas),
    );
    for (const { code, text } of findings) log?.warn({ code, address: connection.address }, text);
    return new Store(how, { connection, findings, waitFor });
  } catch (error) {
    connection.close();
    throw error;
  }
}

class Store implements RedisState {
  readonly #connection: Connection;
  readonly #waiting: Connection;
  readonly #confirmer: Confirmer;
  readonly #findings: readonly Finding[];
  readonly #how: ConnectionOptions;
  #pinged: Connection | undefined;
  /** By head key, the newest that this process learned of a task. */
  readonly #known = new Map<string, Known>();

  constructor(
    how: ConnectionOptions,
    { connection, findings, waitFor }: Awaited<ReturnType<typeof inspect>> & { readonly connection: Connection },
  ) {
    this.#how = how;
    this.#connection = connection;
    this.#waiting = new Connection(how);
    this.#confirmer = new Confirmer(this.#waiting, waitFor);
    this.#findings = findings;
  }

  checks(): readonly Finding[] {
    return this.#findings;
  }

  get address(): string {
    return this.#connection.address;
  }

  ping(): Promise<void> {
    this.#pinged ??= new Connection(this.#how);
    return this.#pinged.ping();
  }

  async open(job: string, name: string, known = 0): Promise<TaskState> {
    const keys = taskKeys(job, name);
    const connection = this.#connection;
    const purpose = { what: `the take-over of task ${name}`, writes: true, task: name };
    await connection.call(purpose, (redis) => redis.sadd(tasksKey(job), name));
    for (;;) {
      const seen = await this.#inspectTask(keys);
      refuseLost(name, { seen, known, remembered: this.#known.get(keys.head) });
      const reply = await connection.call(purpose, (redis) =>
        run(redis, takeOver, { keys: [keys.head, keys.pending, keys.spaces, keys.lanes], args: [seen.fence] }),
      );
      const [kind, token, , metaText, rolling] = texts(reply);
      if (kind === 'moved') continue;
      const meta = metaText === '' ? undefined : (JSON.parse(metaText!) as Meta);
      const now: Known = { fence: seen.fence + 1, epoch: meta?.epoch ?? -1, resets: seen.resets };
      this.#known.set(keys.head, now);
      const owner = { name, keys, token: token!, fence: now.fence, meta, known: now };
      const task = new RedisTask({ ...owner, connection, confirmer: this.#confirmer });
      if (rolling === '1') await task.roll();
      await sweep(connection, keys);
      return task;
    }
  }

  /** Fences outlive the reset: an owner from before it must stay fenced, also one from before the store lost writes. */
  async reset(job: string): Promise<void> {
    const connection = this.#connection;
    const names = await connection.call({ what: 'a list of tasks', writes: false }, (redis) =>
      redis.smembers(tasksKey(job)),
    );
    for (const name of names) {
      const keys = taskKeys(job, name);
      await this.#reset(name, keys);
      this.#known.delete(keys.head);
      await sweep(connection, keys);
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
    this.#waiting.close();
    this.#pinged?.close();
  }

  async #reset(name: string, keys: TaskKeys): Promise<void> {
    const { head, spaces, lanes, prefix, pending, garbage } = keys;
    for (;;) {
      const { fence } = await this.#inspectTask(keys);
      const next = Math.max(fence, this.#known.get(head)?.fence ?? 0) + 1;
      const reply = await this.#connection.call({ what: `the reset of task ${name}`, writes: true }, (redis) =>
        run(redis, resetTask, { keys: [head, spaces, lanes, prefix, pending, garbage], args: [fence, next] }),
      );
      if (texts(reply)[0] === 'ok') return;
    }
  }

  async #inspectTask({ head }: TaskKeys): Promise<Known> {
    const [fence, epoch, resets] = await this.#connection.call(
      { what: 'the inspection of a task', writes: false },
      (redis) => redis.hmget(head, 'fence', 'epoch', 'resets'),
    );
    return { fence: Number(fence ?? 0), epoch: Number(epoch ?? -1), resets: Number(resets ?? 0) };
  }
}

/** Compares the stored task with what was acknowledged to this process. Errors: STATE_LOST_WRITES. */
function refuseLost(
  task: string,
  { seen, known, remembered }: { readonly seen: Known; readonly known: number; readonly remembered: Known | undefined },
): void {
  const fence = Math.max(known, remembered?.fence ?? 0);
  if (seen.fence < fence) {
    throw new MillraceError('STATE_LOST_WRITES', { task, found: `fence ${seen.fence}`, known: `fence ${fence}` });
  }
  // After a reset by another process epochs begin at 0.
  if (remembered === undefined || seen.resets > remembered.resets || seen.epoch >= remembered.epoch) return;
  const [found, epoch] = [`epoch ${seen.epoch}`, `epoch ${remembered.epoch}`];
  throw new MillraceError('STATE_LOST_WRITES', { task, found, known: epoch });
}

function parseUrl(url: string): RedisOptions {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    const expected = 'such as redis://localhost:6379/0';
    throw new MillraceError('OPTION_INVALID', { option: 'url', owner: 'redisState', got: 'no Redis URL', expected });
  }
  const { hostname, port, username, password, pathname, protocol } = parsed;
  return {
    host: hostname === '' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    db: Number(pathname.slice(1) || 0),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
