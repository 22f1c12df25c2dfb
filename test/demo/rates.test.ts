import { describe, expect, test } from 'vitest';
import { clicksPerSecond, requestsPerSecond, rhythm } from '../../demo/rates.ts';
import { services } from '../../demo/shop.ts';
import { day, hour, minute } from '../support/demo-lines.ts';

const hours = Array.from({ length: 24 }, (_, h) => day + h * hour);

describe('rhythm', () => {
  test('averages 1 over a working day', () => {
    expect(hours.reduce((sum, t) => sum + rhythm(t), 0) / 24).toBeCloseTo(1, 6);
  });

  test('has a peak before noon and one in the evening', () => {
    const at = (h: number) => rhythm(day + h * hour);
    const peaks = hours.map((_, h) => h).filter((h) => h > 0 && h < 23 && at(h) > at(h - 1) && at(h) > at(h + 1));
    expect(peaks).toHaveLength(2);
    expect(peaks[0]).toBeLessThanOrEqual(12);
    expect(peaks[1]).toBeGreaterThanOrEqual(18);
  });

  test('is a quarter lower on Sunday and changes without a jump', () => {
    const sunday = day + 4 * 24 * hour + 12 * hour;
    expect(rhythm(sunday) / rhythm(day + 12 * hour)).toBeCloseTo(0.75, 6);
    for (let t = day; t < day + 7 * 24 * hour; t += minute) {
      expect(Math.abs(rhythm(t + minute) / rhythm(t) - 1)).toBeLessThan(0.01);
    }
  });
});

describe('rates', () => {
  test('services differ by two orders of magnitude', () => {
    const rates = services.filter((s) => s.name !== 'settlement').map((s) => requestsPerSecond(s.name, 40));
    expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(40);
    expect(requestsPerSecond('settlement', 40)).toBe(0);
  });

  test('every click passes the ingress', () => {
    expect(requestsPerSecond('ingress', 40)).toBeCloseTo(clicksPerSecond(40), 9);
  });
});
