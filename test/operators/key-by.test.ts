import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import type { Key } from '../../state/key.ts';
import { drive, END, outputOf, play } from '../../testing/index.ts';

const counted = () => scan<unknown, number, number, Key>('n', { codec: int }, (n) => [(n ?? 0) + 1, (n ?? 0) + 1]);

describe('keyBy', () => {
  test('replaces the key that was', async () => {
    const d = drive(keyBy((word: string) => word.length));
    d.data(1, 'aa', 'old');
    expect(await d.seen).toEqual(['2 "aa" @1']);
  });

  test('keys may be texts, numbers, bigints and tuples, and are equal by value', async () => {
    const keys: readonly Key[] = ['1', 1, 1n, ['eu', 1], ['eu', 1n], [], ['eu', 1], 1n, 1, '1', -0, 0];
    const counts = await outputOf(
      keys,
      keyBy((key) => key),
      counted(),
    );
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 2]);
  });

  test('keys come back from a restart as they were', async () => {
    const keys: readonly Key[] = ['1', 1, 1n, ['eu', 1], Number.POSITIVE_INFINITY, 'ü€😀', ''];
    const op = () => counted();
    const before = drive(op());
    for (const key of keys) before.data(0, 'x', key);
    before.barrier(1);
    const after = drive(op(), { saved: before.saved });
    for (const key of keys) after.data(0, 'x', key);
    const shown = ['1', '1', '1n', '[eu,1]', 'Infinity', 'ü€😀'];
    expect(await after.seen).toEqual([...shown.map((key) => `${key} 2 @0`), '2 @0']);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['an object', { service: 'api' }],
    ['a tuple of tuples', [['eu']]],
    ['a tuple with NaN', [Number.NaN]],
    ['a boolean', true],
  ])('%s is no key: the record is set aside', async (_, key) => {
    const d = drive(keyBy(() => key as unknown as Key));
    d.data(0, 'x');
    expect(await d.seen).toEqual([expect.stringMatching(/^!keyBy#2: KEY_INVALID/)]);
  });

  test('a key longer than a store can hold is refused, half a character made whole', async () => {
    const d = drive(keyBy((key: string) => key));
    d.data(0, 'x'.repeat(513));
    d.data(0, 'a\ud800');
    expect(await d.seen).toEqual([expect.stringMatching(/^!keyBy#2: KEY_TOO_LONG/), 'a\ufffd "a\\ud800" @0']);
  });

  test('in the midst of a batch only the record without a key is missing, on this branch', async () => {
    const both = job('both', (from) => {
      const words = from('words', script<string>([]));
      words.pipe(
        keyBy((word) => word[0] as string),
        map((word) => `keyed ${word}`),
        to('keyed', topic('keyed')),
      );
      words.pipe(to('all', topic('all')));
    });
    const played = await play(both, { words: ['a', '', 'b', '', 'c', END] });
    expect(played.topics['keyed']).toEqual(['keyed a', 'keyed b', 'keyed c']);
    expect(played.topics['all']).toEqual(['a', '', 'b', '', 'c']);
    expect(played.deadLetters).toMatchObject([{ reason: 'threw' }, { reason: 'threw' }]);
  });
});
