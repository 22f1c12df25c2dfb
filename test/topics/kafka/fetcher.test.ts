/**
 * A log that is not the one that was read: after an unclean election records are gone that were counted. The epochs of
 * leaders show it, and reading on would skip or double without a word.
 */
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { Cluster } from '../../../topics/kafka/cluster.ts';
import { Fetcher } from '../../../topics/kafka/fetcher.ts';
import { code } from '../../../topics/kafka/protocol/codes.ts';
import { values } from '../../conformance/topics-steps.ts';
import { batch } from '../../support/kafka-batches.ts';
import { type Answer, type Asked, type BrokerOptions, kafkaBroker } from '../../support/kafka-broker.ts';

const at = { topic: 't', partition: 0 };
const plenty = { maxRecords: 100, maxBytes: 1_000_000 };
const leaderEpoch = 7;
/** Two records at 10 and 11, written under epoch 5. */
const read = () => batch({ baseOffset: 10, leaderEpoch: 5, records: [{ value: 'a' }, { value: 'b' }] });

/** A reader of a broker that holds the two records, and answers as `then` says when it is asked for what follows. */
async function reading(then: (asked: Asked) => Answer, rest: Partial<BrokerOptions> = {}) {
  const asked: Asked[] = [];
  const broker = await kafkaBroker({
    topic: 't',
    leaderEpoch,
    range: { begin: 0, end: 12 },
    endOf: () => 12,
    onFetch(question) {
      asked.push(question);
      return question.offset < 12 ? { records: read() } : then(question);
    },
    ...rest,
  });
  const common = { clientId: 'test', timeoutMs: 10_000, readAheadBytes: 1 << 20, compression: 'none' } as const;
  const cluster = new Cluster({ ...common, clock: new ManualClock(), brokers: [broker.url] });
  onTestFinished(async () => {
    await cluster.close();
    broker.close();
  });
  return { asked, epochs: broker.epochs, fetcher: new Fetcher(cluster) };
}

test('a reader says under which epoch it asks, and under which its last record was written', async () => {
  const { asked, fetcher } = await reading(() => ({}));
  expect(values((await fetcher.fetch(at, 10, plenty))!)).toEqual(['a', 'b']);
  expect(await fetcher.fetch(at, 12, plenty)).toBeUndefined();
  expect(asked[0]).toEqual({ leaderEpoch, offset: 10, lastEpoch: -1 });
  expect(asked[1]).toEqual({ leaderEpoch, offset: 12, lastEpoch: 5 });
  // At another position nothing is known of the record before it.
  expect(values((await fetcher.fetch(at, 11, plenty))!)).toEqual(['b']);
  expect(asked.find(({ offset }) => offset === 11)).toEqual({ leaderEpoch, offset: 11, lastEpoch: -1 });
});

test('a log that went another way is a stop behind what was read', async () => {
  const { fetcher } = await reading(() => ({ diverging: { epoch: 4, end: 8 } }));
  expect(values((await fetcher.fetch(at, 10, plenty))!)).toEqual(['a', 'b']);
  await expect(fetcher.fetch(at, 12, plenty)).rejects.toMatchObject({
    code: 'TOPIC_LOG_DIVERGED',
    detail: { topic: 't', partition: 0, offset: 12, end: 8 },
  });
});

test('a position behind the end of a shorter log has diverged where its own epoch ended before it', async () => {
  const gone = () => ({ error: code.offsetOutOfRange });
  const { epochs, fetcher } = await reading(gone, { range: { begin: 0, end: 11 }, endOf: () => 11 });
  await fetcher.fetch(at, 10, plenty);
  await expect(fetcher.fetch(at, 12, plenty)).rejects.toMatchObject({
    code: 'TOPIC_LOG_DIVERGED',
    detail: { topic: 't', partition: 0, offset: 12, end: 11 },
  });
  expect(epochs).toEqual([5]);
});

test('a position out of range is called so where no epoch says more', async () => {
  const gone = () => ({ error: code.offsetOutOfRange });
  const later = await reading(gone, { range: { begin: 20, end: 30 } });
  await later.fetcher.fetch(at, 10, plenty);
  await expect(later.fetcher.fetch(at, 12, plenty)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
  const shorter = await reading(gone, { range: { begin: 0, end: 11 }, endOf: () => 12 });
  await shorter.fetcher.fetch(at, 10, plenty);
  await expect(shorter.fetcher.fetch(at, 12, plenty)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
  expect([later.epochs, shorter.epochs]).toEqual([[], [5]]);
  const unread = await reading(gone, { range: { begin: 0, end: 11 } });
  await expect(unread.fetcher.fetch(at, 12, plenty)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
  expect(unread.epochs).toEqual([]);
});
