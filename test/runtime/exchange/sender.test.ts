import { expect, test } from 'vitest';
import { json } from '../../../codecs/codec.ts';
import type { Batch } from '../../../runtime/circuit/element.ts';
import { decodeFrame } from '../../../runtime/exchange/frames.ts';
import { Sender } from '../../../runtime/exchange/sender.ts';
import { type Key, keyBytes, parseKey } from '../../../state/key.ts';
import { partitionOf } from '../../../topics/partition.ts';
import type { TopicRecord } from '../../../topics/topics.ts';

const partitions = 7;

function recordsOf(keys: readonly Key[]): readonly TopicRecord[] {
  const sink = { kind: 'exchange', label: 'x', topic: 'x', codec: json(), fold: undefined } as const;
  const sender = new Sender(sink, { partitions, task: 0, of: 1 });
  const values = keys.map((_, i) => i);
  const batch: Batch = {
    kind: 'data',
    split: 0,
    keys: [...keys],
    values,
    times: Float64Array.from(values),
    length: keys.length,
  };
  sender.add(batch, (_, error) => {
    throw error;
  });
  return sender.take();
}

function sent(keys: readonly Key[]): readonly (readonly [key: Key, partition: number])[] {
  return recordsOf(keys).flatMap(({ partition, value }) => {
    const received = decodeFrame(value!);
    return received.kind === 'values' ? received.entries.map(({ key }) => [parseKey(key), partition!] as const) : [];
  });
}

test('a value goes to the partition to which any producer would send its key', () => {
  const keys: readonly Key[] = [
    '',
    'api',
    'käse',
    'a\u0000b',
    'x'.repeat(510),
    '日本',
    21,
    -0.5,
    7n,
    ['eu', 7],
    ['ü', 'b'],
  ];
  const found = sent(keys);
  expect(found).toHaveLength(keys.length);
  for (const [key, partition] of found) expect(partition, String(key)).toBe(partitionOf(keyBytes(key), partitions));
});

test('a key that comes again stands in a frame once', () => {
  const long = 'x'.repeat(400);
  const keys = Array.from({ length: 200 }, (_, i) => [long, 'a', 'b'][i % 3]!);
  const bytes = recordsOf(keys).reduce((sum, { value }) => sum + value!.length, 0);
  expect(sent(keys).filter(([key]) => key === long)).toHaveLength(67);
  expect(bytes).toBeLessThan(2 * 400 + 200 * 8);
});
