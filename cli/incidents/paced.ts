/**
 * Runs whose clock follows the records that they read.
 */
import type { SourceSpec } from '../../graph/connector.ts';
import { mapBatches } from '../../jobs/map-batches.ts';
import type { Time } from '../../time/duration.ts';
import type { DataClock } from './data-clock.ts';

/** The source, with a clock that does not stand before its first record: what it holds is not of the future. */
export const startedBy = <T>(source: SourceSpec<T>, clock: DataClock): SourceSpec<T> =>
  noting(source, (times) => {
    if (clock.now() === 0 && times.length > 0) clock.advanceTo(times[0]!);
  });

/** The source, with a clock that stands at the youngest record read. */
export const paced = <T>(source: SourceSpec<T>, clock: DataClock): SourceSpec<T> =>
  noting(source, (times) => {
    for (let i = 0; i < times.length; i++) clock.advanceTo(times[i]!);
  });

/** The source; `note` is told the times of each batch, in milliseconds. */
const noting = <T>(source: SourceSpec<T>, note: (times: ArrayLike<Time>) => void): SourceSpec<T> =>
  mapBatches(source, (batch) => {
    note(batch.times);
    return batch;
  });
