/**
 * When words that differ are values.
 */
import { describe, expect, test } from 'vitest';
import { isIdentifier, isVariable, type Place } from '../../../logs/templates/variable.ts';

/** A place in the middle of a sentence where four plain words were seen: not enough to tell. */
const plain: Place = {
  words: ['ash', 'birch', 'cedar', 'elm'],
  hasValue: false,
  wasOpened: false,
  before: ['cut', 'they'],
  after: ['today', undefined],
  otherWords: 4,
  isFirst: false,
};
const at = (changes: Partial<Place>): boolean => isVariable({ ...plain, ...changes });
const trees = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `tree${'abcdefgh'[i % 8]}${'xyzuvw'[i >> 3]}`);

describe('a place is variable', () => {
  test.each<[string, Partial<Place>]>([
    ['when five plain words were seen', { words: trees(5) }],
    ['when ten were seen and little else tells the line', { words: trees(10), otherWords: 1 }],
    ['when a sure value was seen, too', { words: ['ash'], hasValue: true }],
    ['when it was found to be before', { words: ['failed'], hasValue: true, wasOpened: true }],
    ['behind from, for, user', { words: ['ash', 'elm'], before: ['from', 'came'] }],
    ['when names in code were seen', { words: ['addLine', 'dropLine'] }],
    ['in quotes', { words: ['ash', 'elm'], before: ['"', 'name'], after: ['"', undefined] }],
    [
      'in a great many quotations, whatever they tell',
      { words: trees(16).map((tree) => `open the ${tree}`), before: ['"', 'for'], after: ['"', undefined] },
    ],
    [
      'at the beginning before a colon when sixteen words were seen',
      { words: trees(16), isFirst: true, after: [':', 'x'] },
    ],
    ['behind a name in code and a sign', { words: ['ash', 'elm'], before: ['=', 'treeKind'] }],
    ['when units follow a value', { words: ['KB', 'MB'], before: ['<*>', 'took'] }],
    ['when eight words in capitals were seen', { words: trees(8).map((word) => word.toUpperCase()) }],
    [
      'when five words end in numbers, also before a colon',
      { words: [...'abcde'].map((c) => `sd${c}<*>`), after: [':', 'error'] },
    ],
    ['at the beginning when sixteen words were seen', { words: trees(16), isFirst: true }],
    ['at the beginning when values and four more were seen', { hasValue: true, isFirst: true }],
  ])('%s', (_, changes) => {
    expect(at(changes)).toBe(true);
  });
});

describe('a place is constant', () => {
  test.each<[string, Partial<Place>]>([
    ['when four plain words were seen', {}],
    ['when one word was seen', { words: ['ash'], before: ['from', 'came'] }],
    ['when nine were seen and little else tells the line', { words: trees(9), otherWords: 1 }],
    ['before =', { words: trees(40), after: ['=', '<*>'] }],
    ['before a colon', { words: trees(40), after: [':', '<*>'] }],
    ['in the quoted keys of an object', { words: trees(40), before: ['"', '{'], after: ['"', ':'] }],
    ['when a quarter of the words tell what happened', { words: [...trees(9), 'started', 'up', 'failed'] }],
    ['when phrases tell it', { words: trees(8).map((tree) => `open the ${tree}`) }],
    [
      'in quotes behind a key that names the event',
      { words: ['ash', 'elm'], before: ['"', ':'], after: ['"', '}'], key: 'msg' },
    ],
    [
      'when two phrases were seen in quotes',
      { words: ['ash tree', 'elm tree'], before: ['"', 'of'], after: ['"', undefined] },
    ],
    ['at the beginning before a colon when 15 words were seen', { words: trees(15), isFirst: true, after: [':', 'x'] }],
    [
      'when a clause of a script without blanks was seen',
      { words: ['库存同步任务已经完成', ...trees(7)], hasValue: true },
    ],
    ['when they tell it in quotes', { words: ['opened', 'closed'], before: ['"', ':'], after: ['"', '}'] }],
    ['when they tell it behind a name in code', { words: ['succeeded', 'failed'], before: [':', 'mySql'] }],
    ['when they are places in a program', { words: trees(9).map((word) => `${word}+<*>`), hasValue: true }],
    ['when seven words in capitals were seen', { words: trees(7).map((word) => word.toUpperCase()) }],
    ['at the beginning when 15 words were seen', { words: trees(15), isFirst: true }],
    ['at the beginning when one other word is all there is', { words: trees(40), isFirst: true, otherWords: 1 }],
  ])('%s', (_, changes) => {
    expect(at(changes)).toBe(false);
  });
});

describe('words that were values elsewhere', () => {
  const known = new Set(['ash', 'elm', 'ASH', 'ELM', 'fir', 'oak', 'yew']);
  test.each<[string, Partial<Place>, boolean]>([
    ['are values', { words: ['ash', 'elm'] }, true],
    ['are none where one is not known', { words: ['ash', 'elm', 'pine'] }, false],
    ['are none where one other word is all there is', { words: ['ash', 'elm'], otherWords: 1 }, false],
    ['are none in capitals', { words: ['ASH', 'ELM'] }, false],
    [
      'are values at the beginning when there are five',
      { words: ['ash', 'elm', 'fir', 'oak', 'yew'], isFirst: true },
      true,
    ],
    ['are none at the beginning when there are four', { words: ['ash', 'elm', 'fir', 'oak'], isFirst: true }, false],
  ])('%s', (_, changes, expected) => {
    expect(isVariable({ ...plain, ...changes }, known)).toBe(expected);
  });
});

test('names in code have signs or capitals inside', () => {
  expect(['addLine', 'a_b', 'a.b', 'a@b', '$x', 'a/b'].filter(isIdentifier)).toHaveLength(6);
  expect(['Add', 'ADD_LINE', 'end.', 'and-so'].filter(isIdentifier)).toEqual([]);
});
