import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learningPoints, newSeries, observe, type Series, type Verdict } from '../../../signals/series/series.ts';
import { days, hours, minutes } from '../../../time/duration.ts';
import { drawing, kinds, monday, type Point, pointsOf } from '../../support/series/kinds.ts';

const judged = (points: readonly Point[], series: Series = newSeries()): Verdict[] =>
  points.map(([time, value]) => observe(series, time, value));
const raisedIn = (verdicts: readonly Verdict[]): number[] =>
  verdicts.flatMap(({ anomalous }, i) => (anomalous ? [i] : []));
/** Values a minute apart. */
const everyMinute = (values: readonly number[]): Point[] => values.map((value, i) => [monday + minutes(i), value]);
/** Noise around a level. */
const noise = (length: number, at: number, seed = 1): number[] => {
  const draw = drawing(seed);
  return Array.from({ length }, () => at + 2 * draw.normal());
};

/** Points with gaps, doubles, late ones, and values of all sizes. */
const anyPoints = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constant(minutes(1)), fc.integer({ min: -minutes(5), max: days(2) })),
      fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ noDefaultInfinity: true }), fc.constant(Number.NaN)),
    ),
    { maxLength: 300 },
  )
  .map((steps) => {
    let time = monday;
    return steps.map(([step, value]): Point => [(time += step), value]);
  });

