/**
 * Ports that announce which step of which task begins and how it ended. They can end the process at a step: a signal
 * that a process sends to itself hits the right step, however busy the machine is.
 */
import { writeSync } from 'node:fs';
import { MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';

/** What a worker announces; one line of JSON each. */
export interface Word {
  readonly kind: 'begin' | 'end' | 'group' | 'standing' | 'ready' | 'gone';
  /** Such as `state.commit`; of a group's event what it is; the code with which a process gives up. */
  readonly step: string;
  readonly task: string;
  /** Of insertions and acknowledgements. */
  readonly lane: string;
  /** The code of the error that ended it; empty where it succeeded. */
  readonly code: string;
}

/** Where a process ends itself. */
export interface Trap {
  /**
   * `begin` or `end` and the step, behind it ` of rows` where it must concern one of the job's own tables. `both` is the
   * end of an insert while the task's transaction is open.
   */
  readonly at: string;
  /** How many such moments pass before. */
  readonly nth: number;
  readonly delay: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** The steps that are announced, by port. */
const announcedSteps = {
  topics: ['producer', 'transact', 'mark', 'join'],
  state: ['open', 'commit', 'confirm', 'acknowledge', 'outbox'],
  tables: ['insert'],
} as const;

export class Announcer {
  readonly #fd: number;
  #trap: Trap | undefined;
  #left = 0;
  readonly #transacting = new Set<string>();

  constructor(fd: number) {
    this.#fd = fd;
  }

  arm(trap: Trap): void {
    this.#trap = trap;
    this.#left = trap.nth;
  }

  say(word: Partial<Word> & Pick<Word, 'kind' | 'step'>): void {
    write(this.#fd, `${JSON.stringify({ task: '', lane: '', code: '', ...word } satisfies Word)}\n`);
    const { kind, step, task = '', lane = '', code = '' } = word;
    if (step === 'topics.transact') this.#transacting[kind === 'begin' ? 'add' : 'delete'](task);
    if (code !== '') return;
    const isBoth = kind === 'end' && step === 'tables.insert' && this.#transacting.has(task);
    const names = [`${kind} ${step}`, ...(isBoth ? ['both'] : [])];
    if (lane !== '' && !lane.startsWith('~')) names.push(`${kind} ${step} of rows`);
    if (this.#trap !== undefined && names.includes(this.#trap.at) && this.#left-- <= 0) this.#spring(this.#trap);
  }

  #spring({ delay, signal }: Trap): void {
    this.#trap = undefined;
    if (delay === 0) process.kill(process.pid, signal);
    else setTimeout(() => process.kill(process.pid, signal), delay);
  }

  /** The ports, announced. */
  wrap({ topics, state, tables, clock }: Ports): Ports {
    return {
      topics: this.#announced(topics, 'topics'),
      state: this.#announced(state, 'state'),
      tables: this.#announced(tables, 'tables'),
      clock,
    };
  }

  #announced<T extends object>(target: T, port: keyof typeof announcedSteps, task = ''): T {
    const steps: readonly string[] = announcedSteps[port];
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || typeof name !== 'string') return member;
        const call = (given: unknown[]): unknown => member.apply(target, given);
        if (!steps.includes(name)) return (...given: unknown[]) => call(given);
        return async (...given: unknown[]) => {
          const about = { step: `${port}.${name}`, task: task || taskOf(name, given), lane: laneOf(name, given) };
          const result = await this.#step(about, () => call(given));
          if (name === 'join') return this.#membership(result as object);
          const isOpened = name === 'open' || name === 'producer';
          return isOpened ? this.#announced(result as object, port, about.task) : result;
        };
      },
    });
  }

  async #step(about: Pick<Word, 'step' | 'task' | 'lane'>, call: () => unknown): Promise<unknown> {
    this.say({ kind: 'begin', ...about });
    let code = 'unknown';
    try {
      const result = await call();
      code = '';
      return result;
    } catch (error) {
      code = error instanceof MillraceError ? error.code : String(error);
      throw error;
    } finally {
      this.say({ kind: 'end', ...about, code });
    }
  }

  #membership(target: object): object {
    let last: unknown;
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          const result = member.apply(target, given);
          if (name === 'poll' && result !== undefined && result !== last) {
            last = result;
            this.say({ kind: 'group', step: (result as { readonly kind: string }).kind });
          }
          return result;
        };
      },
    });
  }
}

type InsertArguments = Parameters<Ports['tables']['insert']>;

/** Tokens are `job/lane/task/nonce/chunk`; producers are called `job/task`. */
function taskOf(name: string, given: readonly unknown[]): string {
  if (name === 'insert') return (given as InsertArguments)[2].token.split('/')[2] ?? '';
  if (name === 'producer') return String(given[0]).split('/')[1] ?? '';
  return name === 'open' || name === 'mark' ? String(given[1]) : '';
}

function laneOf(name: string, given: readonly unknown[]): string {
  if (name === 'insert') return (given as InsertArguments)[2].token.split('/')[1] ?? '';
  return name === 'acknowledge' ? String(given[0]) : '';
}

/** The pipe does not block, so this waits for a reader that is behind. */
function write(fd: number, line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
