import { describe, expect, test } from 'vitest';
import { int, string } from '../../codecs/codec.ts';
import { topic } from '../../connectors/topic.ts';
import type { Handlers, OpContext } from '../../graph/op.ts';
import { process } from '../../operators/process.ts';
import { to } from '../../operators/to.ts';
import { drive } from '../../testing/drive.ts';

const driven = (make: (ctx: OpContext<string>) => Handlers<string, unknown>, options = {}) =>
  drive(process<string, unknown, string>('p', make), options);

describe('state', () => {
  test('a value is read, written and cleared per key', async () => {
    const d = driven((ctx) => {
      const last = ctx.value('last', string);
      return {
        onData(value, _, out) {
          out.emit(last.get() ?? 'none');
          if (value === 'clear') last.clear();
          else last.set(value);
        },
      };
    });
    for (const [key, value] of [
      ['a', 'x'],
      ['b', 'y'],
      ['a', 'clear'],
      ['a', 'z'],
    ] as const)
      d.data(0, value, key);
    expect(await d.seen).toEqual(['a "none" @0', 'b "none" @0', 'a "x" @0', 'a "none" @0']);
    d.barrier(1);
    expect((await d.saved).state.map((e) => e.key)).toEqual(['sa', 'sb']);
  });

  const counter = (ctx: OpContext<string>): Handlers<string, unknown> => {
    const counts = ctx.map<string, number>('counts', int);
    return {
      onData(word, _, out) {
        if (word === '-') counts.clear();
        else counts.set(word, (counts.get(word) ?? 0) + 1);
        out.emit([counts.size, ...[...counts.entries()].map(([sub, n]) => `${sub}${n}`)].join(' '));
      },
    };
  };

  test('a map keeps entries per key through a restart, and forgets what was deleted', async () => {
    const before = driven(counter);
    for (const word of ['a', 'b', 'a', '-', 'c']) before.data(0, word, 'k');
    before.data(0, 'z', 'other');
    before.barrier(1);
    const after = driven(counter, { saved: before.saved });
    after.data(0, 'd', 'k');
    expect(await before.seen).toContain('k "2 a2 b1" @0');
    expect(await after.seen).toEqual(['k "2 c1 d1" @0']);
  });

  test('a map that outgrows its limit sets the record aside', async () => {
    const d = driven((ctx) => {
      const map = ctx.map<string, number>('m', int, { limit: 2 });
      return {
        onData(word, _, out) {
          if (word.startsWith('-')) map.delete(word.slice(1));
          else map.set(word, 1);
          out.emit(map.size);
        },
      };
    });
    for (const word of ['a', 'b', 'c', 'a', '-a', 'c']) d.data(0, word, 'k');
    const seen = await d.seen;
    expect(seen[2]).toMatch(/^!p: STATE_OVERFLOW: state 'p\/m' holds more than 2 entries/);
    expect(seen.filter((line) => !line.startsWith('!'))).toEqual(['k 1 @0', 'k 2 @0', 'k 2 @0', 'k 1 @0', 'k 2 @0']);
  });

  test('a sub-key that no store could hold sets the record aside, not the epoch', async () => {
    const d = driven(counter);
    d.data(0, 'x'.repeat(600), 'k');
    d.barrier(1);
    expect(await d.seen).toEqual([expect.stringMatching(/^!p: KEY_TOO_LONG/), '|1']);
  });

  test('an entry found by at is read and written with one look-up, and deleted by undefined', async () => {
    const d = driven((ctx) => {
      const map = ctx.map<string, number>('m', int);
      return {
        onData(word, _, out) {
          const entry = map.at('n');
          entry.set(word === '-' ? undefined : (entry.value ?? 0) + 1);
          out.emit([map.get('n') ?? null, map.size]);
        },
      };
    });
    for (const word of ['x', 'x', '-', 'x']) d.data(0, word, 'k');
    expect(await d.seen).toEqual(['k [1,1] @0', 'k [2,1] @0', 'k [null,0] @0', 'k [1,1] @0']);
  });

  test('entries of a map expire one by one', async () => {
    const d = driven((ctx) => {
      const map = ctx.map<string, number>('m', int, { ttl: 8_000 });
      return {
        onData(word, _, out) {
          if (word !== '?') map.set(word, 1);
          out.emit([...map.entries()].map(([sub]) => sub).join());
        },
      };
    });
    d.data(0, 'old', 'k');
    d.data(5_000, 'young', 'k');
    d.watermark(9_000);
    d.data(9_000, '?', 'k');
    d.watermark(14_000);
    d.data(14_000, '?', 'k');
    expect(await d.seen).toEqual([
      'k "old" @0',
      'k "old,young" @5000',
      '~9000',
      'k "young" @9000',
      '~14000',
      'k "" @14000',
    ]);
  });
});

describe('signals', () => {
  test('onWatermark comes after the timers that it made due, onTick with the clock', async () => {
    const d = driven((ctx) => ({
      onData: (_, time) => ctx.timer(time),
      onTimer: (_, out) => out.emit('timer'),
      onWatermark: (time, out) => out.emit(`watermark ${time}`),
      onTick: (now, out) => out.emit(`tick ${now}`),
    }));
    d.data(5, 'x', 'k');
    d.watermark(10);
    d.watermark(10);
    d.tick(1_000);
    expect(await d.seen).toEqual(['k "timer" @5', '"watermark 10" @10', '~10', '"tick 1000" @1000']);
  });
});

describe('side outputs', () => {
  const sorter = (ctx: OpContext<string>): Handlers<string, string> => {
    const other = ctx.side<string>('other');
    return { onData: (value, _, out) => (value.startsWith('!') ? other(value) : out.emit(value)) };
  };

  test('are read by name, under the key of the record', async () => {
    const sides = { other: to<string, string>('other', topic('other')) };
    const d = drive(process('p', sorter, { sides }));
    for (const value of ['a', '!b', 'c']) d.data(7, value, 'k');
    expect(await d.seen).toEqual(['k "a" @7', 'other: k "!b" @7', 'k "c" @7']);
  });

  test('asking twice for a side is asking once', async () => {
    const d = driven((ctx) => ({
      onData(value) {
        ctx.side('other')(value);
        ctx.side('other')(value);
      },
    }));
    d.data(7, 'x', 'k');
    expect(await d.seen).toEqual(['other: "x" @7', 'other: "x" @7']);
  });

  test('one that is read but never sent to carries barriers all the same', async () => {
    const sides = { other: to<string, string>('other', topic('other')) };
    const d = drive(process('p', () => ({ onData: (value: string, _, out) => out.emit(value) }), { sides }));
    d.data(0, 'x', 'k');
    d.barrier(1);
    expect(await d.seen).toEqual(['k "x" @0', '|1']);
  });
});
