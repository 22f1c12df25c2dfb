/** An open incident does not take in what begins when its services are well. */
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../signals/signal.ts';
import { anomalous, at, environment, well } from '../support/incidents/environment-of.ts';

/** A service whose traces lack a step since pane `since`. */
const lacking = (service: string, n: number, since: number, rest: Partial<Signal> = {}): Signal =>
  anomalous(service, n, {
    ...{ health: 'steps', onset: Date.parse(at(since)), units: { score: 2, told: ['lacks a step'] } },
    ...rest,
  });
const names = (events: readonly { event: string }[]) => events.map(({ event }) => event);

/** An environment whose service cart lacked a step for three panes and is well again at the end of pane 3. */
function wellAgain() {
  const shop = environment();
  const [opened] = shop.show(0, 3, (n) => [lacking('cart', n, 0)]);
  return { shop, former: opened!.incident_id };
}

describe('what begins when all services were well for a minute and a half', () => {
  test('opens an incident that names the former, which is resolved at once', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    const events = shop.show(13, 14, (n) => [lacking('cart', n, 13)]);
    expect(events).toMatchObject([
      { event: 'resolved', incident_id: former, resolved_at: at(4), follows: null },
      { event: 'opened', services: ['cart'], started_at: at(13), follows: former },
    ]);
    expect(events[1]!.summary).toMatch(new RegExp(`; follows ${former}$`));
  });

  test('does so at another service, too', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    const events = shop.show(13, 14, (n) => [well('cart', n), lacking('user', n, 13)]);
    expect(events).toMatchObject([{ event: 'resolved' }, { event: 'opened', services: ['user'], follows: former }]);
  });

  test('does so though a service lingers that was never the worst, which then belongs to it', () => {
    const shop = environment();
    const lingering = (n: number) => lacking('user', n, 0, { health: 'slow', units: { score: 1, told: [] } });
    shop.show(0, 3, (n) => [lacking('cart', n, 0), lingering(n)]);
    shop.show(3, 13, (n) => [well('cart', n), lingering(n)]);
    const events = shop.show(13, 14, (n) => [well('cart', n), lacking('store', n, 13), lingering(n)]);
    expect(events).toMatchObject([{ event: 'resolved' }, { event: 'opened', services: ['store', 'user'] }]);
  });

  test('takes with it what is ill by its lines in the same pane', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    const events = shop.show(13, 14, (n) => [
      lacking('basket', n, 13),
      anomalous('cart', n, { onset: Date.parse(at(13)) }),
      anomalous('user', n, { onset: Date.parse(at(13)) }),
    ]);
    expect(names(events)).toEqual(['resolved', 'opened']);
    expect(events[1]).toMatchObject({ follows: former, services: expect.arrayContaining(['basket', 'cart', 'user']) });
    expect(names(shop.show(14, 15, (n) => ['basket', 'cart', 'user'].map((service) => well(service, n))))).toEqual([
      'updated',
    ]);
  });

  test('is told as such by whatever sees that a service works: an edge, a share, units beside lines', () => {
    for (const fresh of [
      { health: 'slow' as const },
      { health: 'saturated' as const },
      { health: 'errors' as const },
    ]) {
      const { shop } = wellAgain();
      shop.show(3, 13, (n) => [well('cart', n)]);
      expect(names(shop.show(13, 14, (n) => [lacking('cart', n, 13, fresh)]))).toEqual(['resolved', 'opened']);
    }
  });
});

describe('what stays in the open incident', () => {
  test('is what begins sooner', () => {
    const { shop } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    expect(names(shop.show(13, 14, (n) => [lacking('cart', n, 12)]))).toEqual(['updated']);
  });

  test('is what units show only just', () => {
    const { shop } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    const weak = { units: { score: 1.4, told: [] } };
    expect(names(shop.show(13, 14, (n) => [lacking('cart', n, 13, weak)]))).toEqual(['updated']);
  });

  test('is what begins while a service of it is ill', () => {
    const shop = environment();
    shop.show(0, 3, (n) => [lacking('cart', n, 0), lacking('user', n, 0)]);
    shop.show(3, 15, (n) => [well('cart', n), lacking('user', n, 0)]);
    expect(names(shop.show(15, 16, (n) => [lacking('cart', n, 15), lacking('user', n, 0)]))).toEqual(['updated']);
  });

  test('is what error lines alone show, which do not tell when a service is well', () => {
    const { shop } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    expect(names(shop.show(13, 14, (n) => [anomalous('cart', n, { onset: Date.parse(at(13)) })]))).toEqual(['updated']);
  });

  test('is the third relapse in a row of one service', () => {
    const { shop } = wellAgain();
    const relapses = [13, 26, 39].map((from) => {
      shop.show(from - 10, from, (n) => [well('cart', n)]);
      return names(shop.show(from, from + 3, (n) => [lacking('cart', n, from)]));
    });
    expect(relapses).toEqual([['resolved', 'opened'], ['resolved', 'opened'], ['updated']]);
  });

  test('is what a rule holds back', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 13, (n) => [well('cart', n)]);
    shop.change({ timestamp: at(12), kind: 'maintenance', service: 'cart', author: 'petr', until: at(30) });
    const events = shop.show(13, 14, (n) => [lacking('cart', n, 13)]);
    expect(events.map(({ event, incident_id }) => [event, incident_id])).toEqual([['suppressed', former]]);
  });
});
