/** What is raised on series of each kind, clean and with planted faults, beside a naive detector. */
import { describe, expect, test } from 'vitest';
import { kinds } from '../../support/series/kinds.ts';
import { cleanSignals, detectors, foundFaults } from '../../support/series/tally.ts';

/** Kinds that are unquiet by nature; signals that a week of them may bring, cold start included. */
const unquiet: Readonly<Record<string, number>> = {
  'heavy tail': 2,
  'two states': 3,
  'spiky latency': 1.5,
  bursts: 1.5,
};

describe('a clean week', () => {
  let [ours, naive] = [0, 0];

  test.each(Object.entries(kinds))('of %s stays clean', (name, kind) => {
    const { signals, weeks } = cleanSignals(detectors.ours, kind, 1);
    expect(signals / weeks).toBeLessThanOrEqual(unquiet[name] ?? 0.7);
    ours += signals;
    naive += cleanSignals(detectors.naive, kind, 1).signals;
  });

  test('brings a tenth of the signals of a naive detector, over all kinds', () => {
    expect(ours).toBeLessThan(naive / 10);
  });
});

test('of faults that are planted in each kind, four of five are found', () => {
  const found = Object.values(kinds).flatMap((kind) => Object.values(foundFaults(detectors.ours, kind, 1)));
  expect(found.length).toBeGreaterThan(80);
  expect(found.filter(Boolean).length / found.length).toBeGreaterThan(0.8);
});

test.each([
  'steady noise',
  'temperature below zero',
  'daily rhythm',
  'daily rhythm of counts',
  'garbage collection',
  'heavy tail',
  'autocorrelated',
  'drifting level',
  'missing points',
  'nightly batch',
])('every fault in %s is found', (name) => {
  const found = foundFaults(detectors.ours, kinds[name]!, 1);
  expect(Object.keys(found).filter((fault) => !found[fault])).toEqual([]);
});
