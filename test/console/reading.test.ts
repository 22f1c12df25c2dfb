import { expect, test } from 'vitest';
import { learningNote, quietNote } from '../../console/reading.ts';
import type { Service } from '../../console/snapshot.ts';

const reading = { at: 100_000, since: 20_000, dead: 0, late: 0 };

test('a source is quiet when no line came for ten seconds, also when none ever did', () => {
  expect(quietNote({ ...reading, lastLineAt: 91_000 })).toBeNull();
  expect(quietNote({ ...reading, lastLineAt: 90_000 })).toBe('last line read 10 s ago');
  expect(quietNote({ ...reading, lastLineAt: null })).toBe('no line read for 80 s');
  expect(quietNote({ ...reading, since: 95_000, lastLineAt: null })).toBeNull();
});

test('services that are still being learned are counted', () => {
  const service = (learning: boolean) => ({ learning }) as Service;
  expect(learningNote([service(false)])).toBeNull();
  expect(learningNote([service(true), service(false), service(true)])).toMatch(/^2 of 3 services still being learned/);
});
