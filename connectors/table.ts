/** Tables as sinks: a value becomes a row. */
import type { ChunkSink } from '../graph/connector.ts';
import type { TableSpec } from '../tables/tables.ts';
import type { Time } from '../time/duration.ts';

/** How values become rows. */
export interface TableOptions<T> {
  readonly row: (value: T, time: Time) => Readonly<Record<string, unknown>>;
  /** Whether the value takes its row away, as a retracted window does. */
  readonly deletes?: (value: T) => boolean;
}

/**
 * A table, as a sink. The table is made as its specification says, or checked against it, when the job starts.
 *
 * Delivery: rows wait in the epoch's outbox and are inserted in sealed chunks under a token; a row of equal identity
 * replaces its predecessor. Back pressure: when the table is away, the outbox fills to its limit and reading stops.
 */
export function table<T>(spec: TableSpec, options: TableOptions<T>): ChunkSink<T> {
  return {
    kind: 'chunks',
    label: `table ${spec.name}`,
    table: spec.name,
    row: options.row,
    deletes: options.deletes,
    open: ({ tables }) => ({
      ensure: () => tables.ensure(spec),
      insert: (ndjson, chunk) => tables.insert(spec.name, ndjson, chunk),
    }),
  };
}
