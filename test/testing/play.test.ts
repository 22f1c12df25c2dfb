import { describe, expect, test } from 'vitest';
import { int } from '../../codecs/codec.ts';
import { text } from '../../connectors/records/record-codec.ts';
import { script } from '../../connectors/script.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import type { ChunkSink } from '../../graph/connector.ts';
import { job } from '../../graph/job.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { ADVANCE, CRASH, END, IDLE, PAUSE, play, UNKNOWN_OUTCOME, WAKE } from '../../testing/index.ts';
import { minutes, seconds } from '../../time/duration.ts';

const counts = {
  name: 'counts',
  comment: 'How often a word was seen',
  columns: {
    word: { type: 'String', comment: 'The word' },
    n: { type: 'UInt32', comment: 'How often' },
  },
  identity: ['word'],
};
const row = ([word, n]: readonly [string, number]) => ({ word, n });

const counting = job('counting', (from) => {
  const counted = from('words', topic<string>('words')).pipe(
    keyBy((word) => word),
    scan('count', { codec: int }, (n = 0, word) => [n + 1, [word, n + 1] as const]),
  );
  counted.pipe(to('topic', topic('counted')));
  counted.pipe(to('table', table(counts, { row })));
});
const expected = [
  ['a', 1],
  ['b', 1],
  ['a', 2],
  ['a', 3],
];

describe('a play', () => {
  test('shows what a job leaves in topics and tables', async () => {
    const played = await play(counting, { words: ['a', 'b', 'a', 'a', END] });
    expect(played.topics['counted']).toEqual(expected);
    expect(played.tables['counts']).toMatchObject([
      { word: 'a', n: 3 },
      { word: 'b', n: 1 },
    ]);
    expect(played.deadLetters).toEqual([]);
    expect(await played.metrics.get('millrace_records_in_total', 'words')).toBe(4);
  });

  test('a source without END stays open; its records are delivered all the same', async () => {
    expect((await play(counting, { words: ['a', 'b', 'a', 'a'] })).topics['counted']).toEqual(expected);
  });

  test('the same script gives the same results, ledger included', async () => {
    const words = ['a', PAUSE(1_500), 'b', CRASH, 'a', ADVANCE(seconds(1)), 'a', CRASH, END];
    const [one, other] = [await play(counting, { words }), await play(counting, { words })];
    const { metrics: counted, ...results } = one;
    const { metrics: countedAgain, ...resultsAgain } = other;
    expect(results).toEqual(resultsAgain);
    expect(await counted.registry.metrics()).toBe(await countedAgain.registry.metrics());
    expect(one.tables['ledger']!.length).toBeGreaterThan(1);
  });

  test.each([[[CRASH]], [[ADVANCE(1_000), CRASH]], [[CRASH, ADVANCE(1_000), CRASH]], [[PAUSE(5_000), CRASH]]])(
    'a crash loses and doubles nothing: %j',
    async (verbs) => {
      for (const at of [0, 1, 2, 3, 4]) {
        const words = ['a', 'b', 'a', 'a'].toSpliced(at, 0, ...(verbs as unknown as string[]));
        const played = await play(counting, { words: [...words, END] });
        expect(played.topics['counted']).toEqual(expected);
        expect(played.tables['counts']).toMatchObject([{ n: 3 }, { n: 1 }]);
        expect(played.lives).toBe(1 + verbs.filter((v) => v === CRASH).length);
      }
    },
  );

  test.each(['commit', 'transaction', 'insert'] as const)(
    'a %s without an answer, applied or not, is settled',
    async (of) => {
      for (const applied of [true, false]) {
        const words = ['a', UNKNOWN_OUTCOME(of, applied), 'b', ADVANCE(seconds(1)), 'a', ADVANCE(seconds(3)), 'a', END];
        const played = await play(counting, { words });
        expect(played.topics['counted']).toEqual(expected);
        expect(played.tables['counts']).toMatchObject([{ n: 3 }, { n: 1 }]);
      }
    },
  );

  test('positions in the ledger touch, also over crashes', async () => {
    const words = ['a', ADVANCE(1_000), 'b', CRASH, ADVANCE(1_000), 'a', CRASH, 'a', END];
    const { tables } = await play(counting, { words });
    const ledger = tables['ledger']!.filter((entry) => entry['job'] === 'counting');
    for (const [i, entry] of ledger.slice(1).entries())
      expect(entry['positions_from']).toBe(ledger[i]!['positions_to']);
    expect(ledger.reduce((sum, entry) => sum + Number(entry['records_in']), 0)).toBe(4);
  });
});

describe('verbs', () => {
  const joined = job('joined', (from) => {
    for (const uid of ['a', 'b']) from(uid, script<string>([])).pipe(to(`${uid}-out`, topic('out')));
  });

  test('IDLE silences a source until another source has a WAKE', async () => {
    const played = await play(joined, {
      a: ['a1', IDLE, 'a2', END],
      b: ['b1', 'b2', PAUSE(minutes(1)), WAKE('a'), 'b3', END],
    });
    expect(played.topics['out']).toEqual(['a1', 'b1', 'b2', 'a2', 'b3']);
  });

  test('without a WAKE the records after it are never read', async () => {
    expect((await play(joined, { a: ['a1', IDLE, 'a2', END], b: [END] })).topics['out']).toEqual(['a1']);
  });

  test('PAUSE lets the other sources continue', async () => {
    const played = await play(joined, {
      a: [PAUSE(1_000), 'a', END],
      b: ['b1', PAUSE(500), 'b2', PAUSE(1_000), 'b3', END],
    });
    expect(played.topics['out']).toEqual(['b1', 'b2', 'a', 'b3']);
  });

  test('a script that does not fit the job is refused', async () => {
    await expect(play(joined, { a: [] })).rejects.toThrow(/^OPTION_INVALID: script of a play of 'joined' is a/);
    await expect(play(joined, { a: [], c: [] })).rejects.toThrow(/one of its sources: a, b/);
    await expect(play(joined, { a: [WAKE('c')], b: [] })).rejects.toThrow(/^OPTION_INVALID: WAKE of a script is c/);
  });
});

describe('sinks', () => {
  test('topics are read by their own codec', async () => {
    const plain = job('plain', (from) => {
      from('lines', topic('lines', { codec: text })).pipe(to('out', topic('out', { codec: text })));
    });
    expect((await play(plain, { lines: ['1', '{', END] })).topics['out']).toEqual(['1', '{']);
  });

  test('only topics and tables are opened: rows for other sinks are recorded', async () => {
    const webhook: ChunkSink<number> = {
      kind: 'chunks',
      label: 'webhook',
      row: (n) => ({ n }),
      deletes: undefined,
      open: () => {
        throw new Error('a play makes no outside calls');
      },
    };
    const calling = job('calling', (from) => {
      from('numbers', script<number>([])).pipe(
        map((n) => n * 2),
        to('hook', webhook),
      );
    });
    const played = await play(calling, { numbers: [1, CRASH, 2, END] });
    expect(played.rows['hook']).toMatchObject([{ n: 2 }, { n: 4 }]);
  });
});
