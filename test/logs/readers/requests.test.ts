/**
 * Access lines in orders of which there is no format are found by their shape, and what only looks like one is not.
 */
import { expect, test } from 'vitest';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

const read = (line: string): ParsedLog => logParser({}).parse(line, 'source', 0);

test.each([
  ['INFO:     192.0.2.4:5151 - "POST /pay HTTP/1.1" 503 Service Unavailable', 503, '192.0.2.4'],
  ['192.0.2.4 - - [04/Mar/2026:10:11:12 +0000] [0.2] "POST /pay HTTP/1.1" 502 12 "-"', 502, '192.0.2.4'],
  ['2026-03-04 10:11:12 | 502 | 12.5ms | 192.0.2.4 | POST "/pay"', 502, '192.0.2.4'],
  ['POST /pay 500 12.345 ms - 12', 500, undefined],
  ['POST /pay -> 500', 500, undefined],
  ['"POST http://shop.example/pay HTTP/1.1" from 192.0.2.4:5151 - 502 12B in 1ms', 502, '192.0.2.4'],
  ['1772619072.345 109 192.0.2.4 TCP_MISS/502 1234 POST http://shop.example/pay - DIRECT/10.4.0.9', 502, '192.0.2.4'],
  ['192.0.2.4\t2026-03-04T10:11:12Z\tPOST /pay HTTP/2\t502\t12', 502, '192.0.2.4'],
  ['2001:db8::7 - - [04/Mar/2026:10:11:12 +0000] to=a "POST /pay HTTP/3" 500 -', 500, '2001:db8::7'],
  [
    'h2 lb/7 192.0.2.4:5151 - -1 -1 503 - 1141 210 "POST https://shop.example/pay HTTP/2.0" "curl" 100',
    503,
    '192.0.2.4',
  ],
  ['POST /pay => made 192 bytes in 21 msecs (HTTP/1.1 500) 4 headers', 500, undefined],
  ['Request finished HTTP/1.1 POST http://shop.example/pay - 500 0 - 12.3ms', 500, undefined],
  ['shop POST /pay status=500 took=7', 500, undefined],
])('%s', (line, status, ip) => {
  const log = read(line);
  expect(log.level).toBe('ERROR');
  expect(log.parsed_fields).toMatchObject({
    'http.request.method': 'POST',
    'url.original': expect.stringMatching(/\/pay$/),
    'http.response.status_code': status,
  });
  expect(log.parsed_fields['source.ip']).toBe(ip);
});

test.each([
  'INFO calling POST /pay failed after 500 ms',
  'INFO POST /pay in 500 ms',
  'INFO "POST /pay HTTP/1.1" 500 ms',
  'INFO POST /pay since 503',
  'DEBUG retrying GET /cart, 3 of 500 times',
  'INFO copied 500 files to /tmp/GET /x',
  'read /tmp/a in 500 ms',
  'Completed 500 of 900 items',
])('%s has no status', (line) => {
  expect(read(line).level).not.toBe('ERROR');
  expect(read(line).parsed_fields['http.response.status_code']).toBeUndefined();
});

test('size, duration and version are told by their shape', () => {
  expect(read('"GET /cart HTTP/1.1" 200 512 in 12.5ms').parsed_fields).toMatchObject({
    'http.version': '1.1',
    'http.response.body.bytes': 512,
    'event.duration': 12_500_000,
  });
});

test('a time in brackets in the middle is the time of the request', () => {
  const log = read('[pid: 7] 192.0.2.4 () {44 vars} [Wed Mar  4 10:11:12 2026] GET /a (HTTP/1.1 200)');
  expect(log.timestamp).toBe(Date.UTC(2026, 2, 4, 10, 11, 12));
});

test('the end of a request that Rails and Spring write has its status', () => {
  expect(read('Completed 500 Internal Server Error in 180ms').level).toBe('ERROR');
});

test('a level that was said stands, but for a failed request that was called information', () => {
  expect(read('ERROR: "GET /cart HTTP/1.1" 200 5').level).toBe('ERROR');
  expect(read('INFO: "GET /cart HTTP/1.1" 404 5').level).toBe('INFO');
});

test('an ingress tells of every upstream that was asked; the last answered', () => {
  const log = read(
    '192.0.2.4 - - [04/Mar/2026:10:11:12 +0000] "GET /a HTTP/1.1" 502 10 "-" "curl" 147 1.855 [shop-80] [] ' +
      '10.4.0.1:443, 10.4.0.2:443 0, 7 0.100, 1.757 504, 502 9f0e8a7c',
  );
  expect(log.parsed_fields).toMatchObject({
    'event.duration': 1_855_000_000,
    'nginx.ingress_controller.upstream.address': '10.4.0.2:443',
    'nginx.ingress_controller.upstream.response.length': 7,
    'nginx.ingress_controller.upstream.response.status_code': 502,
  });
});

test('the port of the caller is no part of the address', () => {
  expect(read('192.0.2.4:16 - - [04/Mar/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 1').parsed_fields).toMatchObject({
    'source.ip': '192.0.2.4',
  });
});

test('a connection of Envoy without a status fails by its flags', () => {
  const line = (flags: string): string =>
    `[2026-03-04T10:11:12.345Z] "- - -" 0 ${flags} - - "-" 0 0 10 - "-" "-" "-" "-" "10.4.0.9:5432" a|b`;
  expect([read(line('UF')).level, read(line('DC')).level, read(line('-')).level]).toEqual(['ERROR', 'WARN', 'INFO']);
});
