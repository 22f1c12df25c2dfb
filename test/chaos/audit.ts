/**
 * Looks for rows that were inserted twice, before a merge can hide them. The tables do not merge by themselves. Now and
 * then all inserts are held back, doubles are counted, and the parts are merged, since thousands of parts are slow.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { ledger } from '../../runtime/commit/own-tables.ts';
import type { Tables } from '../../tables/tables.ts';
import { totals } from '../support/listed-orders.ts';
import { forgetful } from './job.ts';
import type { Servers } from './servers.ts';

const specs = [totals, forgetful, ledger] as const;

/** Rows more than there are identities. */
export interface Doubled {
  readonly wrong: number;
  readonly forgetful: number;
}

export class Audit {
  readonly #servers: Servers;
  readonly #client: ClickHouseClient;
  readonly #tables: Tables;
  /** By table, what former audits found and merged. */
  readonly #merged = new Map<string, number>();

  constructor(servers: Servers, client: ClickHouseClient, tables: Tables) {
    this.#servers = servers;
    this.#client = client;
    this.#tables = tables;
  }

  /** Makes the tables, so that nothing is merged and the forgetful one forgets every token but the last. */
  async prepare(): Promise<void> {
    for (const spec of specs) {
      await this.#tables.ensure(spec);
      const window = spec === forgetful ? ', non_replicated_deduplication_window = 1' : '';
      await this.#client.command({
        query: `ALTER TABLE ${spec.name} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1,
          parts_to_delay_insert = 100000, parts_to_throw_insert = 100000${window}`,
      });
    }
  }

  async run(): Promise<void> {
    const ways = this.#servers.ways.map(({ tables }) => tables);
    for (const way of ways) way.hold();
    await sleep(1_500);
    for (const { name, identity } of specs) {
      this.#merged.set(name, (this.#merged.get(name) ?? 0) + (await this.#doubled(name, identity)));
      await this.#client.command({ query: `OPTIMIZE TABLE ${name} FINAL` });
    }
    for (const way of ways) way.release();
  }

  /** What was found, now and before. */
  async found(): Promise<Doubled> {
    const counts = new Map<string, number>();
    for (const { name, identity } of specs) {
      counts.set(name, (this.#merged.get(name) ?? 0) + (await this.#doubled(name, identity)));
    }
    const before = (name: string) => this.#merged.get(name) ?? 0;
    // The comparison counts those that are there now.
    return { wrong: before(totals.name) + before(ledger.name), forgetful: counts.get(forgetful.name)! };
  }

  async #doubled(name: string, identity: readonly string[]): Promise<number> {
    const columns = identity.map((column) => `\`${column}\``).join();
    const [row] = await this.#tables.query(`SELECT count() - uniqExact(${columns}) AS doubled FROM ${name}`);
    return Number(row!['doubled']);
  }
}
