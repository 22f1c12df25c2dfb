import { describe, expect, test } from 'vitest';
import { map } from '../../operators/map.ts';
import { drive } from '../../testing/drive.ts';

describe('map', () => {
  test('replaces the value and keeps time and key', async () => {
    const d = drive(map((n: number) => n * 10));
    d.data(5, 1, 'api');
    d.data(-7, 2);
    expect(await d.seen).toEqual(['api 10 @5', '20 @-7']);
  });

  test('passes watermarks and barriers on, behind the values before them', async () => {
    const d = drive(map((n: number) => -n));
    d.data(5, 1);
    d.watermark(5);
    d.barrier(1);
    d.data(6, 2);
    expect(await d.seen).toEqual(['-1 @5', '~5', '|1', '-2 @6']);
  });

  test('sets a value aside on which it throws and goes on behind it', async () => {
    const halve = (n: number) => {
      if (n % 2 === 1) throw new Error('odd');
      return n / 2;
    };
    const d = drive(map(halve));
    for (const n of [2, 3, 4]) d.data(0, n);
    expect(await d.seen).toEqual(['1 @0', '!map#2: odd', '2 @0']);
  });

  test('may return undefined: only mapMaybe leaves values out', async () => {
    const d = drive(map((_: number): undefined => undefined));
    d.data(0, 1);
    expect(await d.seen).toEqual(['undefined @0']);
  });
});
