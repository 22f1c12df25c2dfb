import { describe, expect, test } from 'vitest';
import { faultKinds } from '../../demo/faults.ts';
import { apartMs, blipsWithin, hourOf, scheduleFaults } from '../../demo/schedule.ts';
import { day, hour, minute } from '../support/demo-lines.ts';

const of = (seed: number, startHour = 9) => {
  const from = day + startHour * hour;
  return scheduleFaults({ seed, from, to: from + 6 * hour, faults: 5 });
};

describe('scheduleFaults', () => {
  test('five faults a seed, in the span, apart from each other and from the decoys', () => {
    for (let seed = 0; seed < 60; seed++) {
      const startHour = (seed * 7) % 24;
      const items = of(seed, startHour);
      expect(items.filter((s) => !s.decoy)).toHaveLength(5);
      items.forEach((item, i) => {
        expect(item.start).toBeGreaterThanOrEqual(day + startHour * hour);
        expect(item.end).toBeLessThanOrEqual(day + (startHour + 6) * hour);
        expect(item.end).toBeGreaterThan(item.start);
        if (i > 0) expect(item.start - (items[i - 1]?.end as number)).toBeGreaterThanOrEqual(apartMs);
      });
    }
  });

  test('ten seeds show every kind of fault and of decoy', () => {
    const kinds = Array.from({ length: 10 }, (_, seed) => of(seed + 1, [9, 21][seed % 2])).flat();
    expect(faultKinds.length).toBe(9);
    for (const kind of faultKinds) expect(kinds.filter((s) => s.kind === kind).length).toBeGreaterThanOrEqual(5);
    for (const kind of ['surge', 'harmless-change', 'maintenance', 'nightly-batch']) {
      expect(kinds.some((s) => s.kind === kind && s.decoy)).toBe(true);
    }
  });

  test('one seed gives one schedule, another another', () => {
    expect(of(5)).toEqual(of(5));
    expect(of(5)).not.toEqual(of(13));
  });

  test('a bad deployment is announced shortly before and taken back at the end', () => {
    const found = Array.from({ length: 20 }, (_, seed) => of(seed))
      .flat()
      .filter((s) => s.kind === 'bad-deploy');
    expect(found.length).toBeGreaterThan(5);
    for (const { changes, start, end, services } of found) {
      expect(changes.map((c) => c.service)).toEqual(services.flatMap((s) => [s, s]));
      changes.forEach(({ kind, timestamp }, i) => {
        const at = Date.parse(timestamp);
        expect(kind).toBe('deployment');
        if (i % 2 === 0) expect(start - at).toBeGreaterThan(0);
        if (i % 2 === 0) expect(start - at).toBeLessThan(2 * minute);
        if (i % 2 === 1) expect(at).toBeGreaterThan(start);
        if (i % 2 === 1) expect(at).toBeLessThan(end);
      });
    }
  });

  const many = Array.from({ length: 400 }, (_, seed) => of(seed, (seed * 5) % 24)).flat();
  const sharesOf = (kind: string) =>
    many
      .filter((item) => item.kind === kind)
      .flatMap(({ effects }) => effects.flatMap((e) => (e.kind === 'failing' ? [e.share] : [])));

  test('severities have an even logarithm: slight faults are as frequent as grave ones', () => {
    for (const [kind, low, high] of [
      ['bad-deploy', 0.02, 1],
      ['outage', 0.1, 1],
      ['flapping', 0.05, 1],
      ['slow-burn', 0.03, 0.8],
      ['bad-node', 0.05, 0.5],
    ] as const) {
      const shares = sharesOf(kind);
      const slight = shares.filter((share) => share < Math.sqrt(low * high)).length / shares.length;
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(low);
      expect(Math.max(...shares)).toBeLessThanOrEqual(high);
      expect(Math.abs(slight - 0.5), kind).toBeLessThan(0.12);
    }
  });

  test('every kind strikes services of several sorts, and some strike several at once', () => {
    for (const kind of ['bad-deploy', 'error-rise', 'silence', 'slow-burn', 'flapping', 'bad-node']) {
      const struck = new Set(many.filter((item) => item.kind === kind).flatMap((item) => item.services));
      expect(struck.size, kind).toBeGreaterThanOrEqual(12);
    }
    const rare = new Set(many.filter((item) => item.kind === 'quiet-failure').map((item) => item.service));
    expect(rare.size).toBe(3);
    for (const kind of ['bad-deploy', 'slow-database', 'bad-node']) {
      expect(many.some((item) => item.kind === kind && item.services.length > 1)).toBe(true);
    }
  });

  test('how badly a service is struck does not depend on how much it writes', () => {
    const shares = (rare: boolean) =>
      many
        .filter(({ kind }) => kind === 'bad-deploy')
        .flatMap(({ effects }) =>
          effects.flatMap((e) =>
            e.kind === 'failing' && ['email', 'shipping', 'payment'].includes(e.service) === rare
              ? [Math.log(e.share)]
              : [],
          ),
        );
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(Math.abs(mean(shares(true)) - mean(shares(false)))).toBeLessThan(0.5);
  });

  test('a maintenance tells until when', () => {
    const found = of(1).find((s) => s.kind === 'maintenance');
    expect(Date.parse(found?.changes[0]?.until as string)).toBe(found?.end);
  });

  test('decoys give way in a short span, faults do not', () => {
    const short = (length: number, faults: number) => scheduleFaults({ seed: 2, from: day, to: day + length, faults });
    expect(short(60 * minute, 1).filter((s) => !s.decoy)).toHaveLength(1);
    expect(() => short(60 * minute, 3)).toThrow('OPTION_INVALID');
  });
});

describe('the course of a seed', () => {
  const length = 6 * hour;

  test('its hour is any of three weeks, weekends and nights included', () => {
    const from = Date.UTC(2026, 0, 5);
    const all = Array.from({ length: 300 }, (_, seed) => hourOf(seed, { from, length }));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(from);
    expect(Math.max(...all)).toBeLessThanOrEqual(from + 21 * 24 * hour - length);
    expect(new Set(all.map((at) => new Date(at).getUTCDay())).size).toBe(7);
    expect(new Set(all.map((at) => new Date(at).getUTCHours())).size).toBe(24);
    expect(hourOf(3, { from, length })).toBe(hourOf(3, { from, length }));
  });

  test('blips come about once a day, last half a minute at most, and begin anywhere in ten seconds', () => {
    const blips = blipsWithin({ seed: 1, from: day, to: day + 100 * 24 * hour });
    expect(Math.abs(blips.length - 100)).toBeLessThan(40);
    expect(blips.every(({ decoy, start, end }) => decoy && end - start >= 3_000 && end - start <= 30_000)).toBe(true);
    expect(new Set(blips.map(({ start }) => start % 10_000)).size).toBe(10);
  });

  test('faults begin anywhere in ten seconds', () => {
    const starts = Array.from({ length: 40 }, (_, seed) => of(seed))
      .flat()
      .filter((s) => !s.decoy);
    expect(new Set(starts.map(({ start }) => start % 10_000)).size).toBe(10);
  });
});
