/** The span of event time that every chart and strip of the page shares: at most an hour, at least ten minutes. */

import { panesKeptMs } from './apply.ts';
import type { Snapshot } from './snapshot.ts';

export interface Domain {
  readonly from: number;
  readonly to: number;
}

const shortestMs = 10 * 60_000;

/** Ends at `now`, and starts at the oldest pane anybody has. */
export function domainOf(snapshot: Snapshot): Domain {
  const to = snapshot.now;
  const oldest = Math.min(to, ...snapshot.services.map((service) => service.series.t[0] ?? to));
  return { from: Math.max(to - panesKeptMs, Math.min(oldest, to - shortestMs)), to };
}
