import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c, nativeCrc32c, tableCrc32c } from '../../../topics/kafka/protocol/crc32c.ts';

describe.each([
  ['native', nativeCrc32c],
  ['by tables', tableCrc32c],
] as const)('%s', (_, crc) => {
  test.skipIf(crc === undefined)('the vectors of RFC 3720', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(crc!(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc!(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc!(ascending)).toBe(0x46dd794e);
    expect(crc!(ascending.toReversed())).toBe(0x113fdb5c);
    expect(crc!(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc!(new Uint8Array(0))).toBe(0);
  });

  test.skipIf(crc === undefined)('it does not matter where in memory the bytes lie', () => {
    const text = Buffer.from('a text that is longer than a few words, so that all paths are taken');
    for (let shift = 0; shift < 16; shift++) {
      const place = Buffer.alloc(shift + text.length + 5, 0xee);
      text.copy(place, shift);
      expect(crc!(place, shift, shift + text.length)).toBe(crc!(text));
      expect(crc!(place.subarray(shift), 0, text.length)).toBe(crc!(text));
    }
  });
});

test('both give the same for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      expect(crc32c(bytes)).toBe(tableCrc32c(bytes));
    }),
    { seed: 2, numRuns: 300 },
  );
});
