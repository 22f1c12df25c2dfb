/** Metrics in the incident job, from points to what is told: shares of what runs out, and what they are made of. */
import { describe, expect, test } from 'vitest';
import { hasVerdicts, judgePoint, metricSignals, newMetricVerdicts } from '../../decisions/metric-verdicts.ts';
import { scorer } from '../../decisions/score.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import type { Metric } from '../../signals/inputs/metrics/metric.ts';
import { judgeMetric, newMetricSeries, seriesKey } from '../../signals/metrics/metric-series.ts';
import { scaleOf } from '../../signals/metrics/share.ts';
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';

const start = Date.UTC(2026, 2, 4, 7);
const pointOf = (point: Partial<Metric>): Metric => ({
  ...{ time: start, service: 'cart', instance: null, name: 'cpu_usage_percent', labels: {}, kind: 'gauge', value: 5 },
  ...{ start: null, unit: '', histogram: null, member: null, ended: false },
  ...point,
});

describe('the scale of a share', () => {
  test.each([
    ['cpu_usage_percent', '', 100],
    ['node_memory_utilization', '', 1],
    ['system.cpu.utilization', '1', 1],
    ['MemoryUtilization', '', 1],
    ['container.disk.usage', '%', 100],
    ['queue_saturation_ratio', '', 1],
    ['jvm heap pct', '', 100],
    ['cpu_usage_millicores', '', undefined],
    ['success_percent', '', undefined],
    ['disk_free_percent', '', undefined],
    ['cache_hit_ratio', '', undefined],
    ['iterations', '', undefined],
    ['latency_p99_seconds', 's', undefined],
  ])('of %s in %j is %j', (name, unit, scale) => {
    expect(scaleOf({ name, unit, kind: 'gauge' })).toBe(scale);
  });

  test('is not known of what counts', () => {
    expect(scaleOf({ name: 'used_percent', unit: '', kind: 'counter' })).toBeUndefined();
  });
});

/** The scores of a series point by point, a minute apart. */
function scores(values: readonly number[], of: Partial<Metric> = {}): readonly number[] {
  const series = newMetricSeries(pointOf(of))!;
  return values.map((value, i) => judgeMetric(series, pointOf({ ...of, value, time: start + minutes(i) }))?.score ?? 0);
}
const quiet = (n: number): number[] => Array.from({ length: n }, (_, i) => 1 + ((i * 7) % 5) / 5);

describe('a share of what runs out', () => {
  test.each([3, 6, 7, 12, 40, 400])('that is suddenly used up decides after %d points', (n) => {
    expect(Math.max(...scores(quiet(n)))).toBeLessThan(0.1);
    expect(scores([...quiet(n), 90]).at(-1)).toBeGreaterThan(1);
  });

  test.each([1, 2])('decides nothing after %d points', (n) => {
    expect(scores([...quiet(n), 90]).at(-1)).toBe(0);
  });

  test('that rises ten times and leaves most of what there was does not decide', () => {
    expect(scores([...quiet(40), 15]).at(-1)).toBeLessThan(0.3);
  });

  test('that usually is nearly used up does not decide when it is so again', () => {
    const busy = quiet(60).map((value) => 80 + 3 * value);
    expect(scores([...busy, 90]).at(-1)).toBeLessThan(0.5);
  });

  test('of one counts as one of a hundred', () => {
    const ofHundred = scores([...quiet(40), 90]).at(-1)!;
    const name = 'cpu_utilization';
    expect(
      scores(
        [...quiet(40), 90].map((value) => value / 100),
        { name },
      ).at(-1),
    ).toBeCloseTo(ofHundred, 6);
  });

  test('that goes beyond its scale has another, and decides no more', () => {
    expect(scores([...quiet(40), 350, 2, 90]).slice(-3)).toEqual([0, expect.any(Number), 0]);
  });

  test('that falls does not decide', () => {
    const busy = quiet(60).map((value) => 80 + 3 * value);
    expect(scores([...busy, 0]).at(-1)).toBe(0);
  });

  test('of which points are late or no numbers is not disturbed by them', () => {
    const series = newMetricSeries(pointOf({}))!;
    for (const [i, value] of quiet(40).entries()) judgeMetric(series, pointOf({ value, time: start + minutes(i) }));
    expect(judgeMetric(series, pointOf({ value: 99, time: start }))).toBeUndefined();
    expect(judgeMetric(series, pointOf({ value: Number.NaN, time: start + minutes(41) }))).toBeUndefined();
    expect(judgeMetric(series, pointOf({ value: 1.2, time: start + minutes(42) }))!.score).toBe(0);
  });
});

