/** The splits that a task reads, their positions, and which of them is read next. */
import type { PollLimit, Ports, SourceBatch, SourceReader } from '../../graph/connector.ts';
import type { Stage } from '../../graph/plan.ts';
import type { Json } from '../../state/store.ts';
import { seconds, type Time } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import type { Positions } from '../commit/committer.ts';

/** One split of one source as a task reads it. `index` is its number within the task. */
export interface Split {
  readonly index: number;
  readonly uid: string;
  readonly name: string;
  position: Json;
  state: 'active' | 'quiet' | 'ended';
  /** Clock time at which it was found at its end; of one that is active, at which it was polled last. */
  quietSince: Time;
  /** Clock time at which it was polled last, or found. */
  askedAt: Time;
}

/** What was pulled. */
export interface Pulled {
  readonly split: Split;
  readonly batch: SourceBatch<unknown>;
}

/** Where reading begins, and what is read. */
export interface ReadingFrom {
  readonly stored: Positions;
  /** The only partition that is read of every topic but control streams, which each task reads whole. */
  readonly partition: number | undefined;
  /** Takes the number of splits that a source is found to have, and throws if it must not have so many. */
  readonly checkSplits?: (uid: string, found: number) => void;
}

/** A quiet split is asked at least so often while others have a backlog, so that it is known whether it is quiet. */
const askEvery = seconds(1);
/** Of splits that are equal in time, one that waited for so long is read before the first. */
const longestWait = seconds(30);

/**
 * Pulls batches from all splits of a job's sources: from the one furthest behind in event time, so that none runs ahead
 * and fills state with windows that wait for the others. Two things come before that. A quiet split that was not asked
 * for a second is asked: otherwise a backlog elsewhere would keep it unasked, which looks like idleness. And splits
 * that have no event time take turns with those that have: they can't be behind, and must not starve the others.
 */
export class Reading {
  readonly #ports: Ports;
  readonly #readers: ReadonlyMap<string, SourceReader<unknown>>;
  readonly #stored: Positions;
  readonly #only: string | undefined;
  readonly #controls: ReadonlySet<string>;
  readonly #checkSplits: ReadingFrom['checkSplits'];
  readonly #splits: Split[] = [];
  readonly #known = new Map<string, Split>();
  /** Those that ended since they were last taken. */
  #endedNow: Split[] = [];
  /** Whether splits without event time are next to be read before all others. */
  #isTimelessTurn = false;

  static async open(stage: Stage, ports: Ports, from: ReadingFrom): Promise<Reading> {
    const readers = new Map<string, SourceReader<unknown>>();
    for (const { node } of stage.nodes) {
      if (node.body.kind === 'source') readers.set(node.uid!, await node.body.source.open(ports));
    }
    return new Reading({ controls: stage.controls, ports, readers, ...from });
  }

  private constructor(
    parts: ReadingFrom & {
      readonly controls: ReadonlySet<string>;
      readonly ports: Ports;
      readonly readers: ReadonlyMap<string, SourceReader<unknown>>;
    },
  ) {
    this.#ports = parts.ports;
    this.#readers = parts.readers;
    this.#stored = parts.stored;
    this.#only = parts.partition === undefined ? undefined : String(parts.partition);
    this.#controls = parts.controls;
    this.#checkSplits = parts.checkSplits;
  }

  get splits(): readonly Split[] {
    return this.#splits;
  }

  /** Those that have not ended. */
  get left(): readonly Split[] {
    return this.#splits.filter(({ state }) => state !== 'ended');
  }

  /** Those that were found at their end when they were last asked. */
  get quiet(): readonly Split[] {
    return this.#splits.filter(({ state }) => state === 'quiet');
  }

  nameOf(index: number): string {
    const split = this.#splits[index]!;
    return `${split.uid}/${split.name}`;
  }

  /** What people know a split by. */
  placeOf(index: number | undefined): string | undefined {
    if (index === undefined) return undefined;
    const { uid, position } = this.#splits[index]!;
    return this.#readers.get(uid)!.placeOf?.(position) ?? this.nameOf(index);
  }

