/**
 * Classes of characters that are looked up are what they are called.
 */
import { expect, test } from 'vitest';
import { isHex, isLetter, isWordCode } from '../../logs/text.ts';

test('letters, word signs and hexadecimal digits are those of ASCII, and nothing past the end is one', () => {
  const codes = Array.from({ length: 0x10000 }, (_, code) => code);
  const those = (accept: (code: number) => boolean) =>
    codes
      .filter(accept)
      .map((code) => String.fromCharCode(code))
      .join('');
  const [upper, lower, digits] = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789'];
  expect(those(isLetter)).toBe(upper + lower);
  expect(those(isWordCode)).toBe(digits + upper + lower);
  expect(those(isHex)).toBe(`${digits}ABCDEFabcdef`);
  expect([isLetter, isWordCode, isHex].map((accept) => accept(''.charCodeAt(0)))).toEqual([false, false, false]);
});
