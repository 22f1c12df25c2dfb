/**
 * How improbable a window's count is under its prediction. The test says what was found; whether it counts is decided
 * in `decisions/threshold.ts`.
 */
import { log10UpperTail, type NegativeBinomial } from './negative-binomial.ts';

/** What a test of one window found. */
export interface WindowTest {
  /** Number of the window in `windowPanes`. */
  readonly index: number;
  readonly observed: number;
  readonly expected: number;
  /** Observed over expected, which counts as at least one. */
  readonly ratio: number;
  /** log10 of the probability of so many errors or more. */
  readonly log10p: number;
}

/** A window of less than this many expected errors is compared with this many. */
const leastExpected = 1;
/** Stands for everything still less probable. */
export const leastLog10p = -300;

/** Tests a window of `observed` errors against its prediction. */
export function test(index: number, observed: number, predicted: NegativeBinomial): WindowTest {
  const expected = predicted.mean;
  const ratio = observed / Math.max(leastExpected, expected);
  const log10p = observed <= expected ? 0 : Math.max(leastLog10p, log10UpperTail(observed, predicted));
  return { index, observed, expected, ratio, log10p };
}
