import { expect, test } from 'vitest';
import { crc32c } from '../../../topics/kafka/protocol/crc32c.ts';

test('the vectors of RFC 3720', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(ascending)).toBe(0x46dd794e);
  expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('it does not matter where in memory the bytes lie', () => {
  const text = Buffer.from('a text that is longer than a few words, so that all paths are taken');
  for (let shift = 0; shift < 16; shift++) {
    const place = Buffer.alloc(shift + text.length + 5, 0xee);
    text.copy(place, shift);
    expect(crc32c(place, shift, shift + text.length)).toBe(crc32c(text));
    expect(crc32c(place.subarray(shift), 0, text.length)).toBe(crc32c(text));
  }
});
