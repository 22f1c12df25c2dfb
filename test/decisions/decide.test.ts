import { describe, expect, test } from 'vitest';
import type { Pane } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { hours, minutes } from '../../time/duration.ts';
import { inMinutes, morning, ordinary, pane, watched } from '../support/incidents/panes-of.ts';

const quietHours = (n: number) => inMinutes(60 * n);
const firstIll = (signals: readonly { health: string }[]) => signals.findIndex((s) => s.health === 'errors');

describe('a service', () => {
  test('in ordinary times is never anything but well', () => {
    const signals = watched().show(quietHours(24), ordinary);
    expect(signals.filter((s) => s.health !== 'well')).toEqual([]);
  });

  test('with three times its errors is ill within two minutes', () => {
    const cart = watched();
    cart.show(quietHours(24), () => pane(200, 2));
    expect(firstIll(cart.show(inMinutes(2), () => pane(200, 7)))).toBeLessThan(12);
  });

  test('with three times the traffic and errors in proportion stays well', () => {
    const cart = watched();
    cart.show(quietHours(24), () => pane(200, 2));
    expect(firstIll(cart.show(inMinutes(15), () => pane(600, 6)))).toBe(-1);
  });

  test.each([
    ['two hours', inMinutes(120)],
    ['twenty minutes', inMinutes(20)],
  ])(
    'whose lines were a flood for a minute after %s is judged as before: it says little of ordinary lines',
    (_, known) => {
      const web = watched();
      const usual = () => {
        const { expected, window } = web.show(1, () => pane(500, 3))[0]!;
        return (expected * minutes(1)) / window;
      };
      web.show(known, () => pane(500, 3));
      const before = usual();
      web.show(inMinutes(1), () => pane(25_000, 3));
      expect(firstIll(web.show(inMinutes(60), () => pane(500, 3)))).toBe(-1);
      expect(usual()).toBeGreaterThan(0.8 * before);
    },
  );

  test('usually has as many errors as belong to the lines of its pane, also behind a flood that its windows hold', () => {
    const web = watched();
    web.show(inMinutes(120), () => pane(500, 3));
    const [flood] = web.show(1, () => pane(25_000, 3));
    expect(flood!.usualErrors).toBeGreaterThan(100);
    const [after] = web.show(1, () => pane(500, 3));
    expect(after!.usualErrors).toBeGreaterThan(2);
    expect(after!.usualErrors).toBeLessThan(4);
    expect(after!.expected).toBeGreaterThan(20);
  });

  test('shows errors of the window that it names also in the pane that empties its windows', () => {
    const cart = watched();
    cart.show(inMinutes(120), ordinary);
    const during = cart.show(inMinutes(10), () => pane(100, 30));
    const after = cart.show(inMinutes(20), ordinary);
    const over = after.find(({ health }) => health === 'well')!;
    const rate = ({ observed, window }: Signal) => observed / window;
    expect(rate(over)).toBeLessThanOrEqual(Math.max(...during.map(rate)));
  });

  test('is ill since its errors rose, not since a chance error shortly before', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    const chance = (i: number) => pane(100, i === 0 || i === 4 ? 2 : i >= 12 ? 9 : 0);
    const signals = cart.show(20, chance);
    const ill = signals.find((s) => s.health === 'errors')!;
    expect(ill.onset).toBe(signals[12]!.start);
  });

  test('that says a line in two minutes and begins to fail is ill after its fifth error', () => {
    const settlement = watched('settlement');
    settlement.show(quietHours(24), (i) => pane(i % 12 === 0 ? 1 : 0));
    const signals = settlement.show(inMinutes(2), () => pane(1, 1));
    expect(firstIll(signals)).toBe(5);
    expect(signals[5]).toMatchObject({ onset: signals[0]!.start, observed: 6 });
  });

  test('a single bad pane is suspicious, two of three are an anomaly', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    expect(cart.show(1, () => pane(100, 30)).map((s) => s.health)).toEqual(['suspicious']);
    expect(cart.show(1, () => pane(100)).map((s) => s.health)).toEqual(['suspicious']);
    expect(cart.show(1, () => pane(100, 30)).map((s) => s.health)).toEqual(['errors']);
  });

  test('says which rule holds back what it shows, and nothing of what has just ended', () => {
    const heldBy = (service: ReturnType<typeof watched>, panes: number, make: (i: number) => Pane) =>
      service.show(panes, make).map((signal) => signal.heldBy);
    const cart = watched();
    expect(new Set(heldBy(cart, quietHours(6), ordinary))).toEqual(new Set([undefined]));
    expect(heldBy(cart, 1, () => pane(100, 30))).toEqual(['persistence']);
    expect(heldBy(cart, 1, () => pane(100, 30))).toEqual([undefined]);
    cart.show(inMinutes(3), () => pane(100, 30));
    expect(new Set(heldBy(cart, inMinutes(30), ordinary))).toEqual(new Set([undefined]));
    const moment = watched();
    moment.show(quietHours(6), ordinary);
    moment.show(1, () => pane(700, 30));
    expect(heldBy(moment, 2, ordinary)).toEqual(['moment', 'moment']);
    const busy = watched();
    busy.show(quietHours(6), () => pane(20_000, 400));
    expect(heldBy(busy, 6, () => pane(20_000, 1_100))).toContain('effect');
  });

  test('that is always well is ill by a few errors at two moments', () => {
    const cart = watched();
    cart.show(quietHours(6), () => pane(100));
    expect(cart.show(2, () => pane(100, 3)).map((s) => s.health)).toEqual(['well', 'suspicious']);
    expect(cart.show(1, () => pane(100)).map((s) => s.health)).toEqual(['errors']);
  });

  test('is ill by very many errors in a single moment: they may come again and again', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    cart.show(1, () => pane(700, 600));
    expect(firstIll(cart.show(2, ordinary))).toBeGreaterThanOrEqual(0);
  });

  test.each([6, 30])('is not ill by %i errors in a single moment, however long windows hold them', (errors) => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    cart.show(1, () => pane(700, errors));
    expect(firstIll(cart.show(inMinutes(20), ordinary))).toBe(-1);
  });

  test('is well again soon after its errors stop, not when the longest window has passed', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    cart.show(inMinutes(10), () => pane(100, 50));
    const wellAgain = cart.show(inMinutes(15), ordinary).findIndex((s) => s.health === 'well');
    expect(wellAgain).toBeLessThan(inMinutes(6));
    expect(cart.show(inMinutes(30), ordinary).some((s) => s.health !== 'well')).toBe(false);
  });

  test('does not learn from its anomaly', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    const before = cart.service.baseline.errors;
    cart.show(inMinutes(30), () => pane(100, 50));
    expect(cart.service.baseline.errors).toBeLessThan(before + 20);
  });

  test('whose errors stay for hours has a new normal', () => {
    const cart = watched();
    cart.show(quietHours(6), ordinary);
    const signals = cart.show(quietHours(4), () => pane(100, 20));
    expect(signals[inMinutes(119)]!.health).toBe('errors');
    expect(signals.at(-1)!.health).toBe('well');
  });

  test('whose nightly burst was seen the night before is well the next night, and ill if it is five times as bad', () => {
    const burst = (errors: number) => (i: number) => {
      const minute = (i % quietHours(24)) / 6;
      return minute >= 120 && minute < 123 ? pane(100, errors) : ordinary(i);
    };
    const night = (first: number, second: number) => {
      const inventory = watched();
      const [before, after] = [
        inventory.show(quietHours(24), burst(first)),
        inventory.show(quietHours(24), burst(second)),
      ];
      return [firstIll(before) >= 0, firstIll(after) >= 0];
    };
    expect(night(10, 11)).toEqual([true, false]);
    expect(night(10, 50)).toEqual([true, true]);
  });

  test('that is new and always fails a fifth of its requests is not ill', () => {
    expect(firstIll(watched().show(quietHours(2), () => pane(100, 20)))).toBe(-1);
  });

  test('that is new and fails nearly always is ill', () => {
    expect(firstIll(watched().show(inMinutes(2), () => pane(100, 80)))).toBeGreaterThan(0);
  });

  test('that falls silent is silent since its last line', () => {
    const cart = watched();
    cart.show(quietHours(3), ordinary);
    const signals = cart.show(inMinutes(3), () => pane(0));
    const silent = signals.find((s) => s.health === 'silent')!;
    expect(silent).toMatchObject({ onset: morning + hours(3) - 1, observed: 0 });
    expect(silent.end - silent.onset).toBe(120_001);
    expect(cart.show(2, ordinary).at(-1)!.health).toBe('well');
  });

  test('scores the more, the more severe its lines are', () => {
    const scoreWith = (counts: Pane['counts']) => {
      const cart = watched();
      cart.show(quietHours(6), ordinary);
      return cart.show(3, () => ({ ...pane(100), counts })).at(-1)!.score;
    };
    expect(scoreWith([0, 0, 0, 20])).toBeGreaterThan(scoreWith([0, 20, 0, 0]));
    expect(scoreWith([50, 20, 0, 0])).toBeGreaterThan(scoreWith([0, 20, 0, 0]));
  });

  test('whose pane goes on after it was decided has all its lines in that pane, and none elsewhere', () => {
    const [cut, whole] = [watched(), watched()];
    const errors = (n: number) => ({ ...pane(100, n), last: 1 });
    for (const cart of [cut, whole]) cart.show(quietHours(6), ordinary);
    whole.show(1, () => errors(30));
    cut.show(1, () => ({ ...pane(40, 10), last: 1 }));
    const start = cut.service.through - 10_000;
    const again = cut.amend({ start, pane: pane(60, 20) });
    expect(again).toMatchObject({ start, lines: 100, counts: [0, 30, 0, 0], amends: true });
    const [after, expected] = [cut.show(1, () => errors(30)), whole.show(1, () => errors(30))];
    expect(after[0]).toMatchObject({ start: start + 10_000, observed: expected[0]!.observed, health: 'errors' });
    expect(cut.amend({ start: start - 1_000_000, pane: pane(5) })).toBeUndefined();
  });

  test('judged from a copy of its state goes on as if nothing had happened', () => {
    const [one, other] = [watched(), watched()];
    for (const cart of [one, other]) cart.show(quietHours(6), ordinary);
    Object.assign(other.service, structuredClone(JSON.parse(JSON.stringify(other.service))));
    expect(other.show(inMinutes(20), () => pane(100, 9))).toEqual(one.show(inMinutes(20), () => pane(100, 9)));
  });
});
