/** Tables as sinks: a value becomes a row. */
import type { ChunkSink } from '../graph/connector.ts';
import { refuseAsync, refusePromise } from '../graph/promises.ts';
import { rowMisfit } from '../tables/misfits.ts';
import type { TableSpec } from '../tables/tables.ts';
import type { Time } from '../time/duration.ts';

/** How values become rows. */
export interface TableOptions<T> {
  /**
   * Of what it returns, the table's columns are taken; the stream's key is none of them unless an operator has put it
   * into the value (`process` has it as `ctx.key`); further fields are left out, and a column that is missing gets its
   * default, 0 or an empty text. A row without any column is a dead letter. A value that its column can't hold,
   * such as 300 in a UInt8, makes the row a dead letter that names column and value.
   */
  readonly row: (value: T, time: Time) => Readonly<Record<string, unknown>>;
  /** Whether the value takes its row away, as a retracted window does. */
  readonly deletes?: (value: T) => boolean;
}

/**
 * A table, as a sink. The table is made as its specification says, or checked against it, when the job starts.
 *
 * Delivery: rows wait in the epoch's outbox and are inserted in sealed chunks under a token; a row of equal identity
 * replaces its predecessor. Fields that are no column are left out: a value that is spread into its row may get a new
 * field without every insert being refused. Back pressure: when the table is away, the outbox fills to its limit and
 * reading stops.
 */
export function table<T>(spec: TableSpec, options: TableOptions<T>): ChunkSink<T> {
  const columns = Object.keys(spec.columns);
  const misfit = rowMisfit(spec.columns);
  refuseAsync(`table ${spec.name}`, options.row, options.deletes);
  return {
    kind: 'chunks',
    label: `table ${spec.name}`,
    table: spec.name,
    row(value, time) {
      const made = options.row(value, time);
      refusePromise(made, `table ${spec.name}`);
      const row = columnsOf(made, columns);
      if (Object.keys(row).length === 0) throw noColumn(made, columns);
      const wrong = misfit(row);
      if (wrong === undefined) return row;
      for (const column of Object.values(row)) refusePromise(column, `table ${spec.name}`);
      throw new TypeError(`column ${wrong}`);
    },
    deletes: options.deletes,
    open: ({ tables }) => ({
      ensure: () => tables.ensure(spec),
      insert: (ndjson, chunk) => tables.insert(spec.name, ndjson, chunk),
    }),
  };
}

/** Says what a row has that has none of its table's columns. */
function noColumn(made: unknown, columns: readonly string[]): TypeError {
  const isObject = typeof made === 'object' && made !== null;
  const found = isObject ? Object.keys(made).slice(0, mostNamed).join(', ') || 'nothing' : `no fields: it is ${made}`;
  return new TypeError(`the row has none of the columns ${columns.join(', ')}; it has ${found}`);
}

const mostNamed = 10;

function columnsOf(row: unknown, columns: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  if (typeof row !== 'object' || row === null) return picked;
  const fields = row as Readonly<Record<string, unknown>>;
  for (const column of columns) if (fields[column] !== undefined) picked[column] = fields[column];
  return picked;
}
