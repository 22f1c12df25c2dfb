import { expect, test } from 'vitest';
import { filter } from '../../operators/filter.ts';
import { drive } from '../../testing/drive.ts';
import { outputOf } from '../../testing/output-of.ts';

test('keeps what the predicate holds for, with its time and key', async () => {
  const d = drive(filter((n: number) => n > 1));
  d.data(5, 1, 'a');
  d.data(6, 2, 'a');
  d.watermark(6);
  expect(await d.seen).toEqual(['a 2 @6', '~6']);
});

test('a type guard narrows the stream', async () => {
  const values: readonly (string | number)[] = ['a', 1];
  const texts: string[] = await outputOf(
    values,
    filter((v) => typeof v === 'string'),
  );
  expect(texts).toEqual(['a']);
});
