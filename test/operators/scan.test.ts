import { describe, expect, test } from 'vitest';
import { float64, int } from '../../codecs/codec.ts';
import { scan } from '../../operators/scan.ts';
import { drive } from '../../testing/drive.ts';

const total = () =>
  scan<number, number, number, string>('total', { codec: float64 }, (sum = 0, n) => [sum + n, sum + n]);

describe('scan', () => {
  test('keeps a state per key', async () => {
    const d = drive(total());
    d.data(1, 1, 'a');
    d.data(2, 10, 'b');
    d.data(3, 2, 'a');
    expect(await d.seen).toEqual(['a 1 @1', 'b 10 @2', 'a 3 @3']);
  });

  test('hands the key to the step and emits nothing where it returns undefined', async () => {
    const step = (n: number | undefined, _: string, key: string) =>
      [(n ?? 0) + 1, n === 1 ? `second ${key}` : undefined] as const;
    const d = drive(scan('seconds', { codec: int }, step));
    for (const key of ['a', 'b', 'a', 'a']) d.data(0, 'x', key);
    expect(await d.seen).toEqual(['a "second a" @0']);
  });

  test('goes on from the last barrier, and from nowhere later', async () => {
    const before = drive(total());
    before.data(1, 1, 'a');
    before.barrier(1);
    before.data(2, 100, 'a');
    const after = drive(total(), { saved: before.saved });
    after.data(2, 2, 'a');
    after.data(3, 1, 'b');
    expect(await after.seen).toEqual(['a 3 @2', 'b 1 @3']);
  });

  test('a key that left memory comes back with its state', async () => {
    const d = drive(total(), { cacheKeys: 2 });
    const keys = ['a', 'b', 'c', 'd'];
    for (const round of [1, 2, 3]) {
      for (const key of keys) d.data(round, round, key);
      d.barrier(round);
    }
    expect((await d.seen).slice(-5)).toEqual([...keys.map((key) => `${key} 6 @3`), '|3']);
  });

  test('state expires when a key was not written for its time to live', async () => {
    const ttl = 80_000;
    const d = drive(scan('n', { codec: int, ttl }, (n: number | undefined, _: string) => [(n ?? 0) + 1, (n ?? 0) + 1]));
    d.data(0, 'x', 'a');
    d.data(50_000, 'x', 'b');
    d.watermark(89_999); // a expires in the bucket that ends at 90 000
    d.data(89_999, 'x', 'a');
    d.watermark(139_999);
    d.data(139_999, 'x', 'b');
    d.watermark(140_000);
    d.data(140_000, 'x', 'b');
    // What has expired is not read any more, though it is swept later.
    expect(await d.seen).toEqual([
      'a 1 @0',
      'b 1 @50000',
      '~89999',
      'a 1 @89999',
      '~139999',
      'b 1 @139999',
      '~140000',
      'b 2 @140000',
    ]);
    d.watermark(1_000_000);
    d.data(1_000_000, 'x', 'a');
    d.barrier(1);
    expect((await d.seen).slice(-2)).toEqual(['a 1 @1000000', '|1']);
    expect((await d.saved).state.map((entry) => `${entry.space} ${entry.key}`)).toEqual([
      'n/state sa',
      'n/state/~ttl sa',
    ]);
  });

  test('a value on which the step throws leaves the state as it was', async () => {
    const d = drive(
      scan('sum', { codec: float64 }, (sum: number | undefined, text: string) => {
        const n = JSON.parse(text) as number;
        return [(sum ?? 0) + n, (sum ?? 0) + n];
      }),
    );
    for (const text of ['1', '{', '2']) d.data(0, text, 'k');
    expect(await d.seen).toEqual(['k 1 @0', expect.stringMatching(/^!sum: .*JSON/), 'k 3 @0']);
  });
});
