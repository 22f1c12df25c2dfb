/**
 * Kafka and Redis of the campaign's own and its tables (chDB behind HTTP, or a database of its own on the server that
 * CLICKHOUSE_URL names), and between each of them and each worker a proxy of its own. A broker tells its clients where
 * it is to be found, so it gets a listener for each worker, which advertises the proxy.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../scripts/kafka.mjs';
// @ts-expect-error a plain script without types
import { claimPort } from '../../scripts/ports.mjs';
import { type FaultProxy, faultProxy } from '../support/fault-proxy.ts';
import { type RedisServer, startRedis } from '../support/servers/redis.ts';
import { type TablesServer, tablesServer } from '../support/servers/tables.ts';

export const serverNames = ['kafka', 'redis', 'tables'] as const;
export type ServerName = (typeof serverNames)[number];

/** A worker's way to each server. */
export type Ways = Readonly<Record<ServerName, FaultProxy>>;

interface Broker {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Longer than this without a heartbeat, and a worker is replaced. */
export const sessionMs = 4_000;

export class Servers {
  readonly dir: string;
  readonly redis: RedisServer;
  readonly tables: TablesServer;
  /** By worker. */
  readonly ways: readonly Ways[];
  readonly #settings: Readonly<Record<string, string | number>>;
  #broker: Broker;

  static async start(workers: number): Promise<Servers> {
    await ensure();
    const dir = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
    const kafka = join(dir, 'kafka');
    mkdirSync(kafka);
    const [broker, controller, ...doors] = await Promise.all<number>(Array.from({ length: workers + 2 }, claimPort));
    writeFileSync(join(kafka, 'ports.json'), JSON.stringify({ broker, controller }));
    const [redis, tables] = await Promise.all([startRedis(), tablesServer()]);
    const ways = await Promise.all(
      doors.map(async (port) => ({
        kafka: await faultProxy({ host: '127.0.0.1', port }),
        redis: await faultProxy(redis),
        tables: await faultProxy(tables),
      })),
    );
    const names = doors.map((_, i) => `WORKER${i}`);
    const at = (ports: readonly number[]) => names.map((name, i) => `${name}://127.0.0.1:${ports[i]}`);
    const plain = `PLAINTEXT://127.0.0.1:${broker}`;
    const settings = {
      listeners: [plain, `CONTROLLER://127.0.0.1:${controller}`, ...at(doors)].join(),
      'advertised.listeners': [plain, ...at(ways.map((way) => way.kafka.port))].join(),
      'listener.security.protocol.map': ['PLAINTEXT', 'CONTROLLER', ...names].map((n) => `${n}:PLAINTEXT`).join(),
      'inter.broker.listener.name': 'PLAINTEXT',
      'group.consumer.session.timeout.ms': sessionMs,
    };
    const first = (await startBroker({ dir: kafka, settings, java: shortLived })) as Broker;
    return new Servers({ dir, redis, tables, ways, settings, broker: first });
  }

  private constructor(parts: {
    readonly dir: string;
    readonly redis: RedisServer;
    readonly tables: TablesServer;
    readonly ways: readonly Ways[];
    readonly settings: Readonly<Record<string, string | number>>;
    readonly broker: Broker;
  }) {
    this.dir = parts.dir;
    this.redis = parts.redis;
    this.tables = parts.tables;
    this.ways = parts.ways;
    this.#settings = parts.settings;
    this.#broker = parts.broker;
  }

  /** Where the campaign itself finds the broker. */
  get kafkaUrl(): string {
    return this.#broker.url;
  }

  async killKafka(): Promise<void> {
    await this.#broker.kill();
  }

  async startKafka(): Promise<void> {
    this.#broker = (await startBroker({
      dir: join(this.dir, 'kafka'),
      settings: this.#settings,
      java: shortLived,
    })) as Broker;
  }

  /** Kills what keeps the tables, or puts it out of the workers' reach where it is not ours to kill. */
  async loseTables(): Promise<void> {
    if (this.tables.process !== undefined) await this.tables.process.kill();
    else for (const way of this.ways) way.tables.refuse();
  }

  async returnTables(): Promise<void> {
    if (this.tables.process !== undefined) await this.tables.process.start();
    else for (const way of this.ways) way.tables.accept();
  }

  /** Keeps what Redis has stored by now under a name. */
  async copyRedis(name: string): Promise<void> {
    cpSync(await this.#redisFiles(), join(this.dir, name), { recursive: true });
  }

  /** Kills Redis and starts it over the files kept as `from`; what it had is kept as `kept`. */
  async swapRedis(from: string, kept: string): Promise<void> {
    const files = await this.#redisFiles();
    await this.redis.kill();
    renameSync(files, join(this.dir, kept));
    renameSync(join(this.dir, from), files);
    await this.redis.start();
  }

  async #redisFiles(): Promise<string> {
    const client = new Redis(this.redis.url, { maxRetriesPerRequest: 3 });
    client.on('error', () => {});
    const [, dir] = (await client.config('GET', 'dir')) as [string, string];
    client.disconnect();
    return join(dir, 'appendonlydir');
  }

  /** Copies the workers' logs to a directory that stays; its name. */
  keepLogs(): string {
    const kept = mkdtempSync(join(tmpdir(), 'millrace-chaos-logs-'));
    for (const name of readdirSync(this.dir)) if (name.endsWith('.log')) cpSync(join(this.dir, name), join(kept, name));
    return kept;
  }

  async stop(): Promise<void> {
    for (const way of this.ways) for (const name of serverNames) await way[name].close();
    await this.#broker.kill();
    await this.redis.stop();
    await this.tables.stop();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
