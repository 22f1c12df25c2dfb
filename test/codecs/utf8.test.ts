import { expect, test } from 'vitest';
import { cutText, isLongerThan, utf8Length } from '../../codecs/utf8.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['Zürich', 7],
  ['订单', 6],
  ['😀', 4],
])('%j takes %i bytes', (text, bytes) => {
  expect(utf8Length(text)).toBe(bytes);
  expect(isLongerThan(text, bytes)).toBe(false);
  if (bytes > 0) expect(isLongerThan(text, bytes - 1)).toBe(true);
});

test('a text is cut between characters', () => {
  expect(cutText('ab😀cd', 3)).toBe('ab');
  expect(cutText('ab😀cd', 4)).toBe('ab😀');
  expect(cutText('ab', 3)).toBe('ab');
  for (let units = 0; units <= 8; units++) expect(cutText('a😀😀b', units).isWellFormed()).toBe(true);
});
