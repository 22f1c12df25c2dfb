/**
 * Session windows as interval arithmetic: one key's sessions are a short sorted list of disjoint windows, and a record
 * at `time` brings in the window [time, time + gap), which swallows every session it overlaps.
 *
 * Windows that only touch stay apart. A session fires when the watermark reaches its `end − 1`; a record at exactly
 * `end` may still come then, and whether it joins must not depend on who was first.
 */

import type { Duration, Time } from '../time/duration.ts';
import type { Window } from './window.ts';

/** What a record did to a key's sessions. */
export interface SessionMerge {
  /** The sessions afterwards, sorted and disjoint; the list that came in if nothing changed. */
  readonly sessions: readonly Window[];
  /** The session that holds the record. */
  readonly session: Window;
  /** The former sessions that `session` replaces: merged into it, or the one it prolongs. What they fired is void. */
  readonly replaced: readonly Window[];
}

const none: readonly Window[] = Object.freeze([]);

/**
 * Puts a record at `time` into a key's sessions, which are not changed. The list is searched from its end, where
 * nearly all records fall.
 *
 * @example
 * mergeInto([{ start: 0, end: 30 }], 20, 30).session // => { start: 0, end: 50 }
 * mergeInto([{ start: 0, end: 30 }], 30, 30).replaced // => []
 */
export function mergeInto(sessions: readonly Window[], time: Time, gap: Duration): SessionMerge {
  let after = sessions.length;
  while (after > 0 && sessions[after - 1]!.start >= time + gap) after--;
  let first = after;
  while (first > 0 && sessions[first - 1]!.end > time) first--;
  if (first === after) {
    const session = { start: time, end: time + gap };
    return { sessions: sessions.toSpliced(after, 0, session), session, replaced: none };
  }
  const start = Math.min(time, sessions[first]!.start);
  const end = Math.max(time + gap, sessions[after - 1]!.end);
  if (start === sessions[first]!.start && end === sessions[first]!.end) {
    return { sessions, session: sessions[first]!, replaced: none };
  }
  const session = { start, end };
  return {
    sessions: sessions.toSpliced(first, after - first, session),
    session,
    replaced: sessions.slice(first, after),
  };
}
