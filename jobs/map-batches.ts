/** Sources whose batches are looked at, or become others, before a job gets them: once a batch, not once a record. */
import type { SourceSpec } from 'millrace';

/** What one poll of a source brings. */
export type Batch<T> = Exclude<
  Awaited<ReturnType<Awaited<ReturnType<SourceSpec<T>['open']>>['poll']>>,
  undefined | 'ended'
>;

/** The source, with what `change` makes of each of its batches; positions stay as they are. */
export function mapBatches<T, U>(source: SourceSpec<T>, change: (batch: Batch<T>) => Batch<U>): SourceSpec<U> {
  const { kind, label, topic, replayable } = source;
  return {
    ...{ kind, label, replayable },
    ...(topic === undefined ? {} : { topic }),
    async open(ports) {
      const reader = await source.open(ports);
      return {
        ...reader,
        async poll(split, position, limit) {
          const batch = await reader.poll(split, position, limit);
          return typeof batch === 'object' ? change(batch) : batch;
        },
      };
    },
  };
}
