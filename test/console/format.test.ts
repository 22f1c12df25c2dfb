import { expect, test } from 'vitest';
import { power, ratio, short, span, visible } from '../../console/format.ts';

test('numbers stay short', () => {
  expect([0, 0.3412, 9.96, 12.4, 999, 48_210, 3_482_104].map(short)).toEqual([
    '0',
    '0.34',
    '10',
    '12',
    '999',
    '48.2K',
    '3.5M',
  ]);
});

test('spans are told in their largest units', () => {
  expect([400, 119_000, 120_000, 3_599_000, 4_320_000, 7_200_000, 259_200_000].map(span)).toEqual([
    '0 s',
    '119 s',
    '2 min',
    '1 h',
    '1 h 12 min',
    '2 h',
    '3 d',
  ]);
});

test('a ratio to nothing is said in words', () => {
  expect(ratio(7, 0)).toBe('none expected');
  expect(ratio(90, 3)).toBe('30×');
});

test('a probability is a power of ten that it does not exceed', () => {
  expect([-30.4, -2, 0].map(power)).toEqual(['10⁻³⁰', '10⁻²', '10⁰']);
});

test('what a terminal or a bidirectional reader would hide becomes visible', () => {
  expect(visible('\u001b[31mred\u0000\u007f')).toBe('␛[31mred␀␡');
  expect(visible('user\u202egnp.exe\u2066')).toBe('user⟨U+202E⟩gnp.exe⟨U+2066⟩');
  expect(visible('tab\tand\nline stay')).toBe('tab\tand\nline stay');
});

test('a line without end says how much was left out', () => {
  expect(visible('x'.repeat(2_000_000), 3)).toBe('xxx … 1,999,997 more characters');
  expect(visible('ab😀', 3)).toBe('ab\ufffd … 1 more characters');
});
