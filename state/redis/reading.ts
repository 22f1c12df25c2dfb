/** Reads of a task's entries and outbox, in bulk: a round trip holds a thousand keys, never one. */

import type { Redis } from 'ioredis';
import type { Loaded, OutboxEntry } from '../store.ts';
import type { Connection, Purpose } from './connection.ts';
import type { TaskKeys } from './keys.ts';
import { Packer, unpackArray } from './message-pack.ts';
import { readMember } from './parts.ts';
import { checkKeys, loadMaps, run } from './scripts.ts';

type Entry = readonly [key: string, sub: string, value: Uint8Array];

/** A page of a scan. */
export type Page = readonly Entry[];

/** A task whose keys are read. */
export interface Read {
  readonly name: string;
  readonly connection: Connection;
  readonly keys: TaskKeys;
}

/** Where the entries of a space are stored. */
export interface Place extends Read {
  readonly number: string;
}

/** A page, and the cursor of the next one. */
type CursorPage = readonly [cursor: Buffer, page: Page];

const loadLength = 1_000;
const scanLength = 5_000;
/** Keys per page whose entries moved: each has many entries. */
const movedLength = 250;
const outboxLength = 100;

const loading = ({ name }: Read): Purpose => ({ what: 'a load', writes: false, task: name });
const scanning = ({ name }: Read): Purpose => ({ what: 'a scan', writes: false, task: name });

/** To be sent behind what reads from these collections. Errors: STATE_LOST_WRITES. */
const check = (redis: Redis, { keys }: Read, collections: readonly string[]) =>
  run(redis, checkKeys, { keys: [keys.head, ...collections], args: [] });

/** Checks that the collections of a space are all there, once they were read. Errors: STATE_LOST_WRITES. */
export async function checkAll(place: Place): Promise<void> {
  const collections = ['v', 'p', 'k'].map((kind) => `${place.keys.prefix}${kind}:${place.number}`);
  await place.connection.call(scanning(place), (redis) => check(redis, place, collections));
}

/** The numbers of all spaces by name. */
export async function readNumbers(of: Read): Promise<ReadonlyMap<string, string>> {
  const { spaces } = of.keys;
  const [numbers] = await of.connection.call(loading(of), (redis) =>
    Promise.all([redis.hgetall(spaces), check(redis, of, [spaces])]),
  );
  return new Map(Object.entries(numbers));
}

/** The value of each key, as its only entry. */
export function loadPlain(place: Place, wanted: readonly string[]): Promise<readonly Loaded[]> {
  const { connection, keys, number } = place;
  const hash = `${keys.prefix}v:${number}`;
  return connection.call(loading(place), async (redis) => {
    const slices = slicesOf(wanted, loadLength).map((slice) => redis.hmgetBuffer(hash, ...slice));
    const [found] = await Promise.all([Promise.all(slices), check(redis, place, [hash])]);
    return found.flat().map((value): Loaded => (value === null ? [] : [['', value]]));
  });
}

/** All entries of each key: the one without a sub, and those of its own hash. */
export async function loadMapped(place: Place, wanted: readonly string[]): Promise<readonly Loaded[]> {
  const [plain, mapped] = await Promise.all([loadPlain(place, wanted), loadHashes(place, wanted)]);
  return plain.map((entries, i) => [...entries, ...mapped[i]!]);
}

function loadHashes(place: Place, wanted: readonly string[]): Promise<readonly Loaded[]> {
  const { connection, keys, number } = place;
  const names = ['p', 'k', 'm'].map((kind) => `${keys.prefix}${kind}:${number}${kind === 'm' ? ':' : ''}`);
  names.push(keys.head);
  return connection.call(loading(place), async (redis) => {
    const slices = slicesOf(wanted, loadLength).map((slice) => {
      const packed = new Packer(slice.length * 32).items(slice).finish();
      return run(redis, loadMaps, { keys: names, args: [packed] }) as Promise<
        readonly (Buffer | readonly Buffer[] | null)[]
      >;
    });
    const found = (await Promise.all(slices)).flat();
    return found.map((its) => (its === null ? [] : pairsOf(Buffer.isBuffer(its) ? unpackArray(its) : its)));
  });
}

/**
 * The entries without a sub, in pages. An entry can come twice only if commits shrink the space to a tenth while it is
 * scanned.
 */
