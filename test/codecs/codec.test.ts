import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boolean,
  bytes,
  type Codec,
  float64,
  int,
  json,
  readVersioned,
  string,
  writeVersioned,
} from '../../codecs/codec.ts';
import { hasCode } from '../../errors.ts';

const anyString = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'none';
}

function survives<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(codec.decode(codec.encode(value))).toStrictEqual(value);
    }),
  );
}

describe('round trips', () => {
  test('float64 keeps every number, NaN, −0 and infinities too', () => survives(float64, fc.double()));

  test('int keeps every safe integer', () => {
    survives(
      int,
      fc.maxSafeInteger().map((n) => n + 0),
    );
    for (const n of [0, -1, 63, 64, -64, -65, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(int.decode(int.encode(n))).toBe(n);
    }
  });

  test('int writes the zigzag varints of Protocol Buffers', () => {
    expect([0, -1, 1, -2, 63, 64, -64, 2147483647, -2147483648].map((n) => [...int.encode(n)])).toEqual([
      [0],
      [1],
      [2],
      [3],
      [126],
      [128, 1],
      [127],
      [254, 255, 255, 255, 15],
      [255, 255, 255, 255, 15],
    ]);
  });

  test('string keeps every string, lone surrogates and byte-order marks too', () => {
    survives(string, fc.oneof(fc.string({ unit: 'binary', maxLength: 70 }), anyString));
    for (const text of [
      '',
      '\ufeff',
      '\ufeffa',
      'a\ud800',
      '\udc00\ud800',
      '😀',
      '\0',
      'a'.repeat(33),
      `${'a'.repeat(31)}ü`,
    ]) {
      expect(string.decode(string.encode(text))).toBe(text);
    }
  });

  test('a well-formed string costs its UTF-8 bytes and nothing more', () => {
    expect(string.encode('größer')).toEqual(new TextEncoder().encode('größer'));
  });

  test('boolean and bytes', () => {
    survives(boolean, fc.boolean());
    survives(bytes, fc.uint8Array());
  });

  test('json keeps what JSON can express', () => {
    survives(
      json<unknown>(),
      fc
        .jsonValue()
        .filter((value) => !JSON.stringify(value).includes('__proto__'))
        .map(plain),
    );
  });

  test('later changes of a value do not change its stored bytes, nor the reverse', () => {
    const value = Uint8Array.of(1, 2);
    const stored = bytes.encode(value);
    value[0] = 9;
    const back = bytes.decode(stored);
    stored[1] = 9;
    expect([...back]).toEqual([1, 2]);
  });
});

/** The value as JSON itself gives it back: without −0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('refusals', () => {
  test('values a codec can not keep are refused instead of changed', () => {
    expect(codeOf(() => int.encode(1.5))).toBe('OPTION_INVALID');
    expect(codeOf(() => int.encode(2 ** 53))).toBe('OPTION_INVALID');
    expect(codeOf(() => json<unknown>().encode(undefined))).toBe('OPTION_INVALID');
  });

  test('broken bytes are refused with a code', () => {
    const cases: readonly (readonly [Codec<unknown>, readonly number[]])[] = [
      [float64 as Codec<unknown>, [1, 2, 3]],
      [float64 as Codec<unknown>, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
      [int as Codec<unknown>, []],
      [int as Codec<unknown>, [0x80]],
      [int as Codec<unknown>, [0, 0]],
      [int as Codec<unknown>, [255, 255, 255, 255, 255, 255, 255, 31]],
      [int as Codec<unknown>, [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
      [int as Codec<unknown>, [...new Array<number>(400).fill(0x80), 0]],
      [string as Codec<unknown>, [0xc3, 0x28]],
      [string as Codec<unknown>, [0xff, 0x00]],
      [boolean as Codec<unknown>, [2]],
      [boolean as Codec<unknown>, []],
      [json(), [0x7b]],
    ];
    for (const [codec, stored] of cases) {
      expect([codec.name, stored, codeOf(() => codec.decode(Uint8Array.from(stored)))]).toEqual([
        codec.name,
        stored,
        'STATE_BYTES_BROKEN',
      ]);
    }
  });

  test('whatever the bytes, a codec gives a value or a coded error', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom<Codec<unknown>[]>(int as Codec<unknown>, json(), string as Codec<unknown>),
        (stored, codec) => {
          expect(['none', 'STATE_BYTES_BROKEN']).toContain(codeOf(() => codec.decode(stored)));
        },
      ),
    );
  });
});

describe('versions', () => {
  interface Profile {
    readonly service: string;
    readonly rate: number;
  }
  const first: Codec<string> = { ...string, name: 'profile' };
  const third: Codec<Profile> = {
    ...json<Profile>(),
    name: 'profile',
    version: 3,
    upgrade: (stored, from) => ({ service: string.decode(stored), rate: from }),
  };

  test('the version stands before the bytes and is removed on reading', () => {
    expect([...writeVersioned(int, -1)]).toEqual([1, 1]);
    expect([...writeVersioned({ ...int, version: 300 }, -1)]).toEqual([0xac, 2, 1]);
    expect(readVersioned(third, writeVersioned(third, { service: 'api', rate: 2 }), 's')).toEqual({
      service: 'api',
      rate: 2,
    });
  });

  test('older bytes go through upgrade with the version they have', () => {
    expect(readVersioned(third, writeVersioned(first, 'api'), 's')).toEqual({ service: 'api', rate: 1 });
  });

  test('older bytes without upgrade stop with STATE_CODEC_OLDER', () => {
    const { upgrade, ...without } = third;
    expect(upgrade).toBeDefined();
    expect(codeOf(() => readVersioned(without, writeVersioned(first, 'api'), 's'))).toBe('STATE_CODEC_OLDER');
  });

  test('newer bytes stop old code with STATE_CODEC_NEWER, naming both versions', () => {
    try {
      readVersioned(first, writeVersioned(third, { service: 'api', rate: 2 }), 'spike/profile');
      expect.unreachable();
    } catch (error) {
      expect(hasCode(error, 'STATE_CODEC_NEWER') && error.detail).toEqual({
        space: 'spike/profile',
        found: 3,
        known: 1,
      });
    }
  });

  test('an empty entry is broken, not version 0', () => {
    expect(codeOf(() => readVersioned(int, new Uint8Array(), 's'))).toBe('STATE_BYTES_BROKEN');
  });
});
