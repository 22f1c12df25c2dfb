import { describe, expect, test } from 'vitest';
import { type ByUnits, joinSignals } from '../../decisions/joined-signal.ts';
import type { Signal } from '../../signals/signal.ts';
import { anomalous, well } from '../support/incidents/environment-of.ts';

const ofUnits = (service: string, n: number, health: Signal['health']): Signal => ({
  ...well(service, n),
  ...{ health, lines: 0, score: health === 'well' ? 0 : 8, samples: [] },
  units: health === 'well' ? { score: 0, told: [] } : { score: 2, told: ['a step is missing'] },
});
const erring = (service: string, n: number, fresh = true) => anomalous(service, n, { fresh });

/** The health of a service pane by pane. */
function healths(panes: readonly (readonly Signal[])[]): readonly string[] {
  const judged = new Map<string, ByUnits>();
  return panes.map((signals) =>
    joinSignals(signals, judged)
      .map(({ health }) => health)
      .join(),
  );
}

describe('a service in a pane', () => {
  test('has one signal; of units alone, of lines alone, of both', () => {
    const found = joinSignals(
      [well('a', 0), ofUnits('b', 0, 'steps'), ofUnits('a', 0, 'well'), well('c', 0)],
      new Map(),
    );
    expect(found.map(({ service, health }) => [service, health])).toEqual([
      ['a', 'well'],
      ['c', 'well'],
      ['b', 'steps'],
    ]);
  });

  test('is anomalous by units though its lines are well, and keeps what is said of its lines', () => {
    const [joined] = joinSignals([ofUnits('a', 0, 'slow'), well('a', 0)], new Map());
    expect(joined).toMatchObject({ health: 'slow', lines: 100, usual: 100, score: 8, units: { score: 2 } });
  });

  test('is silent though its units were well', () => {
    const silent = { ...well('a', 0), health: 'silent' as const, score: 5 };
    expect(healths([[silent, ofUnits('a', 0, 'well')]])).toEqual(['silent']);
  });
});

describe('error lines', () => {
  const panes = (count: number, make: (n: number) => readonly Signal[]) =>
    Array.from({ length: count }, (_, n) => make(n));

  test('count at once where units were never judged', () => {
    expect(healths([[erring('a', 0)]])).toEqual(['errors']);
  });

  test('of a service that units call well are a suspicion, until they have lasted three minutes', () => {
    const found = healths(panes(20, (n) => [erring('a', n), ofUnits('a', n, 'well')]));
    expect(found.slice(0, 17)).toEqual(Array(17).fill('suspicious'));
    expect(found.slice(17)).toEqual(Array(3).fill('errors'));
  });

  test('begin again to be one when the last minute shows none: a gap proves nothing', () => {
    const found = healths(panes(40, (n) => [erring('a', n, n % 15 !== 14), ofUnits('a', n, 'well')]));
    expect(new Set(found)).toEqual(new Set(['suspicious']));
  });

  test('count at once again an hour after units were last judged', () => {
    const judged = healths([
      [erring('a', 0), ofUnits('a', 0, 'well')],
      [erring('a', 1, false)],
      [erring('a', 360)],
      [erring('a', 361)],
    ]);
    expect(judged).toEqual(['suspicious', 'suspicious', 'suspicious', 'errors']);
  });
});
