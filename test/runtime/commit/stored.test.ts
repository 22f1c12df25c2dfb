/** Stored state and a job that has changed: nothing is lost, misread or deleted without being asked for. */
import { describe, expect, test } from 'vitest';
import { type Codec, float64, int, json } from '../../../codecs/codec.ts';
import { script } from '../../../connectors/script.ts';
import { table } from '../../../connectors/table.ts';
import { topic } from '../../../connectors/topic.ts';
import type { Ports } from '../../../graph/connector.ts';
import { type From, type Job, type JobOptions, job } from '../../../graph/job.ts';
import type { OpContext } from '../../../graph/op.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { process } from '../../../operators/process.ts';
import { scan } from '../../../operators/scan.ts';
import { to } from '../../../operators/to.ts';
import { window } from '../../../operators/window.ts';
import { Metrics } from '../../../runtime/metrics.ts';
import { Task } from '../../../runtime/task/task.ts';
import { taskDefaults } from '../../../runtime/task/task-options.ts';
import type { TableSpec } from '../../../tables/tables.ts';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { combine } from '../../../windows/aggregates/combine.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { from as fromPart } from '../../../windows/aggregates/from.ts';
import { max } from '../../../windows/aggregates/max.ts';
import { quantile } from '../../../windows/aggregates/quantile.ts';
import { sum } from '../../../windows/aggregates/sum.ts';
import { type Assigner, session, sliding, tumbling } from '../../../windows/assigner.ts';
import { append, memoryWorld, runToEnd, runWhileThere, valuesOf } from '../../support/run-to-end.ts';

const numbers = (from: From) => from('in', topic<number>('in')).pipe(eventTime({ at: (n) => n, outOfOrder: 0 }));

const windowed = (assigner: Assigner, aggregate: Aggregate<number, never, unknown>, uid = 'w', options?: JobOptions) =>
  job(
    'windowed',
    (from) => {
      numbers(from).pipe(
        keyBy(() => 'k'),
        window(uid, assigner, aggregate),
        to('out', topic('out')),
      );
    },
    options,
  );
const anyOf = (aggregate: unknown) => aggregate as Aggregate<number, never, unknown>;
const counted = anyOf(count());

/** A world in which the job has read two numbers; windows of more than 20 s are open. */
async function ranBy(first: Job): Promise<Ports> {
  const world = memoryWorld();
  await append(world, 'in', [10_000, 20_000]);
  await runWhileThere(first, world);
  await append(world, 'in', [30_000, 1_000_000]);
  return world;
}

const minute = tumbling(60_000);

test('a window that was closed because its input had ended is not opened again under another size', async () => {
  const over = (values: readonly number[], assigner: Assigner, uid = 'w', options?: JobOptions) =>
    job(
      'ended',
      (from) => {
        from('in', script(values)).pipe(
          eventTime({ at: (n) => n, outOfOrder: 0 }),
          keyBy(() => 'k'),
          window(uid, assigner, counted),
          to('out', topic('out')),
        );
      },
      options,
    );
  const world = memoryWorld();
  await runToEnd(over([10_000, 20_000], minute), world);
  const longer = [10_000, 20_000, 1_800_000];
  await expect(runToEnd(over(longer, tumbling(3_600_000)), world)).rejects.toMatchObject({ code: 'PLAN_CHANGED' });
  await runToEnd(over(longer, minute), world);
  expect(await valuesOf(world, 'out')).toMatchObject([{ value: 2 }, { value: 1 }]);
  await runToEnd(over([...longer, 1_900_000], tumbling(3_600_000), 'hours', { drop: ['w'] }), world);
});

