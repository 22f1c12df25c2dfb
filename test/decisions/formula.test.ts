import { describe, expect, test } from 'vitest';
import { compileFormula } from '../../decisions/formula.ts';

const refused = expect.objectContaining({ code: 'FORMULA_REFUSED' });

describe('a formula', () => {
  test('computes with its variables', () => {
    const formula = compileFormula('max(weight, 2) * log1p(ratio) ^ 2 + (ratio > 3 ? 10 : 0)', ['weight', 'ratio']);
    expect(formula({ weight: 1, ratio: Math.E - 1 })).toBeCloseTo(2);
    expect(formula({ weight: 5, ratio: 7 })).toBeCloseTo(5 * Math.log(8) ** 2 + 10);
  });

  test('that divides by zero, throws or yields no number is not a number there', () => {
    expect(compileFormula('1 / x', ['x'])({ x: 0 })).toBeNaN();
    expect(compileFormula('round(1, x)', ['x'])({ x: 20 })).toBeNaN();
    expect(compileFormula('x > 2 ? x > 3 : x', ['x'])({ x: 4 })).toBeNaN();
  });

  test('that fails on ones is refused', () => {
    expect(() => compileFormula('round(x, x / 2)', ['x'])).toThrow(refused);
  });

  test('leaves its variables as they are from one evaluation to the next', () => {
    const formula = compileFormula('x + y', ['x', 'y']);
    const values = { x: 1, y: 2 };
    formula(values);
    expect(formula(values)).toBe(3);
    expect(values).toEqual({ x: 1, y: 2 });
  });

  test.each([
    ['import("fs")'],
    ['x = 3'],
    ['f(x) = x'],
    ['[1, 2]'],
    ['{a: 1}'],
    ['"text"'],
    ['x.constructor'],
    ['x[1]'],
    ['cos(x)'],
    ['y + 1'],
    ['constructor'],
    ['x!'],
    ['1:9'],
    ['x; x'],
    ['x < 2'],
    ['2 +'],
    [''],
    ['evaluate("1")'],
  ])('%s is refused', (text) => {
    expect(() => compileFormula(text, ['x'])).toThrow(refused);
  });

  test('of more than 200 parts is refused, however it is nested', () => {
    expect(() => compileFormula(Array(150).fill('x').join(' + '), ['x'])).toThrow(refused);
    expect(() => compileFormula(`${'('.repeat(300)}x${')'.repeat(300)}`, ['x'])).toThrow(refused);
    expect(compileFormula(Array(100).fill('x').join(' + '), ['x'])({ x: 1 })).toBe(100);
  });

  test('of endless text is refused before it is parsed', () => {
    expect(() => compileFormula('x + '.repeat(100_000), ['x'])).toThrow(refused);
  });
});
