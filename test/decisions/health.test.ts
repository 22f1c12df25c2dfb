import { describe, expect, test } from 'vitest';
import { decideHealth, newHealth } from '../../decisions/health.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { emptyPane } from '../../signals/panes.ts';
import { type Measurement, newMeasuredService } from '../../signals/service.ts';
import { test as testWindow } from '../../signals/window-test.ts';

const usual = { mean: 5, size: 50 };
/** What a pane shows in which every window holds so many errors where five are usual. */
const measured = (errors: number): Measurement => ({
  service: newMeasuredService(0),
  pane: emptyPane(),
  start: 0,
  end: 10_000,
  from: 0,
  usualErrors: usual.mean / 6,
  lastMinute: { observed: errors, expected: usual.mean },
  tests: [0, 1, 2].map((index) => testWindow(index, { observed: errors, lasting: errors }, usual)),
  earlier: [],
});
const anomaly = measured(40);
/** Less than what opens an anomaly, more than what ends one. */
const between = measured(16);
const calm = measured(5);

/** The health after each pane. */
function healthsAfter(...panes: readonly Measurement[]): readonly string[] {
  const state = newHealth(0);
  return panes.map((pane) => {
    decideHealth(state, pane, incidentDefaults);
    return state.health;
  });
}

describe('persistence', () => {
  test.each([
    ['the latest two panes', [calm, anomaly, anomaly]],
    ['the first and the last of three', [anomaly, calm, anomaly]],
    ['all of three', [anomaly, anomaly, anomaly]],
  ])('%s make an anomaly', (_, panes) => {
    expect(healthsAfter(...panes).at(-1)).toBe('errors');
  });

  test('two of three make none when the latest pane is calm: what they showed is over', () => {
    const state = { ...newHealth(0), health: 'suspicious' as const, hot: 0b011 };
    decideHealth(state, calm, incidentDefaults);
    expect(state.health).toBe('suspicious');
  });

  test('one pane is suspicious for as long as it is among the last three', () => {
    expect(healthsAfter(anomaly, calm, calm, calm)).toEqual(['suspicious', 'suspicious', 'suspicious', 'well']);
  });
});

test('an anomaly lasts while its windows show less than what opened it', () => {
  expect(healthsAfter(between, between, between).at(-1)).toBe('well');
  expect(healthsAfter(anomaly, anomaly, between, between, between, between).at(-1)).toBe('errors');
  expect(healthsAfter(anomaly, anomaly, calm, calm, calm).at(-1)).toBe('well');
});

test('a recovery is reported once, by the pane that ends the anomaly', () => {
  const state = newHealth(0);
  const recovered = [anomaly, anomaly, calm, calm, calm, calm].map((pane) =>
    decideHealth(state, pane, incidentDefaults),
  );
  expect(recovered).toEqual([false, false, false, false, true, false]);
});
