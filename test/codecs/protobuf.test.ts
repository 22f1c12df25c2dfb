import { describe, expect, test } from 'vitest';
import { Broken, decodeProtobuf } from '../../codecs/protobuf.ts';
import { type Message, message } from '../../codecs/protobuf-message.ts';
import { encodeProtobuf, varint } from '../support/inputs/protobuf-writer.ts';

const inner = message({ 1: ['name', 'text'], 2: ['sizes[]', 'int'] });
const nested: Message = message({ 1: ['within', () => nested], 2: ['name', 'text'] });
const outer = message({
  1: ['labels[]!', () => inner],
  2: ['id', 'hex'],
  3: ['value', 'sample'],
  4: ['time', 'nanos'],
  5: ['change', 'sfixed64'],
  6: ['count', 'int'],
  7: ['offset', 'sint'],
  8: ['isOpen', 'bool'],
  9: ['flags', 'fixed32'],
  10: ['bounds[]', 'double'],
});
const decoded = (hex: string, described: Message = outer) => decodeProtobuf(Buffer.from(hex, 'hex'), described);

test('every kind of field is read as it was written', () => {
  const value = {
    labels: [{ name: 'größe', sizes: [1, 300] }, { name: 'b' }],
    id: '00ff',
    value: -0.5,
    change: '-9007199254740993',
    count: -3,
    offset: -70_000,
    isOpen: true,
    flags: 4_000_000_000,
    bounds: [1.5, 2],
  };
  expect(decodeProtobuf(encodeProtobuf(value, outer), outer)).toEqual({ value, wrong: null, tooMuch: false });
});

test('a whole number that is too large is text, and one below zero keeps its sign', () => {
  const count = (n: bigint) => decodeProtobuf(Buffer.concat([Buffer.from('30', 'hex'), varint(n)]), outer).value;
  expect(count(-1n)).toEqual({ count: -1 });
  expect(count(2n ** 62n)).toEqual({ count: '4611686018427387904' });
  expect(count(-(2n ** 63n))).toEqual({ count: '-9223372036854775808' });
});

test('nanoseconds are exact to the microsecond', () => {
  for (const nanos of [1769676684967123456n, 1769676684500250000n, 1769676684500249999n, 999n]) {
    const { value } = decodeProtobuf(encodeProtobuf({ time: nanos }, outer), outer);
    expect((value as { time: number }).time / 1e3).toBe(Number(nanos / 1000n));
  }
});

test('the bits with which Prometheus ends a series are told from other values that are no number', () => {
  expect(decoded('19020000000000f07f').value).toEqual({ value: null });
  expect(decoded('19010000000000f87f').value).toEqual({ value: Number.NaN });
});

test('packed lists and single ones are one list', () => {
  expect(decoded('120305ac02100a', inner).value).toEqual({ sizes: [5, 300, 10] });
});

test('unknown fields of each wire type are skipped', () => {
  expect(decoded('f80101 f101ffffffffffffffff fa0102aabb fd01aabbccdd 120100'.replaceAll(' ', '')).value).toEqual({
    id: '00',
  });
});

describe('what is broken', () => {
  test.each([
    ['a length behind the end', '1205aa', /field of 5 bytes, of which 1/],
    ['a number that is cut short', '30ff', /cut short/],
    ['a number without end', `30${'ff'.repeat(11)}`, /more than ten bytes/],
    ['a fixed number that is cut short', '1900', /field of 8 bytes, of which 1/],
    ['another wire type', '1005', /wire type 0/],
    ['a group', '0b0c', /wire type 3/],
    ['a field without a number', '00', /number 0/],
  ])('%s is said', (_, hex, reason) => {
    expect(decoded(hex).wrong).toMatch(reason);
  });

  test('a message within costs itself alone', () => {
    // A label that ends within its name, and a whole one behind it.
    const { value, wrong } = decoded('0a030a0561 0a030a0162 1201ff'.replaceAll(' ', ''));
    expect(wrong).toBeNull();
    expect(value).toEqual({ labels: [expect.any(Broken), { name: 'b' }], id: 'ff' });
  });

  test('what stands before the fault is kept', () => {
    expect(decoded('0a030a0161 0a09'.replaceAll(' ', ''))).toMatchObject({
      value: { labels: [{ name: 'a' }] },
      wrong: /bytes/,
    });
  });

  test('messages within messages have a limit, and so has their number', () => {
    let hex = Buffer.from('120161', 'hex');
    for (let i = 0; i < 60; i++) hex = Buffer.concat([Buffer.from([0x0a]), varint(BigInt(hex.length)), hex]);
    expect(JSON.stringify(decodeProtobuf(hex, nested).value)).toContain('within each other');
    const many = decodeProtobuf(Buffer.alloc(4_200_000, '0a00', 'hex'), message({ 1: ['a[]', () => inner] }));
    expect(many.tooMuch).toBe(true);
  });
});

describe('a run that comes again', () => {
  const twice = (first: string, second: string) =>
    [first, second].map((hex) => (decoded(hex).value as { readonly labels: readonly unknown[] }).labels);

  test('is the same list for the same bytes, and another one for others', () => {
    const [a, b] = twice('0a030a0178 0a030a0179'.replaceAll(' ', ''), '0a030a0178 0a030a0179 3001'.replaceAll(' ', ''));
    expect(a).toBe(b);
    const [c] = twice('0a030a0178 0a030a017a'.replaceAll(' ', ''), '');
    expect(c).toEqual([{ name: 'x' }, { name: 'z' }]);
  });

  test('goes on behind another field', () => {
    expect(decoded('0a030a0178 3001 0a030a0179'.replaceAll(' ', '')).value).toEqual({
      labels: [{ name: 'x' }, { name: 'y' }],
      count: 1,
    });
    // The list that is kept has not grown.
    expect(decoded('0a030a0178').value).toEqual({ labels: [{ name: 'x' }] });
  });
});

test('texts whose characters look like the bytes of another are told apart', () => {
  const name = (text: string) =>
    (decodeProtobuf(encodeProtobuf({ name: text }, inner), inner).value as { name: string }).name;
  for (const text of ['Ã©', 'é', 'Ã©', 'a', 'é']) expect(name(text)).toBe(text);
});
