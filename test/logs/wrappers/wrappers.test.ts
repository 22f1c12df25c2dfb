/**
 * What stands around a line comes off, however it is nested, and the rest is read as the bare line would be. The inner
 * level, time and message count; the outer time, service and host stand in.
 */
import { describe, expect, test } from 'vitest';
import { LineJoiner } from '../../../logs/lines/line-joiner.ts';
import { dockerLine, fluentBit, parse } from '../../support/lines-of.ts';

const runtime = '2026-01-29T08:51:25.946530606Z';
const own = Date.UTC(2026, 0, 29, 8, 51, 24);

/** Lines that a program may write, and what is read of them when nothing is around. */
const bare = [
  '{"level":"error","time":"2026-01-29T08:51:24Z","msg":"no stock","item":7}',
  'time="2026-01-29T08:51:24Z" level=error msg="no stock" item=7',
  '2026-01-29 08:51:24,000 ERROR shop.cart: no stock',
  '[2026-01-29 08:51:24 +0000] [7] [ERROR] no stock',
  'E0129 08:51:24.000000    1234 cart.go:965] no stock',
  '10.0.0.7 - - [29/Jan/2026:08:51:24 +0000] "GET /cart HTTP/1.1" 503 7 "-" "curl"',
  '"{\\"level\\":\\"error\\",\\"time\\":\\"2026-01-29T08:51:24Z\\",\\"msg\\":\\"no stock\\"}"',
];

const around: readonly (readonly [string, (line: string) => string, string])[] = [
  ['kubectl --prefix', (line) => `[pod/cart-75ff987878-kh56q/server] ${line}`, 'cart'],
  ['stern', (line) => `cart-75ff987878-kh56q server ${line}`, 'cart'],
  ['stern, a set', (line) => `cart-0 cart ${line}`, 'cart'],
  ['kubetail', (line) => `[cart-75ff987878-kh56q] ${line}`, 'cart'],
  ['compose', (line) => `cart-1  | ${line}`, 'cart'],
  ['compose, version 1', (line) => `cart_12        | ${line}`, 'cart'],
  ['compose, a name of its own', (line) => `cart | ${line}`, 'cart'],
  ['swarm', (line) => `shop_cart.1.x7k2@node-1    | ${line}`, 'shop_cart'],
  ['timestamps', (line) => `${runtime} ${line}`, 'unknown'],
  ['prefix, then timestamps', (line) => `[pod/cart-0/server] ${runtime} ${line}`, 'cart'],
  ['compose, then timestamps', (line) => `cart-1  | ${runtime} ${line}`, 'cart'],
  ['colours and compose', (line) => `\u001b[36mcart-1  |\u001b[0m ${line}`, 'cart'],
  ['Docker around compose', (line) => dockerLine(`cart-1  | ${line}\n`), 'cart'],
  ['Fluent Bit around timestamps', (line) => fluentBit(`${runtime} ${line}`, { container_name: 'cart' }), 'cart'],
  ['syslog', (line) => `Jan 29 08:51:25 web-1 cart[7]: ${line}`, 'cart'],
  ['RFC 5424', (line) => `<14>1 ${runtime} web-1 cart 7 - - ${line}`, 'cart'],
  ['syslog around timestamps', (line) => `Jan 29 08:51:25 web-1 cart[7]: ${runtime} ${line}`, 'cart'],
];

describe.each(around)('%s', (_, wrap, service) => {
  test.each(bare)('%s', (line) => {
    const [alone, log] = [parse(line), parse(wrap(line))];
    expect(log).toMatchObject({ level: 'ERROR', message: alone.message, timestamp: own, service });
    expect(log.format).toBe(alone.format);
    expect(log.parsed_fields).toMatchObject(alone.parsed_fields);
  });
});

/** A time without the decimals of a runtime is an outer one only where a header of its own stands behind it. */
describe.each(['2026-01-29T08:51:25Z ', '[2026-01-29T08:51:25Z] ', '2026-01-29T08:51:25Z | '])('%s', (outer) => {
  test.each(bare.filter((line) => !line.startsWith('10.')))('%s', (line) => {
    const { message, format, parsed_fields } = parse(line);
    expect(parse(`${outer}${line}`)).toMatchObject({ level: 'ERROR', message, format, timestamp: own, parsed_fields });
  });
});

