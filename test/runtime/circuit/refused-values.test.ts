/** Values and sub-keys that can't be stored. */
import { describe, expect, test } from 'vitest';
import { type Codec, int, json } from '../../../codecs/codec.ts';
import { type Make, outcome } from '../../support/process-outcome.ts';

describe('a value that its codec refuses', () => {
  const make: Make = (ctx) => {
    const n = ctx.value('n', int);
    return {
      onData(event, _, to) {
        const next = (n.get() ?? 0) + (event.bad ? 0.5 : 1);
        n.set(next);
        to.emit(next);
      },
    };
  };

  test('makes a dead letter that names state and key, and the job goes on as if the record had not come', async () => {
    const { out, dead } = await outcome(make);
    expect(out).toEqual([1, 2, 3, 4]);
    expect(dead).toMatchObject([{ origin: 'p', sample: '{"at":3,"bad":true}' }]);
    expect(dead[0]!.detail).toMatch(/^STATE_VALUE_REFUSED: state 'p\/n' \(key "k"\) .*codec 'int'.*2\.5/);
  });

  test('stops the job with state and key where it was changed behind its handler', async () => {
    const kept = { n: 1 as unknown };
    const made: Make = (ctx) => {
      const value = ctx.value<unknown>('v', json());
      return {
        onData(event) {
          if (event.at === 1) value.set(kept);
          kept.n = event.at < 5 ? 1 : 1n;
        },
      };
    };
    await expect(outcome(made)).rejects.toThrow(/^STATE_VALUE_REFUSED: state 'p\/v' \(key "k"\) .*BigInt/);
  });

  test.each([
    ['int', int, 0.5],
    ['json', json<unknown>(), 1n],
  ])('of %s makes one where the next record overwrites it before the commit, careful or not', async (_, codec, bad) => {
    const { out, dead, restarts } = await outcome((ctx) => {
      const last = ctx.value<unknown>('last', codec as Codec<unknown>);
      return {
        onData(event, _, to) {
          const before = last.get();
          last.set(event.bad ? bad : event.at);
          to.emit([before ?? null, event.at]);
        },
      };
    });
    expect(out).toEqual([
      [null, 1],
      [1, 2],
      [2, 4],
      [4, 5],
    ]);
    expect(dead.map(({ detail }) => String(detail).slice(0, 51))).toEqual([
      'STATE_VALUE_REFUSED: state \'p/last\' (key "k") was g',
    ]);
    expect(restarts).toBe(0);
  });

  test.each([
    ['Map', new Map([['a', 1]])],
    ['Set', { seen: [new Set([1])] }],
    ['RegExp', { when: /x/ }],
  ])('of json makes one where JSON would write {} for a %s', async (name, bad) => {
    const { out, dead } = await outcome((ctx) => {
      const all = ctx.map<number, unknown>('all', json());
      return {
        onData(event, _, to) {
          all.set(event.at, event.bad ? bad : { none: {}, day: new Date(0), bytes: Buffer.alloc(0) });
          to.emit(event.at);
        },
      };
    });
    expect(out).toEqual([1, 2, 4, 5]);
    expect(dead.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(new RegExp(`^STATE_VALUE_REFUSED: state 'p/all' \\(key "k", sub-key 3\\) .*a ${name};`)),
    ]);
  });

  test('of a map, or a sub-key that is too long, makes one as well', async () => {
    const { out, dead } = await outcome((ctx) => {
      const map = ctx.map<string, number>('m', int);
      const lazy = ctx.map<string, number>('l', int, { prefetch: () => ['x'.repeat(511)] });
      return {
        onData(event, _, to) {
          map.set(`a${event.at}`, event.at === 3 ? Number.NaN : event.at);
          if (event.at === 4) lazy.set('x'.repeat(511), 1);
          to.emit(map.size);
        },
      };
    });
    expect(out).toEqual([1, 2, 3]);
    expect(dead.map(({ detail }) => String(detail).slice(0, 60))).toEqual([
      `STATE_VALUE_REFUSED: state 'p/m' (key "k", sub-key "a3") was`,
      "OPTION_INVALID: prefetch of map 'p/l' is silent; it must be ",
    ]);
  });
});
