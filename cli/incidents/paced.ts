/**
 * Runs whose clock follows the records that they read.
 */
import type { SourceSpec } from '../../graph/connector.ts';
import type { DataClock } from './data-clock.ts';

/** The source, with a clock that does not stand before its first record: what it holds is not of the future. */
export function startedBy<T>(source: SourceSpec<T>, clock: DataClock): SourceSpec<T> {
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        async poll(split, position, limit) {
          const batch = await reader.poll(split, position, limit);
          if (typeof batch === 'object' && clock.now() === 0 && batch.times.length > 0)
            clock.advanceTo(batch.times[0]!);
          return batch;
        },
      };
    },
  };
}

/** The source, with a clock that stands at the youngest record read. */
export function paced<T>(source: SourceSpec<T>, clock: DataClock): SourceSpec<T> {
  return {
    ...source,
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        async poll(split, position, limit) {
          const batch = await reader.poll(split, position, limit);
          if (typeof batch === 'object') for (const time of batch.times) clock.advanceTo(time);
          return batch;
        },
      };
    },
  };
}
