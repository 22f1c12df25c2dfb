/** TLS and SASL with a real broker that has a listener for each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error a plain script without types
import { ensure, shortLived, startBroker } from '../../../scripts/kafka.mjs';
import { systemClock } from '../../../time/clock.ts';
import { type KafkaOptions, kafkaTopics, type Sasl, type Tls } from '../../../topics/kafka/kafka.ts';
import { loadNative, NativeCalls, nativeConfig } from '../../../topics/kafka/native.ts';
import { drain, record, refused } from '../../conformance/topics-steps.ts';
import { transaction } from '../../conformance/topics-transactions.ts';
import { millrace } from '../../support/command.ts';
import { authority } from '../../support/servers/certificates.ts';

interface Broker {
  readonly ports: Readonly<Record<'broker' | 'SECURE' | 'MUTUAL' | 'STRANGE', number>>;
  stop(): Promise<void>;
}

const known = authority('Millrace Test');
const stranger = authority('Another Authority');
/** Its password has what a URL must write otherwise, and a letter that SASLprep would change. */
const ada = { username: 'ada', password: 'p@ss:w/rd?%ﬁ' };
const bob = { username: 'bob', password: 'in-the-clear' };
const users: Readonly<Record<Sasl['mechanism'], Omit<Sasl, 'mechanism'>>> = {
  plain: bob,
  'scram-sha-256': ada,
  'scram-sha-512': ada,
};

const foreign = process.env['KAFKA_URL'] !== undefined;
const title = `TLS and SASL${foreign ? ' (skipped: the broker of KAFKA_URL has listeners of its own)' : ''}`;

