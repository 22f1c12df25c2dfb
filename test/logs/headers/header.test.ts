/** Headers of lines that no format knows: what each piece is for, whatever the order and the separators. */
import { describe, expect, it } from 'vitest';
import { type Shape, shapeOf } from '../../../logs/headers/shapes.ts';
import { logParser } from '../../../logs/parser.ts';

const parser = logParser({});
const now = Date.UTC(2026, 1, 1);
const read = (line: string) => {
  const { message, level, parsed_fields: fields, service, trace_id } = parser.parse(line, line, now);
  return { message, level, fields, service, trace_id };
};

describe('pieces of a header', () => {
  it.each<[line: string, level: string | null, message: string, fields: Readonly<Record<string, unknown>>]>([
    [
      '2026-01-29 08:51:24,967 WARN [org.shop.Cart] (Import Boot Thread) PAY0042: slow',
      'WARN',
      'PAY0042: slow',
      { 'log.logger': 'org.shop.Cart', 'process.thread.name': 'Import Boot Thread' },
    ],
    [
      'ERROR [WriteStage-2] 2026-01-29 08:51:24,967 Proxy.java:123 - no quorum',
      'ERROR',
      'no quorum',
      { 'process.thread.name': 'WriteStage-2', 'log.origin.file.name': 'Proxy.java', 'log.origin.file.line': 123 },
    ],
    [
      '[2026-01-29T08:51:24.967+0000] {job.py:18} ERROR - failed',
      'ERROR',
      'failed',
      { 'log.origin.file.name': 'job.py', 'log.origin.file.line': 18 },
    ],
    [
      'INFO 7 --- [worker-3] c.e.shop.Cart : ready',
      'INFO',
      'ready',
      { 'process.pid': 7, 'process.thread.name': 'worker-3', 'log.logger': 'c.e.shop.Cart' },
    ],
    ['[DEBUG 2026-01-29 08:51:24 main] two of 3', 'DEBUG', 'two of 3', { 'process.thread.name': 'main' }],
    ['[2026-01-29 08:51:24.678] [billing] [warning] late', 'WARN', 'late', { 'log.logger': 'billing' }],
    ['[E] gone', 'ERROR', 'gone', {}],
    ['####<Jan 29, 2026 8:51:24 AM UTC> <Error> <HTTP> gone', 'ERROR', 'gone', { 'log.logger': 'HTTP' }],
    ['*** 2026-01-29 08:51:24 ERROR gone', 'ERROR', 'gone', {}],
    ['2026-01-29 08:51:24 Logon       Error: 18456, gone', 'ERROR', 'Error: 18456, gone', { 'log.logger': 'Logon' }],
    ['E0129 08:51:24.769 cart[7] gone', 'ERROR', 'cart[7] gone', {}],
    ['2026-01-29 08:51:24 shop ERROR gone', 'ERROR', 'shop ERROR gone', {}],
    ['2026-01-29 08:51:24 two words | ERROR | gone', 'ERROR', 'two words | ERROR | gone', {}],
    ['2026-01-29 08:51:24 two words  ERROR  gone', 'ERROR', 'two words  ERROR  gone', {}],
    ['2026-01-29 08:51:24 it went on after ERROR from db', null, 'it went on after ERROR from db', {}],
    ['2026-01-29 08:51:24 one typed "error" twice', null, 'one typed "error" twice', {}],
    ['2026-01-29 08:51:24 as it was LL="ERROR" gone', 'ERROR', 'as it was LL="ERROR" gone', {}],
    ['2026-01-29 08:51:24 request ended with error: gone', 'ERROR', 'request ended with error: gone', {}],
    ['2026-01-29 08:51:24 kube.cart: {"log":"ERROR gone"}', 'ERROR', 'ERROR gone', { 'log.logger': 'kube.cart' }],
    ['>> two of 3', null, '>> two of 3', {}],
    ['janv. 29 08:51:24 ERROR gone', 'ERROR', 'gone', {}],
    ['[2026-01-29 08:51:24 +0200] warning/Mailer: two left', 'WARN', 'two left', { 'log.logger': 'Mailer' }],
    [
      '01/29/2026 08:51:24.509 402 E Camera: no film',
      'ERROR',
      'no film',
      { 'process.pid': 402, 'log.logger': 'Camera' },
    ],
    [
      '2026-01-29 08:51:24,206 ERROR 5d9073b1-9f90-42c1-b7a2-d5a6c13f2669 [exec-3] a.b.Pay: no',
      'ERROR',
      'no',
      {
        'http.request.id': '5d9073b1-9f90-42c1-b7a2-d5a6c13f2669',
        'process.thread.name': 'exec-3',
        'log.logger': 'a.b.Pay',
      },
    ],
    ['kern  :err   : [Thu Jan 29 08:51:24 2026] disk: gone', 'ERROR', 'disk: gone', { 'log.logger': 'kern' }],
    [
      'Jan 29 08:51:24.100: %LINK-3-UPDOWN: Interface 7 down',
      'ERROR',
      'Interface 7 down',
      { 'event.code': 'LINK-3-UPDOWN' },
    ],
    ['2026-01-29 08:51:24.99 spid51      Starting up', null, 'Starting up', { 'log.logger': 'spid51' }],
    [
      'W20260129 08:51:24.967123 1234 cart.cc:42] slow',
      'WARN',
      'slow',
      { 'process.pid': 1234, 'log.origin.file.name': 'cart.cc', 'log.origin.file.line': 42 },
    ],
    [
      '2026-01-29 08:51:24 | FATAL | billing:charge:17 | card gone',
      'FATAL',
      'card gone',
      { 'log.logger': 'billing', 'log.origin.function': 'charge', 'log.origin.file.line': 17 },
    ],
    [
      '2026-01-29T08:51:24Z [pid 42] [client 10.0.0.7:80] <error> no',
      'ERROR',
      'no',
      { 'process.pid': 42, 'source.ip': '10.0.0.7', 'source.port': 80 },
    ],
  ])('%s', (line, level, message, fields) => {
    const log = read(line);
    delete log.fields['log.level'];
    expect(log).toMatchObject({ level, message });
    expect(log.fields).toEqual(fields);
  });

  it('takes service and trace out of pairs in brackets', () => {
    const line = `2026-01-29 08:51:24 ERROR [main] [a.py:7] [trace_id=${'0af7'.repeat(8)} service.name=cart] - no stock`;
    expect(read(line)).toMatchObject({ service: 'cart', trace_id: '0af7'.repeat(8), message: 'no stock' });
  });

  it('leaves to the message what is its own', () => {
    for (const message of [
      'Received ERROR from upstream',
      'user 77: login failed',
      '{"level":"error"}',
      '[**] scan',
      'order-7781: paid and sent',
    ]) {
      expect(read(`[2026-01-29 08:51:24] INFO - ${message}`).message, message).toBe(message);
    }
  });

  it.each<[line: string, level: string | null, message: string]>([
    ['[2026-01-29T08:51:24.967] [WARN] billing - two left', 'WARN', 'two left'],
    ['[1769676684] HOST ALERT: web-1;DOWN', null, 'HOST ALERT: web-1;DOWN'],
    ['[WARN] usb-hub: one port left', 'WARN', 'usb-hub: one port left'],
    ['2026-01-29 08:51:24 [ERROR] vault: sealed', 'ERROR', 'vault: sealed'],
    ['2026-01-29 08:51:24 ERROR Collector: stopped', 'ERROR', 'stopped'],
    ['done: 120 ok, error: 0', null, 'done: 120 ok, error: 0'],
    ['=CRASH REPORT==== 29-Jan-2026::08:51:24.967 ===', 'ERROR', '=CRASH REPORT==== 29-Jan-2026::08:51:24.967 ==='],
  ])('a header that another format resembles: %s', (line, level, message) => {
    const log = parser.parse(line, line, now);
    expect(log).toMatchObject({ level, message });
    expect(log.timestampSource).toBe(line.includes('2026') || line.includes('176') ? 'line' : 'ingest');
  });

  it('believes the inner of two times', () => {
    const line = 'INFO | jvm 1 | 2026/01/29 08:51:24 | 2026-01-29 08:51:23,077 [worker-8] ERROR shop.Tasks - failed';
    const log = parser.parse(line, 'jvm', now);
    expect(log).toMatchObject({ level: 'ERROR', message: 'failed', timestamp: Date.UTC(2026, 0, 29, 8, 51, 23, 77) });
  });

  it('takes columns off behind the message, too', () => {
    const log = read('2026-01-29 08:51:24,139 | WARN  | Peer a|b: gone | org.shop.net.Peer | Transport: tcp:42');
    expect(log).toMatchObject({ message: 'Peer a|b: gone' });
    expect(log.fields).toMatchObject({ 'log.logger': 'org.shop.net.Peer', 'process.thread.name': 'Transport: tcp:42' });
  });

  it('never takes the whole line for its header', () => {
    expect(read('[error] a.b.Cart - boom').message).toBe('boom');
  });
});

