/**
 * What a time of the day, or of the week, adds to the level: a table of bins. At the end of a bin its middle value is
 * compared with the table; the difference, cut where it is unusual, moves the bin. Two cycles that are unusual in the
 * same way make a pattern. What is used of a bin is shrunk by how much bins differ among each other against how much
 * one differs from cycle to cycle: of a series without rhythm hardly anything is left.
 */
import { within } from './view.ts';

/** The table of one cycle. */
export interface Cycle {
  /** What each bin adds. */
  values: number[];
  /** Times that each bin was seen. */
  counts: number[];
  /** What was cut off the last difference of each bin. */
  cut: number[];
  /** Running mean square of differences from cycle to cycle, and how many there were. */
  scatter: number;
  repeats: number;
  /** Variance among the bins that were seen, and how many those are. */
  contrast: number;
  seen: number;
}

/** How a cycle is learned. */
export interface CycleKind {
  readonly bins: number;
  /** The least share of a new difference. */
  readonly share: number;
}

/** Half hours of a day. */
export const dayCycle: CycleKind = { bins: 48, share: 0.15 };
/** Two hours of a week. */
export const weekCycle: CycleKind = { bins: 84, share: 0.25 };

/** A table that adds nothing. */
export const newCycle = ({ bins }: CycleKind): Cycle => ({
  values: new Array<number>(bins).fill(0),
  counts: new Array<number>(bins).fill(0),
  cut: new Array<number>(bins).fill(0),
  scatter: 0,
  repeats: 0,
  contrast: 0,
  seen: 0,
});

/** More cycles than this make a bin no surer. */
const surest = 6;

/** Takes in what was left over in a bin, beyond what all else expects. */
export function learnBin(cycle: Cycle, kind: CycleKind, seen: { readonly bin: number; readonly rest: number }): void {
  const { bin, rest } = seen;
  const count = cycle.counts[bin]!;
  const difference = rest - cycle.values[bin]!;
  if (count === 0) cycle.values[bin] = rest;
  else {
    const most = isRepeated(cycle) ? 3 * Math.sqrt(cycle.scatter) : Number.POSITIVE_INFINITY;
    const kept = within(difference, most);
    const beyond = difference - kept;
    const before = cycle.cut[bin]!;
    const isPattern = beyond * before > 0;
    cycle.values[bin]! +=
      Math.max(1 / (count + 1), kind.share) * kept +
      (isPattern ? Math.sign(beyond) * Math.min(Math.abs(beyond), Math.abs(before)) : 0);
    cycle.cut[bin] = isPattern ? 0 : beyond;
    cycle.repeats++;
    const square = (kept * kept * count) / (count + 1);
    cycle.scatter += (square - cycle.scatter) / Math.min(cycle.repeats, 2 * kind.bins);
  }
  cycle.counts[bin] = Math.min(count + 1, surest);
  compare(cycle);
}

/** What a bin adds to the level, as far as it is believed. */
export function addedBy(cycle: Cycle, bin: number): number {
  const count = cycle.counts[bin]!;
  if (count === 0 || cycle.contrast === 0) return 0;
  const scatter = isRepeated(cycle) ? cycle.scatter : cycle.contrast;
  return (cycle.values[bin]! * cycle.contrast) / (cycle.contrast + (2 * scatter) / count);
}

/** Whether half a cycle has been seen again, so that the scatter is known. */
const isRepeated = ({ repeats, seen }: Cycle): boolean => repeats >= seen / 2;

function compare(cycle: Cycle): void {
  const { values, counts } = cycle;
  let [sum, squares, seen] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (counts[i] === 0) continue;
    sum += values[i]!;
    squares += values[i]! ** 2;
    seen++;
  }
  cycle.seen = seen;
  cycle.contrast = Math.max(0, squares / seen - (sum / seen) ** 2);
}
