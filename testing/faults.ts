/**
 * Fault injection for any implementation of the three ports. One wrapper stands for one process, the owner: every
 * asynchronous port call it makes is a numbered step, and a plan decides what becomes of each. A test runs once with
 * no faults, looks at `steps`, and then crashes the run at each of them in turn.
 *
 * A crash ends the owner: this call and every later one throws `Crash`, calls under way are applied or not but answer
 * with `Crash` as well. A hang makes a zombie of it, as SIGSTOP does: the call is not sent and every later call waits,
 * until `release` lets all of them go on, late. A plan depends on the step alone, a random one on its seed as well.
 */

import { MillraceError } from '../errors.ts';
import type { StateStore } from '../state/store.ts';
import type { Tables } from '../tables/tables.ts';
import type { Membership, Topics } from '../topics/topics.ts';
import { mulberry32 } from './random.ts';

/** What becomes of one call. Before: it is not applied; after: it is, but the answer is not heard. */
export type Fault = 'crash before' | 'crash after' | 'unknown before' | 'unknown after' | 'hang';

/** A port call: its place in the run, counted from 0, and its name, such as `state.commit`. */
export interface Step {
  readonly number: number;
  readonly name: string;
}

/** Decides each step; undefined lets the call proceed. */
export type Plan = (step: Step) => Fault | undefined;

/** The ports of one process, as many as it uses. */
export interface Ports {
  readonly topics?: Topics;
  readonly state?: StateStore;
  readonly tables?: Tables;
}

/** The owner is dead. Not a MillraceError: nobody may handle it. */
export class Crash extends Error {}

/** One process's ports with faults, and what is known of the process. */
export interface Faults<P extends Ports> {
  readonly ports: P;
  /** The names of the steps so far. */
  readonly steps: readonly string[];
  /** Memberships as the port gave them out: what a simulator lets expire when the owner is dead. */
  readonly memberships: readonly Membership[];
  /** Whether it crashed. */
  readonly isDead: boolean;
  /** Whether it hangs. */
  readonly isFrozen: boolean;
  /** Lets what hangs go on. */
  release(): void;
  /** Ends the owner from outside, between two steps. */
  kill(): void;
}

/**
 * Wraps the ports of one process; what `open`, `producer` and `join` return is wrapped as well. The names of steps are
 * `topics.…`, `state.…` and `tables.…` with the method; each page of a scan is a step of its own.
 */
export function withFaults<P extends Ports>(ports: P, plan: Plan): Faults<P> {
  const owner = new Owner(plan);
  const wrapped = Object.entries(ports).map(([port, target]) => [port, owner.wrap(target, port)] as const);
  return {
    ports: Object.fromEntries(wrapped) as unknown as P,
    steps: owner.steps,
    memberships: owner.memberships,
    get isDead() {
      return owner.isDead;
    },
    get isFrozen() {
      return owner.isFrozen;
    },
    release: () => owner.thaw(),
    kill: () => owner.die(),
  };
}

/** How likely each fault is per step, from 0 to 1 in sum. */
export interface Odds {
  readonly crash?: number;
  /** Only for calls whose contract knows OUTCOME_UNKNOWN. */
  readonly unknown?: number;
  readonly hang?: number;
}

const uncertain = new Set(['topics.transact', 'state.commit', 'state.acknowledge', 'state.drop', 'tables.insert']);

/** A plan that rolls dice; the same seed always gives the same faults. */
export function randomPlan(seed: number, { crash = 0, unknown = 0, hang = 0 }: Odds): Plan {
  const random = mulberry32(seed);
  return ({ name }) => {
    const roll = random();
    const when = random() < 0.5 ? 'before' : 'after';
    if (roll < crash) return `crash ${when}`;
    if (roll < crash + unknown) return uncertain.has(name) ? `unknown ${when}` : undefined;
    return roll < crash + unknown + hang ? 'hang' : undefined;
  };
}

type Call = (...given: unknown[]) => unknown;

class Owner {
  readonly steps: string[] = [];
  readonly memberships: Membership[] = [];
  isDead = false;
  readonly #plan: Plan;
  #frozen: { readonly until: Promise<void>; readonly end: () => void } | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  /** The same object, each of its methods a step. */
  wrap<T extends object>(target: T, port: string): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || typeof name !== 'string') return member;
        const call: Call = (...given) => member.apply(target, given);
        if (name === 'poll') return () => this.#poll(call);
        if (name === 'scan') return (...given: unknown[]) => this.#scan(() => call(...given), port);
        return async (...given: unknown[]) =>
          this.#opened(await this.#step(`${port}.${name}`, () => call(...given)), name, port);
      },
    });
  }

  die(): void {
    this.isDead = true;
    this.thaw();
  }

  thaw(): void {
    this.#frozen?.end();
    this.#frozen = undefined;
  }

  #opened(result: unknown, name: string, port: string): unknown {
    if (name === 'join') this.memberships.push(result as Membership);
    return name === 'open' || name === 'producer' || name === 'join' ? this.wrap(result as object, port) : result;
  }

  async #step(name: string, call: () => unknown): Promise<unknown> {
    while (this.isFrozen) await this.#frozen?.until;
    this.#mustLive();
    const fault = this.#plan({ number: this.steps.length, name });
    this.steps.push(name);
    if (fault === 'hang') await this.#freeze();
    if (fault === 'crash before') this.die();
    this.#mustLive();
    if (fault === 'unknown before') throw new MillraceError('OUTCOME_UNKNOWN', { what: name });
    const outcome = await settled(call);
    if (fault === 'crash after') this.die();
    while (this.isFrozen) await this.#frozen?.until;
    this.#mustLive();
    if (fault === 'unknown after') throw new MillraceError('OUTCOME_UNKNOWN', { what: name });
    return outcome();
  }

  #mustLive(): void {
    if (this.isDead) throw new Crash('the owner is dead');
  }

  #freeze(): Promise<void> {
    let end = () => {};
    const until = new Promise<void>((resolve) => (end = resolve));
    this.#frozen = { until, end };
    return until;
  }

  /** Not asynchronous, so no step; a frozen owner sees no events. */
  #poll(call: Call): unknown {
    this.#mustLive();
    return this.isFrozen ? undefined : call();
  }

  async *#scan(call: () => unknown, port: string): AsyncIterable<unknown> {
    const pages = (call() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    for (;;) {
      const page = (await this.#step(`${port}.scan`, () => pages.next())) as IteratorResult<unknown>;
      if (page.done === true) return;
      yield page.value;
    }
  }
}

/** Waits for the call; the result gives its value or throws its error. */
async function settled(call: () => unknown): Promise<() => unknown> {
  try {
    const value = await call();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
