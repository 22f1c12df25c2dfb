/**
 * The order in which a page may believe what the server sends. Deltas are numbered; a page starts from a snapshot,
 * which travels on another connection and may be older or newer than the first deltas. So deltas wait for the
 * snapshot, what it already contains is skipped, and a gap asks for a new snapshot instead of showing wrong numbers.
 */

import { applyDelta } from './apply.ts';
import type { ConsoleEvent, Delta, Snapshot } from './snapshot.ts';

export interface Feed {
  readonly snapshot: Snapshot | null;
  /** Deltas that came ahead of the snapshot they need. */
  readonly waiting: readonly Delta[];
}

/** More than this many deltas waiting means that they will never fit; the newest are enough to see the gap. */
const mostWaiting = 64;

export const emptyFeed: Feed = { snapshot: null, waiting: [] };

/** Returns the feed after `event`; fetch a new snapshot when `needsSnapshot` says so. */
export function receive(feed: Feed, event: ConsoleEvent): Feed {
  if (event.kind === 'snapshot') {
    const isOlder = feed.snapshot !== null && event.snapshot.revision < feed.snapshot.revision;
    return isOlder ? feed : settle(event.snapshot, feed.waiting);
  }
  const waiting = [...feed.waiting, event.delta].slice(-mostWaiting);
  return feed.snapshot === null ? { snapshot: null, waiting } : settle(feed.snapshot, waiting);
}

/** True when deltas wait for a snapshot, or for a delta before them that was never seen. */
export function needsSnapshot(feed: Feed): boolean {
  return feed.waiting.length > 0;
}

function settle(snapshot: Snapshot, waiting: readonly Delta[]): Feed {
  const left: Delta[] = [];
  for (const delta of waiting) {
    if (delta.revision === snapshot.revision + 1) snapshot = applyDelta(snapshot, delta);
    else if (delta.revision > snapshot.revision) left.push(delta);
  }
  return { snapshot, waiting: left };
}
