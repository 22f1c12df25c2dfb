/**
 * Cuts an epoch into the parts that the scripts apply (see apply.lua for their form). Entries are grouped by space,
 * sets before deletes, because one HSET of a thousand fields is far cheaper than a thousand HSETs. Where an entry is
 * deleted and then set, a new group begins, so that the last change of an entry wins.
 */

import { utf8Length } from '../../codecs/utf8.ts';
import type { Delta, EpochCommit, OutboxEntry } from '../store.ts';
import { type Packable, Packer } from './message-pack.ts';

/** A part of an epoch small enough for one script. */
export interface Part {
  readonly blob: Buffer;
  /** The spaces it touches. */
  readonly spaces: readonly string[];
}

/** Redis serves no other client while a script runs; a part of this size takes about 10 to 20 ms. */
const mostChanges = 10_000;
const mostBytes = 4 << 20;

interface Plain {
  readonly sets: Packable[];
  readonly deletes: string[];
  readonly deleted: Set<string>;
}

interface SpaceGroup {
  readonly plains: Plain[];
  readonly maps: Map<string, Plain[]>;
}

/** The parts of an epoch, in the order in which they must be applied; at least one. */
export function* partsOf({ deltas, outbox }: Pick<EpochCommit, 'deltas' | 'outbox'>): Generator<Part, void> {
  let draft = new Draft();
  for (const delta of deltas) {
    if (draft.isFull) {
      yield draft.finish();
      draft = new Draft();
    }
    draft.change(delta);
  }
  for (const entry of outbox) {
    if (draft.isFull) {
      yield draft.finish();
      draft = new Draft();
    }
    draft.deliver(entry);
  }
  yield draft.finish();
}

/** An outbox entry without its lane, from the member of the sorted set that stores it. */
export function readMember(member: Buffer): Omit<OutboxEntry, 'lane'> {
  return { seq: member.readDoubleBE(0), epoch: member.readDoubleBE(8), payload: member.subarray(16) };
}

/** A part under construction. */
class Draft {
  readonly #spaces = new Map<string, SpaceGroup>();
  readonly #lanes = new Map<string, Packable[]>();
  #changes = 0;
  #bytes = 0;
  // Deltas come in runs of one space; this saves most look-ups.
  #name: string | undefined;
  #space: SpaceGroup | undefined;

  get isFull(): boolean {
    return this.#changes >= mostChanges || this.#bytes >= mostBytes;
  }

  change({ space: name, key, sub, value }: Delta): void {
    if (name !== this.#name) {
      this.#name = name;
      this.#space = getOrMake(this.#spaces, name, () => ({ plains: [], maps: new Map() }));
    }
    const space = this.#space!;
    this.#changes++;
    this.#bytes += 10 + utf8Length(key) + utf8Length(sub) + (value?.length ?? 0);
    if (sub === '') put(space.plains, key, value);
    else
      put(
        getOrMake(space.maps, key, () => []),
        sub,
        value,
      );
  }

  deliver({ lane, seq, epoch, payload }: OutboxEntry): void {
    const member = Buffer.allocUnsafe(16 + payload.length);
    member.writeDoubleBE(seq, 0);
    member.writeDoubleBE(epoch, 8);
    member.set(payload, 16);
    getOrMake(this.#lanes, lane, () => []).push(String(seq), member);
    this.#changes++;
    this.#bytes += 30 + payload.length;
  }

  finish(): Part {
    const packer = new Packer(this.#bytes + this.#bytes / 8).array(3);
    const spaces = [...this.#spaces];
    const plains = spaces.flatMap(([name, { plains }]) => plains.map((group) => [name, group] as const));
    packer.array(plains.length);
    for (const [name, group] of plains) packer.array(3).item(name).items(group.sets).items(group.deletes);
    const mapped = spaces.filter(([, { maps }]) => maps.size > 0);
    packer.array(mapped.length);
    for (const [name, { maps }] of mapped) packMaps(packer.array(2).item(name), maps);
    packer.array(this.#lanes.size);
    for (const [lane, members] of this.#lanes) packer.array(2).item(lane).items(members);
    return { blob: packer.finish(), spaces: [...this.#spaces.keys()] };
  }
}

function packMaps(packer: Packer, maps: ReadonlyMap<string, readonly Plain[]>): void {
  let count = 0;
  for (const groups of maps.values()) count += groups.length;
  packer.array(count);
  for (const [key, groups] of maps) {
    for (const { sets, deletes } of groups) packer.array(3).item(key).items(sets).items(deletes);
  }
}

function put(groups: Plain[], field: string, value: Uint8Array | null): void {
  let group = groups.at(-1);
  if (group === undefined || (value !== null && group.deleted.size > 0 && group.deleted.has(field))) {
    group = { sets: [], deletes: [], deleted: new Set() };
    groups.push(group);
  }
  if (value === null) {
    group.deletes.push(field);
    group.deleted.add(field);
  } else {
    group.sets.push(field, value);
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