export function scanPlain(place: Place): AsyncGenerator<Page> {
  const { connection, keys, number } = place;
  const hash = `${keys.prefix}v:${number}`;
  return ahead(async (cursor) => {
    const page = (redis: Redis) => redis.hscanBuffer(hash, cursor, 'COUNT', scanLength);
    const [next, flat] = await connection.call(scanning(place), page);
    const entries: Entry[] = [];
    for (let i = 0; i < flat.length; i += 2) entries.push([flat[i]!.toString(), '', flat[i + 1]!]);
    return [next, entries];
  });
}

/**
 * The packed entries with a sub, in pages. An entry that moves meanwhile is read a second time with those that moved.
 */
export function scanPacked(place: Place): AsyncGenerator<Page> {
  const { connection, keys, number } = place;
  const hash = `${keys.prefix}p:${number}`;
  return ahead(async (cursor) => {
    const page = (redis: Redis) => redis.hscanBuffer(hash, cursor, 'COUNT', scanLength);
    const [next, flat] = await connection.call(scanning(place), page);
    const entries: Entry[] = [];
    for (let i = 0; i < flat.length; i += 2) {
      const key = flat[i]!.toString();
      const items = unpackArray(flat[i + 1]!);
      for (let j = 0; j < items.length; j += 2) entries.push([key, items[j]!.toString(), items[j + 1]!]);
    }
    return [next, entries];
  });
}

/** The entries with a sub that moved to hashes of their own, in pages. */
export function scanMoved(place: Place): AsyncGenerator<Page> {
  const index = `${place.keys.prefix}k:${place.number}`;
  return ahead(async (cursor) => {
    const page = (redis: Redis) => redis.sscanBuffer(index, cursor, 'COUNT', movedLength);
    const [next, members] = await place.connection.call(scanning(place), page);
    const keys = members.map((member) => member.toString());
    const found = await loadHashes(place, keys);
    return [next, found.flatMap((entries, i) => entries.map(([sub, value]): Entry => [keys[i]!, sub, value]))];
  });
}

/** The pages of a cursor without empty ones; the next page is requested while the caller handles one. */
async function* ahead(read: (cursor: string) => Promise<CursorPage>): AsyncGenerator<Page> {
  let next: Promise<CursorPage> | undefined = read('0');
  while (next !== undefined) {
    const [bytes, page]: CursorPage = await next;
    const cursor = bytes.toString();
    next = cursor === '0' ? undefined : read(cursor);
    // A caller that stops half-way leaves this promise unhandled.
    next?.catch(() => {});
    if (page.length > 0) yield page;
  }
}

/** The names of the spaces that hold entries. */
export async function filledSpaces(of: Read, numbers: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const { prefix } = of.keys;
  const held = await of.connection.call(loading(of), (redis) => {
    return Promise.all(
      [...numbers.values()].map((n) => redis.exists(`${prefix}v:${n}`, `${prefix}p:${n}`, `${prefix}k:${n}`)),
    );
  });
  return [...numbers.keys()].filter((_, i) => held[i]! > 0).sort();
}

/** Every undelivered entry, by lane and seq. */
export async function readOutbox(of: Read): Promise<readonly OutboxEntry[]> {
  const { lanes, prefix } = of.keys;
  const names = (await of.connection.call(loading(of), (redis) => redis.smembers(lanes))).sort();
  const found: OutboxEntry[] = [];
  for (const lane of names) {
    const page = (redis: Redis, from: string) =>
      redis.zrangeBuffer(`${prefix}o:${lane}`, from, '+inf', 'BYSCORE', 'LIMIT', 0, outboxLength);
    for (let from = '-inf'; ; from = `(${found.at(-1)!.seq}`) {
      const members = await of.connection.call(loading(of), (redis) => page(redis, from));
      for (const member of members) found.push({ lane, ...readMember(member) });
      if (members.length < outboxLength) break;
    }
  }
  const collections = [lanes, ...names.map((lane) => `${prefix}o:${lane}`)];
  await of.connection.call(loading(of), (redis) => check(redis, of, collections));
  return found;
}

function pairsOf(flat: readonly Buffer[]): readonly (readonly [name: string, value: Buffer])[] {
  const pairs: (readonly [string, Buffer])[] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!.toString(), flat[i + 1]!]);
  return pairs;
}

function slicesOf(keys: readonly string[], length: number): readonly (readonly string[])[] {
  const slices: (readonly string[])[] = [];
  for (let from = 0; from < keys.length; from += length) slices.push(keys.slice(from, from + length));
  return slices;
}
