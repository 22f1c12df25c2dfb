/** Values and sub-keys that can't be stored. */
import { describe, expect, test } from 'vitest';
import { int, json } from '../../../codecs/codec.ts';
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
