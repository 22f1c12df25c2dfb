/**
 * Makes the logs that the fuzzer feeds: a case is the text of a file, made from a number alone, so that any case can be
 * made again.
 */
import {
  envelopes,
  keys,
  lineEnds,
  magnitude,
  numbers,
  pick,
  type Random,
  samples,
  seeded,
  times,
  tokens,
  traces,
} from './materials.ts';
import { mutated, soup } from './mutations.ts';

/** Case `number` of a seed. */
export function caseOf(seed: number, number: number): string {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  return pick(makers, random)(random);
}

/** A long line: `piece` over and over, between something that a format reads. */
export interface Repetition {
  readonly head: string;
  readonly piece: string;
  readonly tail: string;
}

/** Repetition `number` of a seed. */
export function repetitionOf(seed: number, number: number): Repetition {
  const random = seeded(Math.imul(seed, 0x2c1b3c6d) ^ Math.imul(number + 1, 0xc2b2ae35));
  const sample = pick(random(8) === 0 ? traces : samples, random);
  const at = random(sample.length + 1);
  const head = random(6) === 0 ? '' : sample.slice(0, at);
  const piece = repeatable(random);
  const tail = random(3) === 0 ? '' : sample.slice(at);
  const wrapped = random(5) === 0 ? pick(envelopes, random)(`${head}\ue000${tail}`, random).split('\ue000') : [];
  // In an envelope, the piece has to be written as the envelope writes it.
  return wrapped.length === 2
    ? { head: wrapped[0]!, piece: JSON.stringify(piece).slice(1, -1), tail: wrapped[1]! }
    : { head, piece, tail };
}

function repeatable(random: Random): string {
  const pieces = Array.from({ length: 1 + random(3) }, () => pick(random(4) === 0 ? samples : tokens, random));
  return random(12) === 0 ? pick(samples, random).slice(0, 1 + random(40)) : pieces.join('');
}

type Maker = (random: Random) => string;

const makers: readonly Maker[] = [
  ofFewFormats,
  ofFewFormats,
  interleaved,
  neverEnding,
  ofRecords,
  ofTimes,
  (random) => lines(random, 1 + random(20), () => soup(random)),
  // One long line, and what came before it.
  (random) => `${pick(samples, random)}\n${pick(samples, random)}${pick(tokens, random).repeat(magnitude(4, random))}`,
  ofNovelties,
];

function lines(random: Random, count: number, make: Maker): string {
  const usual = pick(lineEnds, random);
  let text = random(12) === 0 ? '\ufeff' : '';
  for (let i = 0; i < count; i++) text += make(random) + (random(30) === 0 ? pick(lineEnds, random) : usual);
  return random(3) === 0 ? text.slice(0, -usual.length) : text;
}

/** A container's log: two or three formats, some lines damaged, mostly in an envelope or two. */
function ofFewFormats(random: Random): string {
  const own = Array.from({ length: 1 + random(3) }, () => pick(random(4) === 0 ? traces : samples, random));
  const wraps = Array.from({ length: random(3) }, () => pick(envelopes, random));
  const damage = pick([0, 2, 2, 5], random);
  return lines(random, 1 + random(80), () => {
    let text = pick(own, random);
    if (random(5) < damage) text = mutated(text, random);
    const wrapped = text.split('\n').map((line) => wraps.reduce((inner, wrap) => wrap(inner, random), line));
    return wrapped.map((line) => (random(20) < damage ? mutated(line, random) : line)).join('\n');
  });
}

/** Traces of several threads that write into one another. */
function interleaved(random: Random): string {
  const threads = Array.from({ length: 2 + random(3) }, () => pick(traces, random).split('\n'));
  const wrap = random(2) === 0 ? pick(envelopes, random) : (line: string): string => line;
  const count = threads.reduce((sum, thread) => sum + thread.length, 0);
  return lines(random, count, () => {
    const open = threads.filter((thread) => thread.length > 0);
    const line = open.length === 0 ? pick(samples, random) : pick(open, random).shift()!;
    return wrap(random(6) === 0 ? mutated(line, random) : line, random);
  });
}

