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

describe('what begins a minute after all services were well', () => {
  test('opens an incident that names the former, which is resolved at once', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    const events = shop.show(10, 11, (n) => [lacking('cart', n, 10)]);
    expect(events).toMatchObject([
      { event: 'resolved', incident_id: former, resolved_at: at(4), follows: null },
      { event: 'opened', services: ['cart'], started_at: at(10), follows: former },
    ]);
    expect(events[1]!.summary).toMatch(new RegExp(`; follows ${former}$`));
  });

  test('does so at another service, too', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    const events = shop.show(10, 11, (n) => [well('cart', n), lacking('user', n, 10)]);
    expect(events).toMatchObject([{ event: 'resolved' }, { event: 'opened', services: ['user'], follows: former }]);
  });

  test('takes with it what is ill by its lines in the same pane', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    const events = shop.show(10, 11, (n) => [
      lacking('basket', n, 10),
      anomalous('cart', n, { onset: Date.parse(at(10)) }),
      anomalous('user', n, { onset: Date.parse(at(10)) }),
    ]);
    expect(names(events)).toEqual(['resolved', 'opened']);
    expect(events[1]).toMatchObject({ follows: former, services: expect.arrayContaining(['basket', 'cart', 'user']) });
    expect(names(shop.show(11, 12, (n) => ['basket', 'cart', 'user'].map((service) => well(service, n))))).toEqual([
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
      shop.show(3, 10, (n) => [well('cart', n)]);
      expect(names(shop.show(10, 11, (n) => [lacking('cart', n, 10, fresh)]))).toEqual(['resolved', 'opened']);
    }
  });
});

describe('what stays in the open incident', () => {
  test('is what begins sooner', () => {
    const { shop } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    expect(names(shop.show(10, 11, (n) => [lacking('cart', n, 9)]))).toEqual(['updated']);
  });

  test('is what begins while a service of it is ill', () => {
    const shop = environment();
    shop.show(0, 3, (n) => [lacking('cart', n, 0), lacking('user', n, 0)]);
    shop.show(3, 12, (n) => [well('cart', n), lacking('user', n, 0)]);
    expect(names(shop.show(12, 13, (n) => [lacking('cart', n, 12), lacking('user', n, 0)]))).toEqual(['updated']);
  });

  test('is what error lines alone show, which do not tell when a service is well', () => {
    const { shop } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    expect(names(shop.show(10, 11, (n) => [anomalous('cart', n, { onset: Date.parse(at(10)) })]))).toEqual(['updated']);
  });

  test('is the third relapse in a row of one service', () => {
    const { shop } = wellAgain();
    const relapses = [10, 20, 30].map((from) => {
      shop.show(from - 7, from, (n) => [well('cart', n)]);
      return names(shop.show(from, from + 3, (n) => [lacking('cart', n, from)]));
    });
    expect(relapses).toEqual([['resolved', 'opened'], ['resolved', 'opened'], ['updated']]);
  });

  test('is what a rule holds back', () => {
    const { shop, former } = wellAgain();
    shop.show(3, 10, (n) => [well('cart', n)]);
    shop.change({ timestamp: at(9), kind: 'maintenance', service: 'cart', author: 'petr', until: at(30) });
    const events = shop.show(10, 11, (n) => [lacking('cart', n, 10)]);
    expect(events.map(({ event, incident_id }) => [event, incident_id])).toEqual([['suppressed', former]]);
  });
});
