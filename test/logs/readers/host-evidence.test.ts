/**
 * A word becomes a host, a program or a service only where its shape and the other lines of its source support it.
 */
import { describe, expect, test } from 'vitest';
import { logParser } from '../../../logs/parser.ts';
import { fluentBit, ingest, parse } from '../../support/lines-of.ts';

const at = '2026-01-29T08:51:24Z';

describe('no header of syslog', () => {
  test.each([
    ['ERROR order-7:payment declined', 'ERROR', 'order-7:payment declined'],
    ['ERROR http://pay:8080/x: 503', 'ERROR', 'http://pay:8080/x: 503'],
    ['ERROR GET:/cart failed', 'ERROR', 'GET:/cart failed'],
    ['ERROR "cart": no stock', 'ERROR', '"cart": no stock'],
    ['ERROR err=timeout: no stock', 'ERROR', 'err=timeout: no stock'],
    ['WARN pool#3: exhausted', 'WARN', 'pool#3: exhausted'],
    ['order 12345: paid', null, 'order 12345: paid'],
    ['Connecting to: db', null, 'Connecting to: db'],
    ["user 'ada': signed in", null, "user 'ada': signed in"],
    ['main {"id":7}', null, 'main {"id":7}'],
    ['tenant a/b: moved', null, 'tenant a/b: moved'],
  ])('%s', (text, level, message) => {
    expect(parse(`${at} ${text}`)).toMatchObject({ level, message, service: 'unknown', timestampSource: 'line' });
  });

  test('a word that stands there once and again is none as long as it looks like none', () => {
    const parser = logParser({});
    for (let i = 0; i < 20; i++)
      expect(parser.parse(`${at} Connecting to: db${i}`, 'app.log', ingest).service).toBe('unknown');
  });
});

test('a number is no program', () => {
  expect(parse('Jan 29 08:51:24 web-1 42: no stock')).toMatchObject({
    service: 'unknown',
    message: 'web-1 42: no stock',
  });
});

describe('a header of syslog', () => {
  test.each([
    ['Jan 29 08:51:24 web-1 cart: no stock', 'cart'],
    ['<11>Jan 29 08:51:24 web-1 cart: no stock', 'cart'],
    ['2026-01-29T08:51:24Z web-1 cart[7]: no stock', 'cart'],
    ['2026-01-29 08:51:24 web-1 postfix/smtpd[7]: no stock', 'postfix/smtpd'],
    ['2026-01-29T08:51:24.967+01:00 web-1 cart: no stock', 'cart'],
    ['Jan 29 08:51:24 web-1 ansible-<stdin>: no stock', 'ansible-<stdin>'],
    ['Jan 29 08:51:24 cart: no stock', 'cart'],
    ['<11>Jan 29 08:51:24 cart: no stock', 'cart'],
  ])('%s', (line, service) => {
    expect(parse(line)).toMatchObject({ service, message: 'no stock', format: 'syslog' });
  });

  test('a level is neither host nor program', () => {
    expect(parse('Jan 29 08:51:24 ERROR cart: no stock')).toMatchObject({ level: 'ERROR', service: 'unknown' });
    expect(parse('Jan 29 08:51:24 web-1 ERROR: no stock')).toMatchObject({ level: 'ERROR', service: 'unknown' });
  });

  test('a line that leaves doubt counts when another line of its source named the host', () => {
    const parser = logParser({});
    const service = (line: string, source = 'a') => parser.parse(line, source, ingest).service;
    expect(service(`${at} web-1 kernel: eth0 up`)).toBe('unknown');
    expect(service(`${at} web-1 cart[7]: ready`)).toBe('cart');
    expect(service(`${at} web-1 kernel: eth0 up`)).toBe('kernel');
    expect(service(`${at} web-1 kernel: eth0 up`, 'b')).toBe('unknown');
    expect(service(`${at} order to: db`)).toBe('unknown');
  });

  test('a word that looks like a host counts when it has stood in its place in line after line', () => {
    const parser = logParser({});
    const service = (line: string) => parser.parse(line, 'a', ingest).service;
    const seen = [1, 2, 3, 4].map((i) => service(`${at} web-1 kernel: eth${i} up`));
    expect(seen).toEqual(['unknown', 'unknown', 'unknown', 'kernel']);
    service(`${at} order-7 cart: paid`);
    expect(service(`${at} web-1 kernel: eth0 up`)).toBe('unknown');
  });
});

test('what a shipper knows of a container counts more than a program in its line', () => {
  const pod = { container_name: 'pay', labels: { app: 'payments' } };
  const log = parse(fluentBit('<11>Jan 29 08:51:24 web-1 cart[7]: no stock', pod));
  expect(log).toMatchObject({ service: 'payments', level: 'ERROR' });
  expect(log.parsed_fields['process.name']).toBe('cart');
  const formats = [{ name: 'mine', pattern: '%{WORD:service.name} says %{GREEDYDATA:message}' }];
  expect(parse(fluentBit('cart says no', pod), { formats })).toMatchObject({ service: 'cart', message: 'no' });
});
