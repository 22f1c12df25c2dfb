/**
 * How bad a usual day gets. Of each day the largest distance is kept, for ten days. A series that leaves its band by
 * far now and then is measured by that: its scores are divided and its threshold is higher. So one number means the
 * same for all series: 5 is what an ordinary day of this series does not bring.
 */

/** Largest distances by day. */
export interface UsualWorst {
  /** Of the past days, the newest last. */
  past: number[];
  /** Of the day that is going on. */
  today: number;
  /** The middle of the past days, and that of the calmer ones; 0 while they are few. */
  middle: number;
  calm: number;
}

/** Nothing is known. */
export const newWorst = (): UsualWorst => ({ past: [], today: 0, middle: 0, calm: 0 });

const keptDays = 10;
/** Days before which nothing is usual. */
const fewDays = 3;
/** The part of the days that are calmer than a calm day: days with incidents must not set the scale. */
const calmPart = 0.3;

/** Whether there were too few days to know what is usual. */
export const isNewTo = ({ past }: UsualWorst): boolean => past.length < fewDays;

/** Takes in a distance. */
export function noteWorst(worst: UsualWorst, distance: number): void {
  if (distance > worst.today) worst.today = distance;
}

/** Ends the day. */
export function endDay(worst: UsualWorst): void {
  worst.past.push(worst.today);
  worst.today = 0;
  if (worst.past.length > keptDays) worst.past.shift();
  if (isNewTo(worst)) return;
  const sorted = worst.past.toSorted((a, b) => a - b);
  worst.middle = sorted[(sorted.length - 1) >> 1]! / 2 + sorted[sorted.length >> 1]! / 2;
  worst.calm = sorted[Math.floor(calmPart * (sorted.length - 1))]!;
}
