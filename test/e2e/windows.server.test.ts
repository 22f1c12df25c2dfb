/**
 * Windows as the real task computes them, in random batches, with random commits, crashes and evictions, against naive
 * computations over the whole input.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { type Job, job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { process } from '../../operators/process.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import { ADVANCE, CRASH, END, play } from '../../testing/index.ts';
import { collect } from '../../windows/aggregates/collect.ts';
import { type Assigner, session, sliding, tumbling } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';
import { alignedModel, type Event, type Model, sessionModel, sortedSessions } from '../support/e2e/window-model.ts';

const outOfOrder = 3_000;

interface Result extends Windowed<readonly number[]> {
  readonly key: string;
}

function windowing(assigner: Assigner): Job {
  return job('windowing', (from) => {
    from('events', script<Event>([])).pipe(
      eventTime({ at: (e) => e.at, outOfOrder }),
      keyBy((e) => e.key),
      map((e) => e.id),
      window('windows', assigner, collect(10_000, int), { late: to('late', topic('late')) }),
      process<Windowed<{ items: readonly number[] }>, Result, string>('named', (ctx) => ({
        onData: (w, _, out) => out.emit({ ...w, value: w.value.items, key: ctx.key as string }),
      })),
      to('out', topic('out')),
    );
  });
}

/** The events with random verbs between them, read in random batches by a task of random size. */
interface Run {
  readonly events: readonly Event[];
  readonly lines: readonly unknown[];
  readonly task: { readonly cacheKeys: number; readonly fetch: { maxRecords: number; maxBytes: number } };
}

/** Events in bound are at most `outOfOrder` older than the youngest before them. */
function runs(maxAge: number): fc.Arbitrary<Run> {
  const event = fc.record({
    step: fc.oneof(
      { weight: 3, arbitrary: fc.nat(900) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1_000, 10_000, 27_500) },
    ),
    age: fc.oneof(fc.constant(0), fc.nat(maxAge)),
    key: fc.constantFrom('a', 'b', 'c'),
    before: fc.oneof(
      { weight: 12, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.constantFrom([ADVANCE(0)], [ADVANCE(1_000)], [CRASH]) },
    ),
  });
  const task = fc.record({
    cacheKeys: fc.constantFrom(1, 2, 1_000),
    fetch: fc.record({ maxRecords: fc.constantFrom(1, 3, 1_000), maxBytes: fc.constant(1_000_000) }),
  });
  return fc
    .tuple(fc.array(event, { minLength: 1, maxLength: 60 }), fc.integer({ min: -40_000, max: 40_000 }), task)
    .map(([steps, start, options]) => {
      let youngest = start;
      const events = steps.map(({ step, age, key }, id): Event => {
        youngest += step;
        return { id, key, at: youngest - age };
      });
      return { events, lines: [...steps.flatMap(({ before }, i) => [...before, events[i]]), END], task: options };
    });
}

/** What a reader of the output knows in the end: the last word on every window, unless it was taken back. */
function lastWords(results: readonly Result[]): Model['windows'] {
  const last = new Map<string, Result>();
  for (const result of results) {
    const name = `${result.key} ${result.window.start} ${result.window.end}`;
    const before = last.get(name);
    // Once per revision: finds what was delivered twice or fired twice.
    expect(result.revision).toBe(before === undefined ? 0 : before.revision + 1);
    last.set(name, result);
  }
  const standing = [...last].filter(([, { retracted }]) => !retracted);
  return Object.fromEntries(standing.map(([name, { value }]) => [name, [...value].sort((a, b) => a - b)]));
}

async function compare(assigner: Assigner, { events, lines, task }: Run, model: (events: readonly Event[]) => Model) {
  const { topics, deadLetters } = await play(windowing(assigner), { events: lines }, { task });
  const expected = model(events);
  expect(lastWords(topics['out'] as Result[])).toEqual(expected.windows);
  expect([...(topics['late'] as number[])].sort((a, b) => a - b)).toEqual(expected.late);
  expect(deadLetters).toEqual([]);
}

const assigners = [
  ['tumbling', (lateness: number) => tumbling(10_000, { lateness })],
  ['sliding', (lateness: number) => sliding(10_000, 4_000, { lateness, offset: 500 })],
] as const;
const numRuns = 120;

describe.each(assigners)('%s windows', (_, assigner) => {
  test('hold every value, once, where disorder is in bound', async () => {
    const whole = (events: readonly Event[]) => alignedModel(assigner(0), events, Number.POSITIVE_INFINITY);
    await fc.assert(
      fc.asyncProperty(runs(outOfOrder), (run) => compare(assigner(0), run, whole)),
      { numRuns },
    );
  });

  test('hold in the end what was not too late for them, and the rest is in the side output', async () => {
    const lateness = fc.constantFrom(0, 1, 5_000, 10_000);
    await fc.assert(
      fc.asyncProperty(runs(25_000), lateness, (run, ms) =>
        compare(assigner(ms), run, (events) => alignedModel(assigner(ms), events, outOfOrder)),
      ),
      { numRuns },
    );
  });
});

describe('session windows', () => {
  const gap = 5_000;

  test('hold every value, once, where disorder is in bound', async () => {
    await fc.assert(
      fc.asyncProperty(runs(outOfOrder), (run) => compare(session(gap), run, (events) => sortedSessions(gap, events))),
      { numRuns },
    );
  });

  test('hold in the end what was not too late for them; what was merged is taken back', async () => {
    const lateness = fc.constantFrom(0, 1, 5_000, 20_000);
    await fc.assert(
      fc.asyncProperty(runs(25_000), lateness, (run, ms) => {
        const assigner = session(gap, { lateness: ms });
        return compare(assigner, run, (events) => sessionModel(assigner, events, outOfOrder));
      }),
      { numRuns },
    );
  });
});
