/** The splits that a task reads, their positions, and which of them is read next. */
import type { PollLimit, Ports, SourceBatch, SourceReader } from '../../graph/connector.ts';
import type { Stage } from '../../graph/plan.ts';
import type { Json } from '../../state/store.ts';
import type { Time } from '../../time/duration.ts';
import type { FetchLimit } from '../../topics/topics.ts';
import type { Positions } from '../commit/committer.ts';

/** One split of one source as a task reads it. `index` is its number within the task. */
export interface Split {
  readonly index: number;
  readonly uid: string;
  readonly name: string;
  position: Json;
  state: 'active' | 'quiet' | 'ended';
  /** Clock time at which it was found at its end. */
  quietSince: Time;
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

/**
 * Pulls batches from all splits of a job's sources, always from the one furthest behind in event time, so that none
 * runs ahead and fills state with windows that wait for the others.
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

  nameOf(index: number): string {
    const split = this.#splits[index]!;
    return `${split.uid}/${split.name}`;
  }

  /** Finds splits that are new since the last call. Errors: TOPIC_PARTITIONS_CHANGED. */
  async refresh(): Promise<readonly Split[]> {
    const found: Split[] = [];
    const isFirst = this.#splits.length === 0;
    for (const [uid, reader] of this.#readers) {
      const names = await reader.splits();
      this.#checkSplits?.(uid, names.length);
      for (const name of isFirst ? [...this.#leftOf(uid, names), ...names] : names) {
        const id = `${uid}/${name}`;
        const isMine = this.#only === undefined || this.#only === name || this.#controls.has(uid);
        if (!isMine || this.#known.has(id)) continue;
        const position = this.#stored[uid]?.[name] ?? (await reader.start(name));
        const split: Split = { index: this.#splits.length, uid, name, position, state: 'active', quietSince: 0 };
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
   * The next batch, or undefined when no split of `uids` has anything now. `timeOf` returns a split's event time.
   * A split's position moves when its batch is taken with `consume`.
   */
  async pull(
    uids: ReadonlySet<string>,
    timeOf: (split: Split) => Time,
    limit: FetchLimit,
  ): Promise<Pulled | undefined> {
    const order = this.#splits.filter((s) => s.state !== 'ended' && uids.has(s.uid));
    if (order.length > 1) order.sort((a, b) => timeOf(a) - timeOf(b) || a.index - b.index);
    for (const split of order) {
      const batch = await this.#readers.get(split.uid)!.poll(split.name, split.position, limit);
      if (batch === 'ended') split.state = 'ended';
      else if (batch !== undefined) {
        split.state = 'active';
        return { split, batch };
      } else if (split.state === 'active') {
        split.state = 'quiet';
        split.quietSince = this.#ports.clock.now();
      }
    }
    return undefined;
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

  get endedSplits(): readonly Split[] {
    return this.#splits.filter((split) => split.state === 'ended');
  }

  get ended(): boolean {
    return this.#splits.length > 0 && this.#splits.every((s) => s.state === 'ended');
  }

  get sourceUids(): readonly string[] {
    return [...this.#readers.keys()];
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
  }
}
