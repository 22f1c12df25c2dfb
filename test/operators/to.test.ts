import { describe, expect, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { keyBy } from '../../operators/key-by.ts';
import { to } from '../../operators/to.ts';
import type { TableSpec } from '../../tables/tables.ts';
import { END, play } from '../../testing/index.ts';

const words: TableSpec = {
  name: 'words',
  comment: 'Words by their length',
  columns: {
    length: { type: 'UInt32', comment: 'Number of letters' },
    word: { type: 'String', comment: 'The last word of that length' },
  },
  identity: ['length'],
};

type Row = Readonly<Record<string, unknown>>;

describe('to', () => {
  test('ends a stream in a topic and in a table; rows of equal identity replace each other', async () => {
    const both = job('both', (from) => {
      const stream = from('words', script<string>([]));
      stream.pipe(to('topic', topic<string>('out')));
      stream.pipe(
        keyBy((word) => word.length),
        to('table', table(words, { row: (word: string) => ({ length: word.length, word }) })),
      );
    });
    const played = await play(both, { words: ['a', 'bb', 'c', END] });
    expect(played.topics['out']).toEqual(['a', 'bb', 'c']);
    expect(played.tables['words']).toMatchObject([
      { length: 1, word: 'c' },
      { length: 2, word: 'bb' },
    ]);
  });

  test('a field that is no column is left out: an event that was spread into its row may get a new field', async () => {
    const sink = table<{ length: number; word: string; language: string }>(words, { row: (event) => ({ ...event }) });
    const one = job('one', (from) => {
      from('words', script<{ length: number; word: string; language: string }>([])).pipe(to('table', sink));
    });
    const played = await play(one, { words: [{ length: 1, word: 'a', language: 'en' }, END] });
    expect(played.tables['words']).toMatchObject([{ length: 1, word: 'a' }]);
    expect(played.deadLetters).toEqual([]);
  });

  test.each([
    [{ window: {}, value: 1 }, 'window, value'],
    [{}, 'nothing'],
    ['ab', 'no fields: it is ab'],
    [undefined, 'no fields: it is undefined'],
  ])('a row without any column of its table is a dead letter that says what it has: %j', async (row, found) => {
    const sink = table<string>(words, { row: (word) => (word === 'a' ? row : { length: 1, word }) as object as Row });
    const one = job('one', (from) => {
      from('words', script<string>([])).pipe(to('table', sink));
    });
    const played = await play(one, { words: ['a', 'b', END] });
    expect(played.tables['words']).toMatchObject([{ length: 1, word: 'b' }]);
    expect(played.deadLetters).toMatchObject([
      { reason: 'unwritable', detail: `the row has none of the columns length, word; it has ${found}`, sample: 'a' },
    ]);
  });

  test('half of a character becomes the replacement character, anything else stays', async () => {
    const sink = table<string>(words, { row: (word) => ({ length: word.length, word }) });
    const one = job('one', (from) => {
      from('words', script<string>([])).pipe(to('table', sink));
    });
    const played = await play(one, { words: ['a\ud83d', '\\ud83d', 'ab😀', END] });
    expect(played.tables['words']!.map(({ word }) => word)).toEqual(['a\ufffd', 'ab😀', '\\ud83d']);
  });

  test('a value that takes its row back removes it', async () => {
    const row = (word: string) => ({ length: word.length, word: word.slice(0, 1) });
    const sink = table<string>(words, { row, deletes: (word) => word.startsWith('-') });
    const one = job('one', (from) => {
      from('words', script<string>([])).pipe(to('table', sink));
    });
    const played = await play(one, { words: ['ab', 'c', '-d', END] });
    expect(played.tables['words']).toMatchObject([{ length: 1, word: 'c' }]);
  });

  test('a record whose key and value are too large together is a dead letter, counted in bytes', async () => {
    const sink = topic<string>('out', { key: (text) => text.slice(0, 100) });
    const one = job('one', (from) => {
      from('texts', script<string>([])).pipe(to('out', sink));
    });
    // 998,000 bytes are the limit: quotes, and three bytes a character.
    const fits = '单'.repeat(332_500);
    const played = await play(one, { texts: [fits, `${fits}${'单'.repeat(100)}`, END] });
    expect(played.topics['out']).toEqual([fits]);
    expect(played.deadLetters).toMatchObject([
      { detail: '998102 bytes are too many for a record of out, which takes 998000' },
    ]);
  });

  test('a value that the sink can not write down is a dead letter', async () => {
    const one = job('one', (from) => {
      from('numbers', script<bigint | number>([])).pipe(to('out', topic<bigint | number>('out')));
    });
    const played = await play(one, { numbers: [1, 2n, 3, END] });
    expect(played.topics['out']).toEqual([1, 3]);
    expect(played.deadLetters).toMatchObject([{ origin: 'out', reason: 'unwritable', sample: '"2"' }]);
  });
});
