import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { maxLagMs } from '../../demo/output.ts';
import { requestsPerSecond } from '../../demo/rates.ts';
import { scheduleFaults } from '../../demo/schedule.ts';
import { services } from '../../demo/shop.ts';
import { serviceOf, traffic } from '../../demo/traffic.ts';
import { count, day, hour, isError, minute, run, timeIn } from '../support/demo-lines.ts';

const digest = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex');

describe('determinism', () => {
  const from = day + 9 * hour;
  const faults = scheduleFaults({ seed: 3, from, to: from + 6 * hour, faults: 5 });
  const options = { seed: 3, start: from, faults };

  test('one seed gives the same bytes, times and sources', () => {
    const [a, b] = [traffic(options).next(from + hour), traffic(options).next(from + hour)];
    expect(digest(a.lines)).toBe(digest(b.lines));
    expect(digest(a.sources)).toBe(digest(b.sources));
    expect(a.times).toEqual(b.times);
  });

  test('how it is cut into batches makes no difference', () => {
    const whole = traffic(options).next(from + 20 * minute);
    const shop = traffic(options);
    const parts: string[] = [];
    const times: number[] = [];
    for (let t = from; t < from + 20 * minute; t += 700) {
      const batch = shop.next(t + 700);
      parts.push(...batch.lines);
      times.push(...batch.times);
    }
    parts.push(...shop.next(from + 20 * minute).lines);
    expect(digest(parts)).toBe(digest(whole.lines));
    expect(times).toEqual([...whole.times].slice(0, times.length));
  });

  test('another seed gives other lines', () => {
    const other = traffic({ ...options, seed: 4 }).next(from + minute);
    expect(digest(other.lines)).not.toBe(digest(traffic(options).next(from + minute).lines));
  });
});

describe('volume', () => {
  const healthy = run({ from: day, to: day + 24 * hour });

  test('a working day has 40 lines a second on average', () => {
    expect(Math.abs(healthy.lines.length / 86_400 / 40 - 1)).toBeLessThan(0.04);
  });

  test('another rate is kept too', () => {
    const noon = day + 12 * hour;
    const twice = traffic({ seed: 7, start: noon, faults: [], linesPerSecond: 120 }).next(noon + 20 * minute);
    const once = traffic({ seed: 7, start: noon, faults: [] }).next(noon + 20 * minute);
    expect(Math.abs(twice.lines.length / once.lines.length / 3 - 1)).toBeLessThan(0.08);
  });

  test('the settlement says less than a line a minute', () => {
    const { lines, errors } = count(healthy, 'settlement', { from: day, to: day + 24 * hour });
    expect(lines).toBeGreaterThan(600);
    expect(lines).toBeLessThan(1_440);
    expect(errors).toBe(0);
  });

  test('the search fails 3.5 % of its requests on an ordinary day, others less than 1.5 %', () => {
    for (const { name, errorShare } of services) {
      if (name === 'settlement') continue;
      const nightless = { from: day + 3 * hour, to: day + 24 * hour };
      const { lines, errors } = count(healthy, name, nightless);
      const requests = requestsPerSecond(name, 40) * 86_400;
      expect(lines).toBeGreaterThan(1_440);
      if (name === 'search') expect(errors / requests).toBeCloseTo(errorShare, 2);
      else expect(errors / requests).toBeLessThan(0.015);
    }
  });

  test('counts per ten seconds vary more than chance alone makes them', () => {
    const bins = new Float64Array(360);
    for (let i = 0; i < healthy.lines.length; i++) {
      const bin = Math.floor(((healthy.times[i] as number) - day - 12 * hour) / 10_000);
      if (serviceOf(healthy.sources[i] as string) === 'ingress' && bin >= 0 && bin < 360) bins[bin]! += 1;
    }
    const mean = bins.reduce((a, b) => a + b) / bins.length;
    const variance = bins.reduce((a, b) => a + (b - mean) ** 2, 0) / bins.length;
    expect(variance / mean).toBeGreaterThan(3);
  });

  test('the nightly reconciliation logs errors for two and a half minutes at half past two', () => {
    const [from, to] = [day + 150 * minute, day + 152.5 * minute];
    expect(count(healthy, 'inventory', { from, to }).errors).toBeGreaterThan(80);
    expect(count(healthy, 'inventory', { from: from - 10 * minute, to: from }).errors).toBeLessThan(5);
  });
});

describe('order', () => {
  const batch = run({ from: day + 10 * hour, to: day + 10 * hour + 10 * minute });

  test('lines arrive in order, up to three seconds after the time they bear', () => {
    const late = batch.lines.map((line, i) => (batch.times[i] as number) - timeIn(line));
    expect(batch.times.every((t, i) => i === 0 || t >= (batch.times[i - 1] as number))).toBe(true);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(maxLagMs);
  });

  test('pods interleave a little wrongly, one pod stays in order', () => {
    const last = new Map<string, number>();
    let high = 0;
    let wrong = 0;
    batch.lines.forEach((line, i) => {
      const time = timeIn(line);
      const source = batch.sources[i] as string;
      expect(time).toBeGreaterThanOrEqual(last.get(source) ?? 0);
      last.set(source, time);
      if (time < high) wrong++;
      high = Math.max(high, time);
    });
    expect(wrong / batch.lines.length).toBeGreaterThan(0.2);
  });
});

describe('lines', () => {
  const batch = run({ from: day + 10 * hour, to: day + 11 * hour });

  test('enveloped and JSON lines are valid JSON, to the innermost', () => {
    const inner = (text: string): unknown => {
      if (!text.startsWith('{')) return text;
      const value = JSON.parse(text) as { log?: string };
      return value.log === undefined ? value : inner(value.log);
    };
    for (const line of batch.lines) expect(inner(line)).toBeDefined();
  });

  test('an order leaves one trace in eight services', () => {
    const traces = new Map<string, Set<string>>();
    batch.lines.forEach((line, i) => {
      for (const [id] of line.matchAll(/\b[0-9a-f]{32}\b/g)) {
        traces.set(id, (traces.get(id) ?? new Set()).add(serviceOf(batch.sources[i] as string)));
      }
    });
    const widths = [...traces.values()].map((s) => s.size);
    expect(Math.max(...widths)).toBeGreaterThanOrEqual(8);
    expect(widths.filter((n) => n === 1).length / widths.length).toBeLessThan(0.25);
  });

  test('every service speaks, from as many sources as it has pods', () => {
    for (const { name, pods } of services) {
      expect(new Set(batch.sources.filter((s) => serviceOf(s) === name)).size).toBe(pods);
    }
  });

  test('no line breaks, and errors are few', () => {
    expect(batch.lines.every((line) => !line.includes('\n'))).toBe(true);
    expect(batch.lines.filter(isError).length / batch.lines.length).toBeLessThan(0.01);
  });
});

test('a start within a second is refused', () => {
  expect(() => traffic({ seed: 1, start: 1_500, faults: [] })).toThrow('OPTION_INVALID');
});
