/**
 * Damages lines in the ways that logs get damaged and in the ways that an attacker would choose. Each
 * mutation takes a line and gives one; whole files are put together in cases.ts.
 */
import { TimestampScanner } from '../../logs/times/timestamps.ts';
import { magnitude, numbers, oddities, pick, type Random, samples, times, tokens } from './materials.ts';

type Mutation = (line: string, random: Random) => string;

/** A line that went through some mutations. */
export function mutated(line: string, random: Random): string {
  for (let i = random(4); i >= 0; i--) line = pick(mutations, random)(line, random).slice(0, longestLine);
  return line;
}

/** Tokens put together at random. */
export function soup(random: Random): string {
  let text = '';
  for (let i = random(30); i >= 0; i--) text += pick(pick(drawers, random), random);
  return text;
}

const mutations: readonly Mutation[] = [
  (line, r) => line.slice(r(line.length + 1)),
  (line, r) => line.slice(0, r(line.length + 1)),
  // A line that breaks off inside of an escape.
  (line, r) => line.slice(0, line.indexOf('\\', r(line.length + 1)) + 1 + r(3)),
  (line, r) => line.slice(0, r(line.length + 1)) + pick(samples, r).slice(r(60)),
  (line, r) => without(line, r(line.length + 1), r(20)),
  (line, r) => inserted(line, pick(tokens, r), r),
  (line, r) => inserted(line, pick(tokens, r), r),
  (line, r) => inserted(line, pick(oddities, r), r),
  (line, r) => inserted(line, pick(numbers, r), r),
  (line, r) => inserted(line, rawByte(r), r),
  (line, r) => inserted(line, pick(tokens, r).repeat(magnitude(3, r)), r),
  (line, r) => inserted(line, soup(r), r),
  (line, r) => line.replace(/\d+/, () => pick(numbers, r)),
  (line, r) => line.replaceAll(/\d+/g, (digits) => (r(3) === 0 ? pick(numbers, r) : digits)),
  (line, r) => withoutSign(line, r),
  (line, r) =>
    line.replaceAll(pick(['"', ' ', ':', '[', ']', '=', ','], r), () => pick(['', '"', '  ', '[', '\t', '\\'], r)),
  (line, r) => (r(2) === 0 ? line.toUpperCase() : line.toLowerCase()),
  (line, r) => (r(8) === 0 ? `${nested(r)}${line}` : `${line}${nested(r)}`),
  retimed,
  retimed,
];

const drawers: readonly (readonly string[])[] = [
  tokens,
  tokens,
  tokens,
  oddities,
  numbers,
  times,
  ['a', 'ab', 'é', '7'],
];

/**
 * Stands for a byte that is no text, as `bytesOf` makes one of it; strings hold it as a character of the private area.
 */
export function rawByte(random: Random): string {
  return String.fromCharCode(rawBytes + 128 + random(128));
}

/** A text as bytes. */
export function bytesOf(text: string): Buffer {
  const parts = text.split(/([\uf780-\uf7ff])/);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - rawBytes))),
  );
}

function nested(random: Random): string {
  const deep = magnitude(3.7, random);
  const [open, close] = pick(
    [
      ['{"a":', '}'],
      ['[', ']'],
      ['(', ')'],
      ['{"message":"{\\"a\\":', ''],
      ['<', '>'],
    ],
    random,
  );
  return `${open!.repeat(deep)}${random(2) === 0 ? close!.repeat(deep) : ''}`;
}

const without = (line: string, at: number, length: number): string => line.slice(0, at) + line.slice(at + length);

function inserted(line: string, piece: string, random: Random): string {
  const at = random(line.length + 1);
  return line.slice(0, at) + piece + line.slice(at);
}

/** Takes a quote or a bracket out. */
function withoutSign(line: string, random: Random): string {
  const signs = [...line.matchAll(/["'[\](){}\\]/g)];
  return signs.length === 0 ? line : without(line, pick(signs, random).index, 1);
}

/** Puts another time in the place of a line's first. */
function retimed(line: string, random: Random): string {
  const scanner = new TimestampScanner('UTC');
  for (let at = 0; at < Math.min(line.length, 80); at++) {
    if (scanner.scan(line, at)) return line.slice(0, at) + pick(times, random) + line.slice(scanner.end);
  }
  return `${pick(times, random)} ${line}`;
}

const rawBytes = 0xf700;
const longestLine = 60_000;
