/**
 * The most frequent keys with their counts. Up to `limit` distinct keys the counts are exact; from then on a new key
 * takes the place of the rarest one (Space-Saving: Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent
 * and Top-k Elements in Data Streams", ICDT 2005). Then, over N values, each count is at least the true one and at most
 * `error` above it, no `error` exceeds N / limit, and every key with more than N / limit values is kept.
 *
 * Merging adds the counts, giving a key that one side lacks the most it may have had there, and keeps the `limit`
 * largest; that preserves the bound (Cafaro, Pulimeno and Tempesta, "A parallel space saving algorithm for frequent
 * items and the Hurwitz zeta distribution", Information Sciences 329, 2016).
 */

import { ByteReader, ByteWriter } from '../../codecs/bytes.ts';
import type { Codec } from '../../codecs/codec.ts';
import { MillraceError } from '../../errors.ts';
import type { Aggregate } from '../aggregate.ts';

/** A frequent key: it occurred at most `count` and at least `count − error` times. */
export interface TopEntry {
  readonly key: string;
  readonly count: number;
  readonly error: number;
}

interface Counter {
  count: number;
  error: number;
}

/** Counters by key, and what is known of the keys that have none. */
export interface TopKAcc {
  /** In the order of arrival, which decides between equals; it is stored, so a restart decides the same. */
  counters: Map<string, Counter>;
  /** The most any key without a counter may have occurred. */
  absent: number;
  /** Keys that had the least count when last looked for, the next to leave at the end. Not stored. */
  rarest: string[];
  /** That least count. */
  least: number;
}

/** `limit` bounds the keys that are counted at a time; by default 1,000, or k if that is more. */
export interface TopKOptions {
  readonly limit?: number;
}

/**
 * The `k` most frequent keys, the most frequent first, equals by key. Errors: OPTION_INVALID.
 *
 * @example
 * topK(1, (line) => line.host).result(topK(1, (line) => line.host).create()) // => []
 */
export function topK<T>(
  k: number,
  by: (value: T) => string,
  { limit = Math.max(1_000, k) }: TopKOptions = {},
): Aggregate<T, TopKAcc, readonly TopEntry[]> {
  check('k', { got: k, least: 1, expected: 'a whole number from 1 on' });
  check('limit', { got: limit, least: k, expected: `a whole number from k, ${k}, on` });
  return Object.freeze({
    name: `topK(${k})`,
    codec,
    intact: true,
    create: () => fresh(new Map(), 0),
    add(acc: TopKAcc, value: T) {
      bump(acc, by(value), limit);
      return acc;
    },
    merge: (a: TopKAcc, b: TopKAcc) => merge(a, b, limit),
    result: (acc: TopKAcc) => ranked(acc.counters).slice(0, k),
  });
}

const fresh = (counters: Map<string, Counter>, absent: number): TopKAcc => ({ counters, absent, rarest: [], least: 0 });

function bump(acc: TopKAcc, key: string, limit: number): void {
  const counter = acc.counters.get(key);
  if (counter !== undefined) {
    counter.count++;
    return;
  }
  while (acc.counters.size >= limit) evict(acc);
  acc.counters.set(key, { count: acc.absent + 1, error: acc.absent });
}

/**
 * Removes the oldest of the rarest keys. Looking for the rarest takes a pass, but they are remembered, and the least
 * count only grows, at most N / limit times: all passes together cost a constant per value.
 */
function evict(acc: TopKAcc): void {
  for (;;) {
    const key = acc.rarest.pop();
    if (key === undefined) findRarest(acc);
    else if (acc.counters.get(key)?.count === acc.least) {
      acc.counters.delete(key);
      acc.absent = acc.least;
      return;
    }
  }
}

function findRarest(acc: TopKAcc): void {
  acc.least = Number.POSITIVE_INFINITY;
  for (const { count } of acc.counters.values()) acc.least = Math.min(acc.least, count);
  for (const [key, { count }] of acc.counters) if (count === acc.least) acc.rarest.push(key);
  acc.rarest.reverse();
}

function merge(a: TopKAcc, b: TopKAcc, limit: number): TopKAcc {
  const counters = new Map<string, Counter>();
  for (const [key, { count, error }] of a.counters) {
    const other = b.counters.get(key);
    counters.set(key, { count: count + (other?.count ?? b.absent), error: error + (other?.error ?? b.absent) });
  }
  for (const [key, { count, error }] of b.counters) {
    if (!counters.has(key)) counters.set(key, { count: count + a.absent, error: error + a.absent });
  }
  let absent = a.absent + b.absent;
  for (const { key, count } of ranked(counters).slice(limit)) {
    counters.delete(key);
    absent = Math.max(absent, count);
  }
  return fresh(counters, absent);
}

function ranked(counters: ReadonlyMap<string, Counter>): TopEntry[] {
  const entries: TopEntry[] = [];
  for (const [key, { count, error }] of counters) entries.push({ key, count, error });
  return entries.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

const codec: Codec<TopKAcc> = Object.freeze({
  name: 'topK',
  version: 1,
  encode({ counters, absent }: TopKAcc) {
    const writer = new ByteWriter().varint(absent).varint(counters.size);
    for (const [key, { count, error }] of counters) writer.string(key).varint(count).varint(error);
    return writer.finish();
  },
  decode(bytes: Uint8Array) {
    const reader = new ByteReader(bytes, 'topK');
    const absent = reader.varint();
    const counters = new Map<string, Counter>();
    for (let left = reader.count(3); left > 0; left--) {
      counters.set(reader.string(), { count: reader.varint(), error: reader.varint() });
    }
    reader.end();
    return fresh(counters, absent);
  },
});

interface Bound {
  readonly got: number;
  readonly least: number;
  readonly expected: string;
}

function check(option: string, { got, least, expected }: Bound): void {
  if (Number.isSafeInteger(got) && got >= least) return;
  throw new MillraceError('OPTION_INVALID', { option, owner: 'topK', got, expected });
}
