/**
 * Records of loggers of which there is no format: keys in any spelling and nesting, numbers of any scale, requests,
 * errors and times as they come.
 */
import { describe, expect, test } from 'vitest';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

const read = (record: object): ParsedLog => logParser({}).parse(JSON.stringify(record), 'source', 0);
const readText = (line: string): ParsedLog => logParser({}).parse(line, 'source', 0);

const instant = Date.UTC(2026, 2, 4, 10, 11, 12, 345);
const time = '2026-03-04T10:11:12.345Z';

describe('keys', () => {
  test.each([
    ['@l', '@m', '@t'],
    ['Level', 'Message', 'Timestamp'],
    ['LOG_LEVEL', 'MSG', 'Date-Time'],
    ['severity_text', 'short_message', 'eventTime'],
    ['fields.level', 'fields.message', 'fields.time'],
    ['attributes.log.severity', 'attributes.body', 'record.ts'],
    ['record.level.name', 'record.message', 'record.time'],
    ['jsonPayload.lvl', 'jsonPayload.msg', 'jsonPayload.created_at'],
  ])('%s, %s and %s are level, message and time', (level, message, at) => {
    const record = { [level]: 'error', [message]: 'card refused', [at]: time, order: 7 };
    expect(read(record)).toMatchObject({ level: 'ERROR', message: 'card refused', timestamp: instant });
    expect(read(record).parsed_fields).toEqual({ 'log.level': 'error', order: 7 });
  });

  test('nested keys mean the same as dotted ones', () => {
    const log = read({ extra: { level: 'warn' }, record: { level: { name: 'ERROR' }, message: 'gone' } });
    expect(log).toMatchObject({ level: 'ERROR', message: 'gone' });
  });

  test('what an object tells of another thing is no time of the event', () => {
    expect(read({ msg: 'order read', data: { created_at: time } }).timestampSource).toBe('ingest');
  });

  test('of two keys the better one counts, and a value that is no level leaves it to the next', () => {
    expect(read({ log_level: 'warn', severity: 'error', msg: 'x' }).level).toBe('WARN');
    expect(read({ level: 'RequestResponse', severity: 'error', msg: 'x' }).level).toBe('ERROR');
    expect(read({ status: 'error', msg: 'x' })).toMatchObject({ level: 'ERROR', parsed_fields: { status: 'error' } });
    expect(read({ type: 'log', msg: 'x' }).level).toBeNull();
  });

  test.each([
    [{ kubernetes: { labels: { app: 'till' } } }, 'till'],
    [{ resource: { attributes: { 'service.name': 'till' } } }, 'till'],
    [{ service: '30000ms', app: 'till' }, 'till'],
    [{ service: { name: 'till' } }, 'till'],
    [{ serviceContext: { service: 'till', version: '7' } }, 'till'],
    [{ name: 'till', hostname: 'a', pid: 3 }, 'till'],
    [{ name: 'till', levelname: 'INFO' }, 'unknown'],
    [{ app: 7 }, 'unknown'],
  ])('the service of %j', (record, service) => {
    expect(read({ msg: 'x', ...record }).service).toBe(service);
  });

  test('trace ids stand in paths, in a traceparent, under short names', () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(read({ msg: 'x', 'logging.googleapis.com/trace': `projects/shop/traces/${id}` }).trace_id).toBe(id);
    expect(read({ msg: 'x', traceparent: `00-${id}-00f067aa0ba902b7-01` }).trace_id).toBe(id);
    expect(read({ msg: 'x', '@tr': id }).trace_id).toBe(id);
    expect(read({ msg: 'x', trace: 'at start' }).trace_id).toBeNull();
  });
});

