import fc from 'fast-check';
import { compress } from 'snappyjs';
import { describe, expect, test } from 'vitest';
import { nativeSnappy, portableSnappy } from '../../../codecs/snappy.ts';
import { unsnap } from '../../../topics/kafka/protocol/snappy.ts';

const block = (bytes: Buffer) => Buffer.from(compress<Uint8Array>(bytes));

/** The frame of Java's clients. */
function framed(...blocks: readonly Buffer[]): Buffer {
  const sized = blocks.flatMap((each) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(each.length);
    return [size, each];
  });
  return Buffer.concat([Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1'), ...sized]);
}

describe.each([
  ['native', nativeSnappy()],
  ['in JavaScript', portableSnappy],
] as const)('%s', (_, uncompress) => {
  const read = (bytes: Buffer) => Buffer.from(unsnap(bytes, 1 << 20, uncompress!));

  test.skipIf(uncompress === undefined)('whatever was compressed comes out again, in one block or in a frame', () => {
    const content = fc.array(fc.tuple(fc.string({ maxLength: 40 }), fc.nat(60)), { maxLength: 20 });
    fc.assert(
      fc.property(content, fc.nat(), (texts, cut) => {
        const bytes = Buffer.from(texts.map(([text, times]) => text.repeat(times)).join(''));
        const at = cut % (bytes.length + 1);
        expect(read(block(bytes)).equals(bytes)).toBe(true);
        expect(read(framed(block(bytes.subarray(0, at)), block(bytes.subarray(at)))).equals(bytes)).toBe(true);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test.skipIf(uncompress === undefined)('what is malformed or cut short is refused', () => {
    const whole = block(Buffer.from('a line that comes again, '.repeat(20)));
    expect(() => read(whole.subarray(0, whole.length - 1))).toThrow();
    expect(() => read(Buffer.from([5, 0xff]))).toThrow();
    expect(() => read(framed(whole).subarray(0, -1))).toThrow(RangeError);
  });
});
