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
  /** Of the observed errors those that last: the worst pane counts as the second worst. */
  readonly lasting: number;
  /** log10 of the probability of so many lasting errors or more. */
  readonly lastingLog10p: number;
}

/** A window of less than this many expected errors is compared with this many. */
const leastExpected = 1;
/** Stands for everything still less probable. */
export const leastLog10p = -300;

/** Tests a window of `observed` errors, of which `lasting` last, against its prediction. */
export function test(
  index: number,
  { observed, lasting }: { readonly observed: number; readonly lasting: number },
  predicted: NegativeBinomial,
): WindowTest {
  const expected = predicted.mean;
  const ratio = observed / Math.max(leastExpected, expected);
  const log10p = tailOf(observed, predicted);
  const lastingLog10p = lasting === observed ? log10p : tailOf(lasting, predicted);
  return { index, observed, expected, ratio, log10p, lasting, lastingLog10p };
}

const tailOf = (errors: number, predicted: NegativeBinomial): number =>
  errors <= predicted.mean ? 0 : Math.max(leastLog10p, log10UpperTail(errors, predicted));
