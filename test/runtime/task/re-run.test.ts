/** A job that is run again over input that had ended: what was right stays right. */
import { describe, expect, test } from 'vitest';
import { int } from '../../../codecs/codec.ts';
import { script } from '../../../connectors/script.ts';
import { table } from '../../../connectors/table.ts';
import { topic } from '../../../connectors/topic.ts';
import { job } from '../../../graph/job.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { process } from '../../../operators/process.ts';
import { scan } from '../../../operators/scan.ts';
import { to } from '../../../operators/to.ts';
import { window } from '../../../operators/window.ts';
import type { TableSpec } from '../../../tables/tables.ts';
import { count } from '../../../windows/aggregates/count.ts';
import { type Assigner, session, sliding, tumbling } from '../../../windows/assigner.ts';
import { deadLettersOf, memoryWorld, runToEnd, valuesOf } from '../../support/run-to-end.ts';

const spec = {
  name: 'counts',
  columns: { start: { type: 'Int64' }, n: { type: 'Int64' } },
  identity: ['start'],
} as unknown as TableSpec;

/** Counts numbers, which are their own times, and writes a row a window. */
const counting = (numbers: readonly number[], assigner: Assigner) =>
  job('counting', (from) => {
    from('numbers', script(numbers)).pipe(
      eventTime({ at: (n) => n, outOfOrder: 0 }),
      keyBy(() => 'k'),
      window('w', assigner, count()),
      to('rows', table(spec, { row: (w) => ({ start: w.window.start, n: w.value }), deletes: (w) => w.retracted })),
    );
  });

describe('input that has grown since it ended', () => {
  test.each<[string, Assigner]>([
    ['tumbling', tumbling(60_000)],
    ['tumbling with lateness', tumbling(60_000, { lateness: 30_000 })],
    ['sliding', sliding(60_000, 20_000)],
  ])('makes no row of a %s window smaller; what comes late is told', async (_, assigner) => {
    const world = memoryWorld();
    const first = [100_000, 110_000];
    await runToEnd(counting(first, assigner), world);
    const before = await world.tables.rows('counts');
    expect(before.length).toBeGreaterThan(0);
    const later = 1_000_000;
    await runToEnd(counting([...first, 115_000, later], assigner), world);
    const rows = new Map((await world.tables.rows('counts')).map(({ start, n }) => [start, n as number]));
    for (const { start, n } of before) expect(rows.get(start)).toBeGreaterThanOrEqual(n as number);
    expect(await deadLettersOf(world)).toMatchObject([{ origin: 'w', reason: 'late', sample: '115000' }]);
    // What belongs to later windows is counted.
    expect([...rows.keys()].some((start) => (start as number) > 900_000)).toBe(true);
  });

  test('opens another session beside one that has ended', async () => {
    const world = memoryWorld();
    const sessions = session(30_000);
    await runToEnd(counting([100_000, 110_000], sessions), world);
    await runToEnd(counting([100_000, 110_000, 115_000], sessions), world);
    expect(await world.tables.rows('counts')).toMatchObject([
      { start: 100_000, n: 2 },
      { start: 115_000, n: 1 },
    ]);
  });

  test('that the watermark had passed stays late as well', async () => {
    const world = memoryWorld();
    const minute = tumbling(60_000);
    await runToEnd(counting([10_000, 20_000, 500_000], minute), world);
    await runToEnd(counting([10_000, 20_000, 500_000, 30_000], minute), world);
    expect(await world.tables.rows('counts')).toMatchObject([
      { start: 0, n: 2 },
      { start: 480_000, n: 1 },
    ]);
    expect(await deadLettersOf(world)).toMatchObject([{ reason: 'late', sample: '30000' }]);
  });

  test('and was run three times is still told what is late', async () => {
    const world = memoryWorld();
    const minute = tumbling(60_000);
    await runToEnd(counting([100_000, 110_000], minute), world);
    await runToEnd(counting([100_000, 110_000], minute), world);
    await runToEnd(counting([100_000, 110_000, 111_000], minute), world);
    expect(await world.tables.rows('counts')).toMatchObject([{ start: 60_000, n: 2 }]);
  });
});

