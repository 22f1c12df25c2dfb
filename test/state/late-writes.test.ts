/** What a record writes that is older than the last write of its entry: the entry lives as long as before. */
import { expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { process } from '../../operators/process.ts';
import { drive } from '../../testing/drive.ts';

const ttl = 8_000;

/** Counts per key; `?` only asks. */
const counted = () =>
  drive(
    process<string, number, string>('p', (ctx) => {
      const count = ctx.value('count', int, { ttl });
      return {
        onData(word, _, out) {
          if (word !== '?') count.set((count.get() ?? 0) + 1);
          out.emit(count.get() ?? 0);
        },
      };
    }),
  );

test('a late write does not age its entry, neither for readers nor for the sweep', async () => {
  const d = counted();
  d.data(5_000, '+', 'k');
  d.data(1_000, '+', 'k');
  // By its late write alone it would have expired at 9 s.
  d.watermark(12_900);
  d.data(12_900, '?', 'k');
  // By its newest it expires at 13 s.
  d.watermark(13_000);
  d.data(13_000, '?', 'k');
  expect(await d.seen).toEqual(['k 1 @5000', 'k 2 @1000', '~12900', 'k 2 @12900', '~13000', 'k 0 @13000']);
});