describe('numbers for levels', () => {
  test.each([
    [{ level: 50 }, 'ERROR'],
    [{ level: '40' }, 'WARN'],
    [{ level: 400, channel: 'app' }, 'ERROR'],
    [{ level: 550, channel: 'app' }, 'CRITICAL'],
    [{ level: 600, channel: 'app' }, 'FATAL'],
    [{ level: 200 }, 'INFO'],
    [{ level: 600 }, 'ERROR'],
    [{ severity: 400 }, 'WARN'],
    [{ level: 3, short_message: 'x' }, 'ERROR'],
    [{ level: '3', facility: 'x' }, 'ERROR'],
    [{ levelno: 30 }, 'WARN'],
    [{ level: 50, levelname: '' }, 'CRITICAL'],
    [{ severityNumber: 17 }, 'ERROR'],
    [{ level: { level: 30000 } }, 'WARN'],
    [{ LogLevel: 4, EventId: 7 }, 'ERROR'],
    [{ log_level: 2, source: 'till' }, 'ERROR'],
    [{ Level: 2, EventID: 7, ProviderName: 'x' }, 'ERROR'],
    [{ level: 3, reqId: 'a', remoteAddr: '10.0.0.7' }, 'ERROR'],
    [{ level: 3 }, null],
    [{ level: 900 }, null],
    [{ level: 123456789 }, null],
    [{ level: 75 }, null],
  ])('%j is %s', (record, level) => {
    expect(read({ message: 'x', ...record }).level).toBe(level);
  });

  test.each([
    ['ERROR+2', 'ERROR'],
    ['error3', 'ERROR'],
    ['LogLevel.Warning', 'WARN'],
    ['LOG_ERR', 'ERROR'],
    ['[ERROR]', 'ERROR'],
    ['success', 'INFO'],
    ['Fehler', 'ERROR'],
    ['предупреждение', 'WARN'],
    ['gold', null],
    ['no error', null],
  ])('the word %s is %s', (level, expected) => {
    expect(read({ message: 'x', level }).level).toBe(expected);
  });
});

describe('requests', () => {
  test.each([
    [{ method: 'GET', path: '/cart', status: 503 }, 'ERROR', 'GET /cart 503'],
    [{ request: 'POST /pay HTTP/2.0', status: '404' }, 'WARN', 'POST /pay 404'],
    [{ ClientRequestMethod: 'PUT', ClientRequestURI: '/a', EdgeResponseStatus: 200 }, 'INFO', 'PUT /a 200'],
    [{ req: { method: 'GET', url: '/b' }, res: { statusCode: 500 }, level: 'info', msg: 'done' }, 'ERROR', 'done'],
    [{ textPayload: 'x', httpRequest: { requestMethod: 'GET', requestUrl: '/c', status: 500 } }, 'ERROR', 'x'],
    [{ level: 'info', msg: 'bank answered', status_code: 503 }, 'INFO', 'bank answered'],
    [{ level: 'info', method: 'GET', path: '/cart', status: 404 }, 'INFO', 'GET /cart 404'],
  ])('%j', (record, level, message) => {
    expect(read(record)).toMatchObject({ level, message });
  });

  test('a status, a path and a verb without a request are fields under their own names', () => {
    const record = { msg: 'copied', status: 500, path: '/tmp/a', verb: 'create', upstream_status_code: 502 };
    const { msg, ...fields } = record;
    expect(read(record)).toMatchObject({ level: null, message: msg, parsed_fields: fields });
  });
});

describe('errors', () => {
  test.each([
    [{ error: { message: 'gone', type: 'E', stack: 'E: gone\n    at x' } }],
    [{ err: { msg: 'gone', name: 'E', stack: ['E: gone', '    at x'] } }],
    [{ exception: { Message: 'gone', ClassName: 'E', StackTrace: 'E: gone\n    at x' } }],
    [{ context: { exception: { class: 'E', message: 'gone', trace: 'E: gone\n    at x' } } }],
    [{ exc_info: 'Traceback (most recent call last):\n  File "a", line 1\nE: gone' }],
    [{ exception: [{ exc_type: 'E', exc_value: 'gone', frames: [] }] }],
  ])('%j', (record) => {
    const log = read({ msg: 'x', ...record });
    expect(log).toMatchObject({ level: 'ERROR', message: 'x' });
    expect(log.parsed_fields).toMatchObject({ 'error.type': 'E', 'error.message': 'gone' });
  });

  test('a number called error is no message, and an error is the message of a record that has none', () => {
    expect(read({ msg: 'x', error: 5 }).parsed_fields).toEqual({ error: 5 });
    expect(read({ level: 'error', error: 'gone' }).message).toBe('gone');
  });
});

describe('times', () => {
  test.each([
    [{ date: '2026-03-04', time: '10:11:12.345' }],
    [{ instant: { epochSecond: 1772619072, nanoOfSecond: 345_000_000 } }],
    [{ timestamp: { seconds: 1772619072, nanos: 345_000_000 } }],
    [{ time: { $date: time } }],
    [{ ts: '1.772619072345e9' }],
    [{ time: 'soon', created: 1772619072345 }],
    [{ requestReceivedTimestamp: time }],
  ])('%j', (record) => {
    expect(read({ msg: 'x', ...record }).timestamp).toBe(instant);
  });
});

