/** A state that is given a TTL, or loses it, while entries are stored; and what is read of one that has expired. */
import { describe, expect, test } from 'vitest';
import { type Codec, int } from '../../codecs/codec.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { process } from '../../operators/process.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { versionAt } from '../../state/entry.ts';
import type { Saved } from '../../testing/drive.ts';
import { drive } from '../../testing/index.ts';
import type { SavedEntry } from '../../testing/saved-state.ts';
import { append, memoryWorld, runWhileThere, valuesOf } from '../support/run-to-end.ts';

const counted = (ttl?: number, codec: Codec<number> = int) =>
  scan<unknown, number, number, string>('n', ttl === undefined ? { codec } : { codec, ttl }, (n = 0) => [n + 1, n + 1]);

/** What a scan had stored at time 10 000 for the key k. */
async function saved(ttl?: number): Promise<Saved> {
  const d = drive(counted(ttl));
  d.data(10_000, 'x', 'k');
  d.watermark(10_000);
  d.barrier(1);
  return d.saved;
}

/** The same as a version before the mark stored it: eight bytes of time, then codec version and value. */
function former({ state, ...rest }: Saved): Saved {
  const unmarked = (entry: SavedEntry): SavedEntry =>
    entry.space === 'n/state' ? { ...entry, bytes: entry.bytes.replace(/^00/, '') } : entry;
  return { ...rest, state: state.map(unmarked) };
}

const minute = 60_000;

describe('a state', () => {
  test('that is given a TTL is read, and its entries expire as if written at the first watermark', async () => {
    const d = drive(counted(minute), { saved: saved() });
    d.watermark(20_000);
    d.data(21_000, 'x', 'other');
    d.barrier(2);
    d.watermark(74_000);
    d.barrier(3);
    expect((await d.saved).state.map(({ space, key }) => `${space} ${key}`)).toContain('n/state sk');
    d.watermark(75_000);
    d.barrier(4);
    expect((await d.saved).state.map(({ space, key }) => `${space} ${key}`)).toEqual([
      'n/state sother',
      'n/state/~ttl sother',
    ]);
  });

  test('that is given a TTL keeps what is written on', async () => {
    const d = drive(counted(minute), { saved: saved() });
    d.watermark(20_000);
    d.data(70_000, 'x', 'k');
    d.watermark(100_000);
    d.data(100_000, 'x', 'k');
    expect((await d.seen).filter((line) => line.startsWith('k'))).toEqual(['k 2 @70000', 'k 3 @100000']);
  });

  test('that loses its TTL is read and kept, and may be given one again', async () => {
    const d = drive(counted(), { saved: saved(minute) });
    d.watermark(1_000_000);
    d.data(1_000_000, 'x', 'k');
    expect(await d.seen).toContain('k 2 @1000000');
    const world = memoryWorld();
    const times = [10_000, 1_000_000, 1_000_001];
    for (const [run, ttl] of [minute, undefined, minute].entries()) {
      await append(world, 'times', [times[run]]);
      const kept = job('kept', (from) => {
        from('times', topic<number>('times')).pipe(
          eventTime({ at: (time) => time, outOfOrder: 0 }),
          keyBy(() => 'k'),
          counted(ttl),
          to('out', topic('out')),
        );
      });
      await runWhileThere(kept, world);
    }
    expect(await valuesOf(world, 'out')).toEqual([1, 2, 3]);
  });

  test.each<[string, number | undefined]>([
    ['with', minute],
    ['without', undefined],
  ])('of a version that did not mark its entries is read %s a TTL', async (_, ttl) => {
    const d = drive(counted(ttl), { saved: saved(minute).then(former) });
    d.data(20_000, 'x', 'k');
    expect(await d.seen).toEqual(['k 2 @20000']);
  });

  test('that a newer codec wrote is still told from one with a TTL', async () => {
    const newer: Codec<number> = { ...int, version: 66 };
    const written = drive(counted(undefined, newer));
    written.data(10_000, 'x', 'k');
    written.barrier(1);
    const d = drive(counted(minute), { saved: written.saved });
    d.data(20_000, 'x', 'k');
    expect((await d.seen)[0]).toMatch(/^!STATE_CODEC_NEWER: .*version 66/);
  });

  test('that is a lazy map may be given a TTL as well', async () => {
    const seen = (ttl?: number) =>
      process<string, string, string>('p', (ctx) => {
        const all = ctx.map<string, number>('all', int, {
          prefetch: (id) => [id],
          ...(ttl === undefined ? {} : { ttl }),
        });
        return {
          onData(id, _, out) {
            out.emit(`${id} ${all.get(id) ?? 0}`);
            all.set(id, (all.get(id) ?? 0) + 1);
          },
        };
      });
    const before = drive(seen());
    for (const id of ['a', 'b']) before.data(10_000, id, 'k');
    before.barrier(1);
    const d = drive(seen(minute), { saved: before.saved });
    d.watermark(20_000);
    d.barrier(2);
    d.data(70_000, 'a', 'k');
    d.barrier(3);
    d.watermark(95_000);
    d.barrier(4);
    for (const id of ['a', 'b']) d.data(95_000, id, 'k');
    const lines = (await d.seen).filter((line) => line.startsWith('k'));
    expect(lines).toEqual(['k "a 1" @70000', 'k "a 2" @95000', 'k "b 0" @95000']);
  });
});