/** Pieces of lines that a runtime cut, the last of which never comes. */
function neverEnding(random: Random): string {
  const streams = ['stdout', 'stderr'];
  const cut = random(10) === 0 ? 9_000 : 20;
  return lines(random, 2 + random(700), () => {
    const text = pick(tokens, random)
      .replaceAll('\n', ' ')
      .repeat(random(cut) === 0 ? magnitude(3, random) : 1);
    if (random(2) === 0)
      return `2026-01-29T08:51:24.967Z ${pick(streams, random)} ${random(40) === 0 ? 'F' : 'P'} ${text}`;
    return JSON.stringify({ log: text, stream: pick(streams, random), time: '2026-01-29T08:51:24.967Z' });
  });
}

/** JSON records whose keys and values are anything. */
function ofRecords(random: Random): string {
  const value = (depth: number): unknown => {
    switch (random(depth > 0 ? 9 : 6)) {
      case 0:
        return pick([null, true, -0, -1, 1e300, 1e17, 253402300800000, 8.64e15, 1e18, 0.1, ...stubborn], random);
      case 1:
        return pick(times, random);
      case 2:
        return pick(numbers, random);
      case 3:
        return pick(samples, random);
      case 4:
        return Number(pick(times.slice(-16), random).slice(0, 19)) || random(1e9);
      case 5:
        return pick(tokens, random);
      case 6:
        return Array.from({ length: random(4) }, () => value(depth - 1));
      default:
        return record(depth - 1);
    }
  };
  const record = (depth: number): object =>
    // fromEntries makes `__proto__` a key like any other, as JSON.parse does.
    Object.fromEntries(Array.from({ length: random(7) }, () => [pick(keys, random), value(depth)]));
  const sample = samples.filter((line) => line.startsWith('{"'));
  return lines(random, 1 + random(30), () => {
    const base =
      random(3) === 0 ? {} : (JSON.parse(pick(random(4) === 0 ? [wrapped(random)] : sample, random)) as object);
    const entries = Object.entries({ ...base, ...record(3) });
    const shuffled = entries.map(([key, old]) => [key, random(6) === 0 ? value(3) : old] as const);
    const line = JSON.stringify(Object.fromEntries(random(2) === 0 ? shuffled : shuffled.reverse()));
    const deep = random(2) === 0 ? magnitude(4.5, random) : 3;
    const deepened = line.replaceAll(`"${deepMark}"`, () => `${'['.repeat(deep)}7${']'.repeat(deep)}`);
    return random(8) === 0 ? mutated(deepened, random) : deepened;
  });
}

/** Becomes lists in lists; written as text, because writing such an object takes a deep stack. */
const deepMark = '(deep)';
/** Values that can't be made a text or a number, and some that make a long way of it. */
const stubborn: readonly unknown[] = [
  ...[{ toString: 1, valueOf: 1 }, { toString: null }, { toJSON: 'x' }, [{ toString: [] }], { length: 1e9 }],
  ...[deepMark, { a: deepMark }, [[[]]], [], {}, ''],
];

function wrapped(random: Random): string {
  let line = '';
  do line = pick(envelopes, random)(pick(samples, random), random);
  while (!line.startsWith('{'));
  return line;
}

/** One format, with ever other times. */
function ofTimes(random: Random): string {
  const [before, , after] = [
    pick(['', '[', '<11>', 'ERROR ', '10.0.0.7 - - [', 'type=A msg=audit('], random),
    0,
    soup(random),
  ];
  return lines(random, 1 + random(40), () => {
    const gap = pick([' ', '] ', ': ', '.5 ', 'Z ', ' +1459 ', ' CEST ', '\u00a0'], random);
    return `${before}${pick(times, random)}${gap}${after}`;
  });
}

/** Lines that are ever new: each of words that no other has. */
function ofNovelties(random: Random): string {
  const word = (): string => Array.from({ length: 3 + random(6) }, () => String.fromCharCode(97 + random(26))).join('');
  const shape = Array.from({ length: 1 + random(12) }, () =>
    random(2) === 0 ? '' : random(3) === 0 ? pick(tokens, random) : word(),
  );
  return lines(random, 50 + random(500), () =>
    shape
      .map((fixed) => fixed || word())
      .join(' ')
      .replaceAll('\n', ' '),
  );
}
