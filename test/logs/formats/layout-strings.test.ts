/**
 * Layout strings of nginx, Apache, logback, log4j and Python compile to readers, or are refused with what is not
 * understood.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LayoutString } from '../../../logs/formats/strings/given.ts';
import type { ParsedLog } from '../../../logs/parsed-log.ts';
import { logParser } from '../../../logs/parser.ts';

/** Reads a line; `#{` in a layout stands for what begins a property of a pattern. */
function parse(layout: LayoutString, line: string): ParsedLog {
  const written = JSON.parse(JSON.stringify(layout).replaceAll('#{', ['$', '{'].join(''))) as LayoutString;
  return logParser({ formats: [{ name: 'own', layout: written }] }).parse(line, 'source', 0);
}

const at = Date.UTC(2026, 0, 29, 8, 51, 24);

describe('nginx', () => {
  const nginx = '$remote_addr - [$time_local] "$request" $status $request_time $tenant "$http_x_request_id"';

  test('variables become fields, those of the user’s own too', () => {
    const log = parse(
      { nginx },
      '10.0.0.7 - [29/Jan/2026:08:51:24 +0000] "GET /cart HTTP/1.1" 502 0.125 blue green "a b"',
    );
    expect(log).toMatchObject({ format: 'own', level: 'ERROR', message: 'GET /cart 502', timestamp: at });
    expect(log.parsed_fields).toEqual({
      'source.address': '10.0.0.7',
      'source.ip': '10.0.0.7',
      'http.request.method': 'GET',
      'url.original': '/cart',
      'http.version': '1.1',
      'http.response.status_code': 502,
      'event.duration': 125_000_000,
      'nginx.access.tenant': 'blue green',
      'nginx.access.http_x_request_id': 'a b',
    });
  });

  test('the directive may be given whole; lists of upstreams are values', () => {
    const whole = `log_format timed escape=default '$status $upstream_addr '\n  '\${request_method} $time_iso8601 $request_uri';`;
    expect(parse({ nginx: whole }, '404 10.0.0.1:80, 10.0.0.2:80 POST 2026-01-29T08:51:24+00:00 /pay?a')).toMatchObject(
      {
        format: 'own',
        level: 'WARN',
        message: 'POST /pay?a 404',
        timestamp: at,
        parsed_fields: { 'nginx.access.upstream_addr': '10.0.0.1:80, 10.0.0.2:80' },
      },
    );
  });

  test('a request without quotes ends behind its version', () => {
    expect(parse({ nginx: '$msec $request $status' }, '1769676684.000 GET /a b HTTP/1.1 502')).toMatchObject({
      format: 'own',
      message: 'GET /a b 502',
      timestamp: at,
    });
  });

  test('a time in front is the layout’s, not a wrapper’s', () => {
    expect(
      parse(
        { nginx: '$time_iso8601 $remote_addr "$request" $status' },
        '2026-01-29T08:51:24+00:00 10.0.0.7 "GET / HTTP/1.1" 200',
      ),
    ).toMatchObject({
      format: 'own',
      timestamp: at,
      timestampSource: 'line',
    });
    // Pairs behind a time are what a wrapper is known by.
    expect(
      parse(
        { nginx: '$time_iso8601 status=$status request="$request"' },
        '2026-01-29T08:51:24+00:00 status=502 request="GET / HTTP/1.1"',
      ),
    ).toMatchObject({ format: 'own', message: 'GET / 502', timestamp: at, timestampSource: 'line' });
  });

  test.each([
    [
      '$scheme://$host$request_uri $status [$time_local]',
      'https://shop.example/cart?id=7 502 [29/Jan/2026:08:51:24 +0000]',
    ],
    [
      '$status "$uri$is_args$args" $host:$server_port [$time_local]',
      '502 "/cart?id=7" shop.example:443 [29/Jan/2026:08:51:24 +0000]',
    ],
    [
      '$status "$uri$is_args$args" $host:$server_port [$time_local]',
      '502 "/cart" shop.example:443 [29/Jan/2026:08:51:24 +0000]',
    ],
  ])('parts of an address side by side: %s', (nginx, line) => {
    expect(parse({ nginx }, line)).toMatchObject({
      format: 'own',
      level: 'ERROR',
      parsed_fields: { 'url.domain': 'shop.example' },
    });
  });

  test('without a request the message is the line', () => {
    expect(
      parse({ nginx: '[$time_local] $remote_addr $protocol' }, '[29/Jan/2026:08:51:24 +0000] 10.0.0.7 TCP'),
    ).toMatchObject({
      format: 'own',
      message: '[29/Jan/2026:08:51:24 +0000] 10.0.0.7 TCP',
    });
  });
});

