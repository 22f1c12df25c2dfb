import { describe, expect, test } from 'vitest';
import { matches, type SuppressionRule, suppressionOf } from '../../decisions/suppression.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { type KnownChange, noteChange } from '../../signals/changes.ts';
import { days, hours } from '../../time/duration.ts';
import { anomalous, at } from '../support/incidents/environment-of.ts';
import { morning } from '../support/incidents/panes-of.ts';

const { detection, grouping } = incidentDefaults;
const { deployGrace } = grouping;
const changes = new Map<string, KnownChange>();
const around = (rules: readonly SuppressionRule[]) => ({ changes, rules, detection, deployGrace, outage: undefined });
const rule = (rest: Partial<SuppressionRule>): SuppressionRule => ({ id: 'r', reason: 'known', ...rest });
const isHeld = (n: number, ...rules: readonly SuppressionRule[]) =>
  suppressionOf(anomalous('cart', n, { onset: morning + n * 10_000 }), around(rules)) !== undefined;

describe('a rule', () => {
  test('holds back its service only, or every service if it names none', () => {
    expect(isHeld(0, rule({ service: 'cart' }))).toBe(true);
    expect(isHeld(0, rule({ service: 'user' }))).toBe(false);
    expect(isHeld(0, rule({}))).toBe(true);
  });

  test('holds in its time only', () => {
    const hour = rule({ start: morning, end: morning + hours(1) });
    expect([-1, 0, 359, 360].map((n) => isHeld(n, hour))).toEqual([false, true, true, false]);
  });

  test('of every day holds on every day at its time, across midnight too', () => {
    const late = Date.UTC(2025, 2, 1, 23);
    const nightly = rule({ start: late, end: late + hours(2), every: 'day' });
    const hour = (day: number, h: number) => (days(day) + hours(h - 8)) / 10_000;
    expect([hour(0, 23), hour(4, 0), hour(9, 0.9)].map((n) => isHeld(n, nightly))).toEqual([true, true, true]);
    expect([hour(0, 12), hour(4, 1.1)].map((n) => isHeld(n, nightly))).toEqual([false, false]);
  });
});

test('a service that was just deployed may have a few errors, but not many', () => {
  const deployed = new Map<string, KnownChange>();
  noteChange(deployed, { timestamp: at(-2), kind: 'deployment', service: 'cart', version: '7' });
  const small = anomalous('cart', 0, { observed: 7, expected: 1, ratio: 7 });
  const with7 = { ...around([]), changes: deployed };
  expect(suppressionOf(small, with7)).toEqual({ rule: 'deploy-grace', reason: 'version 7 was deployed 30 s before' });
  expect(suppressionOf(anomalous('cart', 0), with7)).toBeUndefined();
  expect(suppressionOf({ ...small, end: small.end + 60_000 }, with7)).toBeUndefined();
});

test('a deployment excuses nothing that was there before it', () => {
  const deployed = new Map<string, KnownChange>();
  noteChange(deployed, { timestamp: at(2), kind: 'deployment', service: 'cart', version: '7' });
  const few = (n: number) => anomalous('cart', n, { observed: 7, expected: 1, ratio: 7 });
  const held = (n: number) => suppressionOf(few(n), { ...around([]), changes: deployed }) !== undefined;
  // Pane n ends at n + 1: that of 1 ends with the deployment, that of 7 a minute later.
  expect([-5, 0, 1, 7, 8].map(held)).toEqual([false, false, true, true, false]);
});

describe('a pattern', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['a*c', 'abbc', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['*a*b*', 'xaxbx', true],
    ['*b*a*', 'xaxbx', false],
    ['ab*ba', 'aba', false],
  ])('%s on %s: %s', (pattern, text, result) => {
    expect(matches(pattern, text)).toBe(result);
  });

  test('takes no longer on text made to make it slow', () => {
    expect(matches(`${'*a'.repeat(50)}*b`, 'a'.repeat(100_000))).toBe(false);
  });
});