test('of a counter the increase is judged, not what it has counted, and a restart is no fall', () => {
  const of = { name: 'requests_total', kind: 'counter' as const };
  const series = newMetricSeries(pointOf(of))!;
  const counted = Array.from({ length: 40 }, (_, i) => i * 100);
  const judged = [...counted, 4_000, 10, 110].map((value, i) =>
    judgeMetric(series, pointOf({ ...of, value, time: start + minutes(i) })),
  );
  expect(judged.at(-1)).toMatchObject({ value: 100, raised: false });
  expect(judged.at(-2)).toBeUndefined();
});

test('a series is a service, an instance, a name and labels; histograms and sets are none', () => {
  const keys = [{}, { service: 'b' }, { instance: 'x' }, { name: 'x' }, { labels: { a: 'b' } }, { labels: { a: 'c' } }];
  expect(new Set(keys.map((of) => seriesKey(pointOf(of)))).size).toBe(keys.length);
  expect(newMetricSeries(pointOf({ kind: 'histogram', value: Number.NaN }))).toBeUndefined();
});

describe('what counts', () => {
  const score = scorer(incidentDefaults.score);
  const judged = (time: Time, score: number, rest: object = {}) => ({
    ...{ service: 'cart', instance: 'cart-1', name: 'cpu_usage_percent', scale: 100 as const, time },
    ...{
      before: time - minutes(1),
      step: minutes(1),
      value: 78,
      expected: 1,
      high: 3,
      raised: true,
      log10p: -40,
      score,
    },
    ...rest,
  });
  const told = (verdicts: ReturnType<typeof newMetricVerdicts>, end: Time, freezeAtMost = hours(2)) =>
    metricSignals(verdicts, { end, freezeAtMost }, score);

  test('a point that tells of a minute counts at once, with what is expected, and since the point before', () => {
    const verdicts = newMetricVerdicts();
    judgePoint(verdicts, 'k', judged(start, 2));
    expect(told(verdicts, start + seconds(10))).toMatchObject([
      {
        ...{ service: 'cart', health: 'saturated', observed: 78, expected: 1, ratio: 78, log10p: -40 },
        onset: start - minutes(1),
        metrics: { score: 2, told: ['cpu_usage_percent of cart-1 is 78 where 1 is usual, and up to 3'] },
      },
    ]);
  });

  test('points that tell of ten seconds must show it for half a minute', () => {
    const verdicts = newMetricVerdicts();
    const healths = [0, 1, 2, 3].map((n) => {
      judgePoint(
        verdicts,
        'k',
        judged(start + seconds(10 * n), 2, { step: seconds(10), before: start + seconds(10 * n - 10) }),
      );
      return told(verdicts, start + seconds(10 * n + 10)).map(({ health }) => health);
    });
    expect(healths).toEqual([[], [], ['saturated'], ['saturated']]);
  });

  test('the first point behind a gap counts with the next', () => {
    const verdicts = newMetricVerdicts();
    judgePoint(verdicts, 'k', judged(start, 2, { before: start - minutes(5) }));
    expect(told(verdicts, start + seconds(10))).toEqual([]);
    judgePoint(verdicts, 'k', judged(start + minutes(1), 2));
    expect(told(verdicts, start + minutes(1))).toMatchObject([{ health: 'saturated', onset: start - minutes(1) }]);
  });

  test('it is over when its points have shown little for half a minute, and that is told once', () => {
    const verdicts = newMetricVerdicts();
    judgePoint(verdicts, 'k', judged(start, 2));
    judgePoint(verdicts, 'k', judged(start + minutes(1), 0.6));
    judgePoint(verdicts, 'k', judged(start + minutes(2), 0.1));
    expect(told(verdicts, start + minutes(2))).toMatchObject([
      { health: 'well', wellSince: start + minutes(1), accepted: false },
    ]);
    expect(told(verdicts, start + minutes(2) + seconds(10))).toEqual([]);
    expect(hasVerdicts(verdicts)).toBe(false);
  });

  test('it is over when no points come, and taken for usual when it has lasted too long', () => {
    const gone = newMetricVerdicts();
    judgePoint(gone, 'k', judged(start, 2));
    expect(told(gone, start + minutes(2))).toMatchObject([{ health: 'saturated' }]);
    expect(told(gone, start + minutes(3))).toMatchObject([{ health: 'well', wellSince: start }]);
    const lasting = newMetricVerdicts();
    for (let n = 0; n <= 10; n++) judgePoint(lasting, 'k', judged(start + minutes(n), 2));
    expect(told(lasting, start + minutes(10), minutes(10))).toMatchObject([{ health: 'well', accepted: true }]);
  });

  test('another metric off its band is told for a while and makes no service ill', () => {
    const verdicts = newMetricVerdicts();
    judgePoint(verdicts, 'k', judged(start, 0, { name: 'latency_seconds' }));
    expect(told(verdicts, start + seconds(10))).toMatchObject([
      { health: 'well', metrics: { score: 0, told: [expect.stringMatching(/^latency_seconds of cart-1 is 78/)] } },
    ]);
    expect(told(verdicts, start + minutes(5))).toEqual([]);
  });
});