describe('a window with open windows', () => {
  test.each<[string, Assigner, RegExp]>([
    ['another size', tumbling(30_000), /tumbling window \(size 60000.*tumbling window \(size 30000/],
    ['another offset', tumbling(60_000, { offset: 1_000 }), /offset 0.*offset 1000/],
    ['another lateness', tumbling(60_000, { lateness: 5_000 }), /lateness 0.*lateness 5000/],
    ['another kind', sliding(60_000, 30_000), /tumbling.*sliding/],
    ['sessions instead', session(60_000), /tumbling.*session/],
  ])('is not given %s without a word', async (_, changed, difference) => {
    const world = await ranBy(windowed(minute, counted));
    const run = runWhileThere(windowed(changed, counted), world);
    await expect(run).rejects.toThrow(
      /^PLAN_CHANGED: .*'w' was .*give 'w' another uid and name 'w' in the option `drop`/,
    );
    await expect(runWhileThere(windowed(changed, counted), world)).rejects.toThrow(difference);
    // Put back, it goes on where it was.
    await runWhileThere(windowed(minute, counted), world);
    expect(await valuesOf(world, 'out')).toMatchObject([{ value: 3 }]);
  });

  test.each<[string, unknown, unknown]>([
    ['another aggregate over the same codec', sum((n: number) => n), max((n: number) => n)],
    ['another codec', count(), sum((n: number) => n)],
  ])('is not given %s', async (_, before, now) => {
    const world = await ranBy(windowed(minute, anyOf(before)));
    await expect(runWhileThere(windowed(minute, anyOf(now)), world)).rejects.toThrow(/^PLAN_CHANGED/);
  });

  test.each<[string, unknown, unknown]>([
    ['a part of an aggregate more', combine({ n: count() }), combine({ n: count(), total: sum((n: number) => n) })],
    ['other quantiles', fromPart((n: number) => n, quantile([0.5])), fromPart((n: number) => n, quantile([0.9]))],
  ])('may be given %s', async (_, before, now) => {
    const world = await ranBy(windowed(minute, anyOf(before)));
    await expect(runWhileThere(windowed(minute, anyOf(now)), world)).resolves.toBeUndefined();
  });

  test('may be replaced by one of another uid, and its state is dropped where the job says so', async () => {
    const world = await ranBy(windowed(minute, counted));
    const other = tumbling(1_000);
    await expect(runWhileThere(windowed(other, counted, 'w2'), world)).rejects.toThrow(
      /^STATE_UNKNOWN_UID: .* holds uid 'w', .* name 'w' in the option `drop` of the job, which deletes its state/,
    );
    await runWhileThere(windowed(other, counted, 'w2', { drop: ['w'] }), world);
    expect(await valuesOf(world, 'out')).toMatchObject([{ value: 1, window: { start: 30_000 } }]);
    // Once dropped, it is not asked for again.
    await expect(runWhileThere(windowed(other, counted, 'w2'), world)).resolves.toBeUndefined();
  });

  test('none of which is open may change', async () => {
    const world = memoryWorld();
    await append(world, 'in', [10_000]);
    await runWhileThere(windowed(tumbling(1_000), counted), world);
    await append(world, 'in', [30_000]);
    // The watermark of the second number closes both.
    await append(world, 'in', [31_000]);
    await runWhileThere(windowed(tumbling(1_000), counted), world);
    await expect(runWhileThere(windowed(minute, counted), world)).rejects.toThrow(/^PLAN_CHANGED/);
    const quiet = memoryWorld();
    await append(quiet, 'in', []);
    await runWhileThere(windowed(minute, counted), quiet);
    await expect(runWhileThere(windowed(tumbling(1_000), counted), quiet)).resolves.toBeUndefined();
  });
});

describe('a state', () => {
  const withStates = (make: (ctx: OpContext<number>) => void, options?: JobOptions) =>
    job(
      'stateful',
      (from) => {
        numbers(from).pipe(
          keyBy(() => 'k'),
          process('p', (ctx) => {
            make(ctx);
            return { onData() {} };
          }),
          to('out', topic('out')),
        );
      },
      options,
    );
  const keeping = job('stateful', (from) => {
    numbers(from).pipe(
      keyBy(() => 'k'),
      process('p', (ctx) => {
        const n = ctx.value('n', int);
        return { onData: (value) => n.set(value) };
      }),
      to('out', topic('out')),
    );
  });
  const int2: Codec<number> = { ...float64, version: 2, upgrade: (bytes) => int.decode(bytes) };

  test.each<[string, (ctx: OpContext<number>) => void, RegExp]>([
    ['of another codec', (ctx) => ctx.value('n', json()), /a value of int version 1 and is a value of json version 1/],
    ['of another kind', (ctx) => ctx.map('n', int), /a value of int version 1 and is a map of int version 1/],
    ['that is declared no more', (ctx) => ctx.value('m', int), /state 'p\/n' is declared no more/],
  ])('%s is refused', async (_, make, difference) => {
    const world = await ranBy(keeping);
    await expect(runWhileThere(withStates(make), world)).rejects.toThrow(difference);
  });

  test('of a codec with a higher version and an upgrade is read', async () => {
    const world = await ranBy(keeping);
    await expect(
      runWhileThere(
        withStates((ctx) => ctx.value('n', int2)),
        world,
      ),
    ).resolves.toBeUndefined();
  });

  test('can be dropped by itself', async () => {
    const world = await ranBy(keeping);
    await runWhileThere(
      withStates((ctx) => ctx.value('m', int), { drop: ['p/n'] }),
      world,
    );
    const { spaces } = await world.state.open('stateful', 'all');
    expect(await spaces()).toEqual([]);
  });

  test('of another operator or name stays where one is dropped, also where its name begins alike', async () => {
    const keeps = (uid: string) =>
      process<number, number, string>(uid, (ctx) => {
        const n = ctx.value('n', int);
        return {
          onData(value, _, out) {
            n.set((n.get() ?? 0) + 1);
            out.emit(value);
          },
        };
      });
    const kept = (last: string, options?: JobOptions) =>
      job(
        'stateful',
        (from) =>
          void numbers(from).pipe(
            keyBy(() => 'k'),
            keeps('p'),
            keeps(last),
            to('out', topic('out')),
          ),
        options,
      );
    const world = await ranBy(kept('p-old'));
    await runWhileThere(kept('p2', { drop: ['p-old'] }), world);
    const { spaces, load } = await world.state.open('stateful', 'all');
    expect((await spaces()).filter((space) => space.endsWith('/n'))).toEqual(['p/n', 'p2/n']);
    const counted = async (name: string) => {
      const [entries] = await load({ name, kind: 'value' }, ['sk']);
      // Behind the version of the codec.
      return int.decode(entries![0]![1].subarray(1));
    };
    expect([await counted('p/n'), await counted('p2/n')]).toEqual([4, 2]);
  });

  test.each([['p'], ['p/m'], ['P'], ['p/~timers'], ['']])('%j can not be named for dropping', (dropped) => {
    expect(() => withStates((ctx) => ctx.value('m', int), { drop: [dropped] })).toThrow(/^OPTION_INVALID: drop of job/);
  });
});

describe('a sink with rows that wait', () => {
  const specOf = (name: string): TableSpec => ({ name, columns: { n: { type: 'Float64' } }, identity: ['n'] }) as never;
  const writing = (name: string, uid = 'rows', options?: JobOptions) =>
    job(
      'writing',
      (from) => {
        const seen = numbers(from).pipe(
          keyBy(() => 'k'),
          scan('s', { codec: float64 }, (_, n) => [n, n]),
        );
        seen.pipe(to(uid, table(specOf(name), { row: (n: number) => ({ n }) })));
      },
      options,
    );
  /** A world whose tables were away, so that the rows wait. */
  async function waiting(): Promise<Ports> {
    const world = memoryWorld();
    await append(world, 'in', [1, 2]);
    const options = { ...taskDefaults, nonce: () => 'first' };
    const task = await Task.open(writing('a'), world, { options, metrics: new Metrics(world.clock) });
    while ((await task.step()) === 'worked');
    // It commits, and leaves the chunk to the next owner.
    await task.release();
    return world;
  }

  test('is not given another table without a word', async () => {
    const world = await waiting();
    await expect(runWhileThere(writing('b'), world)).rejects.toThrow(
      /^PLAN_CHANGED: .*'rows' was table a and is table b/,
    );
    await runWhileThere(writing('a'), world);
    expect(await world.tables.rows('a')).toHaveLength(2);
    await expect(runWhileThere(writing('b'), world)).resolves.toBeUndefined();
  });

  test('can be removed, and its rows dropped where the job says so', async () => {
    const world = await waiting();
    await expect(runWhileThere(writing('b', 'other'), world)).rejects.toThrow(/^STATE_UNKNOWN_UID: .*'rows'/);
    await runWhileThere(writing('b', 'other', { drop: ['rows'] }), world);
    await expect(runWhileThere(writing('b', 'other'), world)).resolves.toBeUndefined();
  });
});
