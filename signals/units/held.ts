/**
 * The window of an operation or an edge: its units of the last minute, or where these are fewer than a verdict needs,
 * its last three of five minutes. So what is called once in half a minute can be judged, too. A unit is held until it
 * has left that window and is learned then, so that a window is never tested against itself.
 */
import { minutes, type Time } from '../../time/duration.ts';

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

/** Marks what is not to be learned of units that began at `from` or later; where nothing is frozen, forgets those. */
export function freezeHeld(held: HeldUnit<unknown>[], from: Time | undefined): void {
  if (from === undefined) keepOnly(held, ({ isFrozen }) => !isFrozen);
  else for (const unit of held) if (unit.start >= from) unit.isFrozen = true;
}

/** Takes out the units that have left the window, of which `recent` units are of the last minute; the oldest first. */
export function takeLeft<T>(held: HeldUnit<T>[], { recent, now }: { recent: number; now: Time }): HeldUnit<T>[] {
  const room = Math.max(0, leastUnits - recent);
  let left = Math.max(0, held.length - room);
  while (left < held.length && held[left]!.closed <= now - longestHeld) left++;
  return held.splice(0, left);
}

function keepOnly<T>(list: T[], isKept: (value: T) => boolean): void {
  const kept = list.filter(isKept);
  if (kept.length < list.length) list.splice(0, list.length, ...kept);
}
