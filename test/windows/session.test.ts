import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeInto } from '../../windows/session.ts';
import type { Window } from '../../windows/window.ts';

const gap = 30;
const span = (start: number, end: number): Window => ({ start, end });

describe('a record comes to the sessions of its key', () => {
  test('the first opens a session of one gap', () => {
    expect(mergeInto([], -10, gap)).toEqual({ sessions: [span(-10, 20)], session: span(-10, 20), replaced: [] });
  });

  test('within the gap it prolongs the session, which replaces what it was', () => {
    const result = mergeInto([span(0, 30)], 29, gap);
    expect(result).toEqual({ sessions: [span(0, 59)], session: span(0, 59), replaced: [span(0, 30)] });
  });

  test('a silence of exactly the gap ends the session', () => {
    expect(mergeInto([span(0, 30)], 30, gap).sessions).toEqual([span(0, 30), span(30, 60)]);
    expect(mergeInto([span(30, 60)], 0, gap).sessions).toEqual([span(0, 30), span(30, 60)]);
  });

  test('between two sessions it can join them', () => {
    const result = mergeInto([span(0, 30), span(50, 80), span(200, 230)], 25, gap);
    expect(result.sessions).toEqual([span(0, 80), span(200, 230)]);
    expect(result.replaced).toEqual([span(0, 30), span(50, 80)]);
  });

  test('before a session it moves its start', () => {
    expect(mergeInto([span(50, 80)], 40, gap)).toMatchObject({ session: span(40, 80), replaced: [span(50, 80)] });
  });

  test('inside a session it changes nothing and makes nothing', () => {
    const sessions = [span(0, 90)];
    const result = mergeInto(sessions, 60, gap);
    expect(result.sessions).toBe(sessions);
    expect(result.session).toBe(sessions[0]);
    expect(result.replaced).toEqual([]);
  });
});

/** The sessions of all times at once: cut where two neighbours are a gap apart. */
function batch(times: readonly number[], width: number): readonly Window[] {
  const sessions: Window[] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const last = sessions.at(-1);
    if (last !== undefined && time < last.end) sessions[sessions.length - 1] = span(last.start, time + width);
    else sessions.push(span(time, time + width));
  }
  return sessions;
}

test('in whatever order the records come, the sessions are those of all records at once', () => {
  const times = fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 40 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 50 }), (records, width) => {
      let sessions: readonly Window[] = [];
      for (const time of records) {
        const before = sessions;
        const merge = mergeInto(before, time, width);
        const gone = before.filter((s) => !merge.sessions.includes(s));
        expect(merge.replaced).toEqual(gone);
        expect(merge.sessions).toContain(merge.session);
        expect(merge.session.start <= time && time + width <= merge.session.end).toBe(true);
        sessions = merge.sessions;
      }
      expect(sessions).toEqual(batch(records, width));
    }),
  );
});
