/**
 * Fault injection for any implementation of the three ports. One wrapper stands for one process, the owner: every
 * asynchronous port call that it makes is a numbered step, and a plan decides which fault happens at it. A test runs
 * once without faults, reads `steps`, and then crashes the run at each of them in turn.
 *
 * A crash ends the owner: this call and every later one throws `Crash`; calls in flight may be applied, but they throw
 * `Crash` too. A hang freezes the owner, as SIGSTOP does: the call is not sent, and every later call waits until
 * `release` lets all of them continue, late. A plan depends on the step alone, a random one on its seed too.
 */

import { MillraceError } from '../errors.ts';
import type { Ports } from '../graph/connector.ts';
import type { Membership } from '../topics/topics.ts';
import { mulberry32 } from './random.ts';

/** The fault of one call. Before: the call is not applied; after: it is applied, but its answer is lost. */
export type Fault = 'crash before' | 'crash after' | 'unknown before' | 'unknown after' | 'hang';

/** A port call: its number in the run, from 0, and its name, such as `state.commit`. */
export interface FaultStep {
  readonly number: number;
  readonly name: string;
}

/** The fault at a step; undefined for none. */
export type FaultPlan = (step: FaultStep) => Fault | undefined;

/** The ports of one process, as many as it uses. */
export type ProcessPorts = Partial<Pick<Ports, 'topics' | 'state' | 'tables'>>;

/** The owner is dead. It is not a MillraceError, so that no handler of those catches it. */
export class Crash extends Error {}

/** The ports of one process with faults, and the state of the process. */
export interface Faults<P extends ProcessPorts> {
  readonly ports: P;
  /** The names of the steps so far. */
  readonly steps: readonly string[];
  /** Memberships that the port returned; a simulator lets them expire when the owner is dead. */
  readonly memberships: readonly Membership[];
  /** Whether it crashed. */
  readonly isDead: boolean;
  /** Whether it hangs. */
  readonly isFrozen: boolean;
  /** Lets calls that hang continue. */
  release(): void;
  /** Ends the owner from outside, between two steps. */
  kill(): void;
}

/**
 * Wraps the ports of one process; what `open`, `producer` and `join` return is wrapped as well. The names of steps are
 * `topics.…`, `state.…` and `tables.…` with the method; each page of a scan is a step of its own.
 */
export function withFaults<P extends ProcessPorts>(ports: P, plan: FaultPlan): Faults<P> {
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

/** A plan with random faults; the same seed always gives the same faults. */
export function randomPlan(seed: number, { crash = 0, unknown = 0, hang = 0 }: Odds): FaultPlan {
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
  readonly #plan: FaultPlan;
  #frozen: { readonly until: Promise<void>; readonly end: () => void } | undefined;

  constructor(plan: FaultPlan) {
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

/** Waits for the call; the returned function gives its value or throws its error. */
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
