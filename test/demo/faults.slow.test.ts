import { describe, expect, test } from 'vitest';
import { healthy, type Scheduled, settle } from '../../demo/faults.ts';
import { occur, spanOf } from '../../demo/kinds.ts';
import { Random } from '../../demo/random.ts';
import { type ServiceName, services } from '../../demo/shop.ts';
import { traffic } from '../../demo/traffic.ts';
import { count, day, hour, minute } from '../support/demo-lines.ts';

const start = day + 12 * hour;
type Kind = Parameters<typeof occur>[0];

/** One of `kind` in the middle of a run that begins 20 minutes before and ends 15 minutes after it. */
function around(kind: Kind, seed = 11, change: (item: Scheduled) => Scheduled = (item) => item) {
  const random = new Random(seed, kind);
  const end = start + spanOf(kind, random);
  const item = change(occur(kind, { start, end, random }));
  const shop = traffic({ seed, start: start - 20 * minute, faults: [item] });
  const batch = shop.next(end + 15 * minute);
  const during = (service: string, from = start, to = end) => count(batch, service, { from, to });
  const earlier = (service: string) => count(batch, service, { from: start - 19 * minute, to: start });
  // A request that began before the end may still fail a few seconds after it.
  const later = (service: string) => count(batch, service, { from: end + 20_000, to: end + 14 * minute });
  return { item, batch, during, earlier, later, spanMs: end - start, trace: shop.traces.of(item) };
}

const perMinute = (errors: number, ms: number) => errors / (ms / minute);

const failing: readonly Kind[] = [
  'bad-deploy',
  'slow-database',
  'outage',
  'error-rise',
  'quiet-failure',
  'slow-burn',
  'flapping',
  'bad-node',
];

describe('a fault shows in its own span and nowhere else', () => {
  test.each(failing)('%s: its traces are the errors that the struck services have more than before', (kind) => {
    for (const seed of [11, 12]) {
      const { item, during, earlier, later, spanMs, trace } = around(kind, seed);
      for (const service of item.services) {
        const usual = perMinute(earlier(service).errors + later(service).errors, 33 * minute);
        const expected = usual * (spanMs / minute) + (trace?.lines.get(service) ?? 0);
        const { errors } = during(service);
        expect
          .soft(Math.abs(errors - expected), `${kind} ${seed} ${service}: ${errors}, ${expected}`)
          .toBeLessThan(15 + 5 * Math.sqrt(expected) + 0.2 * expected);
      }
      if (trace !== undefined) expect(trace.first).toBeGreaterThanOrEqual(item.start);
    }
  });

  test('quiet-failure: a service under a line a minute is as rare while it is broken', () => {
    const settlement = (seed: number) => around('quiet-failure', seed);
    const found = [11, 12, 13, 14, 15, 16].map(settlement).find(({ item }) => item.service === 'settlement')!;
    const { during, earlier, trace, spanMs } = found;
    expect(earlier('settlement').errors).toBe(0);
    const { lines, errors } = during('settlement');
    expect(errors).toBe(lines);
    expect(trace?.lines.get('settlement')).toBe(errors);
    expect(perMinute(lines, spanMs)).toBeLessThan(1);
    expect(lines).toBeGreaterThanOrEqual(4);
  });

  test('silence: not a line of the service, while those around it go on', () => {
    const { item, during, earlier, later, spanMs, trace } = around('silence', 11, struckAt('catalog'));
    expect(during(item.service).lines).toBe(0);
    expect(earlier(item.service).lines).toBeGreaterThan(50);
    expect(later(item.service).lines).toBeGreaterThan(50);
    expect(trace!.lines.get('catalog')).toBeGreaterThan(
      0.6 * perMinute(earlier('catalog').lines, 19 * minute) * (spanMs / minute),
    );
    const ingress = perMinute(during('ingress').lines, spanMs) / perMinute(earlier('ingress').lines, 19 * minute);
    expect(Math.abs(ingress - 1)).toBeLessThan(0.35);
  });

  test('slow-burn: starts unseen and grows', () => {
    const { item, during } = around('slow-burn', 11, struckAt('catalog', 0.5));
    const [first, tenth] = [0, 10].map(
      (m) => during(item.service, start + m * minute, start + (m + 5) * minute).errors,
    );
    expect(tenth).toBeGreaterThan(1.5 * (first as number));
  });

  test('flapping: on for half a minute to a minute, off for as long', () => {
    const { item } = around('flapping');
    const conditions = healthy();
    const index = services.findIndex((s) => s.name === item.service);
    const on: boolean[] = [];
    for (let t = item.start; t < item.end; t += 1_000) {
      settle(conditions, [item], t);
      on.push((conditions[index]?.share ?? 0) > 0);
    }
    const runs = on.map(Number).join('').match(/0+|1+/g) as string[];
    expect(on[0]).toBe(true);
    expect(runs.length).toBeGreaterThan(5);
    for (const r of runs.slice(0, -1)) expect(r.length).toBeGreaterThanOrEqual(30);
    for (const r of runs) expect(r.length).toBeLessThanOrEqual(60);
  });

  test('failures travel: callers of a failing service fail too, and are traces of the same fault', () => {
    const { during, earlier, trace } = around('flapping', 12, struckAt('catalog', 0.6));
    for (const caller of ['gateway', 'ingress'] as const) {
      expect(during(caller).errors).toBeGreaterThan(earlier(caller).errors + 10);
      expect(trace!.lines.get(caller)).toBeGreaterThan(10);
    }
    expect(trace!.lines.has('email')).toBe(false);
  });

  test('customers whose click failed try again', () => {
    const clicks = (share: number) => {
      const { during } = around('flapping', 12, struckAt('gateway', share));
      return during('ingress').lines;
    };
    expect(clicks(1)).toBeGreaterThan(1.15 * clicks(0));
  });

  test('bad-deploy: new pods take over one by one and are the ones that fail', () => {
    const { item, batch } = around('bad-deploy');
    for (const name of item.services) {
      const pods = services.find((s) => s.name === name)?.pods as number;
      const names = new Set(batch.sources.filter((s) => s.startsWith(`${name}/`)));
      expect(names.size).toBe(3 * pods);
    }
    expect(batch.changes).toEqual(item.changes.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 0)));
  });
});

