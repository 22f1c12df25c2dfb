import { describe, expect, test } from 'vitest';
import { DataClock } from '../../cli/incidents/data-clock.ts';
import { demoPast } from '../../cli/incidents/demo-past.ts';
import type { Scheduled } from '../../demo/faults.ts';
import { services } from '../../demo/shop.ts';
import { specimens } from '../../demo/specimens.ts';
import { serviceOf } from '../../demo/traffic.ts';
import { memoryState } from '../../state/memory.ts';
import { memoryTables } from '../../tables/memory.ts';
import { memoryTopics } from '../../topics/memory.ts';
import { day, hour, isError, minute, run } from '../support/demo-lines.ts';

interface Sum {
  lines: number;
  errors: number;
}

/** What services logged in a past, by service and minute. */
async function pastOf(seed: number, from: number, { to, blips = [] }: { to: number; blips?: readonly Scheduled[] }) {
  const clock = new DataClock(from);
  const source = demoPast({ seed, start: from, end: to, blips, clock });
  const ports = { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock };
  const reader = await source.open(ports);
  const sums = new Map<string, Sum>();
  const minutes = new Map<string, number>();
  for (;;) {
    const batch = await reader.poll('shop', 0, { maxRecords: 1, maxBytes: 1 });
    if (typeof batch !== 'object') return { sums, minutes };
    for (const { service, start, pane } of batch.values) {
      const errors = pane.counts[1] + pane.counts[2] + pane.counts[3];
      const sum = sums.get(service) ?? { lines: 0, errors: 0 };
      sums.set(service, { lines: sum.lines + pane.total, errors: sum.errors + errors });
      const at = `${service} ${Math.floor((start - from) / minute)}`;
      minutes.set(at, (minutes.get(at) ?? 0) + errors);
    }
  }
}

describe('the past', () => {
  test('is what the traffic would have written: lines and errors of every service', async () => {
    const [from, to] = [day, day + 8 * hour];
    const { sums: past } = await pastOf(7, from, { to });
    const written = new Map<string, Sum>();
    const batch = run({ from, to });
    batch.lines.forEach((line, i) => {
      const service = serviceOf(batch.sources[i]!);
      const sum = written.get(service) ?? { lines: 0, errors: 0 };
      written.set(service, { lines: sum.lines + 1, errors: sum.errors + (isError(line) ? 1 : 0) });
    });
    // How many customers a day has is chance; what each of them leaves is not.
    const customers = past.get('ingress')!.lines / written.get('ingress')!.lines;
    expect(Math.abs(customers - 1)).toBeLessThan(0.3);
    for (const { name } of services) {
      const [a, b] = [past.get(name)!, written.get(name)!];
      expect.soft(Math.abs(a.lines / b.lines / (name === 'settlement' ? 1 : customers) - 1), name).toBeLessThan(0.06);
      const expected = b.errors * customers;
      expect
        .soft(Math.abs(a.errors - expected), `${name} ${a.errors} ${expected}`)
        .toBeLessThan(12 + 0.2 * expected + 4 * Math.sqrt(expected));
    }
  });

  test('shows a blip in the service that it strikes and in those that need it, and is over with it', async () => {
    const start = day + 12 * hour + 3 * minute + 7_000;
    const blip: Scheduled = {
      kind: 'blip',
      decoy: true,
      service: 'catalog',
      services: ['catalog'],
      start,
      end: start + 30_000,
      description: '',
      changes: [],
      effects: [
        {
          kind: 'failing',
          service: 'catalog',
          cause: 'flap',
          share: 0.5,
          slower: 1,
          peer: '',
          shape: { kind: 'steady' },
        },
      ],
    };
    const { minutes } = await pastOf(7, day + 12 * hour, { to: day + 12 * hour + 6 * minute, blips: [blip] });
    expect(minutes.get('catalog 3')).toBeGreaterThan(20);
    expect(minutes.get('ingress 3')).toBeGreaterThan(20);
    for (const quiet of ['catalog 1', 'catalog 5', 'recommendation 3']) expect(minutes.get(quiet)).toBeLessThan(4);
  });
});

describe('specimens', () => {
  const all = specimens();

  test('a click that goes well leaves no error, one that fails does', () => {
    for (const { mishap, lines, status } of all) {
      const errors = lines.filter(({ line }) => isError(line)).length;
      if (mishap === undefined || mishap.kind === 'hiccup') expect(errors).toBe(0);
      if (mishap?.kind === 'flap') expect(errors).toBeGreaterThan(0);
      if (mishap === undefined) expect(status).toBe(200);
      if (mishap?.kind === 'odd') expect(status).toBeLessThan(500);
    }
  });

  test('a mishap far below reaches the customer, and is one click in each service', () => {
    const refused = all.find(({ mishap }) => mishap?.kind === 'flap' && mishap.service === 'payment')!;
    expect(refused.status).toBe(503);
    expect(new Set(refused.lines.map(({ service }) => service))).toEqual(
      new Set(['ingress', 'gateway', 'checkout', 'cart', 'user', 'inventory', 'payment']),
    );
  });
});
