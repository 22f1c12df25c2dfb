import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { drive } from '../../testing/drive.ts';

const counted = () => scan<unknown, number, number, string>('n', { codec: int }, (n) => [(n ?? 0) + 1, (n ?? 0) + 1]);

describe('drive', () => {
  test('writes keys of every type', async () => {
    const d = drive(map((n: number) => n));
    for (const key of ['api', 7, 7n, ['eu', 7, 7n], '']) d.data(0, 1, key);
    expect(await d.seen).toEqual(['api 1 @0', '7 1 @0', '7n 1 @0', '[eu,7,7n] 1 @0', '1 @0']);
  });

  test('what was saved is plain data and does not change any more', async () => {
    const d = drive(counted());
    d.data(0, 'x', 'k');
    d.watermark(5);
    d.barrier(1);
    const saved = await d.saved;
    const text = JSON.stringify(saved);
    d.data(0, 'x', 'k');
    d.barrier(2);
    await d.seen;
    expect(JSON.stringify(saved)).toBe(text);
    expect(saved).toEqual({
      state: [{ space: 'n/state', key: 'sk', sub: '', bytes: '0102' }],
      watermarks: { in: 5 },
      eventTimes: {},
    });
    const again = drive(counted(), { saved: JSON.parse(text) });
    again.data(0, 'x', 'k');
    expect(await again.seen).toEqual(['k 2 @0']);
  });

  test('before any barrier nothing is saved', async () => {
    const d = drive(counted());
    d.data(0, 'x', 'k');
    expect(await d.saved).toEqual({ state: [], watermarks: {}, eventTimes: {} });
  });

  test('an error of the stream is the last line seen', async () => {
    let asked = 0;
    const codec = {
      ...int,
      // It is asked once behind the handler, and again for the barrier.
      encode(value: number) {
        if (++asked > 1) throw new Error('no bytes');
        return int.encode(value);
      },
    };
    const d = drive(scan<unknown, number, number, string>('n', { codec }, () => [1, 1]));
    d.data(0, 'x', 'k');
    d.barrier(1);
    expect(await d.seen).toEqual(['k 1 @0', '|1', expect.stringContaining('no bytes')]);
  });

  test('an operator that makes no job is refused at once', () => {
    const nameless = scan<unknown, number, number, string>('No Uid', { codec: int }, () => [1, 1]);
    expect(() => drive(nameless)).toThrow(/^UID_MALFORMED/);
  });
});
