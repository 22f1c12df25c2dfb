/**
 * Lines without a time or a service get those of their source.
 */
import { expect, test } from 'vitest';
import { lineParser, type RawLine } from '../../../logs/lines/raw-line.ts';

const parseAll = lineParser({});
const parse = (raw: RawLine) => parseAll(raw)[0]!;

test('records that stand on one line are events of their own', () => {
  const line = '[{"level":"info","msg":"ready"},{"level":"error","msg":"no stock"}]';
  const logs = parseAll({ line, source: 'cart/pod-1', time: 0 });
  expect(logs.map(({ level, message, service }) => [level, message, service])).toEqual([
    ['INFO', 'ready', 'cart'],
    ['ERROR', 'no stock', 'cart'],
  ]);
});

test('a line that names its service keeps it', () => {
  const line = '{"level":"error","service":"cart","msg":"no stock","time":"2025-03-04T08:00:00Z"}';
  expect(parse({ line, source: 'shop/pod-1', time: 0 })).toMatchObject({ service: 'cart', level: 'ERROR' });
});

test('a line that does not is named after its source', () => {
  const line = '10.0.0.7 - - [04/Mar/2025:08:00:00 +0000] "GET /cart HTTP/1.1" 502 157 "-" "curl/8.5.0"';
  expect(parse({ line, source: 'frontend/pod-1', time: 0 })).toMatchObject({ service: 'frontend', level: 'ERROR' });
});

test('a line without time happened when it was taken in, which is only assumed at first', () => {
  const hello = (time: number) => parse({ line: 'hello', source: '/var/log/app.log', time });
  expect(hello(7)).toMatchObject({ service: 'app', timestamp: 7, timeIsSure: false });
  expect(hello(60_007)).toMatchObject({ timestamp: 60_007, timeIsSure: true });
});

test('a line without time behind one that has it happened then, and its time moves nothing', () => {
  const read = (line: string) => parse({ line, source: 'db/pod-1', time: 1e12 });
  const { timestamp } = read('2025-03-04T08:00:00Z ERROR no connection');
  expect(read('  at pool.take')).toMatchObject({ timestamp, timeIsSure: false });
});
