import { describe, expect, test } from 'vitest';
import { anomalous, at, environment, well } from '../support/incidents/environment-of.ts';

const names = (events: readonly { event: string }[]) => events.map((e) => e.event);

test('an incident that opens in a pane without errors shows those of the minute before', () => {
  const shop = environment();
  const earlier = [{ time: 0, level: 'ERROR', message: 'no connection to the database' }] as const;
  const events = shop.show(0, 1, (n) => [anomalous('email', n, { samples: [], earlier })]);
  expect(events[0]!.symptoms[0]!.samples).toEqual(['no connection to the database']);
});

describe('an incident', () => {
  test('is opened, grows, and is resolved when all have been well for three minutes', () => {
    const shop = environment();
    expect(names(shop.show(0, 3, (n) => [anomalous('cart', n), well('user', n)]))).toEqual(['opened']);
    const grown = shop.show(3, 6, (n) => [anomalous('cart', n), anomalous('user', n)]);
    expect(names(grown)).toEqual(['updated']);
    expect(grown[0]!.services).toEqual(['cart', 'user']);
    const end = shop.show(6, 60, (n) => [well('cart', n), well('user', n)]);
    expect(end).toMatchObject([
      { event: 'updated' },
      { event: 'resolved', updated_at: at(6 + 19), resolved_at: at(7) },
    ]);
  });

  test('is known no earlier than its evidence', () => {
    const [opened] = environment().show(4, 5, (n) => [anomalous('cart', n)]);
    expect(opened).toMatchObject({ started_at: at(0), detected_at: at(5), updated_at: at(5), sequence: 1 });
  });

  test('began with the earliest of its anomalies, whichever was seen first', () => {
    const shop = environment();
    shop.show(0, 1, (n) => [anomalous('cart', n)]);
    const [grown] = shop.show(1, 2, (n) => [
      anomalous('cart', n, { onset: Date.parse(at(1)) }),
      anomalous('user', n, { onset: Date.parse(at(-12)) }),
    ]);
    expect(grown).toMatchObject({ event: 'updated', services: ['user', 'cart'], started_at: at(-12) });
  });

  test('has the same identity in a replay', () => {
    const id = () => environment().show(0, 1, (n) => [anomalous('cart', n)])[0]!.incident_id;
    expect(id()).toBe(id());
    expect(id()).toMatch(/^202503040800-[0-9a-f]{8}$/);
  });

  test('that comes and goes is one incident, called flapping', () => {
    const shop = environment();
    const events = shop.show(0, 120, (n) => [Math.floor(n / 12) % 2 === 0 ? anomalous('cart', n) : well('cart', n)]);
    expect(new Set(events.map((e) => e.incident_id)).size).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'updated', flapping: true });
    expect(names(shop.show(120, 200, (n) => [well('cart', n)]))).toEqual(['resolved']);
  });

  test('does not take in what begins much later, unless one names the other', () => {
    const late = { onset: Date.parse(at(60)) };
    const shop = environment();
    shop.show(0, 60, (n) => [anomalous('cart', n)]);
    expect(names(shop.show(60, 61, (n) => [anomalous('cart', n), anomalous('email', n, late)]))).toEqual(['opened']);
    const blamed = shop.show(61, 62, (n) => [
      anomalous('cart', n),
      anomalous('gateway', n, { ...late, blames: [['cart', 9]] }),
    ]);
    expect(blamed).toMatchObject([{ event: 'updated' }]);
    expect(blamed[0]!.services).toContain('cart');
  });

  test('speaks first of a service that is still ill, and names those that are well again as such', () => {
    const shop = environment();
    shop.show(0, 3, (n) => [anomalous('cart', n), anomalous('user', n)]);
    const after = shop.show(3, 24, (n) => [well('cart', n), anomalous('user', n)]);
    expect(after.at(-1)!.summary).toMatch(/^user: .*; well again: cart$/);
    const over = shop.show(24, 90, (n) => [well('cart', n), well('user', n)]);
    expect(over.at(-1)!.summary).toMatch(/^cart: well since .*; also user$/);
  });

  test('never holds more services than the settings say', () => {
    const shop = environment();
    shop.show(0, 1, (n) => Array.from({ length: 120 }, (_, i) => anomalous(`s${i}`, n)));
    expect(shop.events.map((e) => e.services.length)).toEqual([50, 50, 20]);
  });

  test('names the deployments of the half hour before it, and no others', () => {
    const shop = environment();
    const deploy = (service: string, timestamp: string, version: string) =>
      shop.change({ timestamp, kind: 'deployment', service, version, author: 'mira' });
    deploy('cart', at(-6), '2.1');
    deploy('cart', at(-200), '2.0');
    deploy('email', at(-6), '7.0');
    const [opened] = shop.show(0, 1, (n) => [anomalous('cart', n)]);
    expect(opened!.changes).toEqual([
      { timestamp: at(-6), kind: 'deployment', service: 'cart', version: '2.1', author: 'mira' },
    ]);
    expect(opened!.summary).toContain('deployment 2.1 by mira 60 s before');
  });

  test('shows every anomalous service of every pane, with what was expected and observed', () => {
    const shop = environment();
    shop.show(0, 2, (n) => [anomalous('cart', n), well('user', n)]);
    expect(shop.evidence).toMatchObject([
      { signal: { service: 'cart', observed: 90 } },
      { signal: { start: expect.any(Number) } },
    ]);
  });
});

