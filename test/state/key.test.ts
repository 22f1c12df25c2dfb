import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitKey, type Key, keyBytes, keyId, keyText, parseKey } from '../../state/key.ts';

const part = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
  fc.bigInt(),
);
const key: fc.Arbitrary<Key> = fc.oneof(part, fc.array(part, { maxLength: 4 }));

describe('keyText', () => {
  test('gives every key back', () => {
    fc.assert(
      fc.property(key, (k) => {
        expect(parseKey(keyText(k))).toEqual(k);
      }),
    );
  });

  test('is the same for two keys only if they are the same', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const same = keyId(a) === keyId(b);
        expect(keyText(a) === keyText(b)).toBe(same);
      }),
    );
  });

  test('tells 1, 1n, "1" and ["1"] apart', () => {
    expect(new Set([1, 1n, '1', ['1']].map((k) => keyText(k as Key))).size).toBe(4);
  });

  test('0 and -0 are one key', () => {
    expect(keyText(-0)).toBe(keyText(0));
  });
});

describe('keyBytes', () => {
  test('a text key is its own UTF-8, so that other producers of Kafka choose the same partition', () => {
    expect(Buffer.from(keyBytes('Zürich')).toString('utf8')).toBe('Zürich');
  });
});

describe('admitKey', () => {
  test.each([Number.NaN, undefined, null, true, {}, [undefined], [['nested']]])('refuses %s', (k) => {
    expect(() => admitKey(k as never)).toThrow(/^KEY_INVALID/);
  });

  test('refuses a key that the stores could not hold', () => {
    expect(() => admitKey('x'.repeat(600))).toThrow(/^KEY_TOO_LONG: a key takes 600 bytes/);
    expect(() => admitKey(['x'.repeat(600)])).toThrow(/^KEY_TOO_LONG/);
  });

  test('counts bytes, not UTF-16 units: 170 Chinese characters fit, 171 do not, nor do 128 emoji', () => {
    expect(admitKey('单'.repeat(170))).toHaveLength(170);
    expect(() => admitKey('单'.repeat(171))).toThrow(/^KEY_TOO_LONG: a key takes 513 bytes and the limit is 512/);
    expect(() => admitKey('😀'.repeat(128))).toThrow(/^KEY_TOO_LONG: a key takes 512 bytes/);
    expect(() => keyText(['订', '单'.repeat(170)])).toThrow(/^KEY_TOO_LONG/);
  });

  test('replaces a lone surrogate, which has no UTF-8 form', () => {
    expect(admitKey('a\ud800')).toBe('a\ufffd');
  });
});
