/** One line that looks like something else changes how itself is read, and not the lines behind it. */
import { expect, test } from 'vitest';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { logParser } from '../../logs/parser.ts';
import { ingest } from '../support/lines-of.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 29, 8) + second * 1_000).toISOString();

/** The levels of lines behind 100 lines of the same kind and one other line. */
function levelsBehind(odd: string, line: (second: number, level: string) => string): (string | null)[] {
  const parser = logParser({});
  for (let i = 0; i < 100; i++) parser.parse(line(i, 'INFO'), 'source', ingest);
  parser.parse(odd, 'source', ingest);
  return [101, 102, 103].map((second) => parser.parse(line(second, 'ERROR'), 'source', ingest).level);
}

/** How many events there are of lines, and of how many lines each. */
function eventsOf(lines: readonly string[]): number[] {
  const joiner = new LineJoiner();
  const events = lines.map((line) => joiner.push(line));
  return [...events, joiner.flush()].flatMap((event) => event?.length ?? []);
}

test.each([
  ['time,x,message', (s: number, level: string) => `${at(s)},${level},order ${s}`],
  ['time|x|y|message', (s: number, level: string) => `${at(s)}|cart|${level}|order ${s}`],
  ['#Fields: time,level,x,message', (s: number, level: string) => `${at(s)},${level},order,${s}`],
])('%s in the middle of a source is no heading', (heading, line) => {
  expect(levelsBehind(heading, line)).toEqual(['ERROR', 'ERROR', 'ERROR']);
});

test('a file that begins with a heading is read by it', () => {
  const parser = logParser({});
  parser.parse('time,level,message', 'source', ingest);
  expect(parser.parse(`${at(1)},ERROR,no stock`, 'source', ingest)).toMatchObject({ level: 'ERROR', format: 'csv' });
});

test('the beginning of an exported entry takes its own fields alone', () => {
  const lines = [`${at(1)} INFO a`, '__CURSOR=s=1', `${at(2)} ERROR lost`, `${at(3)} ERROR lost`];
  expect(eventsOf(lines)).toEqual([1, 1, 1, 1]);
  const entry = ['__CURSOR=s=1', 'PRIORITY=3', 'MESSAGE', '\u0008\u0000no stock', 'in cart', '_PID=42', ''];
  expect(eventsOf([...entry, ...entry])).toEqual([7, 7]);
});

test('an open quote of a row ends where the next row begins', () => {
  const row = (second: number, text: string): string =>
    `2026-01-29 08:51:${second}.000 UTC,"u","d",1,"h:1",5e,1,"x",2026-01-29 08:00:00 UTC,1/1,0,LOG,00000,"${text}`;
  expect(eventsOf([row(10, 'open'), 'and on', row(11, 'said"'), row(12, 'said"')])).toEqual([2, 1, 1]);
});

test('a date with slashes says nothing of dates with dots, and one date does not outvote many', () => {
  const parser = logParser({});
  const day = (date: string): number =>
    new Date(parser.parse(`${date} 08:00:00 INFO a`, 'source', ingest).timestamp!).getUTCDate();
  expect(day('05.11.2025')).toBe(5);
  day('01/13/2026');
  expect(day('06.11.2025')).toBe(6);
  for (let i = 13; i < 20; i++) day(`${i}.01.2026`);
  expect(day('02.01.2026')).toBe(2);
  day('01.13.2026');
  expect(day('03.01.2026')).toBe(3);
});

test('a level behind a header without one counts', () => {
  for (const said of ['ERROR: no stock', '[ERROR] no stock', 'level=error msg="no stock"'])
    expect(logParser({}).parse(`2026/01/29 08:51:24 main.go:5: ${said}`, 'source', ingest)).toMatchObject({
      level: 'ERROR',
      message: 'no stock',
    });
});
