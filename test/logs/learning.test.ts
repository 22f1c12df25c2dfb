/** What a parser has learnt of a source can be taken from it as plain JSON, and given to another. */
import { expect, test } from 'vitest';
import { logParser } from '../../logs/parser.ts';

const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('a parser that is given it reads on, and one that is given nothing has forgotten', () => {
  const [first, second] = [logParser({}), logParser({})];
  first.parse('id\tmessage\tseverity\ttime', 'a', 0);
  const row = '7\torder 8\tE\t2026-04-03 08:00:00';
  expect(first.learning.isNew).toBe(true);
  second.learning.give('a', stored(first.learning.take('a')));
  expect([first.learning.isNew, second.learning.isNew]).toEqual([false, false]);
  expect(second.parse(row, 'a', 0)).toMatchObject({ format: 'tsv', level: 'ERROR', message: 'order 8' });
  expect(second.parse(row, 'b', 0).format).not.toBe('tsv');
  second.learning.give('a', {});
  expect(second.parse(row, 'a', 0).format).not.toBe('tsv');
});

test('dates with slashes and others are known apart', () => {
  const [first, second] = [logParser({}), logParser({})];
  first.parse('13/04/2026 08:00:00 INFO ready', 'a', 0);
  first.parse('04.13.2026 08:00:00 INFO ready', 'a', 0);
  second.learning.give('a', stored(first.learning.take('a')));
  const at = (line: string) => second.parse(line, 'a', 0).timestamp;
  expect(at('03/05/2026 08:00:00 INFO ok')).toBe(Date.UTC(2026, 4, 3, 8));
  expect(at('03.05.2026 08:00:00 INFO ok')).toBe(Date.UTC(2026, 2, 5, 8));
});

test('lines that teach nothing leave nothing to store', () => {
  const parser = logParser({});
  const line = (n: number) => parser.parse(`2026-04-03 08:00:${10 + (n % 50)} INFO order ${n} taken`, 'a', 0);
  for (let n = 0; n < 70; n++) line(n);
  parser.learning.take('a');
  for (let n = 0; n < 1_000; n++) {
    line(n);
    expect(parser.learning.isNew).toBe(false);
  }
});

test('names that are longer than people write them are not stored', () => {
  const parser = logParser({});
  const fields = (length: number) => `#Fields: date time sc-status ${'x'.repeat(length)}`;
  parser.parse(fields(16_000), 'a', 0);
  expect(parser.learning.take('a').columns?.heading?.names).toHaveLength(4);
  parser.parse(fields(17_000), 'a', 0);
  expect(parser.learning.take('a').columns).toBeUndefined();
  const host = (name: string) => parser.parse(`2026-04-03T08:00:00Z ${name} cart[7]: ok`, 'b', 0);
  host('web-1');
  expect(parser.learning.take('b').host).toMatchObject({ sure: 'web-1' });
  host(`web-${'1'.repeat(600)}`);
  const { sure = '' } = parser.learning.take('b').host ?? {};
  expect(sure.length).toBeLessThan(512);
});
