import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import type { Handlers, OpContext } from '../../graph/op.ts';
import { process } from '../../operators/process.ts';
import type { Key } from '../../state/key.ts';
import { drive } from '../../testing/drive.ts';

const driven = (make: (ctx: OpContext<string>) => Handlers<string, unknown>, options = {}) =>
  drive(process<string, unknown, string>('p', make), options);

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

  test('has entries of its own for each key, also where a tuple has one part or none', async () => {
    const keys: readonly Key[] = ['a', ['a'], ['t["sa","sx"]'], [], ['a', 'a']];
    const before = driven(seenBefore);
    for (const [n, key] of keys.entries()) for (let i = 0; i <= n; i++) before.data(0, 'x', key);
    before.barrier(1);
    const after = driven(seenBefore, { saved: before.saved });
    for (const key of keys) after.data(1, 'x', key);
    const found = (await after.seen).map((line) => line.slice(line.lastIndexOf('[')));
    expect(found).toEqual(keys.map((_, n) => `[${n + 1},1] @1`));
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