describe('what a rule holds back', () => {
  const maintenance = (shop: ReturnType<typeof environment>, from: number, until: number) =>
    shop.change({ timestamp: at(from), kind: 'maintenance', service: 'email', author: 'petr', until: at(until) });

  test('is an incident all the same, suppressed, with its reason', () => {
    const shop = environment();
    maintenance(shop, -6, 60);
    const events = shop.show(0, 12, (n) => [anomalous('email', n)]);
    expect(events).toMatchObject([{ event: 'suppressed', suppressed: true }]);
    expect(events[0]!.reason).toMatch(/^maintenance: maintenance of email announced by petr until 2025-03-04T08:10/);
    expect(shop.evidence[0]!.suppression?.rule).toBe('maintenance');
  });

  test('neither hides nor is hidden by what else is wrong', () => {
    const shop = environment();
    maintenance(shop, -6, 60);
    const events = shop.show(0, 3, (n) => [anomalous('email', n), anomalous('cart', n)]);
    expect(events.map((e) => [e.event, ...e.services])).toEqual([
      ['opened', 'cart'],
      ['suppressed', 'email'],
    ]);
  });

  test('opens when the maintenance is over and the trouble is not', () => {
    const shop = environment();
    maintenance(shop, -6, 30);
    const events = shop.show(0, 60, (n) => [anomalous('email', n)]);
    expect(names(events)).toEqual(['suppressed', 'opened']);
    expect(events[1]).toMatchObject({ suppressed: false, reason: null, detected_at: at(36) });
  });

  test('does not open when only older windows still show it', () => {
    const shop = environment();
    maintenance(shop, -6, 30);
    const events = shop.show(0, 80, (n) => [n < 30 ? anomalous('email', n) : anomalous('email', n, { fresh: false })]);
    expect(names(events)).toEqual(['suppressed']);
  });

  test('in event time: a maintenance that was over before the anomaly began means nothing', () => {
    const shop = environment();
    maintenance(shop, -60, -30);
    expect(names(shop.show(0, 1, (n) => [anomalous('email', n)]))).toEqual(['opened']);
  });

  test('by service, time and pattern: every line must match', () => {
    const rule = { id: 'r1', service: 'email', pattern: '*is broken*', reason: 'known', start: Date.parse(at(0)) };
    const shop = environment({ suppressions: [rule] });
    const mixed = [{ time: 0, level: 'ERROR', message: 'disk full' }];
    expect(shop.show(0, 1, (n) => [anomalous('email', n)])).toMatchObject([
      { event: 'suppressed', reason: 'r1: known' },
    ]);
    expect(names(shop.show(1, 2, (n) => [anomalous('email', n, { samples: [] })]))).toEqual([]);
    expect(names(shop.show(2, 3, (n) => [anomalous('email', n, { samples: mixed })]))).toEqual(['opened']);
  });
});

describe('silence', () => {
  const silent = (service: string, n: number) => {
    const lasting = (n + 1) * 10_000;
    const none = { samples: [], lines: 0, health: 'silent', observed: 0 } as const;
    return anomalous(service, n, { ...none, pause: lasting, usual: 100, origins: ['/var/log/shop.log'] });
  };
  const speaks = (service: string, n: number) => ({ ...well(service, n), origins: ['/var/log/shop.log'] });
  const peers = ['a', 'b', 'c', 'd'];

  test('of one service while its peers speak is an incident', () => {
    const shop = environment();
    const events = shop.show(11, 13, (n) => [silent('cart', n), ...peers.map((p) => speaks(p, n))]);
    expect(events).toMatchObject([{ event: 'opened', services: ['cart'] }]);
    expect(events[0]!.summary).toContain('no line since');
  });

  test('of all services of one file is the log pipeline, and held back', () => {
    const shop = environment();
    const events = shop.show(11, 30, (n) => ['cart', ...peers].map((p) => silent(p, n)));
    expect(names(events)).toEqual(['suppressed']);
    expect(events.every((e) => e.suppressed && e.reason?.startsWith('pipeline'))).toBe(true);
  });

  test('while the pipeline was gone is not held against a service when it is back', () => {
    const shop = environment();
    shop.show(11, 30, (n) => ['cart', ...peers].map((p) => silent(p, n)));
    const back = shop.show(30, 35, (n) => [silent('cart', n), ...peers.map((p) => speaks(p, n))]);
    expect(names(back)).not.toContain('opened');
    const later = shop.show(35, 60, (n) => [silent('cart', n), ...peers.map((p) => speaks(p, n))]);
    expect(names(later)).toContain('opened');
  });

  test('of a service that never comes back is usual after two days: no signals of it come any more', () => {
    const shop = environment();
    expect(names(shop.show(11, 13, (n) => [silent('cart', n), speaks('user', n)]))).toEqual(['opened']);
    const [twoDays, patience] = [17_280, 18];
    expect(shop.show(13, 12 + twoDays, (n) => [speaks('user', n)])).toEqual([]);
    const over = shop.show(12 + twoDays, 13 + twoDays + patience, (n) => [speaks('user', n)]);
    expect(names(over)).toEqual(['updated', 'resolved']);
    expect(over[1]!.summary).toMatch(/^cart: taken for usual since /);
  });
});
