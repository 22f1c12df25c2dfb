import type { TableSpec } from '../../tables/tables.ts';
import type { Time } from '../../time/duration.ts';
import { isoTime } from './ledger.ts';

/** A record that could not be handled, with the reason; nothing is dropped without one. */
export interface DeadLetter {
  /** Uid of the source, operator or sink. */
  readonly origin: string;
  /** A word: `late`, `untimed`, `ahead`, `unreadable`, `threw`, `unwritable`, `refused`. */
  readonly reason: string;
  readonly detail: string;
  /** The record's first 1024 characters. */
  readonly sample: string;
  /** Event time, or the record's own timestamp where there is none. */
  readonly time: Time;
}

/** Where dead letters go as rows. */
export const deadLetterLane = '~dead-letters';
/** Where they go as records. */
export const deadLetterTopic = (job: string): string => `${job}.dead-letters`;

/** The table of dead letters, shared by all jobs. */
export const deadLetters: TableSpec = {
  name: 'dead_letters',
  comment: 'Records that could not be handled, with the reason',
  columns: {
    job: { type: 'LowCardinality(String)', comment: 'The job' },
    id: { type: 'String', comment: 'Task and running number' },
    time: { type: 'DateTime64(3)', comment: 'Event time, or the timestamp of the record' },
    origin: { type: 'LowCardinality(String)', comment: 'Uid of the source, operator or sink' },
    reason: {
      type: 'LowCardinality(String)',
      comment: 'late, untimed, ahead, unreadable, threw, unwritable or refused',
    },
    detail: { type: 'String', comment: 'The error in words' },
    sample: { type: 'String', comment: 'The first 1024 characters of the record' },
  },
  identity: ['job', 'id'],
  ttl: 'inserted_at + INTERVAL 90 DAY',
};

/** A dead letter as a row; its id is made of lane position when the epoch is made. */
export function deadLetterRow(job: string, letter: DeadLetter): Record<string, unknown> {
  const time = isoTime(letter.time) ?? new Date(0).toISOString();
  return { job, time, origin: letter.origin, reason: letter.reason, detail: letter.detail, sample: letter.sample };
}
