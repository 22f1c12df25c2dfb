import { describe, expect, test } from 'vitest';
import { healthy, type Scheduled, settle } from '../../demo/faults.ts';
import { occur, spanOf } from '../../demo/kinds.ts';
import { Random } from '../../demo/random.ts';
import { services } from '../../demo/shop.ts';
import { count, day, hour, minute, run } from '../support/demo-lines.ts';

const start = day + 12 * hour;
type Kind = Parameters<typeof occur>[0];

/** One of `kind` in the middle of a run that begins 20 minutes before and ends 15 minutes after it. */
function around(kind: Kind, seed = 11) {
  const random = new Random(seed, kind);
  const end = start + spanOf(kind, random);
  const item = occur(kind, { start, end, random, linesPerSecond: 40 });
  const batch = run({ seed, from: start - 20 * minute, to: end + 15 * minute, faults: [item] });
  const during = (service: string, from = start, to = end) => count(batch, service, { from, to });
  const earlier = (service: string) => count(batch, service, { from: start - 19 * minute, to: start });
  // A request that began before the end may still fail a few seconds after it.
  const later = (service: string) => count(batch, service, { from: end + 20_000, to: end + 14 * minute });
  return { item, batch, during, earlier, later, spanMs: end - start };
}

const perMinute = (errors: number, ms: number) => errors / (ms / minute);

const loud: readonly Kind[] = ['bad-deploy', 'slow-database', 'outage', 'quiet-failure', 'slow-burn', 'flapping'];

describe('every fault shows in its own span and nowhere else', () => {
  test.each(loud)('%s: errors of the struck services', (kind) => {
    for (const seed of [11, 12, 13]) {
      const { item, during, earlier, later, spanMs } = around(kind, seed);
      const sum = (of: (s: string) => { errors: number }) => item.services.reduce((n, s) => n + of(s).errors, 0);
      const inside = perMinute(sum(during), spanMs);
      const outside = Math.max(perMinute(sum(earlier), 19 * minute), perMinute(sum(later), 13.5 * minute));
      expect(inside).toBeGreaterThan(2 * outside + 2);
      if (!item.services.includes('search')) expect(outside).toBeLessThan(1);
    }
  });

  test('error-rise: three times the ordinary errors, of the same wording', () => {
    const { item, during, earlier, later, spanMs } = around('error-rise');
    const ordinary = perMinute(earlier(item.service).errors + later(item.service).errors, 33 * minute);
    const ratio = perMinute(during(item.service).errors, spanMs) / ordinary;
    expect(ratio).toBeGreaterThan(2);
    expect(ratio).toBeLessThan(5);
  });

  test('silence: not a line of the service, while those around it go on', () => {
    const { item, during, earlier, later, spanMs } = around('silence');
    expect(during(item.service).lines).toBe(0);
    expect(earlier(item.service).lines).toBeGreaterThan(50);
    expect(later(item.service).lines).toBeGreaterThan(50);
    const ingress = perMinute(during('ingress').lines, spanMs) / perMinute(earlier('ingress').lines, 19 * minute);
    expect(Math.abs(ingress - 1)).toBeLessThan(0.2);
  });

  test('quiet-failure: a service under a line a minute complains at every poll', () => {
    const { during, earlier } = around('quiet-failure');
    expect(earlier('settlement').lines).toBeLessThan(19);
    expect(during('settlement', start, start + minute).errors).toBeGreaterThanOrEqual(5);
  });

  test('slow-burn: starts unseen and grows', () => {
    const { item, during } = around('slow-burn');
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

  test('failures travel: callers of a failing service fail too', () => {
    const { during, earlier } = around('slow-database', 12);
    expect(during('gateway').errors).toBeGreaterThan(earlier('gateway').errors + 10);
    expect(during('ingress').errors).toBeGreaterThan(earlier('ingress').errors + 10);
  });

  test('bad-deploy: new pods take over one by one and are the ones that fail', () => {
    const { item, batch } = around('bad-deploy');
    const pods = services.find((s) => s.name === item.service)?.pods as number;
    const names = new Set(batch.sources.filter((s) => s.startsWith(`${item.service}/`)));
    expect(names.size).toBe(3 * pods);
    expect(batch.changes).toEqual(item.changes);
  });
});

describe('decoys', () => {
  test('surge: three times the lines, errors in proportion', () => {
    const { during, earlier } = around('surge');
    const steady = during('search', start + 2 * minute, start + 6 * minute);
    const usual = earlier('search');
    const lines = steady.lines / 4 / (usual.lines / 19);
    const errors = steady.errors / 4 / (usual.errors / 19);
    expect(lines).toBeGreaterThan(2.2);
    expect(lines).toBeLessThan(3.8);
    expect(errors / lines).toBeGreaterThan(0.5);
    expect(errors / lines).toBeLessThan(2);
  });

  test('maintenance: errors only within the announced window', () => {
    const { item, during, earlier, later } = around('maintenance');
    expect(item.changes[0]?.kind).toBe('maintenance');
    expect(during(item.service).errors).toBeGreaterThan(15);
    expect(earlier(item.service).errors + later(item.service).errors).toBeLessThan(15);
  });

  test('harmless-change: announced, and no more errors than before', () => {
    const { item, batch, during, earlier } = around('harmless-change');
    expect(batch.changes).toEqual(item.changes);
    if (item.service !== 'search') expect(during(item.service).errors).toBeLessThan(earlier(item.service).errors + 5);
  });

  test('are no faults', () => {
    for (const kind of ['surge', 'harmless-change', 'maintenance'] as const) expect(around(kind).item.decoy).toBe(true);
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
