import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines } from '../../../connectors/files/lines.ts';

test('splits like splitting the text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', '')), (parts) => {
      const text = parts.join('');
      const bytes = Buffer.from(text);
      const whole = { from: 0, to: bytes.length, maxLines: 1e6, maxLineBytes: 1e6 };
      const { length, starts, ends, next, long } = splitLines(bytes, whole);
      const lines = text.split('\n');
      const rest = lines.pop()!;
      expect(Array.from({ length }, (_, i) => text.slice(starts[i], ends[i]))).toEqual(
        lines.map((line) => line.replace(/\r$/, '')),
      );
      expect(text.slice(next)).toBe(rest);
      expect(long).toBe(false);
    }),
  );
});

test('stops at the last byte it may look at, and after so many lines', () => {
  const bytes = Buffer.from('ab\ncd\nef\n');
  expect(splitLines(bytes, { from: 3, to: 8, maxLines: 9, maxLineBytes: 9 })).toMatchObject({ length: 1, next: 6 });
  expect(splitLines(bytes, { from: 0, to: 9, maxLines: 2, maxLineBytes: 9 })).toMatchObject({ length: 2, next: 6 });
});

test('stops before a line that is too long, ended or not', () => {
  const bytes = Buffer.from('ab\n123456\nc\n');
  expect(splitLines(bytes, { from: 0, to: 12, maxLines: 9, maxLineBytes: 5 })).toMatchObject({
    length: 1,
    next: 3,
    long: true,
  });
  expect(splitLines(bytes, { from: 3, to: 9, maxLines: 9, maxLineBytes: 4 })).toMatchObject({
    length: 0,
    next: 3,
    long: true,
  });
  // One byte more than the limit may still turn out to be the \r of its end.
  expect(splitLines(bytes, { from: 3, to: 9, maxLines: 9, maxLineBytes: 5 })).toMatchObject({ length: 0, long: false });
});
