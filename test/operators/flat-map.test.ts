import { expect, test } from 'vitest';
import { flatMap } from '../../operators/flat-map.ts';
import { drive } from '../../testing/drive.ts';

test('every value becomes any number of values at its time and under its key', async () => {
  const d = drive(flatMap((line: string) => line.split(' ').filter((word) => word !== '')));
  d.data(1, 'a b', 'k');
  d.data(2, '');
  d.data(3, 'c');
  expect(await d.seen).toEqual(['k "a" @1', 'k "b" @1', '"c" @3']);
});

test('takes any iterable', async () => {
  const d = drive(
    flatMap(function* (n: number) {
      for (let i = 0; i < n; i++) yield i;
    }),
  );
  d.data(0, 3);
  expect(await d.seen).toEqual(['0 @0', '1 @0', '2 @0']);
});
