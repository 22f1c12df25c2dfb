/** A source of values known beforehand, for tests and examples. */
import type { SourceSpec } from '../graph/connector.ts';

/**
 * The values in their order, as one split. It is replayable and ends.
 *
 * @example
 * script([1, 2]).label // => "script of 2"
 */
export function script<T>(values: readonly T[]): SourceSpec<T> {
  return {
    kind: 'script',
    label: `script of ${values.length}`,
    replayable: true,
    open: async () => ({
      splits: async () => ['0'],
      start: async () => 0,
      async poll(_split, position, { maxRecords, until }) {
        const from = position as number;
        if (from >= values.length) return 'ended';
        const part = values.slice(from, Math.min(from + maxRecords, (until as number | undefined) ?? values.length));
        const times = new Float64Array(part.length).fill(Number.NaN);
        return { values: part, times, refused: [], next: from + part.length };
      },
      close: async () => {},
    }),
  };
}
