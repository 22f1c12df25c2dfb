/**
 * The workers of a campaign: three places with a process each. A worker that dies is replaced at once by a process that
 * was loaded before. Counts what killed each worker, and at which step.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlThrough } from '../support/servers/tables.ts';
import type { Trap, Word } from './announce.ts';
import { Life } from './life.ts';
import type { Matrix } from './matrix.ts';
import type { Servers } from './servers.ts';
import type { Protection } from './weaken.ts';
import type { Start } from './worker-child.ts';

/** A kill as it turned out. */
export interface Kill {
  readonly trap: string;
  readonly hit: string;
  readonly inside: boolean;
}

/** How long the campaign waits for a trap to be sprung, and then for its substitute. */
const trapMs = 4_000;

export class Crew {
  readonly kills: Kill[] = [];
  /** How often workers ended by themselves, by code. */
  readonly gaveUp: Record<string, number> = {};
  onWord: (word: Word, life: Life) => void = () => {};
  readonly #servers: Servers;
  readonly #matrix: Matrix;
  readonly #without: Protection | undefined;
  readonly #lives: (Life | undefined)[];
  #spare: Life | undefined;
  #count = 0;
  #isClosed = false;
  /** While set, the dead stay dead. */
  isHalted = false;

  constructor(servers: Servers, matrix: Matrix, without: Protection | undefined) {
    this.#servers = servers;
    this.#matrix = matrix;
    this.#without = without;
    this.#lives = servers.ways.map(() => undefined);
  }

  get lives(): readonly Life[] {
    return this.#lives.filter((life) => life !== undefined && !life.isOver) as Life[];
  }

  /** Starts a worker in every place that has none. */
  async fill(): Promise<void> {
    for (const slot of this.#lives.keys()) await this.#fill(slot);
  }

  async #fill(slot: number, job: Start['job'] = 'chaos'): Promise<Life> {
    const present = this.#lives[slot];
    if (present !== undefined && !present.isOver) return present;
    const life = this.#spare ?? this.#load();
    this.#lives[slot] = life;
    this.#spare = this.#load();
    life.onWord = (word) => {
      this.#matrix.heard(word, life);
      this.onWord(word, life);
    };
    void life.ended.then((how) => this.#onEnd(life, slot, how));
    const { kafka, redis, tables } = this.#servers.ways[slot]!;
    await life.start({
      job,
      kafka: `127.0.0.1:${kafka.port}`,
      redis: `redis://127.0.0.1:${redis.port}`,
      tables: urlThrough(tables, this.#servers.tables.url),
      without: this.#without,
    });
    return life;
  }

  #load(): Life {
    return new Life(this.#servers.dir, this.#count++);
  }

  async #onEnd(life: Life, slot: number, how: NodeJS.Signals | number): Promise<void> {
    if (this.#isClosed || this.isHalted) return;
    if (how !== 'SIGKILL') {
      const code = life.gaveUp ?? String(how);
      this.gaveUp[code] = (this.gaveUp[code] ?? 0) + 1;
    }
    await this.#fill(slot);
  }

  /** Whether each of so many tasks is read by one worker, and no other holds it. */
  isSettled(tasks: number): boolean {
    const sum = (of: 'held' | 'reading') => this.lives.reduce((all, life) => all + life[of], 0);
    return sum('held') === tasks && sum('reading') === tasks;
  }

  /** A worker that reads, in this place or else in the next; waits until there is one. */
  async reading(slot: number): Promise<Life> {
    for (let tries = 0; ; tries++) {
      for (let i = 0; i < this.#lives.length; i++) {
        const life = this.#lives[(slot + i) % this.#lives.length];
        if (life !== undefined && !life.isOver && !life.isStopped && life.reading > 0) return life;
      }
      if (tries === 1_200) throw new Error('no worker has read anything for a minute');
      await sleep(50);
    }
  }

  /** Kills a worker where its trap says, or else in its next transaction, or anyway. */
  async kill(slot: number, trap: Trap): Promise<Kill> {
    const life = await this.reading(slot);
    life.arm(trap);
    const late = new AbortController();
    const soon: Trap = { at: 'begin topics.transact', nth: 0, delay: 0, signal: 'SIGKILL' };
    void sleep(trapMs, undefined, late)
      .then(() => life.arm(soon))
      .then(() => sleep(trapMs, undefined, late))
      .then(() => life.signal('SIGKILL'))
      .catch(() => undefined);
    await life.ended;
    late.abort();
    return this.#killed(life, trap.at);
  }

  /** Kills all of them, now. */
  async killAll(): Promise<void> {
    for (const life of this.lives) {
      life.signal('SIGKILL');
      await life.ended;
      this.#killed(life, 'any');
    }
  }

  #killed(life: Life, trap: string): Kill {
    this.#matrix.killed(life);
    const kill = { trap, hit: life.last, inside: life.isInsideCommit };
    this.kills.push(kill);
    return kill;
  }

  /** Freezes a worker where its trap says, for so long. */
  async freeze(slot: number, trap: Trap, ms: number): Promise<void> {
    const life = await this.reading(slot);
    life.arm(trap);
    life.isStopped = true;
    for (const until = Date.now() + trapMs; !life.isOver && !isFrozen(life.pid); ) {
      await sleep(20);
      if (Date.now() > until) life.signal('SIGSTOP');
    }
    await sleep(ms);
    life.woken = Date.now();
    life.signal('SIGCONT');
    life.isStopped = false;
    life.disarm();
  }

  /** Wakes workers that met their trap only after they had been woken. */
  wake(): void {
    for (const life of this.lives) if (!life.isStopped) life.signal('SIGCONT');
  }

  /** Runs one worker until it gives up, without counting that; gives the code. */
  async tryAlone(job: Start['job'], ms: number): Promise<string | undefined> {
    const life = await this.#fill(0, job);
    await Promise.race([life.ended, sleep(ms, undefined, { ref: false })]);
    life.signal('SIGKILL');
    await life.ended;
    return life.gaveUp;
  }

  /** Asks all to stop in good order; those that did not, by how they ended. */
  async stop(ms: number): Promise<readonly string[]> {
    this.#isClosed = true;
    const ends = this.lives.map(async (life) => {
      life.signal('SIGTERM');
      const late = setTimeout(() => life.signal('SIGKILL'), ms);
      const how = await life.ended;
      clearTimeout(late);
      return how === 0 ? [] : [`${life.gaveUp ?? how}`];
    });
    return (await Promise.all(ends)).flat();
  }

  /** Ends the processes that are left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const left = [...this.lives, ...(this.#spare === undefined ? [] : [this.#spare])];
    for (const life of left) life.signal('SIGKILL');
    await Promise.all(left.map((life) => life.ended));
  }
}

/** Whether the process is stopped, as Linux says. */
function isFrozen(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}