describe('Apache', () => {
  test.each([
    ['%h %l %u %t \\"%r\\" %>s %b %D', '10.0.0.7 - ada [29/Jan/2026:08:51:24 +0000] "GET /cart HTTP/1.1" 500 12 2000'],
    [
      'LogFormat "%v %{ms}T %h %u %t \\"%r\\" %>s %O \\"%{Referer}i\\"" vhost',
      'shop 2 10.0.0.7 ada [29/Jan/2026:08:51:24 +0000] "GET /cart HTTP/1.1" 500 12 "a \\"b\\""',
    ],
    [
      '%{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t %a %u %m %U%q %s %{us}T',
      '2026-01-29 08:51:24.000 10.0.0.7 ada GET /cart 500 2000',
    ],
  ])('%s', (apache, line) => {
    expect(parse({ apache }, line)).toMatchObject({
      format: 'own',
      level: 'ERROR',
      message: 'GET /cart 500',
      timestamp: at,
      parsed_fields: { 'source.ip': '10.0.0.7', 'user.name': 'ada', 'event.duration': 2_000_000 },
    });
  });
});

describe('Java', () => {
  test.each([
    [
      '%d{ISO8601} [%thread] %-5level %logger{36} - %msg%n',
      '2026-01-29 08:51:24,000 [http-1 [a]] WARN  c.s.Cart - no - stock',
    ],
    ['%level | %c | %t | %d | %m%n%ex', 'WARN | c.s.Cart | http-1 [a] | 2026-01-29T08:51:24Z | no - stock'],
    [
      '[%5p] [%15.15t] %d{yyyy/MM/dd HH:mm:ss.SSS} %-20.20c{1} [%X{tenant:-none}] : %m',
      '[ WARN] [    http-1 [a]] 2026/01/29 08:51:24.000 c.s.Cart           [] : no - stock',
    ],
    [
      '<pattern>%clr(%d){faint} %highlight(%.-1level) <%t> %replace(%logger){"a", "b"}: %m</pattern>',
      '2026-01-29 08:51:24.000 W <http-1 [a]> c.s.Cart: no - stock',
    ],
    [
      '%highlight{%d %p}{FATAL=red} %notEmpty{[%X{user}] }<%t> (%logger) %m',
      '2026-01-29 08:51:24.000 WARN <http-1 [a]> (c.s.Cart) no - stock',
    ],
    [
      "%clr(%d{#{F:-yyyy-MM-dd'T'HH:mm:ss.SSSXXX}}){faint} %clr(#{LEVEL_PATTERN:-%5p}) %clr(#{PID:-}){magenta} --- [%15.15t] %-40.40logger{39} : %m%n#{EXCEPTION_WORD:-%wEx}",
      '2026-01-29T08:51:24.000Z  WARN 42 --- [     http-1 [a]] c.s.Cart                                 : no - stock',
    ],
  ])('%s', (logback, line) => {
    const log = parse({ logback }, line);
    expect(log).toMatchObject({ format: 'own', level: 'WARN', message: 'no - stock', timestamp: at });
    expect(log.parsed_fields).toMatchObject({ 'log.logger': 'c.s.Cart', 'process.thread.name': 'http-1 [a]' });
  });

  test('ids of the context and the service become the log’s own; a trace belongs to the message', () => {
    const log2 = '%d %p #{APP_NAME:-x} %X{traceId}/%X{spanId} (%F:%L) %m%n';
    const line =
      '2026-01-29 08:51:24 ERROR cart 4bf9/00f0 (Cart.java:12) no stock\njava.lang.Error: none\n\tat c.s.Cart.pay(Cart.java:12)';
    const log = parse({ log4j2: log2 }, line);
    expect(log).toMatchObject({ format: 'own', service: 'cart', trace_id: '4bf9', span_id: '00f0', level: 'ERROR' });
    expect(log.message).toContain('at c.s.Cart.pay');
    expect(log.parsed_fields).toMatchObject({ 'log.origin.file.line': 12, 'error.type': 'java.lang.Error' });
  });
});

