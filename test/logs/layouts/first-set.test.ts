import { expect, test } from 'vitest';
import { dialects, textFormats } from '../../../logs/formats/index.ts';
import {
  anyOf,
  placeAt,
  sequenceOf,
  startingNowhere,
  startingWith,
  startingWithTime,
} from '../../../logs/layouts/first-set.ts';
import { int, layout, type Match, matches, message, oneOf, optional, time } from '../../../logs/layouts/layout.ts';
import { skipBlanks } from '../../../logs/text.ts';
import { TimestampScanner } from '../../../logs/times/timestamps.ts';
import { seeded } from '../../fuzz/materials.ts';
import { mutated } from '../../fuzz/mutations.ts';

const samples = [...textFormats, ...dialects].flatMap((format) => format.samples.map(({ line }) => line));

test('no layout is passed over for a line that it reads', () => {
  const scanner = new TimestampScanner('UTC');
  const match: Match = { scanner, spans: new Int32Array(200), level: null, timed: false };
  const random = seeded(7);
  const damaged = samples.flatMap((line) => Array.from({ length: 10 }, () => mutated(line, random)));
  let read = 0;
  for (const line of [...samples, ...damaged]) {
    const timed = scanner.scan(line, 0);
    const behind = timed ? placeAt(line, skipBlanks(line, scanner.end)) : -1;
    for (const { name, layouts } of textFormats) {
      for (const { opening, behind: allowed, ...rest } of layouts) {
        if (!matches({ opening, behind: allowed, ...rest }, line, match)) continue;
        read++;
        const open = opening.codes[placeAt(line, 0)] === 1;
        expect(open || (timed && opening.time && allowed.codes[behind] === 1), `${name}: ${line}`).toBe(true);
      }
    }
  }
  expect(read).toBeGreaterThan(samples.length);
});

test('a layout says what it begins with, through what may be missing', () => {
  const { opening } = layout(optional('[', int('a'), '] '), oneOf(['x'], [time]), message);
  const first = (text: string) => opening.codes[placeAt(text, 0)] === 1;
  expect([first('['), first('x'), first('y'), first('7'), opening.time]).toEqual([true, true, false, false, true]);
});

test('behind the time and blanks, a layout says what must follow', () => {
  const { behind } = layout(time, ' [', int('a'), '] ', message);
  expect([behind.codes[placeAt('[', 0)], behind.codes[placeAt('7', 0)]]).toEqual([1, 0]);
  expect(layout(time, oneOf([' - '], [' ']), 'x').behind.codes[placeAt('-', 0)]).toBe(1);
});

test('openings are put together as what they are of', () => {
  const digit = startingWith((code) => code >= 48 && code <= 57);
  expect(sequenceOf([startingNowhere, digit, startingWithTime])).toEqual(anyOf([digit]));
  expect(anyOf([startingWithTime, digit]).time).toBe(true);
  expect(sequenceOf([startingNowhere]).empty).toBe(true);
});
