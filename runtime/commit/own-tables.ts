/**
 * The tables that every job writes besides its own: the ledger, one row per task and epoch, and the dead letters, one
 * row per record that could not be handled. Nothing is dropped without one.
 */
import { cutText } from '../../codecs/utf8.ts';
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

/** The first moment that a Date can hold. */
const firstMoment = -8.64e15;

/**
 * A time as records carry it. It is never ahead of the clock: brokers refuse what is (by default by an hour,
 * `message.timestamp.after.max.ms`), and would refuse it again. 0 where there is none.
 */
export const timestampOf = (time: Time, now: Time): Time =>
  Number.isFinite(time) ? Math.max(Math.min(Math.trunc(time), now), firstMoment) : 0;

/** A record that could not be handled, with the reason. */
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

/** A dead letter as a row; its id is added when the epoch is made. */
export function deadLetterRow(job: string, letter: DeadLetter): Record<string, unknown> {
  const time = isoTime(letter.time) ?? new Date(0).toISOString();
  return { job, time, origin: letter.origin, reason: letter.reason, detail: letter.detail, sample: letter.sample };
}

/** A value as bounded text for a dead letter. */
export function sampleOf(value: unknown): string {
  const text = typeof value === 'string' ? value : safeJson(value);
  return text.length > 1_024 ? `${cutText(text, 1_024)}…` : text;
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? String(value);
  } catch {
    return String(value);
  }
}

/** An error's text, bounded, because code may put its whole record there: a topic would refuse the dead letter. */
export const detailOf = (reason: string): string => (reason.length > 4_096 ? `${cutText(reason, 4_096)}…` : reason);
