/**
 * The window of an operation or an edge: its units of the last minute, or where these are fewer than a verdict needs,
 * its last three of five minutes. So what is called once in half a minute can be judged, too. A unit is held until it
 * has left that window and is learned then, so that a window is never tested against itself.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { Entries } from '../entries.ts';

/** What a unit did that is older than a minute, and is not learned yet. Plain JSON. */
export interface HeldUnit<T> {
  readonly start: Time;
  readonly closed: Time;
  readonly did: T;
  /** Whether its service was frozen meanwhile, so that it will not be learned. */
  isFrozen: boolean;
}

/** Units that a verdict needs. Where the last minute has fewer, older ones are held, up to so many together. */
export const leastUnits = 3;
const longestHeld = minutes(5);

/**
 * Marks what is not to be learned of units that began at `from` or later; where nothing is frozen, forgets those.
 * Returns whether anything changed.
 */
export function freezeHeld(held: HeldUnit<unknown>[], from: Time | undefined): boolean {
  if (from === undefined) {
    const kept = held.filter(({ isFrozen }) => !isFrozen);
    return held.splice(0, held.length, ...kept).length > kept.length;
  }
  const fresh = held.filter(({ start, isFrozen }) => start >= from && !isFrozen);
  for (const unit of fresh) unit.isFrozen = true;
  return fresh.length > 0;
}

/** Takes out the units that have left the window, of which `recent` units are of the last minute; the oldest first. */
export function takeLeft<T>(held: HeldUnit<T>[], { recent, now }: { recent: number; now: Time }): HeldUnit<T>[] {
  const room = Math.max(0, leastUnits - recent);
  let left = Math.max(0, held.length - room);
  while (left < held.length && held[left]!.closed <= now - longestHeld) left++;
  return held.splice(0, left);
}

/** How what was held of operations or edges is learned. */
interface Learning<P, T> {
  /** From when on units of a key are not learned; undefined where nothing of it is frozen. */
  readonly frozenFrom: (key: string) => Time | undefined;
  /** Units of a key in the last minute. */
  readonly recentOf: (key: string) => number;
  readonly learn: (past: P, did: T, closed: Time) => void;
  readonly now: Time;
}

/** Learns what has left its window. Only what has changed is written. */
export function learnLeft<T, P extends { readonly held: HeldUnit<T>[] }>(
  known: Entries<string, P>,
  { frozenFrom, recentOf, learn, now }: Learning<P, T>,
): void {
  for (const [key, past] of known.entries()) {
    const { held } = past;
    if (held.length === 0) continue;
    const isMarked = freezeHeld(held, frozenFrom(key));
    const left = takeLeft(held, { recent: recentOf(key), now });
    for (const { did, closed, isFrozen } of left) if (!isFrozen) learn(past, did, closed);
    if (isMarked || left.length > 0) known.set(key, past);
  }
}
