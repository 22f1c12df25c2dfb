import { describe, expect, test } from 'vitest';
import { script } from '../../../connectors/script.ts';
import { topic } from '../../../connectors/topic.ts';
import { type From, job } from '../../../graph/job.ts';
import type { Handlers, OpContext } from '../../../graph/op.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import archiveOf from '../../../jobs/archive.ts';
import incidentsOf from '../../../jobs/incidents.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { map } from '../../../operators/map.ts';
import { process } from '../../../operators/process.ts';
import { to } from '../../../operators/to.ts';
import { Streak } from '../../../runtime/circuit/operate.ts';
import { END, play } from '../../../testing/index.ts';

const numbers = (from: From) => from('numbers', script<number>([]));
const odd = (n: number): number => {
  if (n % 2 === 1) throw new Error(`${n} is odd`);
  return n;
};
const evens = job('evens', (from) => {
  numbers(from).pipe(map(odd), to('out', topic('out')));
});
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const one = { maxRecords: 1, maxBytes: 1_000 };

describe('a record on which an operator throws', () => {
  test('becomes a dead letter that says who, why and what, and the stream goes on', async () => {
    const played = await play(evens, { numbers: [2, 3, 4, END] });
    expect(played.topics['out']).toEqual([2, 4]);
    expect(played.deadLetters).toMatchObject([
      { job: 'evens', origin: 'map#1', reason: 'threw', detail: '3 is odd', sample: '3' },
    ]);
    expect(await played.metrics.get('millrace_records_dead_total', 'map#1')).toBe(1);
  });

  test('fails the task where the option says so', async () => {
    const played = play(evens, { numbers: [2, 3, END] }, { task: { onPoison: 'fail' } });
    await expect(played).rejects.toThrow("RECORD_POISONOUS: operator 'map#1' failed on a record: 3 is odd");
  });
});

describe('a streak of them', () => {
  test.each([
    ['in one batch', {}],
    ['over batches', { fetch: one }],
  ])('%s ends the task at the limit', async (_, task) => {
    const odds = range(5).map((n) => 2 * n + 1);
    const played = play(evens, { numbers: [2, ...odds, END] }, { task: { ...task, poisonLimit: 5 } });
    await expect(played).rejects.toThrow(
      /^POISON_LIMIT: operator 'map#1' failed on 5 records in a row, last: 9 is odd/,
    );
  });

  test.each([
    ['in one batch', {}],
    ['over batches', { fetch: one }],
  ])('%s is broken by a single success', async (_, task) => {
    const mixed = [1, 3, 5, 7, 2, 1, 3, 5, 7, 2];
    const played = await play(evens, { numbers: [...mixed, END] }, { task: { ...task, poisonLimit: 5 } });
    expect(played.deadLetters).toHaveLength(8);
  });

  test.each([
    ['keyBy', (from: From) => numbers(from).pipe(keyBy(odd), to('out', topic('out')))],
    ['eventTime', (from: From) => numbers(from).pipe(eventTime({ at: odd, outOfOrder: 0 }), to('out', topic('out')))],
  ])('counts for %s as well', async (verb, build) => {
    const bad = job('bad', (from) => void build(from));
    const played = play(bad, { numbers: [1, 3, 5, END] }, { task: { poisonLimit: 3 } });
    await expect(played).rejects.toThrow(`POISON_LIMIT: operator '${verb}#1' failed on 3 records in a row`);
  });

  test('counts for timers, whose keys are set aside', async () => {
    const failing = (ctx: OpContext<number>): Handlers<number, never> => ({
      onData: (_, time) => ctx.timer(time),
      onTimer() {
        throw new Error('always');
      },
    });
    const timed = job('timed', (from) => {
      numbers(from).pipe(
        eventTime({ at: (n) => n, outOfOrder: 0 }),
        keyBy((n) => n),
        process('p', failing),
        to('out', topic('out')),
      );
    });
    const few = await play(timed, { numbers: [7, 8, END] }, { task: { poisonLimit: 3 } });
    expect(few.deadLetters).toMatchObject([
      { origin: 'p', detail: 'always', sample: '7' },
      { origin: 'p', detail: 'always', sample: '8' },
    ]);
    const many = play(timed, { numbers: [7, 8, 9, END] }, { task: { poisonLimit: 3 } });
    await expect(many).rejects.toThrow("POISON_LIMIT: operator 'p' failed on 3 records in a row, last: always");
  });
});

describe('the limit of a job', () => {
  const limited = (poisonLimit: number) => {
    const build = (from: From) => void numbers(from).pipe(map(odd), to('out', topic('out')));
    return job('limited', build, { poisonLimit });
  };
  const many = { numbers: [...range(500).map((n) => 2 * n + 1), 2, END] };

  test('may be none, for jobs that no input may stop', async () => {
    const played = await play(limited(Number.POSITIVE_INFINITY), many);
    expect(played.deadLetters).toHaveLength(500);
    expect(played.topics['out']).toEqual([2]);
    expect(incidentsOf({ settings: incidentDefaults }).poisonLimit).toBe(Number.POSITIVE_INFINITY);
    expect(archiveOf({ settings: {} }).poisonLimit).toBe(Number.POSITIVE_INFINITY);
  });

  test('goes before that of the task', async () => {
    await expect(play(limited(7), many)).rejects.toThrow(
      /^POISON_LIMIT: operator 'map#1' failed on 7 records in a row/,
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('is not %d', (poisonLimit) => {
    expect(() => limited(poisonLimit)).toThrow("OPTION_INVALID: poisonLimit of job 'limited'");
  });
});

test('a streak counts neighbours, across batches', () => {
  const streak = new Streak();
  expect([streak.failed(0), streak.failed(1), streak.failed(3)]).toEqual([1, 2, 1]);
  streak.end(4);
  expect(streak.failed(0)).toBe(2);
  streak.end(2);
  expect(streak.failed(0)).toBe(1);
  streak.end(1);
  streak.end(0);
  expect(streak.failed(0)).toBe(2);
});
