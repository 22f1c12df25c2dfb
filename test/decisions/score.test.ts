import { describe, expect, test } from 'vitest';
import { scoreOf, scorer, severityOf, urgencyOf } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';

const settings = { ...incidentDefaults.score, criticality: { payment: 2 } };

describe('the score', () => {
  const score = scorer(settings);

  test('is severity weight × log1p(ratio) × criticality, summed over severities', () => {
    expect(scoreOf(score, 'cart', { observed: [8, 9, 0, 1], expected: [2, 3, 0, 0] })).toBeCloseTo(
      Math.log1p(4) + 3 * Math.log1p(3) + 10 * Math.log(2),
    );
    expect(scoreOf(score, 'payment', { observed: [0, 9, 0, 0], expected: [0, 3, 0, 0] })).toBeCloseTo(
      2 * 3 * Math.log1p(3),
    );
  });

  test('of what is expected is 0', () => {
    expect(scoreOf(score, 'cart', { observed: [5, 3, 0, 0], expected: [5, 3, 0, 0] })).toBe(0);
  });

  test('of a service called constructor uses no criticality of that name', () => {
    expect(scoreOf(score, 'constructor', { observed: [0, 1, 0, 0], expected: [0, 0, 0, 0] })).toBeCloseTo(
      3 * Math.log(2),
    );
  });

  test('follows a formula from the settings, and refuses a bad one', () => {
    const own = scorer({ ...settings, formula: 'observed - expected' });
    expect(scoreOf(own, 'cart', { observed: [0, 9, 0, 0], expected: [0, 4, 0, 0] })).toBe(5);
    expect(() => scorer({ ...settings, formula: 'import("x")' })).toThrow(/^FORMULA_REFUSED/);
    const endless = ['1/0', 'weight / (ratio - 4)', 'log(expected - observed)', '0/0', '9^9^9'];
    for (const formula of endless) expect(() => scorer({ ...settings, formula }), formula).toThrow(/no finite number/);
  });

  test('is that of the default formula where another gives no number, which is told once', () => {
    const told: string[] = [];
    const own = scorer({ ...settings, formula: 'round(7, observed)' }, ({ message }) => void told.push(message));
    const lines = (observed: number) => ({ observed: [0, observed, 0, 0], expected: [0, 3, 0, 0] }) as const;
    expect(scoreOf(own, 'cart', lines(9))).toBe(7);
    expect(told).toEqual([]);
    for (let i = 0; i < 2; i++) expect(scoreOf(own, 'cart', lines(30))).toBeCloseTo(3 * Math.log1p(10));
    expect(told).toEqual([expect.stringMatching(/^FORMULA_FAILED: formula 'round\(7, observed\)' .*"observed":30/)]);
  });

  test('names a severity', () => {
    const names = [0, 3, 8, 30].map((s) => severityOf(s, settings.severities));
    expect(names).toEqual(['info', 'warning', 'error', 'critical']);
  });
});

test('errors and worse call someone, unless little is known, chance may make them or a rule holds them back', () => {
  const known = { learning: false, chance: false, suppressed: false };
  const urgencies = (['info', 'warning', 'error', 'critical'] as const).map((severity) => [
    urgencyOf(severity, known),
    urgencyOf(severity, { ...known, learning: true }),
    urgencyOf(severity, { ...known, chance: true }),
    urgencyOf(severity, { ...known, suppressed: true }),
  ]);
  expect(urgencies).toEqual([
    ['ticket', 'ticket', 'ticket', 'note'],
    ['ticket', 'ticket', 'ticket', 'note'],
    ['page', 'ticket', 'ticket', 'note'],
    ['page', 'page', 'ticket', 'note'],
  ]);
});