describe.skipIf(foreign)(title, () => {
  let dir: string;
  let broker: Broker;

  beforeAll(async () => {
    await ensure();
    dir = mkdtempSync(join(tmpdir(), 'millrace-kafka-secure-'));
    const file = (name: string, ...texts: readonly string[]) => {
      writeFileSync(join(dir, name), texts.join(''));
      return join(dir, name);
    };
    const here = known.issue('broker', ['127.0.0.1']);
    const elsewhere = known.issue('elsewhere', ['kafka.example']);
    const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
    broker = (await startBroker({
      dir: join(dir, 'broker'),
      java: shortLived,
      listeners: { SECURE: 'SASL_SSL', MUTUAL: 'SSL', STRANGE: 'SSL' },
      users: [256, 512].map((bits) => `SCRAM-SHA-${bits}=[name=${ada.username},password=${ada.password}]`),
      settings: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': file('here.pem', here.key, here.cert),
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': file('authority.pem', known.cert),
        'listener.name.mutual.ssl.client.auth': 'required',
        'listener.name.strange.ssl.keystore.location': file('elsewhere.pem', elsewhere.key, elsewhere.cert),
        'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.secure.plain.sasl.jaas.config': `${plain} user_${bob.username}="${bob.password}";`,
        'listener.name.secure.scram-sha-256.sasl.jaas.config': scram,
        'listener.name.secure.scram-sha-512.sasl.jaas.config': scram,
      },
    })) as Broker;
  }, 300_000);

  afterAll(async () => {
    await broker?.stop();
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  });

  const at = (listener: keyof Broker['ports'], host = '127.0.0.1') => `${host}:${broker.ports[listener]}`;
  // The stranger comes first: all authorities of a bundle count.
  const trusting: Tls = { ca: stranger.cert + known.cert };
  const opened = (brokers: string, rest: Partial<KafkaOptions>) =>
    kafkaTopics({ brokers: [brokers], timeoutMs: 20_000, ...rest });
  const secured = (mechanism: Sasl['mechanism'], rest: Partial<Sasl> = {}) =>
    opened(at('SECURE'), { tls: trusting, sasl: { mechanism, ...users[mechanism], ...rest } });

  /** A transaction is written, read as committed, and its place in the group's offsets; a member gets its partition. */
  async function useAll(topics: Awaited<ReturnType<typeof kafkaTopics>>, name: string): Promise<void> {
    const fresh = (word: string) => `${word}-${name}`;
    await topics.create({ name, partitions: 1 });
    const member = await topics.join(fresh('group'), [name]);
    while (member.poll()?.kind !== 'assigned') await setImmediate();
    await member.answer();
    const producer = await topics.producer(name);
    const offsets = [{ topic: name, partition: 0, offset: 7 }];
    await producer.transact(transaction(fresh, { records: [record(name, 0, 'kept')], offsets }));
    await topics.append([record(name, 0, 'alone')]);
    expect(await drain(topics, name)).toEqual(['kept', 'alone']);
    expect(await topics.committed(fresh('group'), offsets)).toEqual([7]);
    await producer.close();
    await member.leave();
  }

  test.each(Object.keys(users) as Sasl['mechanism'][])('writes, reads and groups work with %s', async (mechanism) => {
    const topics = await secured(mechanism);
    await useAll(topics, `by-${mechanism}`);
    await topics.close();
  });

  test('writes, reads and groups work with a certificate of the client', async () => {
    const { cert, key } = known.issue('client');
    const topics = await opened(at('MUTUAL'), { tls: { ...trusting, cert, key } });
    await useAll(topics, 'by-certificate');
    await topics.close();
  });

  test('a client without the certificate that is asked for is refused', async () => {
    await expect(opened(at('MUTUAL'), { tls: trusting })).rejects.toThrow(
      /^KAFKA_REFUSED: .* refused the TLS handshake: .*does it ask for a client certificate/,
    );
  });

  test.each(Object.keys(users) as Sasl['mechanism'][])(
    'a wrong password is told with the user, by %s',
    async (name) => {
      const wrong = await secured(name, { password: 'not-the-password' }).catch((error: unknown) => error);
      expect(wrong).toEqual(refused('KAFKA_REFUSED'));
      expect(String(wrong)).toContain(`the login of user '${users[name].username}' by ${name.toUpperCase()}`);
      const { message, detail, stack, cause } = wrong as Error & { detail: unknown };
      expect(JSON.stringify([message, detail, stack, String(cause)])).not.toContain('not-the-password');
    },
  );

  test('a broker whose authority is unknown is not trusted, and that is said at once', async () => {
    const doubt = /^KAFKA_UNTRUSTED: 127.0.0.1:\d+ is not trusted: .* signed by an authority that is not known here/;
    const sasl: Sasl = { mechanism: 'plain', ...bob };
    await expect(opened(at('SECURE'), { tls: { ca: stranger.cert }, sasl })).rejects.toThrow(doubt);
    await expect(opened(at('SECURE'), { tls: true, sasl })).rejects.toThrow(doubt);
  });

  test('a broker whose certificate is for another host is not trusted', async () => {
    const doubt = /^KAFKA_UNTRUSTED: .* its certificate is for another host/;
    await expect(opened(at('STRANGE'), { tls: trusting })).rejects.toThrow(doubt);
    await expect(opened(at('STRANGE', 'localhost'), { tls: trusting })).rejects.toThrow(doubt);
  });

  test('librdkafka trusts no broker that our own connections do not', async () => {
    const { Producer } = await loadNative();
    const connect = (brokers: string, tls: boolean | Tls) => {
      const settings = { clientId: 'test', readAheadBytes: 0, compression: 'none', clock: systemClock, tls } as const;
      const native = { ...settings, brokers: [brokers], timeoutMs: 2_000 };
      const producer = new Producer(nativeConfig(native), {});
      const calls = new NativeCalls(native);
      return calls.connect(producer).finally(() => calls.leave((done) => producer.disconnect(1, done)));
    };
    await expect(connect(at('STRANGE'), trusting)).rejects.toEqual(refused('KAFKA_UNREACHABLE'));
    const { cert, key } = known.issue('client');
    await expect(connect(at('MUTUAL'), { ca: stranger.cert, cert, key })).rejects.toEqual(refused('KAFKA_UNREACHABLE'));
    await expect(connect(at('MUTUAL'), { ca: known.cert, cert, key })).resolves.toBeUndefined();
  });

  test('certificates that are none are refused before a broker is called', async () => {
    const { cert } = known.issue('client');
    const tries: readonly Tls[] = [
      { ca: 'nonsense' },
      { cert },
      { cert, key: stranger.key },
      { cert, key: 'nonsense' },
    ];
    for (const tls of tries) await expect(opened('127.0.0.1:1', { tls })).rejects.toEqual(refused('OPTION_INVALID'));
  });

  describe('the command', () => {
    const job = join(import.meta.dirname, '..', '..', '..', 'jobs', 'error-spikes.ts');
    const lag = (mechanism: string, password = ada.password) => {
      const url = `kafkas://ada:${encodeURIComponent(password)}@${at('SECURE')}?mechanism=${mechanism}`;
      return millrace(['lag', job], { env: { KAFKA_URL: url, KAFKA_CA: join(dir, 'authority.pem') } });
    };

    test('takes mechanism and authority from the environment', async () => {
      // It got as far as to ask for the job's input, which does not exist.
      const { err } = await lag('scram-sha-512');
      expect(err).toContain("TOPIC_MISSING: topic 'logs'");
    });

    test('names the user that could not log in, and not the password', async () => {
      const { code, err } = await lag('scram-sha-256', 'wrong-secret');
      expect([code, err]).toEqual([1, expect.stringMatching(/KAFKA_REFUSED: .*user 'ada' by SCRAM-SHA-256/)]);
      expect(err).not.toContain('wrong-secret');
    });
  });
});