test('where the codec version stands is seen in the bytes', () => {
  const time = (ms: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(ms);
    return [...bytes];
  };
  const at = (...bytes: readonly number[]) => versionAt(Uint8Array.from(bytes));
  expect(at(1, 7)).toBe(0);
  expect(at(0, ...time(1_700_000_000_000), 1, 7)).toBe(9);
  expect(at(0, ...time(0), 1, 7)).toBe(9);
  expect(at(...time(1_700_000_000_000), 1, 7)).toBe(8);
  expect(at(...time(-1), 1, 7)).toBe(8);
  expect(at(...time(0), 1, 7)).toBe(8);
  expect(at(66, 7)).toBe(0);
  expect(at(66, 1, 2, 3, 4, 5, 6, 7, 8, 9)).toBe(0);
});

describe('what has expired', () => {
  const looking = (ttl: number) =>
    process<string, unknown, string>('p', (ctx) => {
      const value = ctx.value('v', int, { ttl });
      const map = ctx.map<string, number>('m', int, { ttl });
      return {
        onData(what, time, out) {
          if (what === 'write') {
            value.set(time);
            map.set('a', time);
          } else {
            out.emit([value.get() ?? null, map.get('a') ?? null, map.size, [...map.entries()].length]);
            if (what === 'at') out.emit(map.at('a').value ?? null);
          }
        },
      };
    });

  test('is not read, though the watermark has not swept it yet', async () => {
    const d = drive(looking(80_000));
    d.data(0, 'write', 'k');
    d.data(79_999, 'read', 'k');
    d.data(80_000, 'at', 'k');
    expect(await d.seen).toEqual(['k [0,0,1,1] @79999', 'k [null,null,0,0] @80000', 'k null @80000']);
  });

  test('by the watermark is not read by an older record either', async () => {
    const d = drive(looking(80_000));
    d.data(0, 'write', 'k');
    d.watermark(80_000);
    d.data(10, 'read', 'k');
    expect((await d.seen).at(-1)).toBe('k [null,null,0,0] @10');
  });
});

test('a timer reads what lives at its own time, however far the watermark leaps', async () => {
  const d = drive(
    process<string, string, string>('p', (ctx) => {
      const state = ctx.value<number>('n', int, { ttl: 5 * minute });
      return {
        onData(_, time) {
          state.set(7);
          ctx.timer(time + minute);
          ctx.timer(time + 5 * minute);
        },
        onTimer: (_, out) => out.emit(`${state.get() ?? 'none'}`),
      };
    }),
  );
  d.data(0, 'x', 'k');
  d.watermark(60 * minute);
  expect((await d.seen).filter((line) => line.startsWith('k'))).toEqual([
    `k "7" @${minute}`,
    `k "none" @${5 * minute}`,
  ]);
});

describe('entries of a map', () => {
  const listing = process<string, unknown, string>('p', (ctx) => {
    const map = ctx.map<string | number, number>('m', int);
    return {
      onData(subs, _, out) {
        for (const sub of subs === '' ? [] : subs.split(' ')) map.set(/^\d/.test(sub) ? Number(sub) : sub, 1);
        out.emit([...map.entries()].map(([sub]) => sub));
      },
    };
  });

  test('come in the order of their sub-keys, before and after a restart', async () => {
    const before = drive(listing);
    before.data(0, 'b 10 9 a', 'k');
    before.data(0, 'ä B 1', 'k');
    before.barrier(1);
    const order = '[1,9,10,"B","a","b","ä"]';
    expect(await before.seen).toEqual(['k [9,10,"a","b"] @0', `k ${order} @0`, '|1']);
    const after = drive(listing, { saved: before.saved });
    after.data(0, '', 'k');
    expect(await after.seen).toEqual([`k ${order} @0`]);
  });

  test('can be walked through while they are walked through and added to', async () => {
    const nested = process<string, unknown, string>('p', (ctx) => {
      const map = ctx.map<string, number>('m', int);
      return {
        onData(_value, _time, out) {
          for (const sub of ['d', 'b']) map.set(sub, 1);
          const seen: string[] = [];
          for (const [outer] of map.entries()) {
            map.set('a', 1);
            for (const [inner] of map.entries()) seen.push(outer + inner);
          }
          out.emit(seen);
        },
      };
    });
    const d = drive(nested);
    d.data(0, '', 'k');
    expect(await d.seen).toEqual(['k ["ba","bb","bd","da","db","dd","aa","ab","ad"] @0']);
  });
});

test('the key of a tuple and a text that looks like its id do not share a state', async () => {
  const text = '\u0000["seu","n7"]';
  const d = drive(counted(), {});
  d.data(0, 'x', ['eu', 7] as never);
  d.data(0, 'x', text);
  d.data(0, 'x', ['eu', 7] as never);
  d.barrier(1);
  d.data(0, 'x', text);
  const counts = (await d.seen).map((line) => line.match(/ (\d+) @/)?.[1]);
  expect(counts).toEqual(['1', '1', '2', undefined, '2']);
  expect((await d.saved).state).toHaveLength(2);
});