test('what would expire is kept at the end of the input', async () => {
  const deduplicated = (words: readonly string[]) =>
    job('deduplicated', (from) => {
      from('words', script(words)).pipe(
        eventTime({ at: () => 1_000, outOfOrder: 0 }),
        keyBy((word) => word),
        scan('seen', { codec: int, ttl: 60_000 }, (n: number = 0, word) => [n + 1, n === 0 ? word : undefined]),
        to('out', topic('out')),
      );
    });
  const world = memoryWorld();
  await runToEnd(deduplicated(['a', 'b', 'a']), world);
  await runToEnd(deduplicated(['a', 'b', 'a', 'b', 'c']), world);
  expect(await valuesOf(world, 'out')).toEqual(['a', 'b', 'c']);
});

describe('a timer that sets the next one', () => {
  let firings = 0;
  const chain = (links: number, keys: readonly string[] = ['k']) =>
    job('chained', (from) => {
      from('keys', script(keys)).pipe(
        eventTime({ at: () => 1_000, outOfOrder: 0 }),
        keyBy((key) => key),
        process('p', (ctx) => {
          const fired = ctx.value('fired', int);
          return {
            onData: (_, time) => ctx.timer(time + 10),
            onTimer(time, out) {
              const n = (fired.get() ?? 0) + 1;
              fired.set(n);
              firings++;
              if (keys.length === 1) out.emit(time);
              if (n < links) ctx.timer(time + 10);
            },
          };
        }),
        to('out', topic('out')),
      );
    });

  test('is fired to its end when the input has ended', async () => {
    const world = memoryWorld();
    await runToEnd(chain(60), world);
    expect(await valuesOf(world, 'out')).toHaveLength(60);
    expect(await deadLettersOf(world)).toEqual([]);
  });

  test.each([[1], [4_200]])('without end does not keep the job of %i keys from its end, and is told', async (size) => {
    const world = memoryWorld();
    const keys = Array.from({ length: size }, (_, i) => `k${i}`);
    firings = 0;
    await runToEnd(chain(Number.POSITIVE_INFINITY, keys), world);
    // The first and a hundred that follow from it, of each key.
    expect(firings).toBe(size * 101);
    expect(await deadLettersOf(world)).toMatchObject([
      { origin: 'p', reason: 'endless', sample: `{"timers":${size}}` },
    ]);
    // It stays set.
    const state = await world.state.open('chained', 'all');
    expect(await state.spaces()).toContain('p/~timers');
  });

  const endless = (keyOf: (n: number) => string, numbers: readonly number[]) =>
    job('again', (from) => {
      from('numbers', script([...numbers])).pipe(
        eventTime({ at: (n) => Math.floor(n), outOfOrder: 0 }),
        keyBy(keyOf),
        process('p', (ctx) => ({
          onData: (_, time) => ctx.timer(time),
          onTimer: (time) => ctx.timer(time),
        })),
        to('out', topic('out')),
      );
    });

  test('of many keys at once is a dead letter of each, and the job goes on', async () => {
    const world = memoryWorld();
    const together = Array.from({ length: 250 }, (_, i) => 1_000 + i / 1_000);
    await runToEnd(endless(String, [...together, 900_000]), world);
    const letters = await deadLettersOf(world);
    expect(letters.filter(({ detail }) => String(detail).startsWith('TIMER_ENDLESS'))).toHaveLength(250);
  });

  test('for the time that has come is stopped with a code', async () => {
    const world = memoryWorld();
    await runToEnd(
      endless(() => 'k', [1_000, 900_000]),
      world,
    );
    expect((await deadLettersOf(world))[0]).toMatchObject({
      origin: 'p',
      sample: 'k',
      detail: expect.stringMatching(/^TIMER_ENDLESS: .*'p\/~timers'.*1000.*100 times in a row/),
    });
  });
});
