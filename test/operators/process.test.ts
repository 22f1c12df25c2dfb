import { describe, expect, test } from 'vitest';
import { int, string } from '../../codec.ts';
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

describe('a lazy map', () => {
  const seenBefore = (ctx: OpContext<string>): Handlers<string, unknown> => {
    const ids = ctx.map<string, number>('ids', int, { prefetch: (id) => [id] });
    return {
      onData(id, _, out) {
        out.emit([ids.get(id) ?? 0, ids.size]);
        ids.set(id, (ids.get(id) ?? 0) + 1);
      },
    };
  };

  test('loads only what a record asks for', async () => {
    const before = driven(seenBefore);
    for (const id of ['a', 'b', 'c', 'a']) before.data(0, id, 'k');
    before.barrier(1);
    const after = driven(seenBefore, { saved: before.saved });
    after.data(1, 'a', 'k');
    after.data(2, 'x', 'k');
    after.data(3, 'a', 'other');
    expect(await before.seen).toEqual(['k [0,0] @0', 'k [0,1] @0', 'k [0,2] @0', 'k [1,3] @0', '|1']);
    expect(await after.seen).toEqual(['k [2,1] @1', 'k [0,1] @2', 'other [0,0] @3']);
  });

  test('what an epoch loaded is let go with it, and stored entries are found again', async () => {
    const d = driven(seenBefore);
    d.data(0, 'a', 'k');
    d.barrier(1);
    d.data(1, 'a', 'k');
    expect(await d.seen).toEqual(['k [0,0] @0', '|1', 'k [1,1] @1']);
  });

  test('entries expire one by one, in memory or not, also after a restart', async () => {
    const remembering = (ctx: OpContext<string>): Handlers<string, unknown> => {
      const ids = ctx.map<string, number>('ids', int, { prefetch: (id) => [id.slice(1)], ttl: 8_000 });
      return {
        onData(id, _, out) {
          const entry = ids.at(id.slice(1));
          out.emit(entry.value ?? null);
          if (id.startsWith('+')) entry.set((entry.value ?? 0) + 1);
          if (id.startsWith('-')) entry.set(undefined);
        },
      };
    };
    const before = driven(remembering);
    before.data(0, '+a', 'k');
    before.data(0, '+b', 'k');
    before.data(0, '+c', 'k');
    before.barrier(1);
    before.data(5_000, '+b', 'k'); // lives on
    before.data(5_000, '-c', 'k');
    before.data(6_000, '+c', 'k'); // another c
    before.barrier(2);
    const after = driven(remembering, { saved: before.saved });
    after.watermark(9_000);
    after.barrier(3);
    for (const id of ['?a', '?b', '?c']) after.data(9_000, id, 'k');
    after.watermark(15_000);
    for (const id of ['?a', '?b', '?c']) after.data(15_000, id, 'k');
    after.barrier(4);
    const nulls = ['k null @15000', 'k null @15000', 'k null @15000'];
    const expected = ['~9000', '|3', 'k null @9000', 'k 2 @9000', 'k 1 @9000', '~15000', ...nulls, '|4'];
    expect(await after.seen).toEqual(expected);
    expect((await after.saved).state).toEqual([]);
  });

  test('writing a sub-key that was not named sets the record aside, and so does one that no store could hold', async () => {
    const d = driven((ctx) => {
      const map = ctx.map<string, number>('m', int, { prefetch: (id) => [id] });
      return { onData: (id) => map.set(id === 'other' ? 'unnamed' : id, 1) };
    });
    d.data(0, 'other', 'k');
    d.data(0, 'x'.repeat(600), 'k');
    expect(await d.seen).toEqual([
      expect.stringMatching(/^!p: OPTION_INVALID: prefetch of map 'p\/m' is silent; it must be to name unnamed/),
      expect.stringMatching(/^!p: KEY_TOO_LONG/),
    ]);
  });
});

