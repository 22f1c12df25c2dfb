import { describe, expect, test } from 'vitest';
import { type AlertRate, burstOf, learnBegins, newAlertRate, noteBegin } from '../../../signals/alerts/bursts.ts';
import { hours, minutes, seconds, type Time } from '../../../time/duration.ts';

const noon = Date.UTC(2026, 0, 29, 12);
const all = () => true;

/** Alerts that begin `apart` from `from` on, each of a service of its own. */
function begin(
  rate: AlertRate,
  from: Time,
  { count, apart }: { readonly count: number; readonly apart: number },
): void {
  for (let n = 0; n < count; n++) {
    const at = from + n * apart;
    learnBegins(rate, at);
    noteBegin(rate, { at, service: `s${at}`, fingerprint: `f${at}` });
  }
}

describe('a burst', () => {
  test('is the minute with the most alerts', () => {
    const rate = newAlertRate(noon);
    begin(rate, noon, { count: 3, apart: minutes(1) });
    begin(rate, noon + minutes(5), { count: 6, apart: seconds(10) });
    expect(burstOf(rate, all)).toMatchObject({
      alerts: 6,
      from: noon + minutes(5),
      to: noon + minutes(5) + seconds(50),
    });
  });

  test('counts a fingerprint once, and none that does not count', () => {
    const rate = newAlertRate(noon);
    for (let n = 0; n < 9; n++) noteBegin(rate, { at: noon + n, service: 'cart', fingerprint: `f${n % 2}` });
    expect(burstOf(rate, all)!.alerts).toBe(2);
    expect(burstOf(rate, ({ fingerprint }) => fingerprint === 'f1')!.alerts).toBe(1);
    expect(burstOf(rate, () => false)).toBeUndefined();
  });

  test('is the less probable the fewer alerts begin otherwise', () => {
    const [quiet, busy] = [newAlertRate(noon), newAlertRate(noon)];
    begin(busy, noon, { count: 240, apart: seconds(30) });
    for (const rate of [quiet, busy]) {
      learnBegins(rate, noon + hours(3));
      begin(rate, noon + hours(3), { count: 6, apart: seconds(1) });
    }
    expect(burstOf(quiet, all)!.log10p).toBeLessThan(-10);
    expect(burstOf(busy, all)!.log10p).toBeGreaterThan(-4);
  });

  test('of a sender of which nothing is known needs more than four', () => {
    const of = (count: number) => {
      const rate = newAlertRate(noon);
      begin(rate, noon, { count, apart: seconds(10) });
      return burstOf(rate, all)!.log10p;
    };
    expect(of(4)).toBeGreaterThan(-4.6);
    expect(of(5)).toBeLessThan(-4.6);
  });
});

test('what began is learned ten minutes later, and half of it forgotten in a day', () => {
  const rate = newAlertRate(noon);
  begin(rate, noon, { count: 6, apart: seconds(1) });
  learnBegins(rate, noon + minutes(10));
  expect([rate.begins, rate.recent.length]).toEqual([0, 6]);
  learnBegins(rate, noon + minutes(11));
  expect([rate.begins, rate.recent.length]).toEqual([6, 0]);
  learnBegins(rate, noon + minutes(11) + hours(24));
  expect(rate.begins).toBeCloseTo(3);
});

test('a storm is bounded', () => {
  const rate = newAlertRate(noon);
  begin(rate, noon, { count: 5_000, apart: 1 });
  expect(rate.recent.length).toBe(1_000);
});
