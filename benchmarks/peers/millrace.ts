/** Runs one of the peers' jobs on Millrace, in as many processes as the parallelism says. */

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured, Servers } from './row.ts';
import type { WorkerCost } from './worker.ts';

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url));
let runs = 0;

/** `out` is the number of expected results; `profile` is a directory for CPU profiles. */
export interface MillraceOptions {
  readonly job: string;
  readonly total: number;
  readonly out: number;
  readonly parallelism: number;
  readonly servers?: Servers | undefined;
  readonly profile?: string | undefined;
}

export async function onMillrace(options: MillraceOptions): Promise<Measured> {
  const { job, total, parallelism, servers, profile } = options;
  const name = `peers-${job}-${process.pid}-${runs++}`;
  const where = servers === undefined ? {} : { name, kafka: servers.kafka, topic: servers.topic, redis: servers.redis };
  const flags = Object.entries(where).flatMap(([option, value]) => [`--${option}`, value]);
  if (parallelism > 1) flags.push('--shared');
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const argv = [...process.execArgv, ...profiling, worker, job, String(total), ...flags];
  const crew = new Crew(options);
  const costs = await Promise.all(Array.from({ length: parallelism }, () => crew.start(argv)));
  const sum = (of: (cost: WorkerCost) => number) => costs.reduce((all, cost) => all + of(cost), 0);
  const seconds = Math.max(...costs.map((c) => c.seconds));
  return {
    records: sum((c) => c.records),
    eventsPerSecond: sum((c) => c.records) / seconds,
    cpuSeconds: sum((c) => c.cpuSeconds),
    peakMegabytes: sum((c) => c.peakMegabytes),
    start: Math.max(...costs.map((c) => c.start)),
    out: sum((c) => c.tally.out),
    sum: sum((c) => c.tally.sum),
  };
}

/** Stops the workers of a shared job when all records are read and all results have arrived. */
class Crew {
  readonly #options: MillraceOptions;
  readonly #running: ChildProcess[] = [];
  readonly #standing = new Map<ChildProcess, WorkerCost>();

  constructor(options: MillraceOptions) {
    this.#options = options;
  }

  start(argv: readonly string[]): Promise<WorkerCost> {
    return new Promise((resolve, reject) => {
      const running = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      this.#running.push(running);
      let said = '';
      running.stdout!.on('data', (text) => (said += text));
      running.on('message', (standing: WorkerCost) => this.#note(running, standing));
      running.on('error', reject);
      running.on('close', (status) => {
        if (status !== 0) reject(new Error(`the worker ended with ${status}`));
        else resolve(JSON.parse(said.trim().split('\n').at(-1)!) as WorkerCost);
      });
    });
  }

  #note(running: ChildProcess, standing: WorkerCost): void {
    this.#standing.set(running, standing);
    let [records, out] = [0, 0];
    for (const cost of this.#standing.values()) {
      records += cost.records;
      out += cost.tally.out;
    }
    if (records >= this.#options.total && out >= this.#options.out) for (const each of this.#running) each.send('stop');
  }
}
