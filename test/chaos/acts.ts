/**
 * Does to workers and servers what the plan says. An act that takes a while and concerns one worker only runs beside
 * the acts that follow.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { commitEpoch } from '../../state/redis/scripts.ts';
import type { Crew } from './crew.ts';
import { partitions } from './job.ts';
import type { Matrix, Row } from './matrix.ts';
import type { Act } from './plan.ts';
import { type ServerName, type Servers, sessionMs } from './servers.ts';

/** Requests whose answer is lost: what applies an epoch, a transaction, an insert. */
const losing: Readonly<Record<ServerName, string>> = { kafka: 'chaos/', redis: commitEpoch.sha, tables: 'INSERT' };

const networkRows = {
  cut: 'network: connection cut',
  tear: 'network: request torn',
  refuse: 'network: connections refused',
  hold: 'network: connections open and dead',
  slow: 'network: slow',
} as const satisfies Readonly<Record<string, Row>>;

const restartRows = {
  kafka: 'Kafka killed inside a transaction and started again',
  redis: 'Redis killed and started again',
  tables: 'tables killed, or put out of reach, and back again',
} as const satisfies Readonly<Record<ServerName, Row>>;

export class Acts {
  readonly #servers: Servers;
  readonly #crew: Crew;
  readonly #matrix: Matrix;
  readonly #pending = new Set<Promise<void>>();
  /** The ways that an act is changing now. */
  readonly #busy = new Set<string>();
  #isTableAway = false;
  /** Commits seen while the tables were away. */
  #without = 0;
  #failure: unknown;

  constructor(servers: Servers, crew: Crew, matrix: Matrix) {
    this.#servers = servers;
    this.#crew = crew;
    this.#matrix = matrix;
    crew.onWord = ({ kind, step, code }) => {
      const isCommit = kind === 'end' && step === 'state.commit' && code === '';
      if (!isCommit || !this.#isTableAway) return;
      this.#without++;
      matrix.count('tables away while epochs were committed');
    };
  }

  async perform(act: Act): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    switch (act.kind) {
      case 'kill':
        await this.#crew.kill(act.slot, act.trap);
        return;
      case 'stop':
        return this.#beside('stop', () => this.#crew.freeze(act.slot, act.trap, sessionMs * 2));
      case 'network':
        return this.#network(act);
      case 'restart':
        return this.#restart(act.server, act.ms);
      case 'forget':
        return this.#forget();
      case 'pause':
        return sleep(act.ms);
    }
  }

  /** Resolves when everything begun has ended. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Starts an act that lasts while others follow; of each name one at a time. */
  #beside(name: string, action: () => Promise<void>): void {
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    const work = action()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#pending.delete(work);
        this.#busy.delete(name);
      });
    this.#pending.add(work);
  }

  #network({ fault, slot, server, ms }: Act & { kind: 'network' }): void {
    const way = this.#servers.ways[slot]![server];
    this.#beside(`${slot} ${server}`, async () => {
      if (fault !== 'lose') this.#matrix.count(networkRows[fault]);
      switch (fault) {
        case 'cut':
          way.cut();
          break;
        case 'tear':
          await Promise.race([way.cutAfter(ms), sleep(3_000, undefined, { ref: false })]);
          break;
        case 'refuse':
          way.refuse();
          await sleep(ms);
          way.accept();
          break;
        case 'hold':
          way.hold();
          await sleep(ms);
          way.release();
          break;
        case 'slow':
          way.delay(ms / 20);
          await sleep(3_000);
          // What is still delayed must not be overtaken.
          way.cut();
          way.delay(0);
          break;
        case 'lose': {
          const lost = way.loseAnswer(losing[server]).then(() => true);
          const isLost = await Promise.race([lost, sleep(10_000, false, { ref: false })]);
          if (isLost && server === 'redis') this.#matrix.count('commit applied, its answer lost');
        }
      }
    });
  }

  async #restart(server: ServerName, ms: number): Promise<void> {
    const { redis } = this.#servers;
    switch (server) {
      case 'kafka':
        await this.#untilTransacting();
        await this.#servers.killKafka();
        await this.#servers.startKafka();
        break;
      case 'redis':
        await redis.kill();
        await sleep(ms);
        await redis.start();
        break;
      case 'tables':
        return this.#beside('tables', async () => {
          this.#matrix.count(restartRows.tables);
          this.#without = 0;
          await this.#servers.loseTables();
          this.#isTableAway = true;
          for (const until = Date.now() + ms; Date.now() < until + 10_000; await sleep(50)) {
            if (Date.now() > until && this.#without > 0) break;
          }
          await this.#servers.returnTables();
          this.#isTableAway = false;
        });
    }
    this.#matrix.count(restartRows[server]);
  }

  async #untilTransacting(): Promise<void> {
    const isTransacting = () =>
      this.#crew.lives.some((life) => [...life.tasks.values()].some(({ phase }) => phase === 'transacting'));
    for (const until = Date.now() + 10_000; !isTransacting() && Date.now() < until; ) await sleep(2);
  }

  /**
   * Keeps a copy of what Redis has stored, waits until every task has committed and delivered more, and brings Redis
   * back as it was: the next worker must refuse. Then what was lost is restored, as its operator would.
   */
  async #forget(): Promise<void> {
    await this.settled();
    await this.#servers.copyRedis('older');
    const isPast = await this.#allDelivered(Date.now());
    this.#crew.isHalted = true;
    await this.#crew.killAll();
    if (isPast) {
      await this.#servers.swapRedis('older', 'newest');
      const code = await this.#crew.tryAlone('chaos', 60_000);
      if (code === 'STATE_LOST_WRITES') {
        this.#matrix.count('Redis came back with less than it had acknowledged, and was found out');
      }
      await this.#servers.swapRedis('newest', `refused-${Date.now()}`);
    }
    this.#crew.isHalted = false;
    await this.#crew.fill();
  }

  /** Whether every task with state has delivered an epoch whose commit began after `since`. */
  async #allDelivered(since: number): Promise<boolean> {
    const isPast = () => {
      const past = new Set<string>();
      for (const life of this.#crew.lives) {
        for (const [task, { delivered }] of life.tasks) if (delivered > since) past.add(task);
      }
      return past.size === 2 * partitions;
    };
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) if (isPast()) return true;
    return false;
  }
}
