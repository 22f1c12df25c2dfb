/** Counts what reaches the end of a job, and a sum. */
export interface Tally {
  out: number;
  sum: number;
}

/** Counts a value and passes nothing on. */
export function tallied(tally: Tally, sum: number | undefined): undefined {
  tally.out++;
  tally.sum += sum ?? 0;
  return undefined;
}
