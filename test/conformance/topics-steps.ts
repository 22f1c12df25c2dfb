/** What the suite of Topics works with: topics under test, and their steps in short. */
import { expect } from 'vitest';
import type { Membership, RecordBatch, TopicRecord, Topics } from '../../topics/topics.ts';

/**
 * Topics under test. `reopen` closes them and opens what survived, `lose` makes a member's heartbeat stop; where there
 * is no such thing, the tests that need it are to be skipped.
 */
export interface TopicsUnderTest {
  readonly topics: Topics;
  readonly reopen?: () => Promise<Topics>;
  readonly lose?: (membership: Membership) => Promise<void> | void;
  close(): Promise<void>;
}

/** A test over topics; `fresh` makes a name that no other test uses, of a topic, group, task or producer. */
export type TopicsTest = (topics: Topics, fresh: (word: string) => string, under: TopicsUnderTest) => Promise<void>;

export const plenty = { maxRecords: 10_000, maxBytes: 10_000_000 };
export const refused = (code: string) => expect.objectContaining({ code });

export function record(
  topic: string,
  partition: number,
  value: string | null,
  rest: Partial<TopicRecord> = {},
): TopicRecord {
  return { topic, partition, key: null, value: value === null ? null : Buffer.from(value), timestamp: 1_000, ...rest };
}

/** The batch's values as texts. */
export function values(batch: RecordBatch): readonly (string | null)[] {
  return Array.from(batch.starts, (start, i) =>
    start < 0 ? null : batch.bytes.toString('utf8', start, batch.ends[i]),
  );
}

/** Every value of a partition from `offset` on, read as a consumer does. */
export async function drain(topics: Topics, topic: string, partition = 0, offset = 0, limit = plenty) {
  const found: (string | null)[] = [];
  for (let at = offset; ; ) {
    const batch = await topics.fetch({ topic, partition }, at, limit);
    if (batch === undefined) return found;
    expect(batch.nextOffset).toBeGreaterThan(at);
    found.push(...values(batch));
    at = batch.nextOffset;
  }
}

export const texts = (count: number, word = 'value') => Array.from({ length: count }, (_, i) => `${word}-${i}`);
