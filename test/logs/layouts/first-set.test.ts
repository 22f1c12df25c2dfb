/**
 * FIRST sets spare attempts and never lose a line.
 */
import { expect, test } from 'vitest';
import { dialects, textFormats } from '../../../logs/formats/index.ts';
import { endpoint } from '../../../logs/layouts/endpoint.ts';
import {
  firstIs,
  firstIsNothing,
  firstIsTime,
  firstOfAny,
  firstOfSequence,
  firstSetIndex,
} from '../../../logs/layouts/first-set.ts';
import { layout, type Match, matches, oneOf, optional } from '../../../logs/layouts/layout.ts';
import {
  among,
  blanks,
  bracketed,
  capitalLevel,
  chars,
  decimal,
  int,
  level,
  message,
  quoted,
  seconds,
  skippedWord,
  time,
  word,
} from '../../../logs/layouts/pieces.ts';
import { isDigit, isWordCode, skipBlanks } from '../../../logs/text.ts';
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

test('no piece reads what its FIRST set leaves out, so that no way of a choice is passed over in vain', () => {
  const pieces = {
    ...{ blanks, capitalLevel, level, skippedWord, time },
    ...{ among: among('a', ['INFO', '-']), bracketed: bracketed('a'), chars: chars('a', isWordCode), word: word('a') },
    ...{
      decimal: decimal('a'),
      endpoint: endpoint('a', 'b'),
      int: int('a'),
      quoted: quoted('a'),
      seconds: seconds('a'),
    },
    ...{ nested: oneOf([optional('[', int('a')), 'x'], [time]), literal: oneOf([' - '], ['é']) },
  };
  const match: Match = { scanner: new TimestampScanner('UTC'), spans: new Int32Array(200), level: null, timed: false };
  const random = seeded(8);
  const passedOver: string[] = [];
  const lines = samples.flatMap((line) => [`é - ${line}`, mutated(line, random)]);
  for (const [name, piece] of Object.entries(pieces)) {
    const step = piece.make(() => 0);
    const { codes, time: timed, empty } = piece.first!;
    let read = 0;
    for (const line of lines) {
      for (let at = 0; at < Math.min(line.length, 80); at++) {
        if (timed || empty || step(line, at, match) < 0) continue;
        read++;
        if (codes[firstSetIndex(line, at)] !== 1) passedOver.push(`${name} at ${at}: ${line}`);
      }
    }
    expect(read > 0 || timed || empty, name).toBe(true);
  }
  expect(passedOver).toEqual([]);
});

test('a way of a choice that can not begin is not walked', () => {
  let walked = 0;
  const walk = (_: string, at: number): number => {
    walked++;
    return at + 1;
  };
  const counted = { first: firstIs(isDigit), make: () => walk };
  const { step } = layout(oneOf([counted, '!'], ['x', counted], ['x', message]));
  const match: Match = { scanner: new TimestampScanner('UTC'), spans: new Int32Array(2), level: null, timed: false };
  expect([step('xy', 0, match), walked]).toEqual([2, 1]);
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
