/**
 * FIRST sets spare attempts and never lose a line.
 */
import { expect, test } from 'vitest';
import { dialects, textFormats } from '../../../logs/formats/index.ts';
import {
  firstIs,
  firstIsNothing,
  firstIsTime,
  firstOfAny,
  firstOfSequence,
  firstSetIndex,
} from '../../../logs/layouts/first-set.ts';
import { layout, type Match, matches, oneOf, optional } from '../../../logs/layouts/layout.ts';
import { int, message, time } from '../../../logs/layouts/pieces.ts';
import { isDigit, skipBlanks } from '../../../logs/text.ts';
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
    const next = timed ? firstSetIndex(line, skipBlanks(line, scanner.end)) : -1;
    for (const { name, layouts } of textFormats) {
      for (const { first, afterTime, ...rest } of layouts) {
        if (!matches({ first, afterTime, ...rest }, line, match)) continue;
        read++;
        const fits = first.codes[firstSetIndex(line, 0)] === 1;
        expect(fits || (timed && first.time && afterTime.codes[next] === 1), `${name}: ${line}`).toBe(true);
      }
    }
  }
  expect(read).toBeGreaterThan(samples.length);
});

test('the FIRST set of a layout looks through parts that may be missing', () => {
  const { first: set } = layout(optional('[', int('a'), '] '), oneOf(['x'], [time]), message);
  const first = (text: string) => set.codes[firstSetIndex(text, 0)] === 1;
  expect([first('['), first('x'), first('y'), first('7'), set.time]).toEqual([true, true, false, false, true]);
});

test('a layout says what must follow its time and the blanks behind it', () => {
  const { afterTime } = layout(time, ' [', int('a'), '] ', message);
  expect([afterTime.codes[firstSetIndex('[', 0)], afterTime.codes[firstSetIndex('7', 0)]]).toEqual([1, 0]);
  expect(layout(time, oneOf([' - '], [' ']), 'x').afterTime.codes[firstSetIndex('-', 0)]).toBe(1);
});

test('the sets of choices and sequences follow from those of their members', () => {
  const digit = firstIs(isDigit);
  expect(firstOfSequence([firstIsNothing, digit, firstIsTime])).toEqual(firstOfAny([digit]));
  expect(firstOfAny([firstIsTime, digit]).time).toBe(true);
  expect(firstOfSequence([firstIsNothing]).empty).toBe(true);
});
