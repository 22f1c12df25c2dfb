/** What the fuzzer found, each as a claim of its own. */
import { describe, expect, test } from 'vitest';
import { userFormat } from '../../logs/formats/user-format.ts';
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { logParser } from '../../logs/parser.ts';
import { Templates } from '../../logs/templates/templates.ts';
import { charactersRead } from '../fuzz/work.ts';
import { dockerLine, parse } from '../support/lines-of.ts';

describe('objects that can be made neither text nor number', () => {
  const stubborn = '{"toString":1,"valueOf":1}';

  test.each([
    ['a priority', `{"__REALTIME_TIMESTAMP":"1769676684967123","MESSAGE":"no stock","PRIORITY":${stubborn}}`],
    ['a process id', `{"__REALTIME_TIMESTAMP":"1769676684967123","MESSAGE":"no stock","_PID":${stubborn}}`],
    [
      'a label of a container',
      `{"log":"no stock\\n","time":"2026-01-29T08:51:24Z","stream":"stdout","attrs":{"app":${stubborn}}}`,
    ],
    [
      'a value of OpenTelemetry',
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"a","value":{"intValue":${stubborn}}}],"body":{"stringValue":"no stock"}}]}]}]}`,
    ],
  ])('as %s are left alone', (_, line) => {
    expect(parse(line).message).toBe('no stock');
  });

  test('as the message of a journal make the record one of JSON', () => {
    const log = parse(`{"__REALTIME_TIMESTAMP":"1769676684967123","MESSAGE":{"toString":1,"a":"kept"}}`);
    expect(log.format).toBe('json');
    expect(log.parsed_fields['MESSAGE.a']).toBe('kept');
  });
});

test('the body of an OpenTelemetry record may be nested deeper than it can be written', () => {
  const deep = `${'['.repeat(20_000)}7${']'.repeat(20_000)}`;
  const line = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"arrayValue":${deep}}}]}]}]}`;
  expect(parse(line).message).toBe(line);
});

test('what ends behind its last slash is no id', () => {
  const log = parse('{"traceid":"/","spanid":"a/","msg":"paid"}');
  expect([log.trace_id, log.span_id]).toEqual([null, null]);
});

test('colours count to the length of an event', () => {
  const joiner = new LineJoiner({ maxLength: 100 });
  const coloured = (text: string): string => `\u001b[31m${text}\u001b[0m`;
  expect(joiner.push(coloured('2026-01-29 08:51:24 ERROR no stock'))).toBeNull();
  expect(joiner.push(coloured(`  ${'x'.repeat(45)}`))).toBeNull();
  expect(joiner.push(coloured('  y'))).toHaveLength(2);
});

describe('numbers too large for a number stay text', () => {
  test.each([
    ['in JSON', '{"level":"info","msg":"paid","amount":1e999}', 'amount', 'Infinity'],
    ['in an envelope', '{"log":"paid\\n","time":"2026-01-29T08:51:24Z","stream":1e999}', 'stream', 'Infinity'],
    [
      'in a slow query',
      '# User@Host: a[a] @ b [10.0.0.7]  Id: 1e999\n# Query_time: 1e308  Rows_sent: 1e400\nSET timestamp=1769676684;\nSELECT 1;',
      'mysql.slowlog.rows_sent',
      '1e400',
    ],
    [
      'in the sequence of an audit record',
      `type=A msg=audit(1769676684.967:${'9'.repeat(400)}): pid=1`,
      'auditd.log.sequence',
      '9'.repeat(400),
    ],
  ])('%s', (_, line, field, text) => {
    expect(parse(line).parsed_fields[field]).toBe(text);
  });

  test.each([
    [
      'a proxy',
      `10.0.0.7:33317 [29/Jan/2026:08:51:24.967] a b/c 1/2/3/4/${'9'.repeat(400)} 200 157 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"`,
    ],
    [
      'a search',
      `[2026-01-29T08:51:24,967][WARN ][index.search.slowlog.query] [n] [i] took_millis[${'9'.repeat(400)}], `,
    ],
    ['a query', '2026-01-29 08:51:24.967 UTC [42] LOG:  duration: 9e307 ms  statement: SELECT 1'],
  ])('or are left out, as the duration of %s', (_, line) => {
    expect(Number.isFinite(parse(line).parsed_fields['event.duration'] ?? 0)).toBe(true);
  });
});