describe('what else tells a level', () => {
  test.each([
    ['worker exited with code 137', 'ERROR'],
    ['worker exited with code 0', null],
    ['exit status 2', 'ERROR'],
    ['exit_code=1 after 3 s', 'ERROR'],
    ['build: signal: killed', 'ERROR'],
    ['traffic signal: green', null],
    ['3 exits, 12 doors', null],
  ])('%s', (line, level) => {
    expect(readText(line).level).toBe(level);
  });
});

describe('logfmt', () => {
  test.each([
    ['level=error msg="no stock" retry item=7', { retry: true, item: 7 }],
    ["level=error item=7 msg='no stock'", { item: 7 }],
    ['level=error item=7 no stock', { item: 7 }],
  ])('%s', (line, fields) => {
    const { level, message, parsed_fields } = readText(line);
    expect({ level, message }).toEqual({ level: 'ERROR', message: 'no stock' });
    expect(parsed_fields).toEqual({ 'log.level': 'error', ...fields });
  });

  test('words beside pairs of which none is a level are text', () => {
    expect(readText('a=1 b=2 and more').format).toBe('text');
  });
});

test.each([
  { url: '/a', statusCode: 500 },
  { uri: '/a', status: 500, latency: '3ms' },
  { method: 'GET', status: 500 },
  { http: { method: 'GET', status_code: 500, path: '/a' } },
  { http_method: 'GET', http_path: '/a', http_status: 500 },
])('a request that the server failed is an error however its logger calls it: %j', (record) => {
  const line = JSON.stringify({ level: 'info', ...record });
  expect(logParser({}).parse(line, 's', 0).level).toBe('ERROR');
  expect(logParser({}).parse(line.replaceAll('500', '200'), 's', 0).level).toBe('INFO');
});

describe('a zone under a key of its own', () => {
  test.each([
    ['{"time":"2026-03-04 10:11:12","timezone":"Europe/Berlin"}', '09:11:12'],
    ['{"time":"2026-03-04 10:11:12","tz":"-0500"}', '15:11:12'],
    ['date=2026-03-04 time=10:11:12 tz="+0100" level=error', '09:11:12'],
    // A time that names its zone, and what is none.
    ['{"time":"2026-03-04T10:11:12Z","timezone":"Europe/Berlin"}', '10:11:12'],
    ['{"time":"2026-03-04 10:11:12","timezone":"default"}', '10:11:12'],
    ['{"timestamp":1772619072,"tz":"-0500"}', '10:11:12'],
  ])('%s', (line, clock) => {
    expect(new Date(readText(line).timestamp!).toISOString()).toBe(`2026-03-04T${clock}.000Z`);
  });

  test('is that of its own record alone', () => {
    const parser = logParser({});
    parser.parse('{"time":"2026-03-04 10:11:12","tz":"-0500"}', 'source', 0);
    const { timestamp } = parser.parse('{"time":"2026-03-04 10:11:13","level":"info"}', 'source', 0);
    expect(timestamp).toBe(Date.UTC(2026, 2, 4, 10, 11, 13));
    const number = parser.parse('{"timestamp":1772619074,"tz":"-0500"}', 'source', 0);
    expect(number.timestamp).toBe(Date.UTC(2026, 2, 4, 10, 11, 14));
  });
});

test('what was found by Elasticsearch and what a pipeline keeps of an event are read as lines', () => {
  const hit = { _index: 'shop', _source: { '@timestamp': time, message: 'ERROR no stock' } };
  expect(read(hit)).toMatchObject({ level: 'ERROR', message: 'ERROR no stock', timestamp: instant });
  const kept = { '@timestamp': time, event: { original: '<11>Mar  4 10:00:00 web-1 cart[42]: no stock' } };
  expect(read(kept)).toMatchObject({ level: 'ERROR', message: 'no stock', service: 'cart' });
  expect(read({ source: { message: 'gone' }, msg: 'read' }).message).toBe('read');
});

test('a component is part of a program, and what is said of a logger’s service is a service', () => {
  expect(read({ component: 'orders', msg: 'gone' }).parsed_fields['log.logger']).toBe('orders');
  expect(read({ logger: { name: 'a.b', service: 'orders' }, msg: 'gone' })).toMatchObject({
    service: 'orders',
    parsed_fields: { 'log.logger': 'a.b' },
  });
});
