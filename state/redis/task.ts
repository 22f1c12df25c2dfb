/**
 * A task's state in Redis as held by one owner. Every write is one script that checks the owner's token, so that
 * no write of a former owner counts. Every script may be repeated.
 *
 * An epoch of up to about 10,000 changes is one script. A larger one would stop the server for too long: its parts are
 * staged first, one script makes the epoch count, and its parts are then applied one by one, by this owner or the next.
 */

import { MillraceError } from '../../errors.ts';
import type { EpochCommit, Loaded, Meta, OutboxEntry, Space, TaskState } from '../store.ts';
import type { Confirmer } from './confirmer.ts';
import type { Connection } from './connection.ts';
import type { TaskKeys } from './keys.ts';
import { type Part, partsOf } from './parts.ts';
import {
  checkAll,
  filledSpaces,
  loadMapped,
  loadPlain,
  type Page,
  type Place,
  readNumbers,
  readOutbox,
  scanMoved,
  scanPacked,
  scanPlain,
} from './reading.ts';
import * as scripts from './scripts.ts';

/** The newest that this process learned of a task; a store that is behind it lost writes. */
export interface Known {
  fence: number;
  epoch: number;
  resets: number;
}

/** What an owner receives when it takes the task over. */
export interface Ownership {
  readonly name: string;
  readonly keys: TaskKeys;
  readonly token: string;
  readonly fence: number;
  readonly meta: Meta | undefined;
  readonly known: Known;
  readonly connection: Connection;
  readonly confirmer: Confirmer;
}

/** The first word of a script's reply, and its detail. */
type Reply = readonly [kind: string, more?: string];