describe('Python', () => {
  test.each([
    '%(asctime)s - %(name)s - %(levelname)s - %(message)s',
    '%(asctime)s.%(msecs)03d - %(name)s - %(levelname)-8s - %(message)s',
    '{asctime} - {name} - {levelname:<8} - {message}',
    '<green>{time:YYYY-MM-DD HH:mm:ss.SSS}</green> - <cyan>{name}</cyan> - <level>{level: <8}</level> - {message}',
  ])('%s', (python) => {
    expect(parse({ python }, '2026-01-29 08:51:24.250 - shop.cart - WARNING  - no - stock')).toMatchObject({
      format: 'own',
      level: 'WARN',
      message: 'no - stock',
      timestamp: at + 250,
      parsed_fields: { 'log.logger': 'shop.cart' },
    });
  });

  test('attributes of the program’s own are fields, numbers are numbers', () => {
    const python =
      '[%(levelname)s] 100%% %(process)5d %(request_id)s %(otelTraceID)s %(funcName)s:%(lineno)d %(message)s';
    const log = parse({ python }, '[ERROR] 100%    42 r-1 4bf9 pay:7 no stock');
    expect(log).toMatchObject({ format: 'own', trace_id: '4bf9', level: 'ERROR', message: 'no stock' });
    expect(log.parsed_fields).toMatchObject({ 'process.pid': 42, request_id: 'r-1', 'log.origin.file.line': 7 });
  });
});

test('a line that does not fit is read as without the layout', () => {
  const line = '2026-01-29 08:51:24,000 [main] WARN  c.s.Cart - no stock';
  const other = logParser({}).parse(line, 'source', 0);
  for (const layout of [
    { logback: '%d <%p> %m' },
    { nginx: '$remote_addr [$time_local]' },
    { python: '{levelname}:{name}:{message}' },
  ])
    expect(parse(layout, line)).toEqual(other);
});

test.each<[LayoutString, string]>([
  [{ logback: '%d %nonsense %m' }, '%nonsense'],
  [{ logback: '%d %highlight(%p %m' }, 'not closed'],
  [{ log4j2: '%d{yyyy %m' }, "'}' behind it"],
  [{ log4j2: '#{A:-#{B} %m' }, 'closed'],
  [{ logback: '%logger%msg' }, '%logger'],
  [{ apache: '%h %Q' }, '%Q'],
  [{ apache: '%h %{Referer' }, 'a letter behind %'],
  [{ nginx: '$remote_addr $' }, 'the name of a variable'],
  [{ nginx: '"$http_a$http_b"' }, '$http_a'],
  [{ nginx: '{"status": $status}' }, 'JSON'],
  [{ python: '%(asctime)s %(message' }, '%(message'],
  [{ python: '{asctime} {message' }, '{message'],
  [{ python: 'hello' }, 'no value'],
  [{ nginx: '$status', python: '{message}' }, 'not one layout'],
  [{}, 'not one layout'],
  [{ logback: 'x'.repeat(5000) }, 'at most'],
])('%j is refused with a code and what is not understood', (layout, reason) => {
  expect(() => parse(layout, '')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(() => parse(layout, '')).toThrow(reason);
});

test('any layout string is compiled or refused, and any line then read', () => {
  const piece = fc.constantFrom(
    '%d',
    '%p',
    '%m',
    '%c',
    '%X{a}',
    '%highlight{',
    '(',
    ')',
    '}',
    '#{',
    ':-',
    ' ',
    '"',
    '$status',
    '$a',
    '%(b)s',
    '{c}',
    '%>s',
    '\\',
    'x',
  );
  const tool = fc.constantFrom('nginx', 'apache', 'logback', 'log4j2', 'python');
  fc.assert(
    fc.property(tool, fc.array(piece, { maxLength: 12 }), fc.string(), (tool, pieces, line) => {
      let log: ParsedLog;
      try {
        log = parse({ [tool]: pieces.join('') }, line);
      } catch (error) {
        expect(error).toMatchObject({ code: 'OPTION_INVALID' });
        return;
      }
      expect(typeof log.message).toBe('string');
    }),
  );
});

test('a hostile line costs a look at its characters', () => {
  const parser = logParser({
    formats: [{ name: 'own', layout: { logback: '[%t] [%c] [%X{a}] [%X{b}] [%X{c}] : %m' } }],
  });
  const line = `${'[x] '.repeat(200_000)}`;
  expect(parser.parse(line, 'source', 0).format).not.toBe('own');
});