/** The same at another service, and as bad as said. */
const struckAt =
  (service: ServiceName, share?: number) =>
  (item: Scheduled): Scheduled => ({
    ...item,
    service,
    services: [service],
    effects: item.effects.map((effect) => {
      if (effect.kind === 'crowd') return effect;
      return { ...effect, service, ...(effect.kind === 'failing' && share !== undefined && { share }) };
    }),
  });

describe('decoys', () => {
  test('surge: more lines, errors in proportion', () => {
    const { item, during, earlier } = around('surge');
    const [effect] = item.effects;
    const factor = effect?.kind === 'crowd' ? effect.factor : Number.NaN;
    const steady = during('search', start + 2 * minute, start + 6 * minute);
    const usual = earlier('search');
    const lines = steady.lines / 4 / (usual.lines / 19);
    const errors = steady.errors / 4 / (usual.errors / 19);
    expect(lines / factor).toBeGreaterThan(0.7);
    expect(lines / factor).toBeLessThan(1.4);
    expect(errors / lines).toBeGreaterThan(0.4);
    expect(errors / lines).toBeLessThan(2.5);
  });

  test('maintenance: errors only within the announced window', () => {
    const { item, during, earlier, later } = around('maintenance');
    expect(item.changes[0]?.kind).toBe('maintenance');
    expect(during(item.service).errors).toBeGreaterThan(15);
    expect(earlier(item.service).errors + later(item.service).errors).toBeLessThan(15);
  });

  test('harmless-change: announced, and without effect', () => {
    const { item, batch, trace } = around('harmless-change');
    expect(batch.changes).toEqual(item.changes);
    expect(trace).toBeUndefined();
  });

  test('are no faults', () => {
    for (const kind of ['surge', 'harmless-change', 'maintenance', 'blip'] as const) {
      expect(around(kind).item.decoy).toBe(true);
    }
  });
});

describe('settle', () => {
  const failing = (share: number, from: number): Scheduled => ({
    kind: 'outage',
    decoy: false,
    service: 'payment',
    services: ['payment'],
    start: from,
    end: from + minute,
    description: '',
    changes: [],
    effects: [
      { kind: 'failing', service: 'payment', cause: 'refused', share, slower: 1, peer: 'x', shape: { kind: 'steady' } },
    ],
  });
  const payment = services.findIndex((s) => s.name === 'payment');

  test('the end is exclusive and leaves a healthy shop', () => {
    const conditions = healthy();
    settle(conditions, [failing(0.5, 0)], minute - 1);
    expect(conditions[payment]?.share).toBe(0.5);
    settle(conditions, [failing(0.5, 0)], minute);
    expect(conditions).toEqual(healthy());
  });

  test('of two failures of one service the more frequent counts', () => {
    const conditions = healthy();
    settle(conditions, [failing(0.5, 0), failing(0.2, 0)], 1);
    expect(conditions[payment]?.share).toBe(0.5);
  });
});
