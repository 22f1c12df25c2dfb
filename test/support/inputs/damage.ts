/** Damages bodies and the elements in them, as broken senders and attackers do. A seed gives the same damage again. */
import type { Body } from './readers.ts';

/** A whole number below `below`. */
export type Random = (below: number) => number;

/** A generator of its own (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

let deep: unknown = 'deep';
for (let i = 0; i < 2_000; i++) deep = i % 2 === 0 ? { values: [deep] } : { arrayValue: deep };

const oddities: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1e308,
    -0.5,
    2 ** 53,
    '',
    ' ',
    'NaN',
    'Infinity',
    '-1',
    '1e400',
    '0',
    '0001-01-01T00:00:00Z',
  ],
  ...[
    '1970-01-01T00:00:01Z',
    '2100-01-01T00:00:00Z',
    '4102444800000000000',
    '1000',
    'x'.repeat(5_000),
    '\u0000',
    '😀\ud800',
  ],
  ...[[], {}, [[]], [null], { key: 1 }, { __proto__: null, a: 1 }, deep, '__proto__', 'constructor', [1, 'a', {}]],
  JSON.parse('{"__proto__": {"polluted": true}}'),
];

/** The same value with one place in it changed, removed or doubled. */
export function damagedValue(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && random(2) === 0) return damagedText(value, random);
  if (typeof value !== 'object' || value === null || random(6) === 0) return oddities[random(oddities.length)];
  const keys = Object.keys(value);
  if (keys.length === 0) return oddities[random(oddities.length)];
  const key = keys[random(keys.length)]!;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const at = Number(key);
    return random(4) === 0 ? [...list, list[at]] : list.with(at, damagedValue(list[at], random));
  }
  const bag = value as Readonly<Record<string, unknown>>;
  if (random(6) === 0) {
    const { [key]: _, ...rest } = bag;
    return rest;
  }
  return { ...bag, [key]: damagedValue(bag[key], random) };
}

function damagedText(text: string, random: Random): string {
  const at = random(text.length + 1);
  const insert = ['', '|', ':', '#', ',', '-', '9', '\u0000', 'e', '@', '"'][random(11)]!;
  return text.slice(0, at) + insert + text.slice(at + random(3));
}

/** A body with bytes changed, removed, doubled or cut off. */
export function damagedBody(body: Body, random: Random): Body {
  let bytes = Buffer.from(typeof body === 'string' ? Buffer.from(body) : body);
  for (let i = random(4); i >= 0; i--) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + random(12));
    const kind = random(5);
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    else if (at < bytes.length) bytes[at] = kind === 3 ? random(256) : bytes[at]! ^ (1 << random(8));
  }
  return typeof body === 'string' && random(2) === 0 ? bytes.toString('utf8') : bytes;
}
