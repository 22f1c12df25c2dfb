import { describe, expect, test } from 'vitest';
import { edgeText, slow, steps, stepText } from '../../../signals/units/kinds.ts';

const missing = {
  ...{ service: 'cart', operation: 'POST /cart', step: 'INFO Cart#34', isMore: false, units: 12, observed: 0 },
  ...{ pastUnits: 120, past: 120, log10p: -9, score: 2, onset: 5, last: 9 },
};
const failing = { ...missing, isMore: true, observed: 8, past: 0, step: 'ERROR Cart#40' };

describe('steps', () => {
  test('that are missing have more expected than observed, and the ratio of how many are missing', () => {
    expect(steps.find(missing)).toMatchObject({ window: 60_000, observed: 0, expected: 12, ratio: 12, onset: 5 });
    expect(steps.scored(missing)).toEqual({ observed: [0, 12, 0, 0], expected: [0, 0, 0, 0] });
  });

  test('that are new count as errors if they are, else as warnings', () => {
    expect(steps.find(failing)).toMatchObject({ observed: 8, expected: 0, ratio: 8 });
    expect(steps.scored(failing).observed).toEqual([0, 8, 0, 0]);
    expect(steps.scored({ ...failing, step: 'INFO Cart#40' }).observed).toEqual([8, 0, 0, 0]);
  });

  test('are told with their level and where, those of a service as a whole without an operation', () => {
    expect(stepText(failing)).toBe(
      '8 of 12 traces have ERROR at Cart#40, which 0 of 120 had before (operation POST /cart)',
    );
    expect(stepText({ ...failing, step: '- saved *', operation: '*' })).toBe(
      '8 of 12 traces have saved *, which 0 of 120 had before (any operation)',
    );
  });
});

test('a slow edge has the wait in milliseconds, and is told with the edges that are slow', () => {
  const edge = {
    ...{ service: 'cart', incoming: 2, slowIncoming: 1, outgoing: 3, slowOutgoing: 3, ratio: 12.2, observed: 487.6 },
    ...{ expected: 40, log10p: -30, score: 3, onset: 5, last: 9 },
  };
  expect(slow.find(edge)).toEqual({ window: 60_000, observed: 488, expected: 40, ratio: 12.2, log10p: -30, onset: 5 });
  expect(edgeText(edge)).toBe(
    '1 of 2 edges to it and 3 of 3 edges from it wait 12 times as long, 488 ms instead of 40',
  );
});

test('the sentence is what was told; one that was not is still one', () => {
  const found = { window: 1, observed: 1, expected: 1, onset: 1, usual: 1, end: 1 };
  for (const kind of [steps, slow]) {
    expect(kind.describe({ ...found, told: ['a', 'b'] })).toBe('a');
    expect(kind.describe(found)).toMatch(/^its /);
  }
});
