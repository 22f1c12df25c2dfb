import { describe, expect, test } from 'vitest';
import { fires, forgetAlerts, type KnownAlert, noteAlert } from '../../../signals/alerts/known-alerts.ts';
import type { Alert } from '../../../signals/inputs/alerts/alert.ts';
import { hours, minutes } from '../../../time/duration.ts';

const noon = Date.UTC(2026, 0, 29, 12);
const at = (n: number) => noon + minutes(n);

const alertOf = (began: number, over: number | null = null, more: Partial<Alert> = {}): Alert => ({
  ...{ id: `c0ffee@${began}`, fingerprint: 'c0ffee', time: at(began), service: 'cart', instance: null, name: 'Slow' },
  ...{ source: 'other', severity: '', state: over === null ? 'firing' : 'resolved', labels: {} },
  resolved_at: over === null ? null : at(over),
  ...more,
});

/** What is known after alerts, of which those that are late came when event time had passed them. */
function told(...heard: readonly (Alert | readonly [late: Alert])[]) {
  const alerts = new Map<string, KnownAlert>();
  const said = heard.map((each) => ('id' in each ? noteAlert(alerts, each, false) : noteAlert(alerts, each[0], true)));
  return { said, known: alerts.get('c0ffee'), alerts };
}

const firesAt = (known: KnownAlert | undefined, n: number) =>
  known !== undefined && fires(known, { start: at(n), end: at(n) + 10_000 });

describe('an alert', () => {
  test('fires from its begin to its end, however often it is told', () => {
    const { said, known } = told(alertOf(0), alertOf(0), alertOf(0, 5), alertOf(0, 5), alertOf(0));
    expect(said).toEqual(['began', 'known', 'known', 'known', 'known']);
    expect([-1, 0, 4, 5, 6].map((n) => firesAt(known, n))).toEqual([false, true, true, false, false]);
    expect(known!.ids).toEqual(['c0ffee@0']);
  });

  test('goes on when its sender tells no begin of its own, and ends with an end that tells none', () => {
    const { said, known } = told(alertOf(0), alertOf(1), alertOf(2), alertOf(7, 7));
    expect(said).toEqual(['began', 'known', 'known', 'known']);
    expect(known).toMatchObject({ began: at(0), over: at(7) });
    expect(known!.ids).toEqual(['c0ffee@0', 'c0ffee@1', 'c0ffee@2', 'c0ffee@7']);
  });

  test('begins again when it was over', () => {
    const { said, known } = told(alertOf(0), alertOf(0, 5), alertOf(20));
    expect(said).toEqual(['began', 'known', 'began']);
    expect(known).toMatchObject({ began: at(20), over: null });
  });

  test('whose end is known before is over then', () => {
    const { said, known } = told(alertOf(0, 5));
    expect(said).toEqual(['began']);
    expect([firesAt(known, 4), firesAt(known, 5)]).toEqual([true, false]);
    expect(told(alertOf(0, 5), alertOf(3, 9)).known).toMatchObject({ began: at(0), over: at(9) });
  });

  test('that was over before it was heard of, and an end without a begin, tell nothing', () => {
    expect(told([alertOf(0, 5)]).said).toEqual(['ends-nothing']);
    expect(told(alertOf(5, 5))).toMatchObject({ said: ['ends-nothing'], known: undefined });
    expect(told(alertOf(0), alertOf(0, 5), [alertOf(6, 8)]).said).toEqual(['began', 'known', 'known']);
  });

  test('that comes late fires nevertheless', () => {
    expect(told([alertOf(0)]).said).toEqual(['began']);
  });

  test('is forgotten an hour after its end, and not while it fires', () => {
    const { alerts } = told(alertOf(0), alertOf(0, 5));
    forgetAlerts(alerts, at(5) + hours(1));
    expect(alerts.size).toBe(1);
    forgetAlerts(alerts, at(5) + hours(1) + 1);
    expect(alerts.size).toBe(0);
    const { alerts: firing } = told(alertOf(0));
    forgetAlerts(firing, at(0) + hours(100));
    expect(firing.size).toBe(1);
  });
});
