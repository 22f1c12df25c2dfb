import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { days, minutes, seconds } from '../../time/duration.ts';
import { SplitWatermark } from '../../time/watermark.ts';

const start = Date.UTC(2026, 0, 1);
const outOfOrder = seconds(10);

/** A record a second, `ahead` milliseconds ahead of its turn. */
const honest = (from: number, to: number, ahead = 0): number[] =>
  Array.from({ length: to - from }, (_, i) => start + seconds(from + i) + ahead);

function splitAfter(times: readonly number[], split = new SplitWatermark({ outOfOrder })): SplitWatermark {
  for (const time of times) split.observe(time);
  return split;
}

describe('a time that leaps ahead of its split', () => {
  test('up to five minutes is believed at once, beyond them not', () => {
    const before = splitAfter(honest(0, 10)).watermark;
    const [at, beyond] = [start + seconds(10) + minutes(5), start + seconds(11) + minutes(5)];
    expect(splitAfter([...honest(0, 10), at]).watermark).toBeGreaterThan(before);
    expect(splitAfter([...honest(0, 10), beyond]).watermark).toBe(before);
  });

  test.each([1, 5, 9])('of %i senders in twenty whose clocks are fast moves nothing', (share) => {
    const alone = new SplitWatermark({ outOfOrder });
    const together = new SplitWatermark({ outOfOrder });
    for (const time of honest(0, 3_000)) {
      for (let sender = 20; sender > 0; sender--) {
        if (sender > share) alone.observe(time);
        together.observe(sender > share ? time : time + minutes(30));
      }
      expect(together.watermark).toBe(alone.watermark);
    }
  });

  test('with many others of the same moment, as a sender with a fast clock ships them, moves nothing', () => {
    const burst = Array.from({ length: 500 }, (_, i) => start + minutes(30) + i * 19);
    expect(splitAfter([...honest(0, 10), ...burst]).watermark).toBe(splitAfter(honest(0, 10)).watermark);
  });

  test('is where the split has gone when ten records are there over ten seconds', () => {
    const pause = minutes(30);
    const stopped = splitAfter(honest(0, 10)).watermark;
    expect(splitAfter([...honest(0, 10), ...honest(10, 20, pause)]).watermark).toBe(stopped);
    expect(splitAfter([...honest(0, 10), ...honest(10, 21, pause)]).watermark).toBe(
      splitAfter(honest(10, 21, pause)).watermark,
    );
    expect(splitAfter([...honest(0, 10), start + pause, ...honest(100, 108, pause)]).watermark).toBe(stopped);
  });

  test('is believed too where the first records were those of a slow clock, which go on', () => {
    const times = honest(0, 40).flatMap((time, i) => (i % 4 === 0 ? [time - days(20_000), time] : [time]));
    expect(splitAfter(times).watermark).toBeGreaterThan(start);
  });

  test('is no leap any more when the others have reached it', () => {
    const reached = [...honest(0, 10), ...honest(0, 9, minutes(6)), ...honest(10, 400)];
    expect(splitAfter([...reached, start + minutes(30)]).doubt).toMatchObject({ ahead: 1, behind: 0 });
  });

  test('is believed where it is the last of the split, and neither contradicted nor in the future', () => {
    const last = start + minutes(30);
    const settled = (times: readonly number[], now: number) => splitAfter(times).settle(now);
    expect(settled([...honest(0, 10), last], last)).toBe(true);
    expect(settled([...honest(0, 10), last], last - 1)).toBe(false);
    expect(settled([...honest(0, 10), last, start], last)).toBe(false);
    expect(settled(honest(0, 10), last)).toBe(false);
  });

  test('of records that all leap is the least that is sure', () => {
    const daily = Array.from({ length: 11 }, (_, day) => start + days(day));
    expect(splitAfter(daily).watermark).toBe(start + days(1) - outOfOrder - 1);
  });

  test('is doubted over a restart as if there had been none', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 120 });
    fc.assert(
      fc.property(times, fc.nat(120), (steps, at) => {
        // Every third is ahead by ten minutes, and then by less than that.
        const script = steps.map((step, i) => seconds(step) + (i % 3 === 0 || i > 60 ? minutes(10) : 0));
        const whole = splitAfter(script);
        const first = splitAfter(script.slice(0, at));
        const { watermark: restored, doubt } = first;
        const second = splitAfter(script.slice(at), new SplitWatermark({ outOfOrder, restored, doubt }));
        expect([second.watermark, second.doubt]).toEqual([whole.watermark, whole.doubt]);
      }),
    );
  });
});
