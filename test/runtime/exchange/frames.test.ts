import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, type Entry, encodeProgress, FrameWriter } from '../../../runtime/exchange/frames.ts';

const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.string({ unit: 'binary', maxLength: 20 }),
  time: fc.oneof(fc.maxSafeInteger(), fc.double(), fc.integer({ min: 1.7e12, max: 1.8e12 })),
  bytes: fc.uint8Array({ maxLength: 30 }),
  folded: fc.boolean(),
});

/** As an entry is found again: bytes by value, no zero below zero. */
const plain = ({ key, time, bytes, folded }: Entry) => [key, time + 0, [...bytes], folded];

describe('a frame', () => {
  test('brings every value with its key, time and kind, in order', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 50 }), (entries) => {
        const writer = new FrameWriter();
        for (const each of entries) writer.add(each);
        const received = decodeFrame(writer.take()!);
        if (received.kind !== 'values') throw new Error('a mark came');
        expect(received.entries.map(plain)).toEqual(entries.map(plain));
        expect(writer.take()).toBeUndefined();
      }),
    );
  });

  test('carries each key once, however many values it has', () => {
    const size = (keys: readonly string[]) => {
      const writer = new FrameWriter();
      for (const key of keys) writer.add({ key, time: 0, bytes: Uint8Array.of(1), folded: false });
      return writer.take()!.length;
    };
    const long = 'k'.repeat(100);
    expect(size(Array(50).fill(long))).toBeLessThan(100 + 50 * 5 + 20);
  });

  test('knows its size in bytes, whatever its keys are written in', () => {
    for (const key of ['k'.repeat(300), '单'.repeat(100), '😀'.repeat(75)]) {
      const writer = new FrameWriter();
      writer.add({ key, time: 0, bytes: Uint8Array.of(1), folded: false });
      expect(writer.size).toBe(300 + 4 + 1 + 8);
    }
  });

  test('is refused when it was cut', () => {
    const writer = new FrameWriter();
    writer.add({ key: 'a', time: 5, bytes: Uint8Array.of(1, 2, 3), folded: false });
    const frame = writer.take()!;
    for (let end = 0; end < frame.length; end++) expect(() => decodeFrame(frame.subarray(0, end))).toThrow();
  });
});

test.each([0, 1_700_000_000_000, Number.POSITIVE_INFINITY, 'idle'] as const)(
  'progress at %s is read as it was written',
  (watermark) => {
    const progress = { task: 3, of: 8, watermark };
    expect(decodeFrame(encodeProgress(progress))).toEqual({ kind: 'progress', progress });
  },
);
