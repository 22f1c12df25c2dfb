import type { TableSpec } from '../tables/tables.ts';
import type { Time } from '../time/duration.ts';

/** Where the ledger goes as rows. */
export const ledgerLane = '~ledger';

/**
 * One row per task and epoch: which positions it consumed and how many records it counted. Neighbouring rows must
 * touch (`from` = the former `to`); loss or doubling is one query over this table.
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
};

/** A time as rows carry it; null where there is none. */
export const isoTime = (time: Time): string | null => (Number.isFinite(time) ? new Date(time).toISOString() : null);
