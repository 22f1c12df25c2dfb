/**
 * Async functions in a job: refused when it is built, or the first promise stops it with a code. `{}` is never written.
 */
import { describe, expect, test } from 'vitest';
import { int, json } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { broadcast } from '../../operators/broadcast.ts';
import { eventTime } from '../../operators/event-time.ts';
import { filter } from '../../operators/filter.ts';
import { flatMap } from '../../operators/flat-map.ts';
import { keyBy } from '../../operators/key-by.ts';
import { keyBySplit } from '../../operators/key-by-split.ts';
import { map } from '../../operators/map.ts';
import { mapMaybe } from '../../operators/map-maybe.ts';
import { process } from '../../operators/process.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import type { TableSpec } from '../../tables/tables.ts';
import { deadLettersOf, memoryWorld, runToEnd, valuesOf } from '../support/run-to-end.ts';

// What the compiler refuses is written here all the same: a job may be JavaScript.
type Untyped = never;
const numbers = script([1, 2, 3]);
const later = (n: number) => Promise.resolve(n);
const spec: TableSpec = { name: 'rows', columns: { n: { type: 'Int64' } }, identity: ['n'] } as never;

function built(steps: readonly Untyped[], sink: Untyped = to('out', topic('out')) as Untyped) {
  return job('promising', (from) => {
    const pipe = from('numbers', numbers).pipe as unknown as (...all: readonly unknown[]) => unknown;
    pipe(...steps, sink);
  });
}

test('promises that fail stop the job with the code, and end no process', async () => {
  const failing = map((n: number) => Promise.reject(new Error(`no user ${n}`)) as never);
  await expect(runToEnd(built([failing as Untyped]), memoryWorld())).rejects.toMatchObject({ code: 'PROMISE_REFUSED' });
});

describe('an async function', () => {
  const asyncly = (async () => 1) as Untyped;
  test.each<[string, () => unknown]>([
    ['map', () => map(asyncly)],
    ['mapMaybe', () => mapMaybe(asyncly)],
    ['flatMap', () => flatMap(async function* () {} as Untyped)],
    ['filter', () => filter(asyncly)],
    ['keyBy', () => keyBy(asyncly)],
    ['keyBySplit', () => keyBySplit(asyncly)],
    ['scan', () => scan('s', { codec: int }, asyncly)],
    ['eventTime', () => eventTime({ at: asyncly, outOfOrder: 0 })],
    ['broadcast', () => broadcast('b', null as Untyped, { codec: json(), id: () => 'x' }, asyncly)],
    ['table', () => table(spec, { row: asyncly })],
    ['topic', () => topic('t', { key: asyncly })],
  ])('is refused by %s', (_, build) => {
    expect(build).toThrow(/^PROMISE_REFUSED: /);
  });

  test.each(['onData', 'onTimer', 'onWatermark', 'onTick'])('is refused as %s of a process', (name) => {
    const keyed = keyBy(() => 'k') as Untyped;
    const make = () => ({ onData() {}, [name]: asyncly });
    expect(() => built([keyed, process('p', make as Untyped) as Untyped])).toThrow(
      "PROMISE_REFUSED: 'p' got a promise",
    );
    expect(() => built([keyed, process('p', (async () => ({})) as Untyped) as Untyped])).toThrow(/^PROMISE_REFUSED/);
  });
});

describe('a promise', () => {
  const key = keyBy(() => 'k') as Untyped;
  const out = to('out', topic('out')) as Untyped;
  const holding = (how: 'value' | 'map') =>
    process('p', (ctx) => {
      const value = ctx.value<unknown>('v', json());
      const all = ctx.map<string, unknown>('m', json());
      return {
        onData(n: number, _, to) {
          if (how === 'value') value.set({ answer: later(n) });
          else all.set('a', later(n));
          to.emit(n);
        },
      };
    }) as Untyped;
  test.each<[string, readonly Untyped[], Untyped]>([
    ['that map returns', [map((n: number) => later(n) as Untyped) as Untyped], out],
    [
      'that a filter behind it would drop',
      [map((n: number) => later(n) as Untyped) as Untyped, filter((n: { ok?: boolean }) => n.ok === true) as Untyped],
      out,
    ],
    ['that mapMaybe returns', [mapMaybe((n: number) => later(n) as Untyped) as Untyped], out],
    ['that flatMap returns', [flatMap((n: number) => later(n) as Untyped) as Untyped], out],
    ['that filter returns', [filter((n: number) => later(n) as Untyped) as Untyped], out],
    ['that keyBy returns', [keyBy((n: number) => later(n) as Untyped) as Untyped], out],
    ['that scan returns', [key, scan('s', { codec: int }, (_, n: number) => later(n) as Untyped) as Untyped], out],
    ['for a time', [eventTime({ at: (n: number) => later(n) as Untyped, outOfOrder: 0 }) as Untyped], out],
    [
      'that a handler returns',
      [key, process('p', () => ({ onData: (n: number) => later(n) as Untyped })) as Untyped],
      out,
    ],
    ['within a value that is sent', [map((n: number) => ({ n, answer: later(n) })) as Untyped], out],
    ['within a row', [], to('rows', table(spec, { row: (n: number) => ({ n: later(n) }) })) as Untyped],
    ['for a row', [], to('rows', table(spec, { row: (n: number) => later(n) as Untyped })) as Untyped],
    [
      'for whether a row is deleted',
      [],
      to('rows', table(spec, { row: (n: number) => ({ n }), deletes: (n) => later(n) as Untyped })) as Untyped,
    ],
    ['for the key of a record', [], to('out', topic('out', { key: (n: number) => later(n) as Untyped })) as Untyped],
    ['within a state', [key, holding('value')], out],
    ['for an entry of a map', [key, holding('map')], out],
  ])('%s stops the job', async (_, steps, sink) => {
    const world = memoryWorld();
    await expect(runToEnd(built(steps, sink), world)).rejects.toThrow(/^PROMISE_REFUSED: /);
    expect(await deadLettersOf(world)).toEqual([]);
    if ((await world.topics.describe('out')) !== undefined) expect(await valuesOf(world, 'out')).toEqual([]);
  });

  test('is told from an empty object', async () => {
    const world = memoryWorld();
    await runToEnd(built([map(() => ({ empty: {}, none: null })) as Untyped]), world);
    expect((await valuesOf(world, 'out'))[0]).toEqual({ empty: {}, none: null });
  });
});
