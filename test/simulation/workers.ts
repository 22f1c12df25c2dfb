/**
 * Several workers in one world: each a process of its own with its own faults, all members of one group. A campaign
 * draws from a seed what befalls them while orders come in, and in the end every order must stand in its window once.
 */
import { setImmediate } from 'node:timers/promises';
import { string } from '../../codecs/codec.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { silent } from '../../runtime/log.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { work } from '../../runtime/task/worker.ts';
import { type FaultPlan, type Faults, withFaults } from '../../testing/faults.ts';
import { mulberry32 } from '../../testing/random.ts';
import { seconds } from '../../time/duration.ts';
import type { Membership, Topics } from '../../topics/topics.ts';
import { tumbling } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';
import { drain } from '../conformance/topics-steps.ts';
import { listed, type Order, type Total, totals } from '../support/listed-orders.ts';
import { start } from './jobs.ts';
import { makeWorld, unharmed, type World, type WorldPorts } from './world.ts';

const size = seconds(5);

/** Two exchanges: by shop, where orders are folded, and to one task that sees all totals. */
export const shared = job('shared', (from) => {
  const found = from('orders', topic<Order>('orders')).pipe(
    eventTime({ at: (o) => o.at, outOfOrder: seconds(2), idleAfter: seconds(3) }),
    keyBy((o) => o.shop),
    window('window', tumbling(size), listed),
    map((w: Windowed<string>): Omit<Total, 'shop'> => ({ from: w.window.start, ids: w.value })),
    scan('named', { codec: string }, (_, total, shop): readonly [string, Total] => [
      '',
      { shop: String(shop), ...total },
    ]),
  );
  found.pipe(to('totals', table<Total>(totals, { row: (t) => ({ ...t }) })));
  found.pipe(
    keyBy(() => 'everything'),
    scan('last', { codec: string }, (_, total: Total) => [total.shop, total]),
    to('all', topic<Total>('all')),
  );
});

export const partitions = 4;

/** A process. */
interface Life {
  readonly faults: Faults<WorldPorts>;
  readonly memberships: readonly Membership[];
  readonly stop: AbortController;
  ended: boolean;
  error: unknown;
}

export class Workers {
  readonly world: World;
  readonly lives: Life[] = [];
  #next = 0;
  #written = 0;

  private constructor(world: World) {
    this.world = world;
  }

  static async make(weaken?: (ports: WorldPorts) => WorldPorts): Promise<Workers> {
    const world = makeWorld(weaken);
    await world.topics.create({ name: 'orders', partitions });
    await world.topics.create({ name: 'all', partitions: 1 });
    return new Workers(world);
  }

  start(plan: FaultPlan = unharmed): void {
    const memberships: Membership[] = [];
    const faults = withFaults(this.#joining(memberships), plan);
    const stop = new AbortController();
    const life: Life = { faults, memberships, stop, ended: false, error: undefined };
    const nonce = () => `take-over-${this.#next++}`;
    const options = { ...taskDefaults, fetch: { maxRecords: 5, maxBytes: 1 << 20 }, nonce };
    const ports = { ...faults.ports, clock: this.world.clock };
    work(shared, ports, { options, metrics: new Metrics(), log: silent, signal: stop.signal })
      .catch((error: unknown) => {
        life.error = error;
      })
      .finally(() => {
        life.ended = true;
      });
    this.lives.push(life);
  }

  /** The ports of one process; its group knows of it even if it never hears that it has joined. */
  #joining(memberships: Membership[]): WorldPorts {
    const { topics, ...ports } = this.world.ports;
    const join: Topics['join'] = async (...given) => {
      const membership = await topics.join(...given);
      memberships.push(membership);
      return membership;
    };
    return { ...ports, topics: { ...topics, join } };
  }

  /** Ends a process without a word; its group hears of it as it would when heartbeats stop. */
  kill(life: Life): void {
    life.faults.kill();
    this.expire(life);
  }

  /** The group throws out a process that is dead. */
  expire(life: Life): void {
    for (const membership of life.memberships) void membership.leave();
  }

  /** Takes its partitions from a process that goes on and does not know it yet. */
  lose(life: Life): void {
    for (const membership of life.memberships) this.world.topics.lose(membership);
  }

