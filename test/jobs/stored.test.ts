/** State of the incident job as an earlier version stored it: what it lacks is completed, nothing else is changed. */
import { expect, test } from 'vitest';
import type { Codec } from '../../codecs/codec.ts';
import { memberText } from '../../incidents/text.ts';
import { storedIncident, storedPane, storedSignals } from '../../jobs/incidents/stored.ts';
import { morning } from '../support/incidents/panes-of.ts';

const read = <T>(codec: Codec<T>, stored: unknown): T => codec.decode(new TextEncoder().encode(JSON.stringify(stored)));

test('an open pane has no origins and no last line', () => {
  const stored = { total: 3, counts: [0, 1, 0, 0], samples: [], blames: [['user', 1]] };
  expect(read(storedPane, stored)).toEqual({ ...stored, last: 0, origins: [] });
});

test('a waiting signal is one of an unknown origin', () => {
  const stored = { service: 'cart', end: morning, pause: 30_000, observed: 4, expected: 1, health: 'errors' };
  expect(read(storedSignals, [stored])).toEqual([
    {
      ...stored,
      usualErrors: 0,
      wellSince: null,
      accepted: false,
      origins: [],
      lastLine: morning - 30_000,
      lastMinute: { observed: 4, expected: 1 },
    },
  ]);
});

test('an incident has the worst that was kept as its peak, and can be told', () => {
  const member = { service: 'cart', onset: morning, health: 'errors', window: 60_000, observed: 90, expected: 1 };
  const [restored] = read(storedIncident, {
    id: 'x',
    members: [{ ...member, ratio: 90, log10p: -40, score: 13 }],
  }).members;
  expect(restored).toMatchObject({ units: 0, told: [] });
  expect(restored!.peaks.errors).toMatchObject({ at: morning, observed: 90, ratio: 90, score: 13 });
  expect(memberText(restored!, morning)).toBe('90 errors in the minute to 08:00:00 where 1 are usual, since 08:00:00');
});

test('what this version stored is read as it is', () => {
  const pane = { total: 1, counts: [0, 0, 0, 0], samples: [], blames: [], last: 5, origins: ['/a.log'] };
  expect(read(storedPane, pane)).toEqual(pane);
  const incident = { id: 'x', rateTold: 7, members: [{ onset: 1, health: 'errors', peaks: {}, usual: 3 }] };
  expect(read(storedIncident, incident)).toMatchObject({ rateTold: 7, members: [{ peaks: {}, usual: 3 }] });
});
