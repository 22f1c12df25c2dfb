/** Rules of topics, most of them Kafka's. */
import type { Mutant } from '../mutant.ts';

export const topics: readonly Mutant[] = [
  {
    rule: 'a commit marker ends no aborted transaction',
    file: 'topics/kafka/protocol/record-batch.ts',
    from: 'if (markerType(records, at + headBytes) === abortMarker) aborted.delete(producer);',
    to: 'aborted.delete(producer);',
    killedBy: ['test/topics/kafka/record-batch.test.ts'],
  },
  {
    rule: 'an abort marker ends an aborted transaction',
    file: 'topics/kafka/protocol/record-batch.ts',
    from: 'const abortMarker = 0;',
    to: 'const abortMarker = 1;',
    killedBy: ['test/topics/kafka/record-batch.test.ts'],
  },
  {
    rule: 'markers are no data',
    file: 'topics/kafka/protocol/record-batch.ts',
    from: 'const controlFlag = 0x20;',
    to: 'const controlFlag = 0;',
    killedBy: ['test/topics/kafka/record-batch.test.ts'],
  },
  {
    rule: 'the leader epoch of the last record is sent, so that a log that went another way is noticed',
    file: 'topics/kafka/fetch-loop.ts',
    from: 'lastEpoch: cursor.lastEpoch',
    to: 'lastEpoch: -1',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'the epoch of the leader that is asked is sent',
    file: 'topics/kafka/fetch-loop.ts',
    from: 'leaderEpoch: cursor.leaderEpoch',
    to: 'leaderEpoch: -1',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'the leader epoch of what was read is kept',
    file: 'topics/kafka/cursor.ts',
    from: 'if (lastEpoch >= 0) this.lastEpoch = lastEpoch;',
    to: '',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'a log that diverged is a coded stop',
    file: 'topics/kafka/fetcher.ts',
    from: 'if (answer.diverging !== undefined) {',
    to: 'if (false) {',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'a position behind the end is explained by the epoch it was read under',
    file: 'topics/kafka/fetcher.ts',
    from: 'if (offset > end && lastEpoch >= 0) {',
    to: 'if (false) {',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'a position behind the end of its epoch has diverged',
    file: 'topics/kafka/fetcher.ts',
    from: 'if (found.end < offset)',
    to: 'if (found.end > offset)',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
  {
    rule: 'a producer whose outcome is in doubt does nothing any more',
    file: 'topics/kafka/producer.ts',
    from: '    this.#failure ??= error;\n    void this.#leave();',
    to: '    void this.#leave();',
    killedBy: ['test/topics/kafka/frozen.server.test.ts'],
  },
  {
    rule: 'the leader epoch of what was read is that of its batch',
    file: 'topics/kafka/protocol/record-batch.ts',
    from: 'return { nextOffset, epoch: records.readInt32BE(last + 12) };',
    to: 'return { nextOffset, epoch: -1 };',
    killedBy: ['test/topics/kafka/record-batch.test.ts'],
  },
  {
    rule: 'at another position no leader epoch is known',
    file: 'topics/kafka/cursor.ts',
    from: '    this.lastEpoch = -1;\n',
    to: '',
    killedBy: ['test/topics/kafka/fetcher.test.ts'],
  },
];
