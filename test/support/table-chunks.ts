/** A table and its chunks, for the tests that kill a process amid inserts. */
import type { TableSpec } from '../../tables/tables.ts';
import { ndjson } from '../conformance/tables-steps.ts';

/** Three partitions, so that a kill can fall between two of one insert. */
export const chunkSpec: TableSpec = {
  name: 'chunks',
  comment: 'Rows that a killed process inserts.',
  columns: { chunk: { type: 'UInt64', comment: '' }, line: { type: 'UInt64', comment: '' } },
  identity: ['chunk', 'line'],
  partitionBy: 'line % 3',
};

export const chunk = (n: number): Uint8Array =>
  ndjson(Array.from({ length: 500 }, (_, line) => ({ chunk: n, line, revision: 1, is_deleted: 0 })));
