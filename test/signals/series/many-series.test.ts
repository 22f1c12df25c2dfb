import { describe, expect, test } from 'vitest';
import type { Metric } from '../../../signals/inputs/metrics/metric.ts';
import { ManySeries } from '../../../signals/series/many-series.ts';
import { minutes } from '../../../time/duration.ts';
import { drawing, kinds, monday, pointsOf } from '../../support/series/kinds.ts';

/** A point of the service `cart`, `at` minutes after the start. */
const point = (at: number, value: number, fields: Partial<Metric> = {}): Metric => ({
  time: monday + minutes(at),
  service: 'cart',
  instance: null,
  name: 'cpu',
  value,
  kind: 'gauge',
  start: null,
  labels: {},
  unit: '',
  histogram: null,
  member: null,
  ended: false,
  ...fields,
});
const counter = { kind: 'counter', name: 'orders_total' } as const;

describe('many series', () => {
  test('are judged each by itself, in whatever order they come', () => {
    const places = [
      { service: 'a', instance: 'bc' },
      { service: 'ab', instance: 'c' },
      { service: 'ab', instance: 'c', labels: { route: '/' } },
    ];
    const names = ['steady noise', 'daily rhythm', 'rare counts'];
    const all = names.flatMap((name, n) =>
      pointsOf(kinds[name]!, { seed: n, days: 3, step: minutes(10) }).map(([time, value]) =>
        // What together reads the same, or differs in a label only, are different series.
        point(0, value, { time, name: 'x', ...places[n]! }),
      ),
    );
    const alone = new ManySeries(10);
    const together = new ManySeries(10);
    const apart = all.map((one) => alone.judge(one));
    const order = all.map((_, i) => i).toSorted((a, b) => all[a]!.time - all[b]!.time);
    const mixed = new Array<unknown>(all.length);
    for (const i of order) mixed[i] = together.judge(all[i]!);
    expect(mixed).toEqual(apart);
  });

  test('are kept up to a limit; points of further ones are counted', () => {
    const series = new ManySeries(2);
    expect(series.judge(point(0, 1, { name: 'a' }))).not.toBeNull();
    expect(series.judge(point(0, 1, { name: 'b' }))).not.toBeNull();
    expect(series.judge(point(0, 1, { name: 'c' }))).toBeNull();
    expect(series.judge(point(1, 1, { name: 'a' }))).not.toBeNull();
    expect(series.refused).toBe(1);
  });
});

describe('of a counter', () => {
  const increases = (series: ManySeries, points: readonly Metric[]) => points.map((one) => series.judge(one)!.increase);

  test('the increase in a usual step is judged, so a pause or a restart is no anomaly and a surge is one', () => {
    const draw = drawing(3);
    const series = new ManySeries(1);
    let total = 0;
    const raised: number[] = [];
    for (let at = 0; at < 7 * 1_440; at++) {
      total = at % 2_000 === 1_999 ? 0 : total + draw.count(at >= 9_000 && at < 9_020 ? 300 : 60);
      // Ten minutes that were not read.
      if (at % 1_000 > 500 && at % 1_000 < 511) continue;
      if (series.judge(point(at, total, counter))!.anomalous) raised.push(at);
    }
    expect(raised).toEqual([9_000]);
  });

  test('new in a place that was watched, all it counts is new; in one never seen, nothing is', () => {
    const series = new ManySeries(9);
    for (let at = 0; at <= 10; at++) series.judge(point(at, 0.5));
    const errors = { ...counter, name: 'errors_total' };
    expect(increases(series, [point(10, 1, errors), point(11, 3, errors)])).toEqual([1, 2]);
    const elsewhere = { ...errors, service: 'search' };
    expect(increases(series, [point(10, 1, elsewhere), point(11, 3, elsewhere)])).toEqual([null, 2]);
  });

  test('that says it began with its first point, nothing is known of before', () => {
    const series = new ManySeries(9);
    for (let at = 0; at <= 10; at++) series.judge(point(at, 0.5));
    const start = monday + minutes(10);
    const points = [point(10, 1_256, { ...counter, start }), point(11, 1_276, { ...counter, start })];
    expect(increases(series, points)).toEqual([null, 20]);
  });
});
