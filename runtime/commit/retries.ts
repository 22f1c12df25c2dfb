/**
 * Deliveries that are tried again: each is counted, and told while the job runs. Telling is bounded: of one lane the
 * first is told at once, what follows every ten minutes, with the number.
 */
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import { minutes } from '../../time/duration.ts';

/** What was tried again since it was last told. */
export interface Retried {
  /** Uid of the sink. */
  readonly origin: string;
  /** Why the last try failed, with the code that its server gave. */
  readonly reason: string;
  readonly retries: number;
}

const tellEvery = minutes(10);

/** Makes what takes the failures of one lane and tells of them. */
export function retriesOf(
  origin: string,
  { clock, tell }: { readonly clock: Clock; readonly tell: ((told: Retried) => void) | undefined },
): (error: unknown) => void {
  let told = Number.NEGATIVE_INFINITY;
  let retries = 0;
  return (error) => {
    retries++;
    const now = clock.now();
    if (now - told < tellEvery) return;
    tell?.({ origin, reason: reasonOf(error), retries });
    told = now;
    retries = 0;
  };
}