describe('names that every object has', () => {
  test('are names like others as columns', () => {
    const parser = logParser({});
    parser.parse('#Fields: date time constructor c-ip toString', 'iis', 0);
    const { parsed_fields } = parser.parse('2026-01-29 08:51:24 a 10.0.0.7 b', 'iis', 0);
    expect(parsed_fields).toEqual({ constructor: 'a', 'source.ip': '10.0.0.7', toString: 'b' });
  });

  test('are names like others in extensions and audit records', () => {
    const cef = parse('CEF:0|Acme|Wall|1.2|100|blocked|8|constructor=1 src=10.0.0.7');
    expect(cef.parsed_fields).toMatchObject({ 'cef.extensions.constructor': '1', 'source.ip': '10.0.0.7' });
    const audit = parse('type=A msg=audit(1769676684.967:7): constructor=1 pid=42');
    expect(audit.parsed_fields).toMatchObject({ 'process.pid': 42 });
    expect(Object.keys(audit.parsed_fields).filter((name) => name.startsWith('function'))).toEqual([]);
  });

  test('are no types of a format', () => {
    expect(() => userFormat({ name: 'a', pattern: '%{constructor:a}' })).toThrow('OPTION_INVALID');
  });

  test('lose nothing when one is __proto__', () => {
    expect(parse('{"level":"info","msg":"a","__proto__":"kept"}').parsed_fields['(__proto__)']).toBe('kept');
    expect(parse('level=info __proto__=kept').message).toContain('__proto__=kept');
  });
});

test('a line behind the empty end of a cut line stays a line of its own', () => {
  const lines = [
    '2026-01-29T08:51:24.967Z stdout P ',
    '2026-01-29T08:51:24.967Z stdout F ',
    '2026-01-29T08:51:24.967Z stdout F \tat a.B.c(B.java:1)',
  ];
  expect(parse(lines.join('\n')).message).toContain('\n\tat a.B.c');
  expect(parse([dockerLine('', '2026-01-29T08:51:24Z'), dockerLine('a\n'), dockerLine('b\n')].join('\n')).message).toBe(
    'a\nb',
  );
});

test('an audit record of many names without values costs no more than its length', () => {
  const line = (pairs: number) => `type=A msg=audit(1769676684.967:7): ${'a='.repeat(pairs)}`;
  const work = (pairs: number) => charactersRead(() => parse(line(pairs)));
  expect(work(4_000)).toBeLessThan(work(2_000) * 2.2 + 1_000);
});

test('the first line of a file is read behind a byte order mark', () => {
  expect(parse('\ufeff{"level":"error","msg":"no stock"}')).toMatchObject({ level: 'ERROR', message: 'no stock' });
  expect(parse('\ufeff2026-01-29 08:51:24 ERROR no stock').timestampSource).toBe('line');
});

test('a header of ArcSight without blanks is no key of logfmt', () => {
  expect(parse('CEF:0|Acme|Wall|1.2|100|blocked|8|src=10.0.0.7 act=deny').format).toBe('cef');
});

test('a line that two templates would take belongs to the older, before and after a restart', () => {
  const lines = [
    String.raw`{"log":"{\"t\":{\"$date\":\"9"},\"s\":\"W\",\"c\":\"NETWORK\",\"id\":2,\"ctx\":\"listener\",\"msg\":\"slow\",\"attr\":{\"remote\":\"0"}}\n","stream":"stdout","time":""}`,
    String.raw`{"log":"{\"t\":{\"$date\":\"0"},\"s\":\"W\",\"c\":\"NETWORK\",\"id\":2,\"ctx\":\"listener\",\"msg\":\"slow\",\"att":{\"remote\":\"8"}}\n","stream":"sr","time":""}`,
    String.raw`{"log":"{\"t\":{\"$date\":\"0"},\"s\":\"W\",\"c\":\"NETWORK\",\"id\":2,\"x":\"l",\"msg\":\"slow\",\"attr\":{\"remote\":\"0"}}\n","stream":"stdout","time":""}`,
    String.raw`{"log":"{\"t\":{\"$date\":\"0"},\"s\":\"W\",\"c\":\"NETWORK\",\"id\":2,\"ctx\":\"listener\",\"msg\":\"slow\",\"9":{\"remote\":\"1\"}}\n","stream":"","time":""}`,
  ];
  const templates = new Templates();
  const ids = lines.map((line) => templates.add(line));
  templates.flush();
  const after = new Templates();
  const stored = [...templates.changed()].flatMap(([id, record]) =>
    record === undefined ? [] : [[id, record] as const],
  );
  after.load(stored.sort(([x], [y]) => (x < y ? -1 : 1)));
  expect(lines.map((line) => after.resolve(after.add(line)))).toEqual(ids.map((id) => templates.resolve(id)));
});

test.each([
  ['nothing', ''],
  ['a blank', ' '],
  ['another line', '\nno stock'],
])('a list of callers may end with a comma and %s', (_, behind) => {
  const line = `10.0.0.7, [10.0.0.8,${behind}`;
  expect(parse(line).message).toBe(line.trimEnd());
});

test('a fraction of a nanosecond is none', () => {
  const line = '{"instant":{"epochSecond":1769676684,"nanoOfSecond":0.1},"level":"INFO","message":"no stock"}';
  const log = parse(line);
  expect(log.timestamp).toBe(1_769_676_684_000);
  expect(log.timestampText).toBeUndefined();
});
