/**
 * A world that jobs live in: the three ports in memory, a clock that moves when told to, and a journal of what was
 * truly inserted. A life is one process that runs the job over these ports with faults, from opening the task until
 * it has finished, died or frozen. Lives follow one another in the same world, as restarts do; everything in a life
 * happens in the same order each time, so that step 17 of one run is step 17 of the next.
 */
import { setImmediate } from 'node:timers/promises';
import type { Ports } from '../../graph/connector.ts';
import type { Job } from '../../graph/job.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { Task } from '../../runtime/task/task.ts';
import { type TaskOptions, taskDefaults } from '../../runtime/task/task-options.ts';
import { type MemoryState, memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import type { Tables } from '../../tables/tables.ts';
import { type Fault, type FaultPlan, type Faults, withFaults } from '../../testing/faults.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { type MemoryTopics, memoryTopics } from '../../topics/memory.ts';
import { fill, start } from './jobs.ts';

/** The three ports of a world, whole or with one protection switched off. */
export type WorldPorts = Pick<Ports, 'topics' | 'state' | 'tables'>;

export interface World {
  readonly topics: MemoryTopics;
  readonly state: MemoryState;
  readonly tables: Tables;
  readonly clock: ManualClock;
  /** Rows as they were inserted, by table: a row that was inserted twice stands here twice. */
  readonly journal: ReadonlyMap<string, readonly string[]>;
  /** What jobs are given. */
  readonly ports: WorldPorts;
  /** Take-overs so far; makes nonces. */
  lives: number;
}

/** An empty world. `weaken` may take a protection away from what jobs are given. */
export function makeWorld(weaken: (ports: WorldPorts) => WorldPorts = (ports) => ports): World {
  const topics = memoryTopics();
  const state = memoryState({ undoable: 1_000 });
  const tables = memoryTables();
  const journal = new Map<string, string[]>();
  const ports = weaken({ topics, state, tables: journaled(tables, journal) });
  return { topics, state, tables, clock: new ManualClock(start), journal, ports, lives: 0 };
}

/** Writes down every row that an insert under a new token brings. */
function journaled(tables: Tables, journal: Map<string, string[]>): Tables {
  const tokens = new Set<string>();
  return {
    ...tables,
    async insert(table, ndjson, chunk) {
      await tables.insert(table, ndjson, chunk);
      const { token } = chunk;
      if (tokens.has(token)) return;
      tokens.add(token);
      const lines = Buffer.from(ndjson).toString().trimEnd().split('\n');
      journal.set(table, [...(journal.get(table) ?? []), ...lines]);
    },
  };
}

/** How a life ended. `frozen`: it hangs, and goes on when `faults.release` is called; then `done` tells its end. */
export interface Life {
  readonly faults: Faults<WorldPorts>;
  readonly end: 'finished' | 'crashed' | 'frozen' | 'failed';
  /** Why it failed. */
  readonly error: unknown;
  /** Steps of each part of the life. */
  readonly opened: number;
  readonly metrics: Metrics;
  /** Resolves when a frozen life has come to its end after all: with what it threw, if anything. */
  readonly done: Promise<unknown>;
}

/** No faults. */
export const unharmed: FaultPlan = () => undefined;

/** One fault at the step with this number. */
export const at =
  (number: number, fault: Fault): FaultPlan =>
  (step) =>
    step.number === number ? fault : undefined;

/** A world with the jobs' input in it. */
export async function filled(weaken?: (ports: WorldPorts) => WorldPorts): Promise<World> {
  const world = makeWorld(weaken);
  await fill(world.topics);
  return world;
}

/** Rounds without input after which a life is over: enough for the clock to close every window. */
const quietRounds = 14;

/** One process: opens the task, runs it until its input is quiet, finishes. */
export async function live(
  world: World,
  job: Job,
  plan: FaultPlan = unharmed,
  how: { readonly known?: number; readonly options?: Partial<TaskOptions> } = {},
): Promise<Life> {
  const faults = withFaults(world.ports, plan);
  const metrics = new Metrics();
  const progress = { opened: Number.POSITIVE_INFINITY };
  let ended = false;
  let error: unknown;
  const done = play(world, job, { faults, metrics, progress, ...how })
    .catch((thrown: unknown) => (error = thrown))
    .finally(() => (ended = true));
  // Sleepers are woken here, since nothing else moves the clock while the job waits.
  for (let idle = 0; !ended && idle < 3; ) {
    await setImmediate();
    const wake = world.clock.nextWake;
    if (wake !== undefined && !faults.isFrozen) world.clock.advanceTo(wake);
    idle = faults.isFrozen ? idle + 1 : 0;
  }
  const end = !ended ? 'frozen' : faults.isDead ? 'crashed' : error === undefined ? 'finished' : 'failed';
  return { faults, end, error, opened: progress.opened, metrics, done: done.then(() => error) };
}

async function play(
  world: World,
  job: Job,
  life: {
    readonly faults: Faults<WorldPorts>;
    readonly metrics: Metrics;
    readonly progress: { opened: number };
    readonly known?: number;
    readonly options?: Partial<TaskOptions>;
  },
): Promise<void> {
  const { faults, metrics, progress, known } = life;
  const nonce = () => `life-${++world.lives}`;
  const options = { ...taskDefaults, fetch: { maxRecords: 6, maxBytes: 1 << 20 }, nonce, ...life.options };
  const task = await Task.open(job, { ...faults.ports, clock: world.clock }, { options, metrics, known });
  progress.opened = faults.steps.length;
  for (let quiet = 0; quiet < quietRounds; ) {
    quiet = (await task.step()) === 'worked' ? 0 : quiet + 1;
    world.clock.advance(500);
  }
  await task.finish();
}

/** Lets a frozen life go on, as often as it freezes, and waits for its end, moving the clock for it. */
export async function thaw(world: World, life: Life): Promise<unknown> {
  let ended = false;
  void life.done.finally(() => (ended = true));
  while (!ended) {
    life.faults.release();
    await setImmediate();
    if (world.clock.nextWake !== undefined) world.clock.advanceTo(world.clock.nextWake);
  }
  return life.done;
}
