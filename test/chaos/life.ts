/**
 * A worker as the campaign sees it: its process, and from what it announces how far each of its tasks has come within
 * a commit.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { workerEnvironment } from '../../cli/settings/environment.ts';
import type { Trap, Word } from './announce.ts';
import type { Start } from './worker-child.ts';

/** How far the commit of a task's state and topics has come; `quiet` is before and after. */
export type Phase = 'quiet' | 'committing' | 'committed' | 'transacting' | 'transacted';

/** What a task of a worker is at. */
export interface Standing {
  phase: Phase;
  /** Lanes of tables by how far their chunk has come. */
  readonly chunks: Map<string, 'inserting' | 'inserted'>;
  /** When the last commit began that is through, and the one that is under way. */
  delivered: number;
  began: number;
  /** The step announced last. */
  step: string;
}

/** The steps of a commit, in order. */
export const commitSteps = [
  'state.commit',
  'state.confirm',
  'topics.transact',
  'tables.insert',
  'state.acknowledge',
] as const;

/** A stage without state commits by its transaction alone. */
const isStateless = (task: string): boolean => task.startsWith('orders');

export class Life {
  /** Resolves with the signal that ended the process, or its exit code. */
  readonly ended: Promise<NodeJS.Signals | number>;
  readonly tasks = new Map<string, Standing>();
  /** The last step announced, and whether it began or ended. */
  last = 'start';
  isOver = false;
  isStopped = false;
  /** When it went on after it had been stopped. */
  woken = Number.NEGATIVE_INFINITY;
  /** The error it gave up with. */
  gaveUp: string | undefined;
  /** Its tasks, and those of them that have been taken over and read. */
  held = 0;
  reading = 0;
  readonly #process: ChildProcess;
  readonly #ready: Promise<void>;
  onWord: (word: Word) => void = () => {};

  /** Loads a worker that waits for `start`; its log goes to `dir`. */
  constructor(dir: string, number: number) {
    const log = openSync(join(dir, `worker-${number}.log`), 'a');
    const script = join(import.meta.dirname, 'worker-child.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['pipe', 'ignore', log, 'pipe'],
      env: workerEnvironment(number),
    });
    closeSync(log);
    this.#process = child;
    child.stdin!.on('error', () => {});
    let ready!: () => void;
    this.#ready = new Promise((resolve) => {
      ready = resolve;
    });
    let text = '';
    (child.stdio[3] as NodeJS.ReadableStream).setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) this.#hear(JSON.parse(line) as Word, ready);
    });
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.isOver = true;
      ready();
      return (signal as NodeJS.Signals | null) ?? (code as number);
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  async start(start: Start): Promise<void> {
    await this.#ready;
    this.#write(start);
  }

  arm(trap: Trap): void {
    this.#write(trap);
  }

  disarm(): void {
    this.#write({ at: 'nowhere', nth: 0, delay: 0, signal: 'SIGSTOP' });
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.isOver) this.#process.kill(signal);
  }

  /** Whether some task is between the first and the last step of a commit. */
  get isInsideCommit(): boolean {
    return [...this.tasks.values()].some(({ phase, chunks }) => phase !== 'quiet' || chunks.size > 0);
  }

  #write(line: Start | Trap): void {
    this.#process.stdin!.write(`${JSON.stringify(line)}\n`);
  }

  #hear(word: Word, ready: () => void): void {
    if (word.kind === 'ready') ready();
    else if (word.kind === 'gone') this.gaveUp = word.step;
    else if (word.kind === 'standing') [this.reading, this.held] = word.step.split('/').map(Number) as [number, number];
    else if (word.kind !== 'group') this.#follow(word);
    this.onWord(word);
  }

  #follow(word: Word): void {
    const { kind, step, task, lane, code } = word;
    this.last = `${kind} ${step}`;
    if (task === '') return;
    const now = this.#standing(task);
    now.step = step;
    const isDone = kind === 'end' && code === '';
    switch (step) {
      case 'state.open':
        Object.assign(now, { phase: 'quiet' });
        now.chunks.clear();
        break;
      case 'state.commit':
        now.phase = isDone ? 'committed' : kind === 'begin' ? 'committing' : 'quiet';
        if (kind === 'begin') now.began = Date.now();
        break;
      case 'topics.transact':
        if (kind === 'begin') now.phase = 'transacting';
        else if (isStateless(task)) now.phase = 'quiet';
        else if (isDone) now.phase = 'transacted';
        break;
      case 'state.acknowledge':
        if (!isDone) break;
        now.chunks.delete(lane);
        if (lane === '~topics') Object.assign(now, { phase: 'quiet', delivered: now.began });
        break;
      case 'tables.insert':
        if (kind === 'begin') now.chunks.set(lane, 'inserting');
        else if (isDone) now.chunks.set(lane, 'inserted');
        break;
    }
  }

  #standing(task: string): Standing {
    let now = this.tasks.get(task);
    if (now === undefined) {
      now = { phase: 'quiet', chunks: new Map(), delivered: 0, began: 0, step: '' };
      this.tasks.set(task, now);
    }
    return now;
  }
}
