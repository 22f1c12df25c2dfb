/**
 * What the parser does beyond any single format: records, envelopes, zones, trace ids and sources.
 */
import { describe, expect, test } from 'vitest';
import { logParser } from '../../logs/parser.ts';
import { dockerLine, fluentBit, ingest, parse } from '../support/lines-of.ts';

describe('time', () => {
  test('without any, the ingest time stands in and says so', () => {
    expect(parse('hello')).toMatchObject({ timestamp: ingest, timestampSource: 'ingest' });
  });

  test('a wall clock of another zone gives way to its envelope', () => {
    const log = parse(dockerLine('2026-01-29 16:51:24,967 - shop - INFO - ok\n'));
    expect(log).toMatchObject({ timestamp: Date.UTC(2026, 0, 29, 8, 51, 24, 967), timestampSource: 'envelope' });
  });

  test('a line that was shipped late keeps its own time', () => {
    const log = parse(dockerLine('2026-01-29 08:20:00,000 - shop - INFO - ok\n'));
    expect(log).toMatchObject({ timestamp: Date.UTC(2026, 0, 29, 8, 20), timestampSource: 'line' });
  });

  test('a named or configured zone is believed', () => {
    const named = parse(dockerLine('2026-01-29T06:51:24.967Z INFO x.Y: ok\n'));
    expect(named.timestampSource).toBe('line');
    const configured = parse(dockerLine('2026-01-29 16:51:24,967 - shop - INFO - ok\n'), { timezone: '+08:00' });
    expect(configured).toMatchObject({ timestamp: Date.UTC(2026, 0, 29, 8, 51, 24, 967), timestampSource: 'line' });
  });

  test('the option now decides the year, not the ingest time', () => {
    const log = parse('Mar  1 00:00:00 web-1 cron[1]: x', { now: Date.UTC(2020, 5, 1) });
    expect(log.timestamp).toBe(Date.UTC(2020, 2, 1));
  });
});

describe('service', () => {
  const kubernetes = { container_name: 'server', labels: { 'app.kubernetes.io/name': 'cart' } };

  test('the line’s own field wins, then the envelope, then the option', () => {
    const options = { service: 'given' };
    expect(parse(fluentBit('{"level":"info","msg":"x","service":"own"}', kubernetes), options).service).toBe('own');
    expect(parse(fluentBit('x', kubernetes), options).service).toBe('cart');
    expect(parse(fluentBit('x', { container_name: 'server' }), options).service).toBe('server');
    expect(parse('x', options).service).toBe('given');
    expect(parse('x').service).toBe('unknown');
  });
});

describe('fallback', () => {
  test('broken JSON is kept whole, with the level it shows', () => {
    const line = '{"level":"error","msg":"cut sh';
    expect(parse(line)).toMatchObject({ format: 'text', message: line, level: 'ERROR' });
  });

  test('a time and a level at the start are a header', () => {
    expect(parse('2026-01-29 08:51:24 | ERROR | db failed')).toMatchObject({
      format: 'text',
      level: 'ERROR',
      message: 'db failed',
      timestamp: Date.UTC(2026, 0, 29, 8, 51, 24),
    });
    expect(parse('[2026-01-29 08:51:24] [warning] slow')).toMatchObject({ level: 'WARN', message: 'slow' });
  });

  test('a level word inside prose is no level, a shouted one is', () => {
    expect(parse('there was no error in the log').level).toBeNull();
    expect(parse('worker 7 ERROR while reading')).toMatchObject({
      level: 'ERROR',
      message: 'worker 7 ERROR while reading',
    });
    expect(parse('Error: no stock')).toMatchObject({ level: 'ERROR', message: 'Error: no stock' });
  });

  test('numbers and clocks in prose are no times', () => {
    expect(parse('sent 1674982284 bytes').timestampSource).toBe('ingest');
    expect(parse('meet me at 12:30:00').timestampSource).toBe('ingest');
  });

  test('ids in text are found wherever they stand', () => {
    const log = parse('paid order [trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7]');
    expect(log).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' });
    expect(parse('trace id: 00000000000000000000000000000000').trace_id).toBeNull();
  });
});

describe('structured lines', () => {
  test('logfmt', () => {
    const log = parse('level=warn ts=2026-01-29T08:51:24.967Z msg="slow \\"query\\"" items=3 ok=false app=cart');
    expect(log).toMatchObject({ format: 'logfmt', level: 'WARN', message: 'slow "query"', service: 'cart' });
    expect(log.parsed_fields).toEqual({ 'log.level': 'warn', items: 3, ok: false });
  });

  test('prose that begins like logfmt is prose', () => {
    expect(parse('key=value and more').format).toBe('text');
  });

  test('JSON of no known logger is read by the usual keys; what loses its role stays a field', () => {
    const log = parse(
      '{"severity":"ERROR","message":"no","time":"2026-01-29T08:51:24Z","timestamp":1769676684000,"a":{"b":[1]}}',
    );
    expect(log).toMatchObject({ format: 'json', level: 'ERROR', timestamp: 1769676684000 });
    expect(log.parsed_fields).toEqual({ 'log.level': 'ERROR', time: '2026-01-29T08:51:24Z', 'a.b': '[1]' });
  });

  test('a record without message is its own message', () => {
    expect(parse('{"a":1}').message).toBe('{"a":1}');
  });
});

test('lines are read by the columns that their source named', () => {
  const parser = logParser({});
  parser.parse('#Software: shop\n#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken x-tag', 'one', 0);
  const line = '2026-01-29 08:51:24 10.0.0.7 GET /cart 503 12 blue';
  const log = parser.parse(line, 'one', 0);
  expect(log).toMatchObject({ format: 'w3c', level: 'ERROR', message: 'GET /cart 503', timestamp: 1769676684000 });
  expect(log.parsed_fields).toEqual({
    'source.ip': '10.0.0.7',
    'http.request.method': 'GET',
    'url.path': '/cart',
    'http.response.status_code': 503,
    'event.duration': 12_000_000,
    'x-tag': 'blue',
  });
  expect(parser.parse(line, 'another', 0).format).not.toBe('w3c');
  expect(parser.parse('2026-01-29 08:51:24 ERROR: other columns', 'one', 0).format).not.toBe('w3c');
});

describe('stickiness', () => {
  test('a source that changes its format is followed', () => {
    const parser = logParser({});
    const python = '2026-01-29 08:51:24,967 - shop - ERROR - no stock';
    const nginx = '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET / HTTP/1.1" 200 157';
    for (const [line, format] of [
      [python, 'python'],
      [nginx, 'nginx_access'],
      [python, 'python'],
    ] as const) {
      for (let i = 0; i < 100; i++) expect(parser.parse(line, 'one', ingest).format).toBe(format);
    }
  });

  test('a more telling format that turns up later is noticed within 64 lines', () => {
    const parser = logParser({});
    const general = '2026-01-29 08:51:24,967 INFO com.Cart: ok';
    const telling = '2026-01-29 08:51:24,967 INFO cart: ok';
    expect(parser.parse(general, 'one', ingest).format).toBe('log4j');
    let format = '';
    for (let i = 0; i < 64; i++) format = parser.parse(telling, 'one', ingest).format;
    expect(format).toBe('python');
  });

  test('more sources than are remembered are all read', () => {
    const parser = logParser({});
    for (let i = 0; i < 12_000; i++) expect(parser.parse('INFO:a:b', `pod-${i}`, ingest).format).toBe('python');
  });
});
