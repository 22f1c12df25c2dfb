import { describe, expect, test } from 'vitest';
import { anomalous, at, environment, well } from '../support/incidents/environment-of.ts';

const causes = (events: readonly { root_causes: readonly { service: string }[] }[]) =>
  events.at(-1)!.root_causes.map((c) => c.service);

describe('the likeliest cause', () => {
  test('is not a service that only reports that another one failed', () => {
    const shop = environment();
    const report = { blames: [['payment', 20]] as [string, number][], observed: 300, ratio: 300, score: 17 };
    const events = shop.show(0, 1, (n) => [
      anomalous('gateway', n, { ...report, blames: [['*', 20]] }),
      anomalous('checkout', n, report),
      anomalous('payment', n),
    ]);
    expect(causes(events)[0]).toBe('payment');
    expect(events[0]!.root_causes[0]!.reasons.join()).toContain('blamed by checkout');
  });

  test('is, of two alike, the one that was just deployed', () => {
    const shop = environment();
    shop.change({ timestamp: at(-6), kind: 'deployment', service: 'user', version: '3', author: 'mira' });
    expect(causes(shop.show(0, 1, (n) => [anomalous('cart', n), anomalous('user', n)]))).toEqual(['user', 'cart']);
  });

  test('is not a service that was deployed but only reports others', () => {
    const shop = environment();
    shop.change({ timestamp: at(-6), kind: 'deployment', service: 'gateway', version: '3', author: 'mira' });
    const events = shop.show(0, 1, (n) => [anomalous('cart', n), anomalous('gateway', n, { blames: [['cart', 20]] })]);
    expect(causes(events)[0]).toBe('cart');
  });

  test('is the service of which units of work tell most, however loud the lines of others are', () => {
    const shop = environment();
    const units = (score: number) => ({ units: { score, told: ['5 of 5 traces lack a', '4 of 5 traces lack b'] } });
    const loud = { observed: 900, ratio: 900, score: 40, log10p: -300 };
    const events = shop.show(0, 1, (n) => [
      anomalous('checkout', n, loud),
      anomalous('stock', n, { ...units(1.2), health: 'slow', ratio: 3 }),
      anomalous('cart', n, { ...units(2.4), health: 'steps', ratio: 5 }),
    ]);
    expect(causes(events)).toEqual(['cart', 'stock', 'checkout']);
    const [first, ...others] = events[0]!.root_causes;
    expect(first!.reasons).toEqual(['5 of 5 traces lack a', '4 of 5 traces lack b']);
    expect(first!.confidence).toBeGreaterThan(0.6);
    expect(others.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.32, 1), expect.closeTo(0.05, 1)]);
  });

  test('stays the one of which units told most when it is well again', () => {
    const shop = environment();
    const ill = (n: number) =>
      anomalous('cart', n, { units: { score: 3, told: ['5 of 5 traces lack a'] }, health: 'steps' });
    shop.show(0, 1, (n) => [ill(n), anomalous('checkout', n)]);
    const events = shop.show(1, 20, (n) => [well('cart', n), anomalous('checkout', n)]);
    expect(causes(events)).toEqual(['cart', 'checkout']);
    expect(events[0]!.root_causes[0]!.reasons[0]).toMatch(/^well since [\d:]+; from [\d:]+ 5 of 5 traces lack a$/);
  });

  test('is, all else equal, the service that began first', () => {
    const shop = environment();
    const later = { onset: Date.parse(at(12)) };
    expect(causes(shop.show(20, 21, (n) => [anomalous('cart', n, later), anomalous('user', n)]))[0]).toBe('user');
  });

  test('is told with the change before it, by its kind', () => {
    const told = (kind: 'config' | 'flag') => {
      const shop = environment();
      shop.change({ timestamp: at(-6), kind, service: 'user', version: 'dark-mode', author: 'mira' });
      return shop.show(0, 1, (n) => [anomalous('user', n)])[0]!.summary;
    };
    expect(told('flag')).toContain('change of flag dark-mode by mira 60 s before');
    expect(told('config')).toContain('change of configuration dark-mode by mira 60 s before');
  });

  test('is never certain, and less so the closer the others are', () => {
    const alone = environment().show(0, 1, (n) => [anomalous('cart', n)])[0]!.root_causes[0]!;
    const twins = environment().show(0, 1, (n) => [anomalous('cart', n), anomalous('user', n)])[0]!.root_causes[0]!;
    expect(alone.confidence).toBe(0.95);
    expect(twins.confidence).toBe(0.5);
  });
});
