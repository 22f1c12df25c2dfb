import { describe, expect, test } from 'vitest';
import { faultKinds } from '../../demo/faults.ts';
import { apartMs, scheduleFaults } from '../../demo/schedule.ts';
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
    for (const { changes, start, end, service } of found) {
      const [made, undone] = changes.map((c) => Date.parse(c.timestamp)) as [number, number];
      expect(changes.every((c) => c.kind === 'deployment' && c.service === service)).toBe(true);
      expect(start - made).toBeGreaterThan(0);
      expect(start - made).toBeLessThan(2 * minute);
      expect(undone).toBeGreaterThan(start);
      expect(undone).toBeLessThan(end);
    }
  });

  test('severity stays within what such faults do', () => {
    for (const item of Array.from({ length: 80 }, (_, seed) => of(seed, (seed * 5) % 24)).flat()) {
      for (const effect of item.effects) {
        if (effect.kind === 'restless') expect(effect.factor).toBeLessThanOrEqual(6);
        if (effect.kind === 'restless') expect(effect.factor).toBeGreaterThanOrEqual(3);
        if (item.kind !== 'bad-deploy' || effect.kind !== 'failing') continue;
        expect(effect.share).toBeGreaterThanOrEqual(0.08);
        expect(effect.share).toBeLessThanOrEqual(0.6);
      }
    }
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
