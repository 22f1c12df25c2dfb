import { expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { union } from '../../operators/union.ts';
import { outputOf } from '../../testing/output-of.ts';

test('runs values through operators and returns the outputs unchanged', async () => {
  const date = new Date(0);
  const output = await outputOf(
    [date],
    keyBy((d) => d.getTime()),
    map((d) => ({ d })),
  );
  expect(output[0]!.d).toBe(date);
});

test('the first operator may open further sources', async () => {
  expect(await outputOf([1], (stream, from) => union(stream, from('more', script([2]))))).toEqual([1, 2]);
});

test('rejects with the operator that threw', async () => {
  const fail = () => {
    throw new Error('no');
  };
  await expect(outputOf([1], map(fail))).rejects.toThrow("RECORD_POISONOUS: operator 'map#1' failed on a record: no");
});
