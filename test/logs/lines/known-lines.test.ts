/** Lines that begin otherwise than those before them: events where a format knows them, or with a time and a level. */
import { describe, expect, test } from 'vitest';
import { textFormats } from '../../../logs/formats/index.ts';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';

/** How many lines each event has. */
function sizes(lines: readonly string[]): number[] {
  const joiner = new LineJoiner();
  const events = lines.map((line) => joiner.push(line));
  return [...events, joiner.flush()].flatMap((event) => (event === null ? [] : [event.length]));
}

const error = '2026-01-29 08:51:24.967 ERROR order 7 lost';
const samples = textFormats.flatMap(({ name, samples: all }) =>
  all.flatMap(({ line }, i) => (line.includes('\n') ? [] : [[`${name} ${i}`, line] as const])),
);

test.each(samples)('%s behind an error, also one that ends with a colon', (_, line) => {
  expect(sizes([error, line, line])).toEqual([1, 1, 1]);
  expect(sizes([`${error}:`, line, line])).toEqual([1, 1, 1]);
});

describe('a time and a level', () => {
  test.each([
    ['in seconds', '1769676684.967 INFO taken'],
    ['in seconds, the level in brackets', '1769676684.967 [warning] low'],
    ['behind a name', 'web 2026-01-29 08:51:24 ERROR gone'],
    ['in brackets behind a name and a process', 'web-1 cart[42] [2026-01-29 08:51:24] ERROR: gone'],
  ])('%s', (_, line) => {
    expect(sizes([error, line, line])).toEqual([1, 1, 1]);
  });

  test.each([
    ['number that is data', '1769676684.967 is the last that was read'],
    ['time in a sentence', 'the last attempt was at 2026-01-29 08:51:24 ERROR'],
    ['time without a level', 'web-1 2026-01-29 08:51:24 was asked'],
  ])('no %s', (_, line) => {
    expect(sizes([error, line])).toEqual([2]);
  });
});

test('an entry of MySQL’s slow log is one event beside lines with times', () => {
  const entry = [
    '# Time: 2026-01-29T08:51:24.967123Z',
    '# User@Host: shop[shop] @ web-1 [10.0.0.7]  Id:    42',
    '# Query_time: 2.5  Lock_time: 0.0  Rows_sent: 1  Rows_examined: 9',
    'SET timestamp=1769676684;',
    'SELECT name',
    'FROM orders;',
  ];
  expect(sizes([error, ...entry, ...entry, 'ready', error])).toEqual([1, 6, 6, 1, 1]);
  const untimed = entry.slice(1);
  expect(sizes([error.replace('ERROR', 'INFO'), ...untimed, error])).toEqual([1, 5, 1]);
});
