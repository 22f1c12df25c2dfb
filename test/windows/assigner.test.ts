import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds } from '../../time/duration.ts';
import {
  type Aligned,
  firstWindowEnd,
  lastWindowEnd,
  paneExpires,
  paneStart,
  session,
  sliding,
  tumbling,
} from '../../windows/assigner.ts';

/** The ends of all windows that hold the pane, by the loop the documentation shows. */
function windowEnds(assigner: Aligned, pane: number): readonly number[] {
  const ends: number[] = [];
  for (let end = firstWindowEnd(assigner, pane); end <= lastWindowEnd(assigner, pane); end += assigner.slide) {
    ends.push(end);
  }
  return ends;
}

describe('tumbling windows', () => {
  test('a time belongs to the window it lies in, the start included, the end not', () => {
    const perMinute = tumbling(minutes(1));
    expect([0, 59_999, 60_000].map((time) => paneStart(perMinute, time))).toEqual([0, 0, 60_000]);
  });

  test('one millisecond before 1970 lies in the last window before 1970', () => {
    expect(paneStart(tumbling(minutes(1)), -1)).toBe(-60_000);
    expect(windowEnds(tumbling(minutes(1)), -60_000)).toEqual([0]);
  });

  test('an offset moves the borders, in either direction', () => {
    expect(paneStart(tumbling(hours(24), { offset: -hours(2) }), 0)).toBe(-hours(2));
    expect(paneStart(tumbling(hours(24), { offset: hours(2) }), 0)).toBe(-hours(22));
  });

  test('the pane is the window', () => {
    expect(windowEnds(tumbling(60_000, { offset: 7 }), 60_007)).toEqual([120_007]);
  });
});

describe('sliding windows', () => {
  test('panes are as long as the greatest common divisor, so that windows share them', () => {
    expect(sliding(minutes(5), minutes(1)).pane).toBe(minutes(1));
    expect(sliding(seconds(60), seconds(25)).pane).toBe(seconds(5));
  });

  test('a pane lies in every window that covers it', () => {
    expect(windowEnds(sliding(60_000, 20_000), 40_000)).toEqual([60_000, 80_000, 100_000]);
    expect(windowEnds(sliding(60_000, 25_000), 50_000)).toEqual([60_000, 85_000, 110_000]);
    expect(windowEnds(sliding(60_000, 25_000), 60_000)).toEqual([85_000, 110_000]);
  });

  test('for all lengths and offsets, pane and windows are those a search over all windows finds', () => {
    const shape = fc
      .record({ size: fc.integer({ min: 1, max: 60 }), slide: fc.integer({ min: 1, max: 60 }), offset: fc.integer() })
      .filter(({ size, slide }) => slide <= size);
    fc.assert(
      fc.property(shape, fc.integer({ min: -500, max: 500 }), ({ size, slide, offset }, time) => {
        const assigner = sliding(size, slide, { offset: offset % 1_000 });
        const expected: number[] = [];
        for (let start = (offset % 1_000) - 40 * 60 * slide; start <= 600; start += slide) {
          if (start <= time && time < start + size) expected.push(start + size);
        }
        const pane = paneStart(assigner, time);
        expect(windowEnds(assigner, pane)).toEqual(expected);
        expect(pane <= time && time < pane + assigner.pane).toBe(true);
        for (const end of expected) expect(pane >= end - size && pane + assigner.pane <= end).toBe(true);
      }),
    );
  });

  test('for all lengths, the panes of a window are exactly those whose windows include it', () => {
    const length = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(length, length, fc.integer({ min: -20, max: 20 }), (a, b, k) => {
        const assigner = sliding(Math.max(a, b), Math.min(a, b));
        const end = k * assigner.slide + assigner.size;
        for (let pane = end - assigner.size; pane < end; pane += assigner.pane) {
          expect(windowEnds(assigner, pane)).toContain(end);
        }
        expect(windowEnds(assigner, end)).not.toContain(end);
        expect(windowEnds(assigner, end - assigner.size - assigner.pane)).not.toContain(end);
      }),
    );
  });
});

describe('lateness', () => {
  test('a pane is forgotten when its last window has waited long enough', () => {
    expect(paneExpires(tumbling(60_000), 0)).toBe(59_999);
    expect(paneExpires(sliding(60_000, 20_000, { lateness: 5_000 }), 40_000)).toBe(104_999);
  });
});

describe('values', () => {
  test('an assigner is frozen and has all its numbers', () => {
    const assigner = sliding(60, 20, { offset: 5, lateness: 7 });
    expect(Object.isFrozen(assigner)).toBe(true);
    expect(assigner).toEqual({ kind: 'sliding', size: 60, slide: 20, pane: 20, offset: 5, lateness: 7 });
    expect(tumbling(60)).toEqual({ kind: 'tumbling', size: 60, slide: 60, pane: 60, offset: 0, lateness: 0 });
    expect(session(30)).toEqual({ kind: 'session', gap: 30, lateness: 0 });
  });

  test('a slide longer than the size is refused with both numbers', () => {
    expect(() => sliding(10_000, 60_000)).toThrow(
      'OPTION_INVALID: slide of sliding(10000, 60000) is 60000; it must be whole milliseconds from 1 to the size 10000',
    );
  });

  test('lengths that cut windows into very many panes are refused', () => {
    expect(() => sliding(minutes(10), 7_001)).toThrow('a divisor in common with 600000 of at least 30');
    expect(sliding(hours(24 * 7), minutes(1)).pane).toBe(minutes(1));
  });

  test('invalid numbers are refused', () => {
    for (const bad of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => tumbling(bad)).toThrow('OPTION_INVALID');
      expect(() => sliding(bad, 1)).toThrow('OPTION_INVALID');
      expect(() => sliding(10, bad)).toThrow('OPTION_INVALID');
      expect(() => session(bad)).toThrow('OPTION_INVALID');
    }
    for (const bad of [-1, 0.5, Number.NaN])
      expect(() => session(1, { lateness: bad })).toThrow('lateness of session(1)');
    expect(() => tumbling(10, { offset: 0.5 })).toThrow('offset of tumbling(10) is 0.5');
  });
});
