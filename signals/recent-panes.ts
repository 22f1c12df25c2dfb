/**
 * The panes of a service that a window still holds, kept by their place in the longest window, and the sums of the
 * windows over them.
 */
import type { Time } from '../time/duration.ts';
import { type PerWindow, windowPanes } from './baseline.ts';
import type { Entries } from './entries.ts';
import { type Counts, errorsOf, type Pane, paneMs } from './panes.ts';

/** What is kept of a pane while a window holds it. */
export interface RecentPane {
  readonly end: Time;
  readonly lines: number;
  readonly counts: Counts;
}

/** Panes by their place in the longest window. */
export type RecentPanes = Entries<number, RecentPane>;

/** The windows that end with the last pane of a service. */
export interface Windows {
  /** End of the last pane. */
  readonly through: Time;
  /** They hold no pane that ended at this time or before. */
  readonly from: Time;
  /** Per window: lines, and lines by severity. */
  readonly lines: PerWindow;
  readonly counts: readonly [Counts, Counts, Counts];
}

/** Moves the windows on by a pane. */
export function slide(windows: Windows, pane: Pane, recent: RecentPanes): void {
  const number = windows.through / paneMs;
  for (let i = 0; i < windowPanes.length; i++) {
    const oldest = recent.get(placeOf(number - windowPanes[i]!));
    const counts = windows.counts[i]!;
    if (oldest !== undefined && oldest.end > windows.from) {
      windows.lines[i]! -= oldest.lines;
      for (let s = 0; s < counts.length; s++) counts[s]! -= oldest.counts[s]!;
    }
    windows.lines[i]! += pane.total;
    for (let s = 0; s < counts.length; s++) counts[s]! += pane.counts[s]!;
  }
  recent.set(placeOf(number), { end: windows.through, lines: pane.total, counts: pane.counts });
}

/**
 * Adds lines to a pane that has passed: the input had ended within it. Returns the whole pane, or undefined if it is no
 * longer kept.
 */
export function addToPast(
  windows: Windows,
  { start, pane }: { readonly start: Time; readonly pane: Pane },
  recent: RecentPanes,
): RecentPane | undefined {
  const end = start + paneMs;
  const known = endingAt(recent, end);
  if (known === undefined) return undefined;
  const counts = known.counts.map((count, s) => count + pane.counts[s]!) as Counts;
  const whole = { end, lines: known.lines + pane.total, counts };
  recent.set(placeOf(end / paneMs), whole);
  for (const [i, panes] of windowPanes.entries()) {
    if (end <= windows.from || end <= windows.through - panes * paneMs) continue;
    windows.lines[i]! += pane.total;
    for (let s = 0; s < counts.length; s++) windows.counts[i]![s]! += pane.counts[s]!;
  }
  return whole;
}

/**
 * Errors of a window whose worst pane counts as the second worst: windows overlap, so that one moment of errors would
 * show in test after test, and yet be over (winsorizing, after Dixon, "Simplified estimation from censored normal
 * samples", 1960).
 */
export function lastingErrors(windows: Windows, index: number, recent: RecentPanes): number {
  const { through, from, counts } = windows;
  let worst = 0;
  let second = 0;
  for (let i = 0; i < windowPanes[index]!; i++) {
    const pane = endingAt(recent, through - i * paneMs);
    if (pane === undefined || pane.end <= from) continue;
    const errors = errorsOf(pane.counts);
    if (errors > worst) [worst, second] = [errors, worst];
    else if (errors > second) second = errors;
  }
  return errorsOf(counts[index]!) - (worst - second);
}

/** The pane that ended at a time, if it is kept. */
export function endingAt(recent: RecentPanes, end: Time): RecentPane | undefined {
  const pane = recent.get(placeOf(end / paneMs));
  return pane?.end === end ? pane : undefined;
}

/** Panes of the longest window. */
const recentPanes = windowPanes[2];

/** The place of a pane, by its number since 1970, among those that are kept. */
const placeOf = (number: number): number => ((number % recentPanes) + recentPanes) % recentPanes;
