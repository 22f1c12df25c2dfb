/**
 * A random walk over idleness: splits get records, with and without a usable time, a task reads them, is held up, stops
 * and starts, while another source without event time always has more. All of it is the real task over ports in memory.
 *
 * Every record with a time is punctual: when it comes, its time is less than `outOfOrder` old. So none may be late,
 * whatever is idle, unasked or without time. And time must go on: where one split speaks, the others, idle or without
 * a time, may not hold it.
 */

import { topic } from '../../connectors/topic.ts';
import type { Ports, SourceReader, SourceSpec } from '../../graph/connector.ts';
import { job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { Metrics } from '../../runtime/metrics.ts';
import { Task } from '../../runtime/task/task.ts';
import { taskDefaults } from '../../runtime/task/task-options.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { seconds } from '../../time/duration.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { count } from '../../windows/aggregates/count.ts';
import { tumbling } from '../../windows/assigner.ts';

const outOfOrder = seconds(2);
const idleAfter = seconds(20);
const splits = ['a', 'b', 'c', 'd'] as const;

/** Walks `steps` steps; returns how many records had a time, and how often each step was taken. Throws at a fault. */
export async function walkIdleness(random: () => number, steps: number) {
  const walk = new IdleWalk(random);
  await walk.start();
  for (let i = 0; i < steps; i++) {
    await walk.step();
    if (i % 500 === 499) await walk.settle();
  }
  await walk.settle();
  return { timed: walk.timed, taken: walk.taken };
}

class IdleWalk {
  readonly taken = new Map<string, number>();
  timed = 0;
  readonly #random: () => number;
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly #records = new Map<string, number[]>(splits.map((name) => [name, []]));
  readonly #metrics = new Metrics(this.#clock);
  readonly #ports: Ports = {
    topics: memoryTopics(),
    state: memoryState(),
    tables: memoryTables(),
    clock: this.#clock,
  };
  #lives = 0;
  #task!: Task;

  constructor(random: () => number) {
    this.#random = random;
  }

  async start(): Promise<void> {
    const nonce = `life${++this.#lives}`;
    const options = { ...taskDefaults, nonce: () => nonce };
    this.#task = await Task.open(this.#job(), this.#ports, { options, metrics: this.#metrics });
  }

  async step(): Promise<void> {
    const steps: readonly [string, number, () => unknown][] = [
      ['comes', 6, () => this.#comes(this.#any())],
      ['comes without time', 2, () => this.#records.get(this.#any())!.push(Number.NaN)],
      ['reads', 12, () => this.#task.step()],
      ['passes', 5, () => this.#clock.advance(this.#below(2_000))],
      ['is held up', 0.2, () => this.#clock.advance(this.#below(seconds(90)))],
      ['stops', 0.05, () => this.#restart()],
    ];
    let at = this.#random() * steps.reduce((sum, [, weight]) => sum + weight, 0);
    const [name, , act] = steps.find(([, weight]) => (at -= weight) < 0)!;
    this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
    await act();
  }

  /** One split speaks, one has records without a time, the others nothing: what is late, and how far time comes. */
  async settle(): Promise<void> {
    const [speaks, timeless] = [this.#any(), this.#any()];
    for (let second = 0; second < 50; second++) {
      this.#clock.advance(seconds(1));
      if (timeless !== speaks) this.#records.get(timeless)!.push(Number.NaN);
      this.#records.get(speaks)!.push(this.#clock.now());
      this.timed++;
      for (let i = 0; i < 10; i++) await this.#task.step();
    }
    const late = await this.#metrics.get('millrace_records_late_total', 'n');
    if (late > 0) throw new Error(`${late} punctual records are late`);
    const lag = this.#clock.now() - (await this.#metrics.get('millrace_watermark_ms', 'in'));
    if (lag > outOfOrder + seconds(4)) throw new Error(`event time is ${lag} ms behind a split that speaks`);
  }

  async #restart(): Promise<void> {
    await this.#task.release();
    this.#clock.advance(this.#below(seconds(60)));
    await this.start();
  }

  #comes(name: string): void {
    for (let i = this.#below(4); i >= 0; i--) {
      this.#records.get(name)!.push(this.#clock.now() - this.#below(outOfOrder));
      this.timed++;
    }
  }

  #job() {
    return job('idle', (from) => {
      from(
        'in',
        this.#source(splits, (name, at) => this.#records.get(name)!.slice(at)),
      ).pipe(
        eventTime({ at: (time) => time, outOfOrder, idleAfter }),
        keyBy(() => 'all'),
        window('n', tumbling(seconds(1)), count()),
        map(({ value }) => value),
        to('out', topic('out')),
      );
      from(
        'more',
        this.#source(['0'], () => [0]),
      ).pipe(
        map((n) => n + 1),
        to('others', topic('others')),
      );
    });
  }

  #source(names: readonly string[], after: (name: string, at: number) => number[]): SourceSpec<number> {
    const reader: SourceReader<number> = {
      splits: async () => names,
      start: async () => 0,
      poll: async (name, position) => {
        const values = after(name, position as number);
        const times = new Float64Array(values.length).fill(Number.NaN);
        return values.length === 0
          ? undefined
          : { values, times, refused: [], next: (position as number) + values.length };
      },
      close: async () => {},
    };
    return { kind: 'script', label: 'a walk', replayable: true, open: async () => reader };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #any(): string {
    return splits[this.#below(splits.length)]!;
  }
}
