/**
 * Runs whose clock follows the records that they read.
 */
import type { SourceSpec } from '../../graph/connector.ts';
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
function noting<T>(source: SourceSpec<T>, note: (times: ArrayLike<Time>) => void): SourceSpec<T> {
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        async poll(split, position, limit) {
          const batch = await reader.poll(split, position, limit);
          if (typeof batch === 'object') note(batch.times);
          return batch;
        },
      };
    },
  };
}