describe('timers', () => {
  const alarm = (ctx: OpContext<string>): Handlers<string, unknown> => ({
    onData(value) {
      const at = Number(value.slice(1));
      if (value.startsWith('+')) ctx.timer(at);
      else ctx.cancelTimer(at);
    },
    onTimer: (time, out) => out.emit(`${ctx.key} ${time} ${ctx.watermark}`),
  });

  test('fire in order of time, then of key, before the watermark goes on, at their time and under their key', async () => {
    const d = driven(alarm);
    for (const key of ['c', 'a', 'b']) d.data(0, '+20', key);
    d.data(0, '+10', 'z');
    d.data(0, '+31', 'a');
    d.watermark(30);
    expect(await d.seen).toEqual(['z "z 10 30" @10', 'a "a 20 30" @20', 'b "b 20 30" @20', 'c "c 20 30" @20', '~30']);
  });

  test('set twice fire once; taken back they do not, and may be set again', async () => {
    const d = driven(alarm);
    for (const value of ['+10', '+10', '+20', '-20', '+30', '-30', '+30']) d.data(0, value, 'k');
    d.watermark(100);
    expect(await d.seen).toEqual(['k "k 10 100" @10', 'k "k 30 100" @30', '~100']);
  });

  test('one that is behind the watermark fires with the next one', async () => {
    const d = driven(alarm);
    d.watermark(50);
    d.data(60, '+10', 'k');
    d.watermark(51);
    expect(await d.seen).toEqual(['~50', 'k "k 10 51" @10', '~51']);
  });

  test('those that timers set are due at once if their time has come', async () => {
    const d = driven((ctx) => ({
      onData: (_, time) => ctx.timer(time + 10),
      onTimer(time, out) {
        out.emit(time);
        if (time < 40) ctx.timer(time + 10);
      },
    }));
    d.data(0, 'x', 'k');
    d.watermark(25);
    d.watermark(100);
    expect(await d.seen).toEqual(['k 10 @10', 'k 20 @20', '~25', 'k 30 @30', 'k 40 @40', '~100']);
  });

  test('survive a restart, and so does taking them back', async () => {
    const before = driven(alarm);
    for (const value of ['+10', '+20', '+30', '-20']) before.data(0, value, 'k');
    before.barrier(1);
    before.data(0, '-10', 'k');
    const after = driven(alarm, { saved: before.saved });
    after.data(0, '-30', 'k');
    after.watermark(100);
    after.barrier(2);
    expect(await after.seen).toEqual(['k "k 10 100" @10', '~100', '|2']);
    expect((await after.saved).state).toEqual([]);
  });

  test('one that throws is set aside under its key; the others fire', async () => {
    const d = driven((ctx) => ({
      onData: () => ctx.timer(10),
      onTimer(_, out) {
        if (ctx.key === 'b') throw new Error('no');
        out.emit('ok');
      },
    }));
    for (const key of ['a', 'b', 'c']) d.data(0, 'x', key);
    d.watermark(10);
    expect(await d.seen).toEqual(['!p: no', 'a "ok" @10', 'c "ok" @10', '~10']);
  });

  test('need a finite time', async () => {
    const d = driven(alarm);
    d.data(0, '+soon', 'k');
    expect(await d.seen).toEqual([expect.stringMatching(/^!p: OPTION_INVALID: the time of a timer of 'p' is NaN/)]);
  });

  test('of more keys than are let in at once all fire, in steps of the watermark', async () => {
    const d = driven((ctx) => ({
      onData: (_, time) => ctx.timer(time),
      onTimer: (_, out) => out.emit(1),
    }));
    for (let i = 0; i < 6_000; i++) d.data(i, 'x', `k${i}`);
    d.watermark(10_000);
    const seen = await d.seen;
    const watermarks = seen.filter((line) => line.startsWith('~')).map((line) => Number(line.slice(1)));
    expect(seen).toHaveLength(6_000 + watermarks.length);
    expect(watermarks.length).toBeGreaterThan(1);
    expect(watermarks.at(-1)).toBe(10_000);
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
