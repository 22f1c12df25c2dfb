import type { TableSpec } from '../../tables/tables.ts';
import type { Time } from '../../time/duration.ts';

/** Where the ledger goes as rows. */
export const ledgerLane = '~ledger';

/**
 * One row per task and epoch: which positions it consumed and how many records it counted. Neighbouring rows must
 * touch (`from` = the former `to`), which also move without records, behind tombstones; loss or doubling is one query
 * over this table.
 */
export const ledger: TableSpec = {
  name: 'ledger',
  comment: 'One row per task and epoch: positions consumed and records counted',
  columns: {
    job: { type: 'LowCardinality(String)', comment: 'The job' },
    task: { type: 'LowCardinality(String)', comment: 'The task' },
    generation: { type: 'UInt32', comment: 'Raised by restore and reset' },
    epoch: { type: 'UInt64', comment: 'Counts up by one' },
    committed_at: { type: 'DateTime64(3)', comment: 'Clock time of the commit' },
    watermark: { type: 'Nullable(DateTime64(3))', comment: 'Event time up to which everything is complete' },
    positions_from: { type: 'String', comment: 'Positions before the epoch, JSON by source and split' },
    positions_to: { type: 'String', comment: 'Positions after the epoch' },
    records_in: { type: 'UInt64', comment: 'Records read' },
    records_out: { type: 'UInt64', comment: 'Records given to sinks' },
    records_late: { type: 'UInt64', comment: 'Records behind every window they belong to' },
    records_dead: { type: 'UInt64', comment: 'Dead letters' },
  },
  identity: ['job', 'task', 'generation', 'epoch'],
  ttl: 'inserted_at + INTERVAL 30 DAY',
};

/** The last moment that a column of times can hold: tables end in 2299, and begin in 1900. */
const lastTime = Date.UTC(2299, 11, 31);
const firstTime = Date.UTC(1900, 0, 1);

/** A time as rows carry it; null where there is none, or none that a table could hold. */
export const isoTime = (time: Time): string | null =>
  time >= firstTime && time <= lastTime ? new Date(time).toISOString() : null;
