/**
 * Entries of the journal's export are events, whatever their values hold.
 */
import { expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

function read(...lines: readonly string[]): readonly ParsedLog[] {
  const parser = logParser({});
  const joiner = new LineJoiner();
  const events = [...lines.map((line) => joiner.push(line)), joiner.flush()];
  return events.flatMap((event) => (event === null ? [] : parser.parse(event.join('\n'), 'one', 0)));
}

const cursor = '__CURSOR=s=1;i=2;b=3;m=4;t=64982f62cbcd3;x=5';

test('an entry is one event with the time, the level and the service that it names', () => {
  const events = read(
    ...[cursor, '__REALTIME_TIMESTAMP=1769676684967123', '__MONOTONIC_TIMESTAMP=123', '_HOSTNAME=web-1'],
    ...['PRIORITY=3', 'SYSLOG_IDENTIFIER=cart', '_PID=42', 'MESSAGE=no stock: a=b', ''],
    ...[cursor, '__REALTIME_TIMESTAMP=1769676685967123', 'MESSAGE={"level":"warn","msg":"low"}', '_COMM=pay', ''],
  );
  expect(events).toMatchObject([
    {
      timestampText: '2026-01-29T08:51:24.967123Z',
      level: 'ERROR',
      service: 'cart',
      message: 'no stock: a=b',
      parsed_fields: { 'host.hostname': 'web-1', 'process.pid': 42 },
    },
    { timestampText: '2026-01-29T08:51:25.967123Z', level: 'WARN', service: 'pay', message: 'low' },
  ]);
});

test('a value of several lines stands behind its length, blank lines and what looks like a log in it', () => {
  const events = read(
    ...[
      cursor,
      'PRIORITY=6',
      'MESSAGE',
      '\u0022\0\0\0\0\0\0\0first',
      '',
      '2026-01-29 08:51:24 ERROR last',
      '_PID=42',
      '',
    ],
    ...[cursor, 'MESSAGE=next'],
  );
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    message: 'first\n\n2026-01-29 08:51:24 ERROR last',
    parsed_fields: { 'process.pid': 42 },
  });
});

test('the cursor knows the time, too', () => {
  const [log] = read(cursor, 'MESSAGE=no stock');
  expect(log).toMatchObject({
    message: 'no stock',
    timestampSource: 'envelope',
    timestampText: '2026-01-29T08:51:24.967123Z',
  });
});