describe('what is said of a point', () => {
  test('does not depend on later points', () => {
    fc.assert(
      fc.property(anyPoints, fc.nat(300), (points, at) => {
        expect(judged(points.slice(0, at))).toEqual(judged(points).slice(0, at));
      }),
      { numRuns: 50 },
    );
  });

  test('is the same after it went through JSON, which does not grow', () => {
    fc.assert(
      fc.property(anyPoints, fc.nat(300), (points, at) => {
        const series = newSeries();
        judged(points.slice(0, at), series);
        const text = JSON.stringify(series);
        expect(text.length).toBeLessThan(16_000);
        const stored = JSON.parse(text) as Series;
        expect(judged(points.slice(at), stored)).toEqual(judged(points).slice(at));
      }),
      { numRuns: 50 },
    );
  });

  test('is bounded and finite, whatever comes', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        for (const { score, band, deviations, anomalous, learning } of judged(points)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(15);
          expect(Number.isFinite(deviations)).toBe(true);
          expect(anomalous && learning).toBe(false);
          if (band !== null) expect(band.low <= band.expected && band.expected <= band.high).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('is bounded though one value is out of all bounds', () => {
    const points = [0, 0, 2.45e206, 0, 0, 0].map((value, i): Point => [monday + i * minutes(50), value]);
    for (const { score } of judged(points)) expect(score).toBe(0);
  });

  test('is the same in another unit', () => {
    const points = pointsOf(kinds['daily rhythm']!, { seed: 5, days: 6, step: minutes(5) });
    // A power of four, so that roots are exact.
    const inBytes = points.map(([time, value]): Point => [time, value * 4 ** 10]);
    const scores = judged(points).map(({ score, anomalous }) => ({ score, anomalous }));
    expect(judged(inBytes).map(({ score, anomalous }) => ({ score, anomalous }))).toEqual(scores);
  });

  test('of what is missing learns nothing', () => {
    const points = everyMinute(noise(500, 50));
    const between = points.flatMap(([time, value]): Point[] => [
      [time, value],
      [time + 1, Number.NaN],
      [time + 2, Number.POSITIVE_INFINITY],
      [time, 9_999],
      [time - minutes(3), 9_999],
    ]);
    const verdicts = judged(between);
    expect(verdicts.filter((_, i) => i % 5 === 0)).toEqual(judged(points));
    expect(
      verdicts
        .filter((_, i) => i % 5 !== 0)
        .every(({ ignored, score, anomalous }) => ignored && score === 0 && !anomalous),
    ).toBe(true);
  });
});

describe('a series', () => {
  test('is learned first: no band at once, nothing raised of the first points', () => {
    const verdicts = judged(everyMinute([5, 5, 5, 5, 5, 5, 500, 5, 900, 5, 5, 2_000, ...noise(20, 5)]));
    expect(verdicts.map(({ band }) => band === null)).toEqual(verdicts.map((_, i) => i < 6));
    expect(verdicts.filter(({ learning }) => learning)).toHaveLength(learningPoints);
    expect(raisedIn(verdicts).filter((i) => i < learningPoints)).toEqual([]);
  });

  test('that leaves its band is raised once at the first point, with what was expected', () => {
    const values = [...noise(2_000, 50), ...noise(30, 90, 2), ...noise(200, 50, 3)];
    const verdicts = judged(everyMinute(values));
    expect(raisedIn(verdicts)).toEqual([2_000]);
    const { band, score, deviations } = verdicts[2_000]!;
    expect(band!.expected).toBeCloseTo(50, 0);
    expect(band!.high).toBeLessThan(62);
    expect(band!.low).toBeGreaterThan(38);
    expect(deviations).toBeGreaterThan(5);
    expect(score).toBeGreaterThanOrEqual(5);
  });

  test('is raised again in the same episode when it becomes much worse', () => {
    const values = [...noise(5_000, 50), ...noise(30, 80, 2), ...noise(30, 400, 3)];
    expect(raisedIn(judged(everyMinute(values)))).toEqual([5_000, 5_030]);
  });

  test('whose level moved has a new normal after six hours, and is not raised for that', () => {
    const verdicts = judged(everyMinute([...noise(3_000, 50), ...noise(1_000, 90, 2)]));
    expect(raisedIn(verdicts)).toEqual([3_000]);
    expect(verdicts[3_000 + 355]!.band!.expected).toBeCloseTo(50, 0);
    expect(verdicts[3_000 + 365]!.band!.expected).toBeCloseTo(90, 0);
    expect(verdicts.at(-1)!.score).toBeLessThan(2);
  });

  test('an outage does not hide the same outage of the next day', () => {
    const values = noise(4 * 1_440, 50);
    for (const start of [3_000, 4_600]) values.fill(0, start, start + 240);
    const verdicts = judged(everyMinute(values));
    expect(raisedIn(verdicts)).toEqual([3_000, 4_600]);
    expect(Math.abs(verdicts[4_600]!.deviations)).toBeGreaterThan(0.9 * Math.abs(verdicts[3_000]!.deviations));
  });

  test('that was constant is raised for a step once, and the step is normal within two hours', () => {
    const verdicts = judged(everyMinute([...new Array(600).fill(40), ...new Array(300).fill(90)]));
    expect(raisedIn(verdicts)).toEqual([600]);
    expect(verdicts.slice(720).every(({ deviations }) => Math.abs(deviations) < 1)).toBe(true);
    expect(verdicts[599]!.band!.high).toBeGreaterThan(40);
    expect(verdicts[599]!.band!.low).toBeLessThan(40);
  });

  test('of zeros that counts one now and then is not raised for it, and for many it is', () => {
    const values = new Array<number>(4_000).fill(0);
    for (const at of [700, 1_500, 3_100]) values[at] = 1;
    values[3_800] = 40;
    expect(raisedIn(judged(everyMinute(values)))).toEqual([3_800]);
  });

  test('with a gap goes on as before, and is no older for it', () => {
    const points = everyMinute(noise(400, 50));
    const gap = points.map(([time, value], i): Point => [i < 200 ? time : time + days(400), value]);
    expect(raisedIn(judged(gap))).toEqual([]);
    const series = newSeries();
    judged(gap, series);
    expect(series.spacing.watched).toBeLessThan(hours(7));
    expect(series.season.isKnown).toBe(false);
  });

  test('after one time of the year 2100 is believed again', () => {
    const points = everyMinute(noise(400, 50));
    const verdicts = judged([...points.slice(0, 200), [Date.UTC(2100, 0), 50], ...points.slice(200)]);
    expect(verdicts.filter(({ ignored }) => ignored)).toHaveLength(12);
    expect(verdicts.at(-1)!.ignored).toBe(false);
  });

  test('with a rhythm of the week is expected by it after two weeks, not before', () => {
    const points = pointsOf(kinds['weekly rhythm']!, { seed: 3, days: 21, step: minutes(5) });
    const verdicts = judged(points);
    const off = (from: number, to: number): number => {
      const errors = points.flatMap(([time, value], i) =>
        time >= monday + days(from) && time < monday + days(to) ? [Math.abs(value - verdicts[i]!.band!.expected)] : [],
      );
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    expect(off(19, 21)).toBeLessThan(off(12, 14) / 2);
  });
});
