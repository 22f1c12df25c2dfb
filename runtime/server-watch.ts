/**
 * Notices that a server is away, and that it is back, by asking each for a sign of life every few seconds on a
 * connection of its own. Tasks notice it too, but late, each for itself, and under the names of what they were doing;
 * here it is told once.
 */
import { reasonOf } from '../errors.ts';
import { type Clock, within } from '../time/clock.ts';
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

/** A server as it is watched. */
export interface WatchedServer {
  readonly name: 'kafka' | 'redis' | 'clickhouse';
  /** Where it is, as it may stand in a log: no user, no password. */
  readonly address: string;
  /** Whether tasks stand still without it. Rows wait for their tables, and the job goes on. */
  readonly needed: boolean;
  /** Resolves when it answers; what it rejects with stands in the log. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a task asks when it has failed. */
export interface Servers {
  /** The servers that are needed and away, such as `redis at 127.0.0.1:6379`. */
  readonly away: readonly string[];
  /** Whether one is away or was in the last minute: a group then still hands its partitions around. */
  readonly disturbed: boolean;
  /** Resolves when none is away any more, or when `signal` is aborted. */
  back(signal: AbortSignal): Promise<void>;
}

/** Where no server is watched. */
export const noServers: Servers = { away: [], disturbed: false, back: async () => {} };

/** Between two questions, and the longest that an answer may take. */
const pause: Duration = seconds(3);
const limit: Duration = seconds(5);
/** A server is away when it has not answered for this long, twice in a row: the process may have stood still itself. */
const patience: Duration = seconds(10);
/** How long the absence of a server is felt after its return. */
const aftermath: Duration = minutes(1);

/** How servers are watched. */
export interface ServerWatchParts {
  readonly servers: readonly WatchedServer[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Called when a server that is needed went away or came back. */
  readonly onChange?: () => void;
  /** Called when a server has answered this process for the first time: an earlier process may have missed it. */
  readonly onFirstAnswer?: (server: WatchedServer) => void;
}

/** Watches servers from the moment that it is made. */
export class ServerWatch implements Servers {
  readonly #parts: ServerWatchParts;
  readonly #away = new Map<WatchedServer, Time>();
  readonly #closed = new AbortController();
  /** When a server that is needed came back last. */
  #returned: Time = Number.NEGATIVE_INFINITY;

  constructor(parts: ServerWatchParts) {
    this.#parts = parts;
    for (const server of parts.servers) void this.#watch(server);
  }

  get away(): readonly string[] {
    return [...this.#away.keys()].filter(({ needed }) => needed).map(({ name, address }) => `${name} at ${address}`);
  }

  get disturbed(): boolean {
    return this.away.length > 0 || this.#parts.clock.now() - this.#returned < aftermath;
  }

  async back(signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.#closed.signal]);
    while (this.away.length > 0 && !over.aborted) await this.#parts.clock.sleep(seconds(1), over);
  }

  /** Stops watching and closes the connections. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#parts.servers.map((server) => server.close()));
  }

  async #watch(server: WatchedServer): Promise<void> {
    const { clock, metrics, onFirstAnswer } = this.#parts;
    metrics.set('millrace_server_away', server.name, 0);
    let answered = clock.now();
    let failures = 0;
    let hasAnswered = false;
    for (;;) {
      await clock.sleep(pause, this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      const reason = await this.#ask(server);
      if (this.#closed.signal.aborted) return;
      if (reason === undefined) {
        answered = clock.now();
        failures = 0;
        this.#isBack(server);
        if (!hasAnswered) onFirstAnswer?.(server);
        hasAnswered = true;
      } else if (++failures > 1 && clock.now() - answered >= patience) this.#isAway(server, answered, reason);
    }
  }

  /** Why it does not answer; undefined if it does. */
  async #ask(server: WatchedServer): Promise<string | undefined> {
    const late = (): never => {
      throw new Error(`no answer in ${limit / 1_000} s`);
    };
    try {
      await within(server.ping(), { clock: this.#parts.clock, ms: limit, late });
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #isAway(server: WatchedServer, since: Time, reason: string): void {
    if (this.#away.has(server)) return;
    const { log, metrics, onChange } = this.#parts;
    const { name, address, needed } = server;
    this.#away.set(server, since);
    metrics.set('millrace_server_away', name, 1);
    const cost = needed ? 'tasks stand still until it is back' : 'rows wait until it is back';
    log.error({ server: name, address, reason }, `${name} at ${address} does not answer; ${cost}`);
    if (needed) onChange?.();
  }

  #isBack(server: WatchedServer): void {
    const since = this.#away.get(server);
    if (since === undefined) return;
    const { clock, log, metrics, onChange } = this.#parts;
    const { name, address, needed } = server;
    this.#away.delete(server);
    if (needed) this.#returned = clock.now();
    metrics.set('millrace_server_away', name, 0);
    const away = Math.round((clock.now() - since) / 1_000);
    log.info({ server: name, address, seconds: away }, `${name} at ${address} answers again, after ${away} s`);
    if (needed) onChange?.();
  }
}
