/**
 * Keeps a job's workers running: each is a process of its own, because the Kafka client loads only once per process and
 * a process uses one core. A worker that dies is started again with growing pauses. A worker that keeps dying soon
 * after its start ends the supervisor, so that the failure shows outside. SIGUSR2 replaces the workers one by one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AggregatorRegistry } from 'prom-client';
import { MillraceError } from '../../errors.ts';
import type { MetricsPage } from '../../runtime/metrics.ts';
import type { Clock } from '../../time/clock.ts';
import { minutes, seconds, type Time } from '../../time/duration.ts';
import { workerEnvironment } from '../settings/environment.ts';
import { type Measured, notReading } from './metrics-server.ts';
import { MissedServers } from './missed-servers.ts';
import { obstacleOf, type Standing, type SupervisorWord, type WorkerWord } from './worker-link.ts';

/** How workers are started and watched. */
export interface SupervisorOptions {
  readonly workers: number;
  /** Arguments of Node that run one worker. */
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly say: (line: string) => void;
  /** Aborted to stop: workers commit, deliver and leave. */
  readonly signal: AbortSignal;
}

/** A worker that dies this soon after its start counts as never having run. */
const tooSoon = seconds(30);
/** After this many such deaths in a row the supervisor gives up. */
const mostDeaths = 5;
/** How long a worker may take to stop before it is killed. */
const grace = minutes(1);
/** Exit code of wrong usage, which a restart repeats. */
const wrongUsage = 2;

interface Worker {
  readonly number: number;
  child: ChildProcess;
  standing: Standing | undefined;
  startedAt: Time;
  /** Deaths in a row that came too soon. */
  deaths: number;
  /** Whether its end was asked for. */
  stopping: boolean;
}

export class Supervisor implements Measured {
  readonly #options: SupervisorOptions;
  readonly #workers: Worker[] = [];
  readonly #missed: MissedServers;
  readonly #answers = new Map<number, (page: MetricsPage) => void>();
  #requests = 0;
  #failure: MillraceError | undefined;
  #rolling: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#missed = new MissedServers(options.say);
  }

  isHealthy(): boolean {
    return this.#workers.every((worker) => worker.deaths === 0);
  }

  obstacle(): string | undefined {
    const obstacles = this.#workers.map(({ standing }) => obstacleOf(standing));
    return this.#workers.length === 0 ? notReading : obstacles.find((each) => each !== undefined);
  }

  /** Runs until `signal` stops it. Errors: WORKERS_FAILED. */
  async run(): Promise<void> {
    const { workers, signal } = this.#options;
    const replace = () => {
      this.#rolling = this.#rolling.then(() => this.#roll());
    };
    process.on('SIGUSR2', replace);
    const lives = Array.from({ length: workers }, (_, i) => this.#keep(i + 1));
    await Promise.all(lives);
    process.off('SIGUSR2', replace);
    if (this.#failure !== undefined && !signal.aborted) throw this.#failure;
  }

  /** The metrics of all workers, each with its label `worker`; a worker that does not answer is left out. */
  async text(): Promise<string> {
    const pages = await Promise.all(this.#workers.map((worker) => this.#ask(worker)));
    return AggregatorRegistry.aggregate(pages).metrics();
  }

  async #ask({ child }: Worker): Promise<MetricsPage> {
    const request = this.#requests++;
    const done = new AbortController();
    const answer = new Promise<MetricsPage>((resolve) => this.#answers.set(request, resolve));
    const word: SupervisorWord = { kind: 'metrics', request };
    child.send(word, () => undefined);
    const silence = this.#options.clock.sleep(seconds(2), done.signal).then((): MetricsPage => []);
    const page = await Promise.race([answer, silence]);
    done.abort();
    this.#answers.delete(request);
    return page;
  }

  /** Keeps one worker running until everything stops. */
  async #keep(number: number): Promise<void> {
    const { clock, signal, say } = this.#options;
    const worker = this.#start(number);
    this.#workers.push(worker);
    const stop = () => void this.#stop(worker);
    signal.addEventListener('abort', stop);
    for (;;) {
      const [code, by] = (await once(worker.child, 'exit')) as [number | null, string | null];
      worker.standing = undefined;
      if (signal.aborted || this.#failure !== undefined) break;
      const lived = clock.now() - worker.startedAt;
      worker.deaths = worker.stopping || lived > tooSoon ? 0 : worker.deaths + 1;
      if (!worker.stopping)
        say(`millrace: worker ${number} ended with ${by ?? code} after ${Math.round(lived / 1_000)} s`);
      if (code === wrongUsage || worker.deaths >= mostDeaths) {
        this.#fail(worker, by ?? String(code));
        break;
      }
      const pause = worker.stopping ? 0 : Math.min(seconds(30), 500 * 2 ** worker.deaths);
      await clock.sleep(pause, signal);
      if (signal.aborted || this.#failure !== undefined) break;
      this.#restart(worker);
    }
    signal.removeEventListener('abort', stop);
  }

  #start(number: number): Worker {
    const worker: Worker = {
      number,
      child: this.#spawn(number),
      standing: undefined,
      startedAt: this.#options.clock.now(),
      deaths: 0,
      stopping: false,
    };
    this.#listen(worker);
    return worker;
  }

  #restart(worker: Worker): void {
    worker.child = this.#spawn(worker.number);
    worker.startedAt = this.#options.clock.now();
    worker.stopping = false;
    this.#listen(worker);
  }

  #spawn(number: number): ChildProcess {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    return spawn(process.execPath, this.#options.args, { env: workerEnvironment(number), stdio: [...stdio] });
  }

  #listen(worker: Worker): void {
    worker.child.on('message', (word: WorkerWord) => {
      if (word.kind === 'standing') worker.standing = word.standing;
      else if (word.kind === 'server') this.#missed.hear(worker.number, word);
      else this.#answers.get(word.request)?.(word.page);
    });
    this.#options.say(`millrace: worker ${worker.number} is process ${worker.child.pid}`);
    // A worker that can't be started or told anything ends, and its end is what counts.
    worker.child.on('error', () => undefined);
  }

  /** Asks a worker to commit, deliver and leave; ends it if it doesn't. */
  async #stop(worker: Worker): Promise<void> {
    const { child } = worker;
    if (child.exitCode !== null || child.signalCode !== null) return;
    worker.stopping = true;
    const gone = new AbortController();
    child.once('exit', () => gone.abort());
    child.kill('SIGTERM');
    await this.#options.clock.sleep(grace, gone.signal);
    if (!gone.signal.aborted) child.kill('SIGKILL');
  }

  #fail({ number }: Worker, end: string): void {
    this.#failure = new MillraceError('WORKERS_FAILED', { worker: number, end });
    for (const worker of this.#workers) void this.#stop(worker);
  }

  /** Replaces the workers one after the other; the next one goes when the last one reads. */
  async #roll(): Promise<void> {
    const { clock, say, signal } = this.#options;
    say('millrace: SIGUSR2, replacing the workers one after the other');
    for (const worker of this.#workers) {
      if (signal.aborted) return;
      await this.#stop(worker);
      for (let n = 0; n < 600 && !signal.aborted; n++) {
        await clock.sleep(100, signal);
        if (!worker.stopping && obstacleOf(worker.standing) === undefined) break;
      }
    }
    say('millrace: every worker was replaced');
  }
}
