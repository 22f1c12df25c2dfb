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

describe('objectives', () => {
  const objective = { rule: 'burn-hour', told: ['a burn rate of 20'] };
  const burning = (score: number): Signal => ({ ...well('a', 0), ...{ health: 'objective', score, objective } });

  test('are told of their service, first where they are the worse, and weigh nothing as a cause', () => {
    const [first, ...others] = joinSignals([burning(13), ofUnits('a', 0, 'steps'), well('a', 0)], new Map());
    expect(others).toEqual([]);
    const told = ['a burn rate of 20', 'a step is missing'];
    expect(first).toMatchObject({ health: 'objective', score: 13, lines: 100, units: { score: 2, told } });
    const [second] = joinSignals([burning(5), ofUnits('a', 0, 'steps'), well('a', 0)], new Map());
    expect(second).toMatchObject({ health: 'steps', score: 8, burns: true });
    const [alone] = joinSignals([burning(5)], new Map());
    expect(alone).toMatchObject({ health: 'objective', units: { score: 0, told: ['a burn rate of 20'] } });
    expect(alone).not.toHaveProperty('objective');
  });

  test('without data say nothing of a service of which nothing else is known', () => {
    const noData = { since: 0, text: 'no data' };
    expect(joinSignals([{ ...well('a', 0), objective: { rule: '', told: [], noData } }], new Map())).toEqual([]);
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

describe('metrics', () => {
  const ofMetrics = (service: string, n: number, health: Signal['health'], score = 9): Signal => ({
    ...well(service, n),
    ...{ health, lines: 0, score: health === 'well' ? 0 : score, samples: [] },
    metrics: { score: health === 'well' ? 0 : 3, told: ['cpu is 90'] },
  });
  const join = (...signals: readonly Signal[]) => joinSignals(signals, new Map());

  test('make a service anomalous that is well by its lines and its units, and keep what is said of its lines', () => {
    const [joined, ...others] = join(ofMetrics('a', 0, 'saturated'), well('a', 0), ofUnits('a', 0, 'well'));
    expect(others).toEqual([]);
    expect(joined).toMatchObject({
      health: 'saturated',
      lines: 100,
      score: 9,
      units: { score: 3, told: ['cpu is 90'] },
    });
    expect(joined).not.toHaveProperty('metrics');
  });

  test('tell beside units what is worse first', () => {
    const told = (score: number) => join(ofMetrics('a', 0, 'saturated', score), ofUnits('a', 0, 'steps'))[0];
    expect(told(9)).toMatchObject({ health: 'saturated', units: { told: ['cpu is 90', 'a step is missing'] } });
    expect(told(7)).toMatchObject({ health: 'steps', units: { score: 3, told: ['a step is missing', 'cpu is 90'] } });
  });

  test('that are only off their band are told of a service that is anomalous otherwise, and of no other', () => {
    expect(join(ofMetrics('a', 0, 'well'), ofUnits('a', 0, 'steps'))[0]).toMatchObject({
      health: 'steps',
      units: { told: ['a step is missing', 'cpu is 90'] },
    });
    expect(join(ofMetrics('a', 0, 'well'))).toEqual([]);
  });

  test('that are well again say so, also alone', () => {
    const over = { ...ofMetrics('a', 0, 'well'), wellSince: 7 };
    expect(join(over)).toMatchObject([{ service: 'a', health: 'well', wellSince: 7 }]);
    expect(join(over, well('a', 0))).toMatchObject([{ health: 'well', lines: 100, wellSince: 7 }]);
  });
});