export class RedisTask implements TaskState {
  readonly fence: number;
  readonly meta: Meta | undefined;
  readonly resets: number;
  readonly #own: Ownership;
  /** The last epoch acknowledged to this owner. */
  #epoch: number;
  /** Numbers of spaces; read again after whatever may have changed them. */
  #numbers: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(own: Ownership) {
    this.#own = own;
    this.fence = own.fence;
    this.meta = own.meta;
    this.resets = own.known.resets;
    this.#epoch = own.meta?.epoch ?? -1;
  }

  async load(space: Space, keys: readonly string[]): Promise<readonly Loaded[]> {
    const place = await this.#place(space);
    if (place === undefined) return keys.map(() => []);
    return space.kind === 'map' ? loadMapped(place, keys) : loadPlain(place, keys);
  }

  async *scan(space: Space): AsyncGenerator<Page> {
    const place = await this.#place(space);
    if (place === undefined) return;
    yield* scanPlain(place);
    if (space.kind === 'map') {
      yield* scanPacked(place);
      yield* scanMoved(place);
    }
    await checkAll(place);
  }

  outbox(): Promise<readonly OutboxEntry[]> {
    return readOutbox(this.#own);
  }

  async commit(commit: EpochCommit): Promise<void> {
    const { epoch } = commit.meta;
    const [kind, last] = await this.#send(commit);
    if (kind === 'gap') {
      if (Number(last) < this.#epoch) throw this.#lost(`epoch ${last}`, `epoch ${this.#epoch}`);
      throw new MillraceError('STATE_EPOCH_GAP', { task: this.#own.name, got: epoch, last: Number(last) });
    }
    if (kind === 'missing') throw new MillraceError('OUTCOME_UNKNOWN', { what: `the staging of epoch ${epoch}` });
    this.#epoch = epoch;
    this.#own.known.epoch = epoch;
  }

  async confirm(): Promise<void> {
    const { confirmer, keys, token } = this.#own;
    const epoch = this.#epoch;
    const [kind, found] = await confirmer.confirm({ head: keys.head, token, epoch });
    if (kind === 'fenced') throw this.#fenced(Number(found));
    if (kind === 'gap') throw this.#lost(`epoch ${found}`, `epoch ${epoch}`);
    if (kind === 'behind') throw new MillraceError('OUTCOME_UNKNOWN', { what: `the confirmation (${found})` });
  }

  async acknowledge(lane: string, seq: number): Promise<void> {
    const { keys } = this.#own;
    const what = `the acknowledgement of lane ${lane}`;
    const names = [keys.head, `${keys.prefix}o:${lane}`];
    await this.#write(what, scripts.acknowledgeLane, { keys: names, args: [seq] });
  }

  async drop(spaces: readonly Space[]): Promise<void> {
    const { keys, connection } = this.#own;
    const numbers = await this.#spaceNumbers();
    const pairs = spaces.flatMap(({ name }) => (numbers.has(name) ? [name, numbers.get(name)!] : []));
    this.#numbers = undefined;
    const names = [keys.head, keys.spaces, keys.garbage];
    await this.#write('a drop of spaces', scripts.dropSpaces, { keys: names, args: pairs });
    await sweep(connection, keys);
  }

  async spaces(): Promise<readonly string[]> {
    return filledSpaces(this.#own, await this.#spaceNumbers());
  }

  /** Applies the remaining parts of a staged epoch that was committed. */
  async roll(): Promise<void> {
    const { connection, keys, token, name } = this.#own;
    const names = [keys.head, keys.spaces, keys.lanes, keys.prefix, keys.pending];
    for (;;) {
      const reply = await connection.call({ what: 'the application of an epoch', writes: true, task: name }, (redis) =>
        scripts.run(redis, scripts.rollPart, { keys: names, args: [token] }),
      );
      const [kind, more] = scripts.texts(reply) as Reply;
      if (kind === 'fenced') throw this.#fenced(Number(more));
      if (Number(more) === 0) return;
    }
  }

  /** Sends an epoch in one script or in parts; returns the script's reply. */
  async #send(commit: EpochCommit): Promise<Reply> {
    const { epoch, commitId } = commit.meta;
    const { keys } = this.#own;
    const parts = partsOf(commit);
    const first = parts.next().value!;
    const second = parts.next().value;
    const what = `the commit of epoch ${epoch}`;
    const id = [epoch, commitId];
    const meta = JSON.stringify(commit.meta);
    if (second === undefined) {
      const names = [keys.head, keys.spaces, keys.lanes, keys.prefix];
      const reply = await this.#write(what, scripts.commitEpoch, { keys: names, args: [...id, meta, first.blob] });
      await this.#noteSpaces(first);
      return reply;
    }
    const names = [keys.head, keys.pending];
    const stage = (index: number, { blob }: Part) =>
      this.#write(what, scripts.stagePart, { keys: names, args: [...id, index, blob] });
    let staged = stage(0, first);
    let count = 1;
    // The next part is packed while the last one is on its way.
    for (let part: Part | void = second; part !== undefined; part = parts.next().value) {
      const reply = await staged;
      if (reply[0] !== 'ok') return reply;
      staged = stage(count++, part);
    }
    const reply = await staged;
    if (reply[0] !== 'ok') return reply;
    this.#numbers = undefined;
    const flipped = await this.#write(what, scripts.flipEpoch, { keys: names, args: [...id, meta, count] });
    if (flipped[0] === 'ok') await this.roll();
    return flipped;
  }

  /**
   * Runs a script for the owner, whose token comes first; finishes an unfinished staged epoch before it. Errors:
   * STATE_FENCED.
   */
  async #write(what: string, script: scripts.Script, { keys, args }: scripts.Operands): Promise<Reply> {
    const { connection, token, name } = this.#own;
    for (;;) {
      const purpose = { what: `${what} of task ${name}`, writes: true, task: name };
      const reply = await connection.call(purpose, (redis) =>
        scripts.run(redis, script, { keys, args: [token, ...args] }),
      );
      const [kind, more] = scripts.texts(reply) as Reply;
      if (kind === 'fenced') throw this.#fenced(Number(more));
      if (kind !== 'rolling') return [kind, more!];
      await this.roll();
    }
  }

  /** Forgets the numbers of spaces if the part gave a space its first number. */
  async #noteSpaces({ spaces }: Part): Promise<void> {
    if (this.#numbers === undefined) return;
    const numbers = await this.#numbers;
    if (spaces.some((name) => !numbers.has(name))) this.#numbers = undefined;
  }

  #spaceNumbers(): Promise<ReadonlyMap<string, string>> {
    if (this.#numbers !== undefined) return this.#numbers;
    const numbers = readNumbers(this.#own);
    this.#numbers = numbers;
    numbers.catch(() => {
      if (this.#numbers === numbers) this.#numbers = undefined;
    });
    return numbers;
  }

  async #place({ name }: Space): Promise<Place | undefined> {
    const { connection, keys, name: task } = this.#own;
    const number = (await this.#spaceNumbers()).get(name);
    return number === undefined ? undefined : { connection, keys, name: task, number };
  }

  /** A fence that is not above this owner's means that the store lost writes. */
  #fenced(theirs: number): MillraceError {
    const { name } = this.#own;
    if (theirs <= this.fence) return this.#lost(`fence ${theirs}`, `fence ${this.fence}`);
    return new MillraceError('STATE_FENCED', { task: name, mine: this.fence, theirs });
  }

  #lost(found: string, known: string): MillraceError {
    return new MillraceError('STATE_LOST_WRITES', { task: this.#own.name, found, known });
  }
}

/** Deletes the entries of dropped spaces. */
export async function sweep(connection: Connection, { garbage, prefix }: TaskKeys): Promise<void> {
  const purpose = { what: 'the removal of dropped spaces', writes: true };
  const step = () =>
    connection.call(purpose, (redis) =>
      scripts.run(redis, scripts.sweepGarbage, { keys: [garbage, prefix], args: [1_000] }),
    );
  while ((await step()) === 1);
}