describe('the outer stands in', () => {
  test('the time', () => {
    const log = parse(`${runtime} {"level":"error","msg":"no stock"}`);
    expect(log).toMatchObject({ timestampText: runtime, timestampSource: 'envelope' });
    expect(parse(`${runtime} 08:51:24.319 [main] ERROR shop.Cart - no stock`).timestamp).toBe(own + 1_946);
  });

  test('the level and the host', () => {
    const log = parse('<11>Jan 29 08:51:24 web-1 cart[7]: {"msg":"no stock"}');
    expect(log).toMatchObject({ level: 'ERROR', message: 'no stock', format: 'json' });
    expect(log.parsed_fields).toMatchObject({ 'host.hostname': 'web-1', 'process.pid': 7 });
    expect(parse('<11>Jan 29 08:51:24 web-1 cart[7]: level=debug msg=x').level).toBe('DEBUG');
  });

  test('pod and container are kept', () => {
    const fields = { 'kubernetes.pod.name': 'cart-75ff987878-kh56q', 'kubernetes.container.name': 'server' };
    expect(parse('[pod/cart-75ff987878-kh56q/server] ok').parsed_fields).toMatchObject(fields);
    expect(parse('cart-75ff987878-kh56q server ok').parsed_fields).toMatchObject(fields);
    expect(parse('cart-1  | ok').parsed_fields).toEqual({ 'container.name': 'cart-1' });
  });
});

describe('a message that is a line', () => {
  test.each([
    ['a record', { severity: 'INFO', message: '{"level":"error","msg":"no stock"}' }],
    ['a line of text', { message: '[2026-01-29 08:51:24] ERROR no stock' }],
    ['a level', { message: '[error] no stock' }],
  ])('%s', (_, record) => {
    expect(parse(JSON.stringify(record))).toMatchObject({ level: 'ERROR', message: 'no stock' });
  });

  test.each([
    ['prose', { message: 'no ERROR here' }],
    ['data', { level: 'info', message: '{"item":7}' }],
    ['half a record', { level: 'info', message: '{"item":7},{}' }],
  ])('none: %s', (_, record) => {
    expect(parse(JSON.stringify(record)).message).toBe(record.message);
  });
});

test('a word far behind a time is no level of a line inside', () => {
  const text =
    '2026-01-29 08:51:24.967 Agent[42/0x7000] [lvl=2] +[Verifier verifyBundle:applicationId:error:] checking';
  expect(parse(`Jan 29 08:51:25 mac-1 Agent[42]: ${text}`)).toMatchObject({ level: null, message: text });
});

test.each([
  'INFO | worker-1 | done',
  'cart | 7 | 12.50',
  'ERROR  | no stock',
  'kube-proxy started in 3 s',
  're-2 ran re',
  '[main] ready',
  '[worker-12345] ready',
  '[build-house] ready',
  '2026-01-29T08:51:24Z ready',
])('no wrapper: %s', (line) => {
  const log = parse(line);
  expect(log.service).toBe('unknown');
  expect(log.parsed_fields).not.toHaveProperty('container.name');
  expect(log.parsed_fields).not.toHaveProperty('kubernetes.pod.name');
});

test('wrappers without end are taken off up to a bound', () => {
  const log = parse(`${'cart-1  | '.repeat(50)}x`);
  expect(log.message).toBe(`${'cart-1  | '.repeat(44)}x`);
  const deep = '<14>Jan 29 08:51:24 web-1 cart[7]: '.repeat(5_000);
  expect(parse(`${deep}x`).level).toBe('INFO');
});

describe('the joiner', () => {
  const trace = [
    'Traceback (most recent call last):',
    '  File "/app/a.py", line 3, in f',
    '    g()',
    'ValueError: bad',
  ];
  const joined = (lines: readonly string[]): number[] => {
    const joiner = new LineJoiner();
    return [...lines.map((line) => joiner.push(line)), joiner.flush()].flatMap((event) => event?.length ?? []);
  };

  test.each(around.slice(0, 12))('%s: a trace is one event', (_, wrap) => {
    const lines = [...trace.map(wrap), wrap('INFO:     ready')];
    expect(joined(lines)).toEqual([4, 1]);
    const log = parse(lines.slice(0, 4).join('\n'));
    expect(log).toMatchObject({ level: 'ERROR' });
    expect(log.parsed_fields).toMatchObject({ 'error.type': 'ValueError', 'error.message': 'bad' });
    expect(log.message).not.toContain('cart');
  });

  test('lines of another container are no part of it', () => {
    const lines = ['cart-1  | Traceback (most recent call last):', 'db-1    |   a table', 'cart-1  |   File "a.py"'];
    expect(joined(lines)).toEqual([1, 1, 1]);
  });

  test('a line of text behind the time of a runtime begins an event', () => {
    expect(joined([`${runtime} ready`, `${runtime}  * Running`, `${runtime} ERROR no stock`])).toEqual([1, 1, 1]);
  });

  test('behind the time of a runtime a trace is apart from the text before it', () => {
    const trace = ['java.lang.IllegalStateException: none', '\tat shop.Cart.add(Cart.java:12)'];
    const lines = ['handled order 10', 'handled order 11', ...trace, 'handled order 12'];
    expect(joined(lines.map((line) => `${runtime} ${line}`))).toEqual([1, 1, 2, 1]);
  });
});
