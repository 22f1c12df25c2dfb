import { describe, expect, test } from 'vitest';
import { startOf } from '../../../connectors/files/batch.ts';
import { headOf } from '../../../connectors/files/head.ts';
import { judge, type Life, type LifeEvent, lifeAfter, positionAfter } from '../../../connectors/files/life.ts';

const beginning = Buffer.from('first line\n');
const read = { ...startOf('/a.log'), offset: 11, head: headOf(beginning), born: '7' };

describe('the file of a position', () => {
  test.each([
    ['has grown', {}, { size: 50 }, 'same'],
    ['is shorter', {}, { size: 10 }, 'cut'],
    ['begins otherwise', {}, { size: 50, beginning: Buffer.from('first word\n') }, 'cut'],
    ['was born at another time', {}, { size: 50, born: '8' }, 'replaced'],
    ['was seen to be no more', { gone: true }, { size: 50 }, 'replaced'],
    ['was not told when it was born', { born: undefined }, { size: 50 }, 'same'],
    ['is not told now when it was born', {}, { size: 50, born: undefined }, 'same'],
    [
      'is zipped, and so may be shorter',
      { head: headOf(Buffer.of(0x1f, 0x8b)) },
      { size: 5, beginning: Buffer.of(0x1f, 0x8b) },
      'same',
    ],
  ] as const)('that %s', (_, before, now, verdict) => {
    expect(judge({ ...read, ...before } as typeof read, { beginning, born: '7', ...now })).toBe(verdict);
  });

  test('is read from its beginning as the next generation where it is another one', () => {
    const look = { size: 3, beginning: Buffer.from('two'), born: '8' };
    expect(positionAfter({ ...read, ended: true, gone: true }, 'replaced', look)).toEqual({
      ...startOf('/a.log'),
      generation: 1,
      head: headOf(look.beginning),
      born: '8',
    });
  });
});

test('a life goes from state to state as the table says, and what is over begins again only by a change', () => {
  const after = (...events: readonly LifeEvent[]): Life => events.reduce<Life>(lifeAfter, 'listed');
  expect(after('read', 'drained', 'read')).toBe('open');
  expect(after('read', 'drained', 'rested')).toBe('resting');
  expect(after('read', 'drained', 'rested', 'drained')).toBe('at end');
  expect(after('read', 'rested')).toBe('listed');
  expect(after('read', 'vanished', 'read', 'drained', 'rested', 'finished')).toBe('gone');
  expect(after('read', 'finished', 'read')).toBe('ended');
  expect(after('read', 'finished', 'changed')).toBe('listed');
});
