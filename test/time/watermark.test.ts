import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MillraceError } from '../../errors.ts';
import { IDLE, minWatermark, SplitWatermark, type Watermark, WatermarkMerge } from '../../time/watermark.ts';

const unknown = Number.NEGATIVE_INFINITY;

describe('merged watermark', () => {
  test('idle inputs do not count; all idle is idle', () => {
    expect(minWatermark([3, IDLE, 1])).toBe(1);
    expect(minWatermark([IDLE, -5])).toBe(-5);
    expect(minWatermark([IDLE, IDLE])).toBe(IDLE);
  });

  test('nothing is known until every input has reported', () => {
    const merge = new WatermarkMerge(3);
    expect([merge.update(0, 50), merge.update(1, IDLE), merge.current]).toEqual([undefined, undefined, unknown]);
    expect(merge.update(2, 20)).toBe(20);
  });

  test('it follows the slowest input and reports only changes', () => {
    const merge = new WatermarkMerge(2);
    const said = [
      merge.update(0, 10),
      merge.update(1, 5),
      merge.update(0, 30),
      merge.update(1, 7),
      merge.update(1, 40),
    ];
    expect(said).toEqual([undefined, 5, undefined, 7, 30]);
  });

  test('an idle input does not hold the others back', () => {
    const merge = new WatermarkMerge(2);
    merge.update(0, 10);
    merge.update(1, 5);
    expect(merge.update(1, IDLE)).toBe(10);
  });

  test('an input that resumes behind the others holds the watermark, which does not fall', () => {
    const merge = new WatermarkMerge(2);
    merge.update(0, 10);
    merge.update(1, 5);
    merge.update(1, IDLE);
    expect(merge.update(1, 6)).toBeUndefined();
    expect(merge.update(0, 20)).toBeUndefined();
    expect(merge.current).toBe(10);
    expect(merge.update(1, 15)).toBe(15);
  });

  test('idleness of all inputs is reported once, and so is its end, at the time reached before', () => {
    const merge = new WatermarkMerge(2);
    merge.update(0, 10);
    merge.update(1, 10);
    expect([merge.update(0, IDLE), merge.update(1, IDLE), merge.update(1, IDLE)]).toEqual([undefined, IDLE, undefined]);
    expect(merge.time).toBe(10);
    expect(merge.update(0, 10)).toBe(10);
  });

  test('after a restart it does not fall behind what was committed', () => {
    const merge = new WatermarkMerge(1, 100);
    expect([merge.current, merge.update(0, 60), merge.update(0, 101)]).toEqual([100, undefined, 101]);
  });

  test('an input that falls below its own reports is an error, also after it was idle', () => {
    const merge = new WatermarkMerge(2);
    merge.update(0, 10);
    merge.update(0, IDLE);
    expect(() => merge.update(0, 9)).toThrow(MillraceError);
    expect(() => merge.update(1, Number.NaN)).toThrow('WATERMARK_REGRESSED');
    expect(() => merge.update(2, 1)).toThrow('OPTION_INVALID');
    expect(() => new WatermarkMerge(0)).toThrow('OPTION_INVALID');
  });

  test('for all reports it is monotone, the highest minimum so far, and silent when unchanged', () => {
    const steps = fc.array(
      fc.record({ input: fc.nat(3), ahead: fc.option(fc.nat(50), { nil: IDLE as typeof IDLE }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const merge = new WatermarkMerge(4);
        const past = [-100, -100, -100, -100];
        const now: Watermark[] = [unknown, unknown, unknown, unknown];
        let before: Watermark = unknown;
        let reached: number = unknown;
        for (const { input, ahead } of script) {
          now[input] = ahead === IDLE ? IDLE : (past[input] = past[input]! + ahead);
          const said = merge.update(input, now[input]!);
          expect(said).toBe(merge.current === before ? undefined : merge.current);
          const min = minWatermark(now);
          if (min === IDLE) expect(merge.current).toBe(IDLE);
          else expect(merge.current).toBe((reached = Math.max(reached, min)));
          before = merge.current;
        }
      }),
    );
  });
});

/** Where the watermark moved, and to what. */
function run(times: readonly number[], split: SplitWatermark): readonly (readonly [number, number])[] {
  const moves: [number, number][] = [];
  times.forEach((time, i) => {
    if (split.observe(time)) moves.push([i, split.watermark]);
  });
  return moves;
}

describe('watermark of a split', () => {
  test('it moves when the highest time minus the out-of-orderness crosses a granule', () => {
    const split = new SplitWatermark({ outOfOrder: 2_000 });
    expect(split.watermark).toBe(unknown);
    expect(run([10_500, 10_999, 11_999, 9_000, 12_000, 15_000], split)).toEqual([
      [0, 7_999],
      [2, 8_999],
      [4, 9_999],
      [5, 12_999],
    ]);
  });

  test('before 1970 it floors towards the past', () => {
    expect(run([-1, 0], new SplitWatermark({ outOfOrder: 0 }))).toEqual([
      [0, -1_001],
      [1, -1],
    ]);
  });

  test('NaN moves nothing', () => {
    expect(new SplitWatermark({ outOfOrder: 0 }).observe(Number.NaN)).toBe(false);
  });

  test('invalid options are refused', () => {
    for (const options of [
      { outOfOrder: -1 },
      { outOfOrder: Infinity },
      { outOfOrder: 0, granule: 0 },
      { outOfOrder: 0, granule: 0.5 },
    ]) {
      expect(() => new SplitWatermark(options)).toThrow('OPTION_INVALID');
    }
  });

  const scripts = fc.record({
    outOfOrder: fc.nat(50),
    granule: fc.integer({ min: 1, max: 20 }),
    times: fc.array(fc.integer({ min: -150, max: 150 }), { maxLength: 60 }),
  });

  test('it is always max − outOfOrder, floored to the granule, minus one', () => {
    fc.assert(
      fc.property(scripts, ({ outOfOrder, granule, times }) => {
        const split = new SplitWatermark({ outOfOrder, granule });
        let max = unknown;
        for (const time of times) {
          const before = split.watermark;
          const moved = split.observe(time);
          max = Math.max(max, time);
          expect(split.watermark).toBe(Math.floor((max - outOfOrder) / granule) * granule - 1);
          expect(moved).toBe(split.watermark > before);
        }
      }),
    );
  });

  test('no record within bound is ever late', () => {
    fc.assert(
      fc.property(scripts, ({ outOfOrder, granule, times }) => {
        const split = new SplitWatermark({ outOfOrder, granule });
        let max = unknown;
        for (const time of times) {
          if (time >= max - outOfOrder) expect(time).toBeGreaterThan(split.watermark);
          split.observe(time);
          max = Math.max(max, time);
        }
      }),
    );
  });

  test('restored, it moves at the same record as if it had never stopped', () => {
    const restored = new SplitWatermark({ outOfOrder: 2_000, restored: 8_999 });
    expect([restored.watermark, restored.observe(11_999), restored.observe(12_000)]).toEqual([8_999, false, true]);
    expect(restored.watermark).toBe(9_999);
  });

  test('restarts at any record change nothing: the watermark is its only memory', () => {
    fc.assert(
      fc.property(scripts, fc.nat(60), ({ outOfOrder, granule, times }, at) => {
        const whole = run(times, new SplitWatermark({ outOfOrder, granule }));
        const first = new SplitWatermark({ outOfOrder, granule });
        const head = run(times.slice(0, at), first);
        const second = new SplitWatermark({ outOfOrder, granule, restored: first.watermark });
        const tail = run(times.slice(at), second).map(([i, w]) => [i + Math.min(at, times.length), w]);
        expect([...head, ...tail]).toEqual(whole);
      }),
    );
  });
});
