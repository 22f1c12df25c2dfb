/** What counts of declared objectives, pane by pane. */
import { describe, expect, test } from 'vitest';
import {
  isWatched,
  judgeObjective,
  newObjectiveState,
  type ObjectiveState,
  objectiveSignals,
} from '../../decisions/objective-verdicts.ts';
import { scorer, severityOf } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { addPane } from '../../signals/objectives/counts.ts';
import type { Objective } from '../../signals/objectives/objective.ts';
import { paneMs } from '../../signals/panes.ts';
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';

const t0 = Date.UTC(2026, 2, 4, 7);
const objective: Objective = { service: 'shop', percent: 99.9, days: 28 };
const score = scorer(incidentDefaults.score);

/** Ten seconds each: so many requests, and so many bad ones; what is told, by seconds since the start. */
class Watch {
  readonly state: ObjectiveState = newObjectiveState(t0);
  now: Time = t0;
  readonly told: [second: number, ...what: unknown[]][] = [];

  go(span: number, total: number, bad = 0): this {
    for (let n = 0; n < span / paneMs; n++) {
      this.now += paneMs;
      if (total > 0) addPane(this.state.counted, [total, bad, 0, 0], this.now);
      const verdict = judgeObjective(objective, this.state, { end: this.now, isOver: false });
      for (const { health, wellSince, objective: report, onset } of objectiveSignals([verdict], this.now, score)) {
        const since = wellSince === null ? null : (wellSince - t0) / 1_000;
        const last = this.told.at(-1);
        const what = health === 'well' ? [since, report!.noData?.text ?? ''] : [report!.rule, (onset - t0) / 1_000];
        if (last === undefined || health === 'well' || last[1] !== what[0])
          this.told.push([(this.now - t0) / 1_000, ...what]);
      }
    }
    return this;
  }
}

describe('an objective', () => {
  test('burns until it no longer does, with the onset that it began with, and is not told as slow behind it', () => {
    const watch = new Watch().go(hours(1), 100).go(minutes(10), 100, 50).go(hours(2), 100);
    expect(watch.told).toEqual([
      [3_660, 'burn-minutes', 3_600],
      [3_700, 'burn-hour', 3_600],
      [4_500, 4_200, ''],
    ]);
    expect(watch.state.burn).toBeNull();
  });

  test('that burns is not over because no more requests come; without any for an hour there are no data', () => {
    const watch = new Watch().go(hours(1), 100).go(minutes(10), 100, 50).go(minutes(59), 0);
    expect(watch.state.burn).not.toBeNull();
    expect(isWatched(watch.state)).toBe(true);
    watch.go(minutes(5), 0);
    expect(watch.told.at(-1)).toEqual([7_800, 4_200, expect.stringMatching(/^no data: no request of shop in 1 hour/)]);
    expect(watch.state.burn).toBeNull();
    expect(isWatched(watch.state)).toBe(false);
    // It is told again when it lacks data again.
    watch.go(minutes(1), 100).go(hours(2), 0);
    expect(watch.told.filter(([, , text]) => String(text).startsWith('no data'))).toHaveLength(2);
  });

  test('over nothing has no data after ten minutes, and is never anomalous', () => {
    const watch = new Watch().go(hours(3), 0);
    expect(watch.told).toEqual([[600, null, expect.stringMatching(/^no data: .* in 10 minutes; .*; nothing else is/)]]);
  });

  test('of few requests may pause for less than an hour', () => {
    const watch = new Watch();
    for (let n = 0; n < 10; n++) watch.go(paneMs, 1).go(minutes(50), 0);
    expect(watch.told).toEqual([]);
  });
});

describe('signals', () => {
  const signalOf = (percent: number, total: number, bad: number, span = minutes(30)) => {
    const state = newObjectiveState(t0);
    let end = t0;
    for (let n = 0; n < hours(6) / paneMs; n++) addPane(state.counted, [total, 0, 0, 0], (end += paneMs));
    for (let n = 0; n < span / paneMs; n++) addPane(state.counted, [total, bad, 0, 0], (end += paneMs));
    const verdict = judgeObjective({ ...objective, percent }, state, { end, isOver: false });
    return objectiveSignals([verdict], end, score)[0]!;
  };
  const severity = (of: number) => severityOf(of, incidentDefaults.score.severities);

  test('of what burns fast page, of what burns slowly do not', () => {
    for (const signal of [signalOf(99.9, 100, 3), signalOf(99.9, 100, 100), signalOf(50, 100, 100, hours(1))]) {
      expect(signal).toMatchObject({ health: 'objective', observed: expect.any(Number) });
      expect(['error', 'critical']).toContain(severity(signal.score));
    }
    for (const signal of [signalOf(99.9, 1_000, 8, hours(5)), signalOf(99.999, 100_000, 8, hours(5))]) {
      expect(signal.objective!.rule).toBe('burn-hours');
      expect(['info', 'warning']).toContain(severity(signal.score));
    }
  });

  test('one of each service, which tells the worst first', () => {
    const state = newObjectiveState(t0);
    let end = t0;
    for (let n = 0; n < 60; n++) addPane(state.counted, [100, 90, 0, 0], (end += seconds(10)));
    const verdicts = [99, 99.9].map((percent) =>
      judgeObjective({ ...objective, percent }, structuredClone(state), { end, isOver: false }),
    );
    const nothing = judgeObjective({ ...objective, service: 'cart' }, newObjectiveState(t0), { end, isOver: false });
    const [signal, ...others] = objectiveSignals([...verdicts, nothing], end, score);
    expect(signal!.objective!.told.map((text) => /where ([\d.]+) %/.exec(text)![1])).toEqual(['99.9', '99']);
    expect(others).toMatchObject([{ service: 'cart', health: 'well', wellSince: null }]);
  });
});