it.each<[text: string, shape: Shape]>([
  ['', 'empty'],
  ['42', 'number'],
  ['0x7f8b', 'hex'],
  ['0000004a', 'hex'],
  ['5d9073b1-9f90-42c1-b7a2-d5a6c13f2669', 'id'],
  ['10.0.0.7', 'address'],
  ['10.0.0.7:4242', 'address'],
  ['src/cart.go:42', 'place'],
  ['Cart#7', 'place'],
  ['a=1', 'pair'],
  ['a=1 b=2', 'phrase'],
  ['shop.Cart', 'dotted'],
  ['shop::cart', 'dotted'],
  ['worker-7', 'name'],
  ['MainThread', 'name'],
  ['declined', 'word'],
  ['Boot Thread', 'phrase'],
  ['"cart"', 'other'],
  ['08:51', 'other'],
])('%s is a %s', (text, shape) => {
  expect(shapeOf(text, 0, text.length)).toBe(shape);
});

describe('what has no format of its own', () => {
  const read = (line: string) => logParser({}).parse(line, 's', Date.UTC(2026, 3));

  it.each([
    ['2026-01-29 08:51:24.967123+00:00 [warning] <0.222.0> no stock', 'WARN', { 'erlang.process.id': '0.222.0' }],
    ['=ERROR REPORT==== 29-Jan-2026::08:51:24 ===\nno stock', 'ERROR', {}],
    ['=== ERROR 2026-01-29 08:51:24 === no stock', 'ERROR', {}],
    ['[2026-01-29 08:51:24,967: WARNING/MainProcess] no stock', 'WARN', { 'process.thread.name': 'MainProcess' }],
    ['2026-01-29 08:51:24 INFO [1.2.3] no stock', 'INFO', {}],
  ])('%s', (line, level, fields) => {
    const { format, message, parsed_fields, ...log } = read(line);
    const { 'log.level': _, ...others } = parsed_fields;
    expect([format, log.level, message.trim(), others]).toEqual(['text', level, 'no stock', fields]);
    expect(log.timestampSource).toBe('line');
  });
});

it('a line is not all header: a bracket at its end is what it says', () => {
  const read = (line: string) => logParser({}).parse(line, 's', Date.UTC(2026, 3));
  expect(read('[2026/03/04 10:00:00.123 +08:00] [INFO] [cart.go:42] [ready]')).toMatchObject({
    level: 'INFO',
    message: '[ready]',
  });
  expect(read('[2026/03/04 10:00:00.123 +08:00] [WARN]')).toMatchObject({ level: 'WARN', message: '' });
});