  /**
   * Finds splits that are new since the last call, and those that ended and are to be read again. Errors:
   * TOPIC_PARTITIONS_CHANGED.
   */
  async refresh(): Promise<readonly Split[]> {
    const found: Split[] = [];
    const isFirst = this.#splits.length === 0;
    for (const [uid, reader] of this.#readers) {
      const names = await reader.splits();
      this.#checkSplits?.(uid, names.length);
      for (const name of isFirst ? [...this.#leftOf(uid, names), ...names] : names) {
        const id = `${uid}/${name}`;
        const isMine = this.#only === undefined || this.#only === name || this.#controls.has(uid);
        const known = this.#known.get(id);
        if (known?.state === 'ended' && reader.goesOn?.() === true) {
          known.state = 'active';
          found.push(known);
        }
        if (!isMine || known !== undefined) continue;
        const position = this.#stored[uid]?.[name] ?? (await reader.start(name));
        const index = this.#splits.length;
        const askedAt = this.#ports.clock.now();
        const split: Split = { index, uid, name, position, state: 'active', quietSince: askedAt, askedAt };
        this.#splits.push(split);
        this.#known.set(id, split);
        found.push(split);
      }
    }
    return found;
  }

  /** Stored splits of a source that are to be read on though they are not among `names`. */
  #leftOf(uid: string, names: readonly string[]): readonly string[] {
    const reader = this.#readers.get(uid)!;
    return Object.entries(this.#stored[uid] ?? {})
      .filter(([name, position]) => !names.includes(name) && reader.resumes?.(name, position) === true)
      .map(([name]) => name);
  }

  /**
   * The next batch, or undefined when no split of `uids` has anything now. `timeOf` returns a split's event time,
   * undefined of one that has none. A split's position moves when its batch is taken with `consume`.
   */
  async pull(
    uids: ReadonlySet<string>,
    timeOf: (split: Split) => Time | undefined,
    limit: FetchLimit,
  ): Promise<Pulled | undefined> {
    for (const split of this.#inOrder(uids, timeOf)) {
      const batch = await this.#readers.get(split.uid)!.poll(split.name, split.position, limit);
      split.askedAt = this.#ports.clock.now();
      if (batch === 'ended') {
        split.state = 'ended';
        split.quietSince = split.askedAt;
        this.#endedNow.push(split);
      } else if (batch !== undefined) {
        split.state = 'active';
        return { split, batch };
      } else if (split.state === 'active') {
        split.state = 'quiet';
        split.quietSince = split.askedAt;
      }
    }
    return undefined;
  }

  #inOrder(uids: ReadonlySet<string>, timeOf: (split: Split) => Time | undefined): readonly Split[] {
    const order = this.#splits.filter((split) => split.state !== 'ended' && uids.has(split.uid));
    if (order.length < 2) return order;
    const turn = this.#isTimelessTurn ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    this.#isTimelessTurn = !this.#isTimelessTurn;
    const now = this.#ports.clock.now();
    const ranked = order.map((split) => {
      const waited = now - split.askedAt;
      const isDue = split.state === 'quiet' && waited >= askEvery;
      const rank = isDue ? Number.NEGATIVE_INFINITY : (timeOf(split) ?? turn);
      return { split, rank, wait: waited >= longestWait ? 0 : 1 };
    });
    // Of equal ones, as without event time, the first is read while none waits too long: a restart keeps the order.
    ranked.sort((a, b) => compare(a.rank, b.rank) || a.wait - b.wait || a.split.index - b.split.index);
    return ranked.map(({ split }) => split);
  }

  /** Reads one split from a given position, for a recipe. */
  poll(split: Split, position: Json, limit: PollLimit): Promise<SourceBatch<unknown> | undefined | 'ended'> {
    return this.#readers.get(split.uid)!.poll(split.name, position, limit);
  }

  split(uid: string, name: string): Split | undefined {
    return this.#known.get(`${uid}/${name}`);
  }

  /** Next positions of every split, stored ones of splits that are not there now included. */
  positions(): Positions {
    const positions: Record<string, Record<string, Json>> = {};
    for (const [uid, splits] of Object.entries(this.#stored)) positions[uid] = { ...splits };
    for (const { uid, name, position } of this.#splits) (positions[uid] ??= {})[name] = position;
    return positions;
  }

  /** Splits that ended since this was last asked. */
  takeEnded(): readonly Split[] {
    const ended = this.#endedNow;
    this.#endedNow = [];
    return ended;
  }

  /** Whether every split has ended, and no source can bring another. */
  get ended(): boolean {
    if (this.#splits.length === 0 || this.#splits.some((split) => split.state !== 'ended')) return false;
    return ![...this.#readers.values()].some((reader) => reader.goesOn?.() === true);
  }

  /** Whether a split that ended may be followed by others of its source. */
  goesOn({ uid }: Split): boolean {
    return this.#readers.get(uid)!.goesOn?.() === true;
  }

  get sourceUids(): readonly string[] {
    return [...this.#readers.keys()];
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
  }
}

/** Infinite times are compared too; a difference would not be a number. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
