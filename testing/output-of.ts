/** Runs operators over a list of values, for tests of what they compute. */

import { script } from '../connectors/script.ts';
import type { TopicSink } from '../graph/connector.ts';
import { type Job, job } from '../graph/job.ts';
import type { Op, Stream } from '../graph/stream.ts';
import { to } from '../operators/to.ts';
import { Metrics } from '../runtime/metrics.ts';
import { Task } from '../runtime/task/task.ts';
import { taskDefaults } from '../runtime/task/task-options.ts';
import type { Unkeyed } from '../state/key.ts';
import { memoryState } from '../state/memory.ts';
import { memoryTables } from '../tables/memory.ts';
import { memoryTopics } from '../topics/memory.ts';
import type { OpUnderTest } from './drive.ts';
import { VirtualClock } from './virtual-clock.ts';

/**
 * The values that operators emit for `values`: a job of one source, the operators and a sink, run to its end in memory.
 * The first operator may be a function that opens further sources by its second parameter. Rejects if an operator
 * throws.
 *
 * @example
 * await outputOf([1, 2, 3], filter((n) => n > 1), map((n) => n * 10)) // => [20, 30]
 */
export function outputOf<T, A, KA>(values: readonly T[], a: OpUnderTest<T, Unkeyed, A, KA>): Promise<A[]>;
export function outputOf<T, A, KA, B, KB>(
  values: readonly T[],
  a: OpUnderTest<T, Unkeyed, A, KA>,
  b: Op<A, KA, B, KB>,
): Promise<B[]>;
export function outputOf<T, A, KA, B, KB, C, KC>(
  values: readonly T[],
  a: OpUnderTest<T, Unkeyed, A, KA>,
  b: Op<A, KA, B, KB>,
  c: Op<B, KB, C, KC>,
): Promise<C[]>;
export function outputOf<T, A, KA, B, KB, C, KC, D, KD>(
  values: readonly T[],
  a: OpUnderTest<T, Unkeyed, A, KA>,
  b: Op<A, KA, B, KB>,
  c: Op<B, KB, C, KC>,
  d: Op<C, KC, D, KD>,
): Promise<D[]>;
export async function outputOf(
  values: readonly unknown[],
  ...ops: readonly OpUnderTest<unknown, Unkeyed, unknown, Unkeyed>[]
): Promise<unknown[]> {
  const output: unknown[] = [];
  const kept: TopicSink<unknown> = {
    kind: 'topic',
    label: 'output',
    topic: 'output',
    encode(value) {
      output.push(value);
      return null;
    },
    key: undefined,
  };
  await runToEnd(
    job('output-of', (from) => {
      const input: Stream<unknown> = from('values', script(values));
      ops.reduce((stream, op) => op(stream, from), input).pipe(to('output', kept));
    }),
  );
  return output;
}

async function runToEnd(made: Job): Promise<void> {
  const clock = new VirtualClock();
  const ports = { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock };
  const options = { ...taskDefaults, onPoison: 'fail', nonce: () => '0' } as const;
  const task = await Task.open(made, ports, { options, metrics: new Metrics() });
  while ((await task.step()) !== 'ended');
  await task.finish();
}
