/**
 * Sources that name their columns are read by them, whatever their order, and only where a line has such columns.
 */
import { expect, test } from 'vitest';
import { cellsIn } from '../../../logs/layouts/cells.ts';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

/** The events of a file. */
function read(...lines: readonly string[]): readonly ParsedLog[] {
  const parser = logParser({});
  const joiner = new LineJoiner();
  const events = lines.map((line) => joiner.push(line));
  events.push(joiner.flush());
  return events.flatMap((event) => (event === null ? [] : parser.parse(event.join('\n'), 'one', 0)));
}

test('directives of the W3C name columns in any order; a clock takes its day from #Date and is in UTC', () => {
  const [heading, failed, other] = read(
    '#Software: shop',
    '#Date: 2026-01-29 00:00:00',
    '#Fields: sc-status time cs-uri-stem c-ip cs-method time-taken cs(User-Agent)',
    '503 08:51:24 /cart 10.0.0.7 GET 12 Mozilla/5.0+(X11)',
    '200 08:51:25 /cart 10.0.0.7 GET 0.12 "curl 8"',
  );
  expect(heading).toMatchObject({ format: 'w3c', level: null });
  expect(failed).toMatchObject({
    level: 'ERROR',
    message: 'GET /cart 503',
    timestamp: Date.UTC(2026, 0, 29, 8, 51, 24),
  });
  expect(failed!.parsed_fields).toEqual({
    'http.response.status_code': 503,
    'url.path': '/cart',
    'source.ip': '10.0.0.7',
    'http.request.method': 'GET',
    'event.duration': 12_000_000,
    'user_agent.original': 'Mozilla/5.0 (X11)',
  });
  expect(other).toMatchObject({ level: 'INFO', parsed_fields: { 'event.duration': 120_000_000 } });
});

test('a new heading replaces the old one; times are local where the source says so', () => {
  const parser = logParser({ timezone: '+02:00' });
  const row = (line: string): ParsedLog => parser.parse(line, 'one', 0);
  row('#Fields: date time action src-ip');
  expect(row('2026-01-29 08:51:24 DROP 10.0.0.7').timestamp).toBe(Date.UTC(2026, 0, 29, 8, 51, 24));
  row('#Time Format: Local');
  row('#Fields: action src-ip date time');
  expect(row('DROP 10.0.0.7 2026-01-29 08:51:24')).toMatchObject({
    timestamp: Date.UTC(2026, 0, 29, 6, 51, 24),
    parsed_fields: { 'event.action': 'DROP', 'source.ip': '10.0.0.7' },
  });
  expect(parser.parse('DROP 10.0.0.7 2026-01-29 08:51:24', 'another', 0).format).not.toBe('w3c');
});

test('tabs and commas separate where the source has them', () => {
  const [, cloud] = read(
    '#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status cs(User-Agent)',
    '2026-01-29\t08:51:24\tLHR3\t203.0.113.9\tGET\t/cart\t502\tcurl 8',
  );
  expect(cloud).toMatchObject({ level: 'ERROR', parsed_fields: { 'user_agent.original': 'curl 8' } });
  const [, mail] = read('#Fields: date-time,client-ip,subject', '2026-01-29T08:51:24.967Z,10.0.0.7,"hello, you"');
  expect(mail).toMatchObject({ format: 'w3c', parsed_fields: { 'source.ip': '10.0.0.7', subject: 'hello, you' } });
});

test('Zeek names columns behind the separator of its cells; what it leaves unset is no field', () => {
  const events = read(
    ...[
      '#separator \\x09',
      '#unset_field\t-',
      '#path\thttp',
      '#fields\tts\tuid\tid.orig_h\tservice\tmethod\turi\tstatus_code',
    ],
    '#types\ttime\tstring\taddr\tstring\tstring\tstring\tcount',
    '1769676684.967123\tCHh\t10.0.0.7\thttp\tGET\t/cart\t502',
    '1769676685.967123\tCHi\t10.0.0.7\t-\tGET\t/cart\t200',
    '#close\t2026-01-29-09-00-00',
  );
  expect(events.map(({ format, level, service }) => [format, level, service])).toEqual([
    ['zeek', null, 'unknown'],
    ['zeek', 'ERROR', 'unknown'],
    ['zeek', 'INFO', 'unknown'],
    ['text', null, 'unknown'],
  ]);
  expect(events[1]).toMatchObject({
    message: 'GET /cart 502',
    timestampText: '2026-01-29T08:51:24.967123Z',
    parsed_fields: { 'source.ip': '10.0.0.7', 'network.protocol': 'http' },
  });
  expect(events[2]!.parsed_fields).not.toHaveProperty('network.protocol');
});

