/**
 * Timestamps of every shape, with and without zone, year and date.
 */
import { describe, expect, test } from 'vitest';
import { instantOfEpoch, isoText } from '../../../logs/times/calendar.ts';
import { TimestampScanner } from '../../../logs/times/timestamps.ts';
import { scanZone, wallClock } from '../../../logs/times/zones.ts';

const now = Date.UTC(2026, 0, 29, 12);

function read(text: string, options: { timezone?: string; now?: number } = {}): string | null {
  const scanner = new TimestampScanner(options.timezone ?? 'UTC');
  scanner.now = options.now ?? now;
  return scanner.scan(text, 0) ? isoText(scanner.ms, scanner.nanos) : null;
}

describe('shapes', () => {
  test.each([
    ['2026-01-29T08:51:24Z', '2026-01-29T08:51:24.000Z'],
    ['2026-01-29 08:51:24,967 INFO', '2026-01-29T08:51:24.967Z'],
    ['2026-01-29T08:51:24.967123456+02:00', '2026-01-29T06:51:24.967123456Z'],
    ['2026-01-29 08:51:24.967123-0730 x', '2026-01-29T16:21:24.967123Z'],
    ['2026-01-29T08:51:24.9+02', '2026-01-29T06:51:24.900Z'],
    ['2026-01-29 08:51:24 CEST [1]', '2026-01-29T06:51:24.000Z'],
    ['2026-01-29 08:51:24.967 EST', '2026-01-29T13:51:24.967Z'],
    ['2026-01-29 08:51:24:967', '2026-01-29T08:51:24.967Z'],
    ['2026-01-29 08:51', '2026-01-29T08:51:00.000Z'],
    ['2026/01/29 08:51:24 [error]', '2026-01-29T08:51:24.000Z'],
    ['20260129T085124.5Z', '2026-01-29T08:51:24.500Z'],
    ['20260129085124', '2026-01-29T08:51:24.000Z'],
    ['10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36.000Z'],
    ['29-Jan-2026 08:51:24.123', '2026-01-29T08:51:24.123Z'],
    ['29 Jan 2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['29.01.2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['1/29/2026 8:51:24 PM', '2026-01-29T20:51:24.000Z'],
    ['29/01/2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['Mon Dec 26 16:15:55.103522 2016]', '2016-12-26T16:15:55.103522Z'],
    ['Sat May 04 10:00:00 CST 2013', '2013-05-04T16:00:00.000Z'],
    ['Thu, 29 Jan 2026 08:51:24 GMT', '2026-01-29T08:51:24.000Z'],
    ['Jan 29 2026 08:51:24.5: %ASA', '2026-01-29T08:51:24.500Z'],
    ['E0129 08:51:24.967123 1', '2026-01-29T08:51:24.967123Z'],
    ['161209 13:08:33', '2016-12-09T13:08:33.000Z'],
    ['191015  9:46:45', '2019-10-15T09:46:45.000Z'],
    ['081109 203615 148', '2008-11-09T20:36:15.000Z'],
    ['29-01-2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['2026-1-9 8:05:04', '2026-01-09T08:05:04.000Z'],
    ['2026年01月29日 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['1/29/2026] [12:58:28 AM]', '2026-01-29T00:58:28.000Z'],
    ['2025/12/30 12:21AM INF', '2025-12-30T00:21:00.000Z'],
    ['1/28/2026, 8:51:24 p.m.', '2026-01-28T20:51:24.000Z'],
    ['2026/01/29 - 08:51:24 |', '2026-01-29T08:51:24.000Z'],
    ['20260129.085124,967:', '2026-01-29T08:51:24.967Z'],
    ['20260129_085124', '2026-01-29T08:51:24.000Z'],
    ['13:45:30 2021-03-28 x', '2021-03-28T13:45:30.000Z'],
    ['13:45:30.5 28/03/2021', '2021-03-28T13:45:30.500Z'],
    ['01-28 08:51:24.509 1', '2026-01-28T08:51:24.509Z'],
    ['17/06/09 20:10:40', '2017-06-09T20:10:40.000Z'],
    ['29-Jan-26 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['29 January 2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['2026-01-29 08:51:24 +0800 CST', '2026-01-29T00:51:24.000Z'],
    ['2026-01-29T08:51:24+01:00[Europe/Berlin]', '2026-01-29T07:51:24.000Z'],
    ['2026-01-29 08:51:24 GMT+0200', '2026-01-29T06:51:24.000Z'],
    ['2026-01-29 08:51:24 UTC-3', '2026-01-29T11:51:24.000Z'],
    ['Jan-29 08:51:24.684 [main]', '2026-01-29T08:51:24.684Z'],
    ['Jan/29/2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['January 28, 2026 8:51:24 PM', '2026-01-28T20:51:24.000Z'],
    ['Jan 29, 2026, 8:51:24,967 AM UTC', '2026-01-29T08:51:24.967Z'],
    ['Jan 28, 2026, 8:51:24\u202fPM', '2026-01-28T20:51:24.000Z'],
    ['1/28/2026 8:51:24 p. m.', '2026-01-28T20:51:24.000Z'],
    ['Thursday, January 29, 2026 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['Thu 2026-01-29 08:51:24 UTC', '2026-01-29T08:51:24.000Z'],
    ['1/29/26 8:51:24:967 UTC', '2026-01-29T08:51:24.967Z'],
    ['99/12/31 08:51:24', '1999-12-31T08:51:24.000Z'],
    ['9/8/27 08:51:24', '2027-09-08T08:51:24.000Z'],
    ['9/1/26 08:51:24', '2026-01-09T08:51:24.000Z'],
    ['29.01.26 8:51:24:967 CET', '2026-01-29T07:51:24.967Z'],
    ['2026 Jan 29 08:51:24.989 sw1', '2026-01-29T08:51:24.989Z'],
    ['2026-Jan-29 08:51:24', '2026-01-29T08:51:24.000Z'],
    ['29Jan2026  8:51:24', '2026-01-29T08:51:24.000Z'],
    ['janv. 29 08:51:24 web-1', '2026-01-29T08:51:24.000Z'],
    ['Août  9 08:51:24 web-1', '2025-08-09T08:51:24.000Z'],
    ['juin 9 08:51:24', '2025-06-09T08:51:24.000Z'],
    ['juil. 9 08:51:24', '2025-07-09T08:51:24.000Z'],
    ['29. März 2025 08:51:24', '2025-03-29T08:51:24.000Z'],
    ['29.dic.2025 08:51:24', '2025-12-29T08:51:24.000Z'],
    ['29/ene/2026:08:51:24 +0100', '2026-01-29T07:51:24.000Z'],
    ['2026-029T08:51:24Z', '2026-01-29T08:51:24.000Z'],
    ['2024.366 08:51:24', '2024-12-31T08:51:24.000Z'],
    ['2026-W05-4T08:51:24Z', '2026-01-29T08:51:24.000Z'],
    ['2021-W01-1T08:51:24', '2021-01-04T08:51:24.000Z'],
    ['2020-W01-1T08:51:24', '2019-12-30T08:51:24.000Z'],
    ['2020-W53-7T08:51:24', '2021-01-03T08:51:24.000Z'],
    ['2026-01-29-08.51.24.967123+060', '2026-01-29T07:51:24.967123Z'],
    ['2026-01-29-08.51.24.967-300', '2026-01-29T13:51:24.967Z'],
    ['2026-01-29_08-51-24', '2026-01-29T08:51:24.000Z'],
    ['2026-01-29 08:51:24 -123 items', '2026-01-29T08:51:24.000Z'],
    ['@40000000697b1ff60c85ba04 tcpserver', '2026-01-29T08:53:00.210090500Z'],
    ['1674982284 x', '2023-01-29T08:51:24.000Z'],
    ['1674982284.967', '2023-01-29T08:51:24.967Z'],
    ['1546896321871', '2019-01-07T21:25:21.871Z'],
    ['1546896321871123', '2019-01-07T21:25:21.871123Z'],
    ['1546896321871123456', '2019-01-07T21:25:21.871123456Z'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    '2026-02-30 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-29 24:00:00',
    '2026-01-29',
    '12:34 o’clock',
    '01-29 08:51:24',
    '2025-366 08:51:24',
    '2026-01-29 10.10.10.10',
    '@40000000697b1ff6',
    '@40000000697b1ff6ffffffff',
    'jun. x 08:51:24',
    'junk 9 08:51:24',
    '10.4.0.9 08:51:24',
    '29-13-2026 08:51:24',
    '13-13-13 08:51:24',
    '99999999',
    '0304100026',
    '12345678901',
    'Mayor 12 10:00:00',
    '10.0.0.7:8080',
    '',
  ])('not %s', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('what the text leaves out', () => {
  test('a time without year takes the year nearest before now', () => {
    expect(read('Oct 11 22:14:15 host')).toBe('2025-10-11T22:14:15.000Z');
    expect(read('Jan  9 10:00:00 host')).toBe('2026-01-09T10:00:00.000Z');
    expect(read('Dec 31 23:59:59', { now: Date.UTC(2026, 0, 1) })).toBe('2025-12-31T23:59:59.000Z');
  });

  test('a lead of less than a day is a clock or a zone, not last year', () => {
    expect(read('Jan 30 08:00:00')).toBe('2026-01-30T08:00:00.000Z');
    expect(read('Jan 31 08:00:00')).toBe('2025-01-31T08:00:00.000Z');
    expect(read('Jan  1 00:30:00', { now: Date.UTC(2025, 11, 31, 23) })).toBe('2026-01-01T00:30:00.000Z');
  });

  test('a 29th of February takes a leap year', () => {
    expect(read('Feb 29 00:00:00')).toBe('2024-02-29T00:00:00.000Z');
  });

  test('a bare clock takes the day nearest before now', () => {
    expect(read('11:59:59.5')).toBe('2026-01-29T11:59:59.500Z');
    expect(read('16:42:14.365')).toBe('2026-01-28T16:42:14.365Z');
  });

  test('a time without zone is read in the configured one, summer and winter', () => {
    expect(read('2026-01-29 08:00:00', { timezone: 'Europe/Berlin' })).toBe('2026-01-29T07:00:00.000Z');
    expect(read('2026-07-29 08:00:00', { timezone: 'Europe/Berlin' })).toBe('2026-07-29T06:00:00.000Z');
    expect(read('2026-07-29T08:00:00Z', { timezone: 'Europe/Berlin' })).toBe('2026-07-29T08:00:00.000Z');
    expect(read('2026-01-29 08:00:00', { timezone: '+05:30' })).toBe('2026-01-29T02:30:00.000Z');
  });

  test('an unknown zone is refused with what was given', () => {
    expect(() => wallClock('Mars/Base')).toThrow("timezone of logParser is 'Mars/Base'");
  });
});

describe('a clock behind a date that no shape fits', () => {
  const scanner = new TimestampScanner('UTC');
  scanner.now = now;
  test.each([
    '31/31/2026 ',
    '[31/31/26] [',
    'sty 29 ',
    '<13>sty. 29 ',
    '29 sty 2026 ',
    '2026-13-45T',
    '1/29 ',
    '1.2.03 ',
  ])('is no time: %s', (before) => {
    expect(scanner.scan(`${before}08:51:24 ERROR no stock`, before.length)).toBe(false);
  });

  test.each(['10.0.0.7 ', 'web-1 ', 'order 42 ', 'took 0.5 ', 'worker-2.1 - ', 'v1.2-rc.3 '])('%s', (before) => {
    expect(scanner.scan(`${before}08:51:24 ERROR no stock`, before.length)).toBe(true);
  });
});

test('a zone must not run on into a word or a number', () => {
  expect(scanZone('Zed', 0)).toBeNull();
  expect(scanZone('UTCX', 0)).toBeNull();
  expect(scanZone('+12345', 0)).toBeNull();
  expect(scanZone('-0700 ', 0)).toEqual({ minutes: -420, end: 5 });
});

test('a number is seconds or finer by its size, and no time when small', () => {
  expect(instantOfEpoch(1674982096.5463462)).toEqual({ ms: 1674982096546, nanos: 346000 });
  expect(instantOfEpoch(1546896321871)).toEqual({ ms: 1546896321871, nanos: 0 });
  expect(instantOfEpoch(50)).toBeNull();
  expect(instantOfEpoch(Number.NaN)).toBeNull();
});

test('every instant comes back from its text', () => {
  for (let day = -200_000; day < 200_000; day += 977) {
    const ms = day * 86_400_000 + 12_345;
    const text = new Date(ms).toISOString();
    if (text.startsWith('+') || text.startsWith('-')) continue;
    expect(read(text)).toBe(text);
  }
});

describe('of two numbers that may both be a month', () => {
  const scanner = new TimestampScanner('UTC');
  scanner.now = now;
  const month = (text: string, source: string): string => {
    scanner.source = source;
    expect(scanner.scan(text, 0)).toBe(true);
    return `${new Date(scanner.ms).getUTCMonth() + 1}${scanner.guessed ? '?' : ''}`;
  };

  test('the source decides once it has shown which, and keeps it', () => {
    expect(month('02/01/2026 10:00:00', 'a')).toBe('1?');
    expect(month('03/02/2025 10:00:00', 'a')).toBe('3?');
    expect(month('30/01/2025 10:00:00', 'a')).toBe('1');
    expect(month('03/02/2025 10:00:00', 'a')).toBe('2');
    expect(month('03/02/2025 10:00:00', 'b')).toBe('3?');
    expect(month('01/30/2025 10:00:00', 'b')).toBe('1');
    expect(month('01/02/2026 10:00:00', 'b')).toBe('1');
  });

  test('dots and dashes are European, and what is the same both ways is no guess', () => {
    expect(month('03.02.2025 10:00:00', 'c')).toBe('2?');
    expect(month('03-02-2025 10:00:00', 'c')).toBe('2?');
    expect(month('03/03/2025 10:00:00', 'c')).toBe('3');
    expect(month('03/02/25 10:00:00', 'd')).toBe('3?');
    expect(month('30/1/25 10:00:00', 'd')).toBe('1');
    expect(month('3/2/25 10:00:00', 'd')).toBe('2');
  });
});
