import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kafkaOptions } from '../../../cli/parts/servers.ts';
import { systemClock as clock } from '../../../time/clock.ts';

const none = { KAFKA_CA: undefined, KAFKA_CERT: undefined, KAFKA_KEY: undefined };
const options = (url: string, files: Partial<Record<keyof typeof none, string>> = {}) =>
  kafkaOptions(url, { ...none, ...files }, clock);

const dir = mkdtempSync(join(tmpdir(), 'millrace-test-'));
function file(name: string, kind: string): string {
  writeFileSync(join(dir, name), `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----\n`);
  return join(dir, name);
}
const ca = file('ca', 'CERTIFICATE');
const cert = file('cert', 'CERTIFICATE');
const key = file('key', 'PRIVATE KEY');

describe('KAFKA_URL', () => {
  test('names brokers, and nothing else unless it says so', () => {
    const plain = { brokers: ['a:9092', 'b:9093'], clock, tls: false };
    expect(options('a:9092,b:9093')).toEqual(plain);
    expect(options('kafka://a:9092,b:9093/')).toEqual(plain);
    expect(options('kafkas://a:9092,b:9093')).toEqual({ ...plain, tls: true });
  });

  test('names user and password, written as in every URL, and the mechanism', () => {
    const sasl = { mechanism: 'plain', username: 'a:da', password: 'p@ss/w?d%' };
    expect(options('kafka://a%3Ada:p%40ss%2Fw%3Fd%25@a:1')).toMatchObject({ brokers: ['a:1'], sasl });
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      expect(options(`kafkas://ada:x@a:1?mechanism=${mechanism}`)).toMatchObject({ sasl: { mechanism } });
      expect(options(`kafkas://ada:x@a:1/?mechanism=${mechanism.toUpperCase()}`)).toMatchObject({
        sasl: { mechanism },
      });
    }
  });

  test.each([
    ['kafka://ada:hidden@a:1?mechanism=gssapi', "asks for 'gssapi', not one of plain, scram-sha-256, scram-sha-512"],
    ['kafka://ada:hidden@a:1?mechanisms=plain', 'has more than mechanism=… behind its ?'],
    ['kafka://ada:x?hidden@a:1', 'write a ? of a password as %3F'],
    ['kafka://a:1?mechanism=plain', 'has no user:password@'],
    ['kafka://ada:hidden%@a:1', 'write it as %25'],
    ['kafka://ada:hidden@x@a:1', 'must look like host:port,host:port'],
    ['http://ada:hidden@a:1', 'must look like host:port,host:port'],
  ])('%s is refused without repeating a password', (url, reason) => {
    const refusal = () => options(url);
    expect(refusal).toThrow(/^USAGE: KAFKA_URL /);
    expect(refusal).toThrow(reason);
    expect(refusal).not.toThrow('hidden');
  });
});

describe('files for TLS', () => {
  test('are read', () => {
    const { tls } = options('kafkas://a:1', { KAFKA_CA: ca, KAFKA_CERT: cert, KAFKA_KEY: key });
    const text = expect.stringContaining('-----BEGIN');
    expect(tls).toEqual({ ca: text, cert: text, key: text });
    expect(options('kafkas://a:1', { KAFKA_CA: ca }).tls).toEqual({ ca: text });
  });

  test.each([
    [{ KAFKA_CA: join(dir, 'none') }, /^FILE_UNREADABLE: .*ENOENT.*KAFKA_CA names it$/],
    [{ KAFKA_CA: dir }, /^FILE_UNREADABLE: .*KAFKA_CA names it$/],
    [{ KAFKA_CA: key }, /^FILE_UNREADABLE: .*it holds no certificate in PEM; KAFKA_CA names it$/],
    [{ KAFKA_CERT: cert, KAFKA_KEY: ca }, /^FILE_UNREADABLE: .*it holds no private key in PEM; KAFKA_KEY names it$/],
    [{ KAFKA_CERT: cert }, /^USAGE: KAFKA_CERT and KAFKA_KEY go together/],
    [{ KAFKA_KEY: key }, /^USAGE: KAFKA_CERT and KAFKA_KEY go together/],
  ])('%j is refused', (files, reason) => {
    expect(() => options('kafkas://a:1', files)).toThrow(reason);
  });

  test('are refused where the URL asks for no TLS: nothing would be kept secret with them', () => {
    expect(() => options('kafka://a:1', { KAFKA_CA: ca })).toThrow(/^USAGE: KAFKA_CA is set, but KAFKA_URL does not/);
  });
});