  get alive(): readonly Life[] {
    return this.lives.filter((life) => !life.ended && !life.faults.isDead);
  }

  async write(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => {
      const id = this.#written++;
      const value = Buffer.from(JSON.stringify({ id, shop: `shop-${id % 5}`, at: start + id * 100 } satisfies Order));
      return { topic: 'orders', partition: id % partitions, key: null, value, timestamp: start };
    });
    await this.world.topics.append(records);
  }

  /** Lets time pass: everybody who sleeps is woken in turn. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.world;
    for (const until = clock.now() + ms; clock.now() < until; ) {
      await setImmediate();
      clock.advanceTo(Math.min(until, clock.nextWake ?? until));
    }
  }

  /** Lets everything be read, closes every window by the clock, and stops the workers that are left. */
  async finish(): Promise<void> {
    for (let n = 0; n < 60; n++) await this.#settle(seconds(2));
    for (const life of this.alive) life.stop.abort();
    for (let n = 0; this.alive.length > 0 && n < 100; n++) await this.#settle(seconds(1));
  }

  /** No worker hangs for ever, and the group notices which are gone. */
  async #settle(ms: number): Promise<void> {
    for (const life of this.lives) {
      life.faults.release();
      if (life.faults.isDead || life.ended) this.expire(life);
    }
    await this.pass(ms);
  }

  /** What is wrong with what stands in the topic and in the table; nothing, it is hoped. */
  async wrong(): Promise<readonly string[]> {
    const told = (await drain(this.world.topics, 'all', 0)).map((text) => JSON.parse(String(text)) as Total);
    const rows = (this.world.journal.get('totals') ?? []).map((row) => JSON.parse(row) as Total);
    return [...this.#check('topic', told), ...this.#check('table', rows)];
  }

  #check(place: string, totals: readonly Total[]): readonly string[] {
    const wrong: string[] = [];
    const seen = new Map<number, number>();
    const windows = new Set<string>();
    for (const { shop, from, ids } of totals) {
      if (windows.has(`${shop} ${from}`)) wrong.push(`${place}: window ${shop} ${from} twice`);
      windows.add(`${shop} ${from}`);
      for (const id of ids.split(' ').map(Number)) {
        seen.set(id, (seen.get(id) ?? 0) + 1);
        const right = shop === `shop-${id % 5}` && from === Math.floor((start + id * 100) / size) * size;
        if (!right) wrong.push(`${place}: order ${id} in ${shop} ${from}`);
      }
    }
    for (let id = 0; id < this.#written; id++) {
      if (seen.get(id) !== 1) wrong.push(`${place}: order ${id} ${seen.get(id) ?? 0} times`);
    }
    return wrong;
  }
}

/** A campaign: what befalls the workers while orders come in is drawn from the seed. */
export async function campaign(seed: number, weaken?: (ports: WorldPorts) => WorldPorts): Promise<Workers> {
  const random = mulberry32(seed);
  const workers = await Workers.make(weaken);
  const pick = () => workers.alive[Math.floor(random() * workers.alive.length)];
  const trouble: FaultPlan = () => {
    const roll = random();
    if (roll < 0.0015) return random() < 0.5 ? 'crash before' : 'crash after';
    if (roll < 0.003) return 'hang';
    return undefined;
  };
  workers.start(trouble);
  for (let round = 0; round < 25; round++) {
    await workers.write(20 + Math.floor(random() * 40));
    const roll = random();
    const one = pick();
    if (roll < 0.3 || workers.alive.length === 0) workers.start(trouble);
    else if (roll < 0.5 && one !== undefined) workers.kill(one);
    else if (roll < 0.6 && one !== undefined) workers.lose(one);
    else if (roll < 0.7 && one !== undefined) one.stop.abort();
    else if (roll < 0.8) for (const life of workers.alive) life.faults.release();
    // A worker that hangs is removed from the group after a while, as if its heartbeats had stopped.
    for (const life of workers.lives) {
      if (life.faults.isDead) workers.expire(life);
      else if (life.faults.isFrozen) workers.lose(life);
    }
    await workers.pass(200 + Math.floor(random() * 3_000));
  }
  workers.start();
  await workers.finish();
  return workers;
}
