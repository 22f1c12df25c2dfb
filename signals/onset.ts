/**
 * When an anomaly began. A CUSUM of log-likelihood ratios (Page, 1954) of "three times as many as expected" against
 * "as many as expected" falls back to zero in quiet times; the onset is the start of the pane in which it last left
 * zero. It is capped, so that a long incident does not hide the start of the next one.
 */
import type { Time } from '../time/duration.ts';

/** The sum, and since when it is above zero. */
export interface Onset {
  sum: number;
  since: Time;
}

/** The rise that is looked for. */
const rise = 3;
const cap = 30;

/** Takes in a pane of `errors` errors where `expected` were expected; its start is the onset if the sum leaves zero. */
export function cusum(
  onset: Onset,
  pane: { readonly errors: number; readonly expected: number; readonly start: Time },
) {
  const { errors, expected, start } = pane;
  const next = onset.sum + errors * Math.log(rise) - expected * (rise - 1);
  if (next <= 0) onset.sum = 0;
  else {
    if (onset.sum === 0) onset.since = start;
    onset.sum = Math.min(cap, next);
  }
}
