import { describe, expect, test } from 'vitest';
import { lineReader } from '../../../logs/lines/raw-line.ts';
import { wallClock } from '../../../logs/times/zones.ts';
import { hours, minutes, seconds } from '../../../time/duration.ts';

describe('an hour that comes twice', () => {
  const cases = [
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
  ] as const;

  test.each(cases)('in %s is told apart by when the line was taken in', (zone, local, ...passes) => {
    const clock = wallClock(zone);
    const wall = Date.parse(`${local}Z`);
    const [first, second] = passes.map((pass) => Date.parse(pass)) as [number, number];
    for (const later of [-minutes(4), 0, seconds(3), minutes(20)]) {
      expect(clock(wall, first + later)).toBe(first);
      expect(clock(wall, second + later)).toBe(second);
    }
    expect(clock(wall, second + hours(300))).toBe(second);
    expect([first, second]).toContain(clock(wall, 0));
  });

  test('is none when clocks are put forward, nor beside it', () => {
    const clock = wallClock('Europe/Berlin');
    const at = (iso: string, taken: string) => new Date(clock(Date.parse(iso), Date.parse(taken))).toISOString();
    expect(at('2026-03-29T03:10:00Z', '2026-03-29T00:59:00Z')).toBe('2026-03-29T01:10:00.000Z');
    expect(at('2026-10-25T01:59:59Z', '2026-10-25T01:00:00Z')).toBe('2026-10-24T23:59:59.000Z');
    expect(at('2026-10-25T03:00:00Z', '2026-10-25T01:58:00Z')).toBe('2026-10-25T02:00:00.000Z');
  });

  test('is read as it passes by, line by line', () => {
    const reader = lineReader({ timezone: 'Europe/Berlin' });
    const start = Date.parse('2026-10-24T23:30:00Z');
    for (let at = start; at < start + hours(4); at += minutes(7)) {
      const local = new Date(at + (at < Date.parse('2026-10-25T01:00:00Z') ? hours(2) : hours(1)));
      const line = `${local.toISOString().slice(0, 19).replace('T', ' ')} INFO order done`;
      expect(reader.read({ line, source: 'cart', time: at + seconds(2) })).toMatchObject({ time: at });
    }
  });
});
