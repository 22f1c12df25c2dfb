import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import { hasCode } from '../../errors.ts';

test('fields come back in the order they were written, however long the record', () => {
  const field = fc.record({
    whole: fc.maxSafeInteger().map(Math.abs),
    signed: fc.maxSafeInteger().map((n) => n + 0),
    number: fc.double(),
    text: fc.string({ unit: 'binary', maxLength: 70 }),
    blob: fc.uint8Array(),
  });
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const writer = new ByteWriter().varint(fields.length);
      for (const { whole, signed, number, text, blob } of fields) {
        writer.varint(whole).int(signed).float64(number).string(text).bytes(blob);
      }
      const reader = new ByteReader(writer.finish(), 'test');
      const back: unknown[] = [];
      for (let left = reader.count(12); left > 0; left--) {
        const [whole, signed, number] = [reader.varint(), reader.int(), reader.float64()];
        back.push({ whole, signed, number, text: reader.string(), blob: reader.bytes() });
      }
      reader.end();
      expect(back).toEqual(fields);
    }),
  );
});

test('a reader works on a view into a larger buffer', () => {
  const record = new ByteWriter().float64(2.5).finish();
  const larger = new Uint8Array(20);
  larger.set(record, 7);
  expect(new ByteReader(larger.subarray(7, 15), 'test').float64()).toBe(2.5);
});

test('a count that the bytes can not hold is refused before anything is read', () => {
  const record = new ByteWriter().varint(2 ** 40).finish();
  try {
    new ByteReader(record, 'test').count(8);
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, 'STATE_BYTES_BROKEN')).toBe(true);
  }
});
