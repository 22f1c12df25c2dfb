import { describe, expect, test } from 'vitest';
import { followRecovery, type RecoveryPane } from '../../signals/recovery.ts';

interface Shown extends Partial<RecoveryPane> {
  readonly errors: number;
}

/**
 * After which pane an anomaly of twenty errors a pane is over, and since when. Panes are ten seconds of a service with
 * a hundred lines each, where .1 errors are expected; a minute of twice what is expected, and one, is an anomaly.
 */
function recoveryAfter(...panes: readonly Shown[]) {
  const recovery = { sum: 0, since: -1, level: 20 };
  for (const [i, pane] of panes.entries()) {
    const minute = panes.slice(Math.max(0, i - 5), i + 1).reduce((sum, p) => sum + p.errors, 0);
    const isOver = followRecovery(recovery, {
      start: i * 10_000,
      end: (i + 1) * 10_000,
      lines: 100,
      usualLines: 100,
      expected: 0.1,
      level: minute / 6,
      log10p: minute > 12 * (pane.expected ?? 0.1) + 1 ? -9 : 0,
      isAnomaly: minute > 12 * (pane.expected ?? 0.1) + 1,
      ...pane,
    });
    if (isOver) return { panes: i + 1, since: recovery.since };
  }
  return undefined;
}
const panesOf = (n: number, errors: number, rest: Partial<RecoveryPane> = {}) =>
  Array.from({ length: n }, () => ({ errors, ...rest }));

describe('an anomaly is over', () => {
  test('after a minute without errors, since the first pane without', () => {
    expect(recoveryAfter(...panesOf(2, 20), ...panesOf(10, 0))).toEqual({ panes: 8, since: 20_000 });
  });

  test('since the same pane when a usual error comes meanwhile', () => {
    const usual = [...panesOf(2, 20), ...panesOf(3, 0), { errors: 1 }, ...panesOf(10, 0)];
    expect(recoveryAfter(...usual)).toEqual({ panes: 8, since: 20_000 });
  });

  test('of a service that always has errors when it has as many as usual', () => {
    const usual = { expected: 2 };
    expect(recoveryAfter(...panesOf(2, 20, usual), ...panesOf(10, 2, usual))).toEqual({ panes: 8, since: 20_000 });
  });

  test('not while a part of it stays, and since the end of that when it does end', () => {
    expect(recoveryAfter(...panesOf(2, 20), ...panesOf(90, 2))).toBeUndefined();
    const partly = [...panesOf(2, 20), ...panesOf(30, 2), ...panesOf(12, 0)];
    expect(recoveryAfter(...partly)).toEqual({ panes: 38, since: 320_000 });
  });

  test('not between bursts of less than a minute', () => {
    const bursts = Array.from({ length: 90 }, (_, i) => ({ errors: i % 6 < 2 ? 10 : 0 }));
    expect(recoveryAfter(...bursts)).toBeUndefined();
  });

  test('as late as its lines allow: a service that writes nothing shows nothing', () => {
    expect(recoveryAfter(...panesOf(60, 0, { lines: 0 }))).toBeUndefined();
  });

  test('also of a service that writes only errors: its silence is usual', () => {
    expect(recoveryAfter(...panesOf(10, 0, { lines: 0, usualLines: 0.2 }))).toEqual({ panes: 6, since: 0 });
  });
});
