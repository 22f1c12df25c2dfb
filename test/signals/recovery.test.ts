import { describe, expect, test } from 'vitest';
import { followRecovery, isRecovered, type RecoveryPane } from '../../signals/recovery.ts';

/** Panes of ten seconds of a service with a hundred lines each, where .1 errors are expected and .77 are an anomaly. */
const shown = (errors: number, rest: Partial<RecoveryPane> = {}): Partial<RecoveryPane> => ({ errors, ...rest });

/** After which pane the anomaly is over, and since when. */
function recoveryAfter(...panes: readonly Partial<RecoveryPane>[]) {
  const recovery = { sum: 0, since: -1 };
  for (const [i, pane] of panes.entries()) {
    const usual = { start: i * 10_000, lines: 100, usualLines: 100, expected: 0.1, anomalous: 0.77 };
    followRecovery(recovery, { ...usual, errors: 0, ...pane });
    if (isRecovered(recovery)) return { panes: i + 1, since: recovery.since };
  }
  return undefined;
}
const quiet = (n: number, rest: Partial<RecoveryPane> = {}) => Array.from({ length: n }, () => shown(0, rest));

describe('an anomaly is over', () => {
  test('after a minute without errors, since the first pane without', () => {
    expect(recoveryAfter(shown(20), shown(20), ...quiet(10))).toEqual({ panes: 8, since: 20_000 });
  });

  test('the sooner, the more errors it takes to be one', () => {
    expect(recoveryAfter(...quiet(10, { expected: 2, anomalous: 4 }))).toEqual({ panes: 2, since: 0 });
  });

  test('not because of errors that come one in half a minute', () => {
    const slow = Array.from({ length: 60 }, (_, i) => shown(i % 3 === 0 ? 1 : 0));
    expect(recoveryAfter(...slow)).toBeUndefined();
  });

  test('as late as its lines allow: a service that writes nothing shows nothing', () => {
    expect(recoveryAfter(...quiet(60, { lines: 0 }))).toBeUndefined();
    expect(recoveryAfter(...quiet(60, { lines: 50 }))).toEqual({ panes: 12, since: 0 });
  });

  test('also of a service that writes only errors: its silence is usual', () => {
    expect(recoveryAfter(...quiet(10, { lines: 0, usualLines: 0 }))).toEqual({ panes: 6, since: 0 });
  });
});
