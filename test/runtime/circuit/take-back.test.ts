/** What a handler that throws leaves behind: nothing. Each job runs as a process does, over ports in memory. */
import { describe, expect, test } from 'vitest';
import { type Codec, int, json } from '../../../codecs/codec.ts';
import { script } from '../../../connectors/script.ts';
import { topic } from '../../../connectors/topic.ts';
import { job } from '../../../graph/job.ts';
import { broadcast } from '../../../operators/broadcast.ts';
import { eventTime } from '../../../operators/event-time.ts';
import { keyBy } from '../../../operators/key-by.ts';
import { process } from '../../../operators/process.ts';
import { to } from '../../../operators/to.ts';
import { window } from '../../../operators/window.ts';
import { END, play } from '../../../testing/index.ts';
import type { Aggregate } from '../../../windows/aggregate.ts';
import { collect } from '../../../windows/aggregates/collect.ts';
import { tumbling } from '../../../windows/assigner.ts';
import { type Event, events, failIf, type Make, outcome } from '../../support/process-outcome.ts';
import { deadLettersOf, memoryWorld, runToEnd, valuesOf } from '../../support/run-to-end.ts';

describe('a handler that throws', () => {
  test('leaves no value set, no output and no side output', async () => {
    const { out, aside, dead, restarts } = await outcome((ctx) => {
      const n = ctx.value('n', int);
      const toSide = ctx.side<number>('aside');
      return {
        onData(event, _, to) {
          n.set((n.get() ?? 0) + 1);
          to.emit(n.get());
          toSide(n.get()!);
          failIf(event);
        },
      };
    });
    expect(out).toEqual([1, 2, 3, 4]);
    expect(aside).toEqual([1, 2, 3, 4]);
    expect(dead).toEqual([{ origin: 'p', sample: '{"at":3,"bad":true}', detail: 'bad' }]);
    // Numbers can't be changed in place: nothing is read again.
    expect(restarts).toBe(0);
  });

  test.each<[string, Make]>([
    [
      'a value',
      (ctx) => {
        const state = ctx.value<{ n: number }>('n', json());
        return {
          onData(event, _, to) {
            const value = state.get() ?? { n: 0 };
            value.n++;
            if (event.at !== 3) state.set(value);
            failIf(event);
            to.emit(value.n);
          },
        };
      },
    ],
    [
      'a value that was set',
      (ctx) => {
        const state = ctx.value<{ n: number }>('n', json());
        return {
          onData(event, _, to) {
            const value = state.get() ?? { n: 0 };
            value.n++;
            state.set(value);
            to.emit(value.n);
            failIf(event);
          },
        };
      },
    ],
    [
      'entries of a map',
      (ctx) => {
        const state = ctx.map<string, { n: number }>('n', json());
        return {
          onData(event, _, to) {
            const entry = state.at('a');
            const value = entry.value ?? { n: 0 };
            value.n++;
            entry.set(value);
            for (const [, each] of state.entries()) to.emit(each.n);
            if (event.bad) state.clear();
            failIf(event);
          },
        };
      },
    ],
    [
      'a lazy map',
      (ctx) => {
        const state = ctx.map<string, { n: number }>('n', json(), { prefetch: () => ['a'] });
        return {
          onData(event, _, to) {
            const value = state.get('a') ?? { n: 0 };
            value.n++;
            state.set('a', value);
            failIf(event);
            to.emit(value.n);
          },
        };
      },
    ],
  ])('leaves %s that it changed in place as it was', async (_, make) => {
    const { out, dead, restarts } = await outcome(make);
    expect(out).toEqual([1, 2, 3, 4]);
    expect(dead).toMatchObject([{ origin: 'p', sample: '{"at":3,"bad":true}' }]);
    // The first life could not tell what was changed; the second saved it.
    expect(restarts).toBe(1);
  });

  test('is not read again where the input can not be: its values are saved from the start', async () => {
    const world = memoryWorld();
    const made = job('once', (from) => {
      from('events', { ...script(events), replayable: false }).pipe(
        keyBy(() => 'k'),
        process('p', (ctx) => {
          const state = ctx.value<{ n: number }>('n', json());
          return {
            onData(event, _, to) {
              const value = state.get() ?? { n: 0 };
              value.n++;
              failIf(event);
              state.set(value);
              to.emit(value.n);
            },
          };
        }),
        to('out', topic('out')),
      );
    });
    const metrics = await runToEnd(made, world);
    expect(await valuesOf(world, 'out')).toEqual([1, 2, 3, 4]);
    expect(await metrics.get('millrace_restarts_total', '')).toBe(0);
  });

  test('leaves the time of the last write as it was where it wrote the same value', async () => {
    const given = [{ at: 1 }, { at: 900, bad: true }, { at: 1_500 }];
    const { out } = await outcome((ctx) => {
      const state = ctx.value<number>('n', int, { ttl: 1_000 });
      return {
        onData(event, _, to) {
          to.emit(state.get() ?? 0);
          state.set(7);
          failIf(event);
        },
      };
    }, given);
    // Had the bad record counted as a write, the 7 would live until 1,900.
    expect(out).toEqual([0, 0]);
  });

  test('leaves no timer set and none taken back', async () => {
    const { out } = await outcome((ctx) => ({
      onData(event) {
        if (!event.bad) return ctx.timer(event.at + 100);
        ctx.cancelTimer(102);
        ctx.timer(500);
        failIf(event);
      },
      onTimer: (time, to) => to.emit(time),
    }));
    expect(out).toEqual([101, 102, 104, 105]);
  });

  test('in a timer leaves nothing either, and the others fire', async () => {
    const { out, dead } = await outcome((ctx) => {
      const n = ctx.value('n', int);
      return {
        onData: (event) => ctx.timer(event.at + 100),
        onTimer(time, to) {
          n.set((n.get() ?? 0) + 1);
          to.emit([time, n.get()]);
          if (time === 103) throw new Error('bad timer');
        },
      };
    });
    expect(out).toEqual([
      [101, 1],
      [102, 2],
      [104, 3],
      [105, 4],
    ]);
    expect(dead).toEqual([{ origin: 'p', sample: 'k', detail: 'bad timer' }]);
  });

  test('at a watermark or a tick makes a dead letter, and the signal goes on', async () => {
    const { out, dead } = await outcome(() => ({
      onData() {},
      onWatermark(time, to) {
        to.emit(time);
        if (time === 2) throw new Error('bad watermark');
      },
    }));
    expect(out.slice(0, 3)).toEqual([0, 1, 3]);
    expect(dead).toMatchObject([{ origin: 'p', sample: '{"watermark":2}', detail: 'bad watermark' }]);
  });

  test('on a control value leaves the rules as they were', async () => {
    const world = memoryWorld();
    const made = job('ruled', (from) => {
      const rules = from('rules', script([{ id: 'a', n: 1 }, { id: 'b', n: 2 }, { id: 'a' }]));
      const codec: Codec<{ id: string; n: number }> = json();
      const options = {
        codec,
        id: (rule: { id: string }) => rule.id,
        removes(rule: { n: number }) {
          if (rule.n === undefined) throw new Error('no n');
          return false;
        },
      };
      from('in', script([1])).pipe(
        broadcast('held', rules as never, options as never, (_, all) => [...all.entries()]),
        to('out', topic('out')),
      );
    });
    await runToEnd(made, world);
    expect(await valuesOf(world, 'out')).toEqual([
      [
        ['a', { id: 'a', n: 1 }],
        ['b', { id: 'b', n: 2 }],
      ],
    ]);
    expect(await deadLettersOf(world)).toMatchObject([{ origin: 'held', sample: '{"id":"a"}', detail: 'no n' }]);
  });

  test('in a codec, once an aggregate holds what it refuses, leaves the window as it was too', async () => {
    const refusing: Codec<string> = {
      ...json<string>(),
      encode(value) {
        if (value === 'bad') throw new Error('refused');
        return json<string>().encode(value);
      },
    };
    const once = job('collected', (from) => {
      from('events', { ...script(['a', 'bad', 'b']), replayable: false }).pipe(
        eventTime({ at: () => 1, outOfOrder: 0 }),
        keyBy(() => 'k'),
        window('w', tumbling(1_000), collect(10, refusing)),
        to('out', topic('out')),
      );
    });
    const world = memoryWorld();
    await runToEnd(once, world);
    expect((await deadLettersOf(world)).map(({ sample }) => sample)).toEqual(['bad']);
    expect(await valuesOf(world, 'out')).toMatchObject([{ value: { items: ['a', 'b'], omitted: 0 } }]);
  });

  test('in an aggregate leaves the window as it was', async () => {
    const summed: Aggregate<Event, { n: number }, number> = {
      name: 'summed',
      codec: json(),
      create: () => ({ n: 0 }),
      add(acc, event) {
        acc.n++;
        failIf(event);
        return acc;
      },
      merge: (a, b) => ({ n: a.n + b.n }),
      result: ({ n }) => n,
    };
    const windowed = job('windowed', (from) => {
      from('events', script(events)).pipe(
        eventTime({ at: (event) => event.at, outOfOrder: 0 }),
        keyBy(() => 'k'),
        window('w', tumbling(1_000), summed),
        to('out', topic('out')),
      );
    });
    const world = memoryWorld();
    await runToEnd(windowed, world);
    expect(await valuesOf(world, 'out')).toMatchObject([{ value: 4 }]);
    expect((await play(windowed, { events: [...events, END] })).topics['out']).toMatchObject([{ value: 4 }]);
  });
});
