/** Objectives as millrace.yaml declares them. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../cli/settings/config.ts';

const objectivesOf = (...objectives: readonly unknown[]) =>
  parseConfig(JSON.stringify({ objectives }), 'm.yaml').settings.objectives;
const service = 'checkout';

describe('an objective', () => {
  test('is the availability or the latency of a service or of an operation', () => {
    expect(objectivesOf({ service, availability: 99.9 })).toEqual([{ service, percent: 99.9, days: 28 }]);
    const latency = { percent: 99, within: '300ms' };
    expect(objectivesOf({ service, operation: 'POST /pay', latency, days: 7 })).toEqual([
      { service, operation: 'POST /pay', percent: 99, within: 300, days: 7 },
    ]);
    const within = (text: string) => objectivesOf({ service, latency: { percent: 50, within: text } })[0]!.within;
    expect(['2s', '1m'].map(within)).toEqual([2_000, 60_000]);
  });

  test.each([
    [{ service, availability: 100 }, '0.availability: write a percentage from 50 on and below 100, such as 99.9'],
    [{ service, availability: 0.999 }, '0.availability: write a percentage'],
    [{ service, latency: { percent: 99, within: '0ms' } }, '0.latency.within: write a duration as 300ms, 2s or 1m'],
    [{ service, latency: { percent: 99 } }, '0.latency.within: '],
    [{ service }, '0: give it availability or latency'],
    [{ service, availability: 99, latency: { percent: 99, within: '1s' } }, '0: give it availability or latency'],
    [{ availability: 99 }, '0.service: '],
    [{ service, availability: 99, days: 6 }, '0.days: '],
    [{ service, availability: 99, days: 91 }, '0.days: '],
    [{ service, availability: 99, days: 7.5 }, '0.days: '],
    [{ service, availability: 99, window: '28d' }, '0.window: there is no such setting'],
  ])('%j is refused, and it is said why', (objective, reason) => {
    expect(() => objectivesOf(objective)).toThrow(`CONFIG_INVALID: m.yaml:1: objectives.${reason}`);
  });

  test('stands there once; there are a hundred at most', () => {
    const objective = { service, availability: 99 };
    expect(() => objectivesOf(objective, { ...objective, days: 7 })).toThrow('objectives.1: it is there already');
    expect(objectivesOf(objective, { ...objective, operation: 'GET /' })).toHaveLength(2);
    const many = Array.from({ length: 101 }, (_, n) => ({ ...objective, service: `s${n}` }));
    expect(objectivesOf(...many.slice(1))).toHaveLength(100);
    expect(() => objectivesOf(...many)).toThrow('objectives: at most 100 objectives');
  });
});