test.each([
  ['time,level,message', '2026-01-29T08:51:24Z,ERROR,"no stock, ""none"""', 'no stock, "none"'],
  ['Severity;Id;Timestamp;Text', 'error;7;2026-01-29 08:51:24;no stock', 'no stock'],
  ['message\tlog_level\tdate\ttime', 'no stock\terror\t2026-01-29\t08:51:24', 'no stock'],
  ['"@timestamp", "level", "message"', '"Jan 29, 2026 @ 08:51:24.000", "error", "no stock"', 'no stock'],
  ['time | service | level | msg', '2026-01-29T08:51:24Z | cart | error | no stock', 'no stock'],
  ['Level,Date and Time,Source,Event ID', 'Error,1/29/2026 8:51:24 AM,cart,7031,"no stock, none"', 'no stock, none'],
  ['TimeGenerated [UTC],SeverityLevel,Message', '"1/29/2026, 8:51:24.000 AM",3,no stock, none', 'no stock,none'],
  ['_time,host,_raw', '2026-01-29T08:51:24.000+0000,web-1,ERROR no stock', 'ERROR no stock'],
  ['@timestamp\t@message\t@logStream', '2026-01-29 08:51:24.000\t{"level":"error","msg":"no stock"}\ta', 'no stock'],
])('%s is a header', (header, line, message) => {
  const [first, second, third] = read(header, line, line);
  expect(first).toMatchObject({ level: null, message: header });
  expect(second).toMatchObject({ level: 'ERROR', message, timestamp: Date.UTC(2026, 0, 29, 8, 51, 24) });
  expect(third).toEqual(second);
});

test('a quoted cell goes on over lines, also where they look like rows', () => {
  const events = read(
    'level,message,time',
    'ERROR,"no stock',
    'INFO,x,y',
    'none",2026-01-29T08:51:24Z',
    'INFO,ok,2026-01-29T08:51:25Z',
  );
  expect(events.slice(1).map(({ message, level }) => [level, message])).toEqual([
    ['ERROR', 'no stock\nINFO,x,y\nnone'],
    ['INFO', 'ok'],
  ]);
});

test('what names no columns of logs is text, and so is a line that a header does not fit', () => {
  for (const line of ['name,price', 'Not found, giving up', 'time, money', 'message: a,level', 'ERROR 42,time,level'])
    expect(read(line)[0]!.format).toBe('text');
  const [, other, longer, shorter] = read(
    'time,level,user',
    'soon,ERROR,ada',
    '2026-01-29 08:51:24 ERROR no stock, none, at all',
    '2026-01-29T08:51:24Z,ERROR',
  );
  expect([other, longer, shorter].map((log) => log!.format)).not.toContain('csv');
});

test('the default columns of flow logs may be others where a header says so', () => {
  const [, flow] = read('version srcaddr dstaddr action start vpc-id', '5 10.0.0.7 10.4.0.9 REJECT 1769676684 vpc-1');
  expect(flow).toMatchObject({
    format: 'vpc_flow',
    message: 'REJECT 10.0.0.7 10.4.0.9',
    timestamp: 1_769_676_684_000,
    parsed_fields: { 'source.ip': '10.0.0.7', 'vpc-id': 'vpc-1' },
  });
});

test('a source that writes something else by now is read as others are', () => {
  const parser = logParser({});
  const row = '7,2026-01-29T08:51:24Z,ERROR';
  parser.parse('id,time,level', 'one', 0);
  expect(parser.parse(row, 'one', 0).format).toBe('csv');
  for (let i = 0; i < 256; i++) parser.parse('starting the cart', 'one', 0);
  expect(parser.parse(row, 'one', 0).format).not.toBe('csv');
});

test('cells are counted up to a bound, and names from outside are only names', () => {
  expect(cellsIn(','.repeat(300), ',')).toBeNull();
  const [, row] = read('time,level,__proto__', '2026-01-29T08:51:24Z,ERROR,x');
  expect(row!.parsed_fields['(__proto__)']).toBe('x');
});
