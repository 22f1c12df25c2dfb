/**
 * Drives one operator, or a chain, by hand: the test gives the inputs and reads the outputs, in order, as lines of
 * text. Inputs pass the circuit of the real runtime over state in memory; there is no broker, no real clock and no
 * second implementation. Inputs are handled in order, at the latest when `seen` or `saved` is awaited.
 */

import { json } from '../codecs/codec.ts';
import { script } from '../connectors/script.ts';
import { reasonOf } from '../errors.ts';
import type { TopicSink } from '../graph/connector.ts';
import { type From, type Job, job } from '../graph/job.ts';
import { wholeStage } from '../graph/plan.ts';
import { append, type Stream } from '../graph/stream.ts';
import { to } from '../operators/to.ts';
import { buildCircuit, type Circuit } from '../runtime/circuit/circuit.ts';
import type { Element } from '../runtime/circuit/element.ts';
import type { EventTimeMemory } from '../runtime/circuit/times.ts';
import type { Key } from '../state/key.ts';
import { memoryState } from '../state/memory.ts';
import type { TaskState } from '../state/store.ts';
import type { Time } from '../time/duration.ts';
import { dataLine, jsonOf, signalLine } from './lines.ts';
import { exportState, importState, type SavedState } from './saved-state.ts';
import { VirtualClock } from './virtual-clock.ts';

/** An operator to be tested. `from` opens further sources, such as the control stream of a broadcast. */
export type OpUnderTest<T, K, R, KR> = (stream: Stream<T, K>, from: From) => Stream<R, KR>;

/** What a barrier saved: state, timers and watermarks. Plain data that can be kept in a file. */
export interface Saved {
  readonly state: SavedState;
  readonly watermarks: { readonly [source: string]: Time };
  readonly eventTimes: Readonly<Record<string, EventTimeMemory>>;
}

export interface DriveOptions {
  /** Continues where another drive was at its last barrier, as a new process does. */
  readonly saved?: Saved | Promise<Saved>;
  /** Keys held in memory; with fewer, others are stored and loaded again. Default: all. */
  readonly cacheKeys?: number;
  /** Clock time, for `eventTime`. Default: 2100. */
  readonly now?: Time;
}

/** A further source of the operator under test. */
export interface DrivenSource {
  data(time: Time, value: unknown): void;
  watermark(time: Time): void;
}

/** An operator under test. */
export interface Drive<T> {
  /** A record at an event time, under a key. */
  data(time: Time, value: T, key?: Key): void;
  watermark(time: Time): void;
  /** The clock shows `now`. */
  tick(now: Time): void;
  /** Commits: what happened before it is in `saved`. */
  barrier(epoch: number): void;
  /** A source that the operator opened by `from`. */
  source(uid: string): DrivenSource;
  /**
   * The outputs, one line each: `api {"n":1} @5000` for a value with key and time (an empty key is left out),
   * `late: api {"n":1} @5000` for one in a side output, `~60000` for a watermark, `|1` for a barrier, `!map#1: …` for
   * a record set aside because its handler threw, `!…` for an error of the stream.
   */
  readonly seen: Promise<readonly string[]>;
  /** As of the last barrier so far. */
  readonly saved: Promise<Saved>;
}

/**
 * Takes an operator under test. Its input has the keys and times that `data` is given.
 *
 * @example
 * const perMinute = drive(window('n', tumbling(minutes(1)), count()));
 * perMinute.data(5_000, 'x', 'api');
 * perMinute.watermark(59_999);
 * (await perMinute.seen).at(-1) // => '~59999'
 */
export function drive<T, K, R, KR>(op: OpUnderTest<T, K, R, KR>, options: DriveOptions = {}): Drive<T> {
  return new Driver<T>(op as OpUnderTest<T, never, unknown, unknown>, options);
}

const mainSource = 'in';
const mainSink = 'out';
const nothing = new Uint8Array(0);

/** A sink that writes nothing: its values are read from the circuit. */
const watched: TopicSink<unknown> = {
  kind: 'topic',
  label: 'watched',
  topic: 'out',
  encode: () => nothing,
  key: undefined,
};

class Driver<T> implements Drive<T> {
  readonly #job: Job;
  readonly #lines: string[] = [];
  /** The key of the record that is about to enter. */
  #key: Key = '';
  #epoch = -1;
  #watermarks = new Map<string, Time>();
  #committed: Saved = { state: [], watermarks: {}, eventTimes: {} };
  #state!: TaskState;
  #circuit!: Circuit;
  readonly #clock: VirtualClock;
  #done: Promise<void>;

  constructor(op: OpUnderTest<T, never, unknown, unknown>, options: DriveOptions) {
    this.#clock = new VirtualClock(options.now);
    this.#job = job('drive', (from) => {
      const key = { kind: 'keyBy', key: () => this.#key, bySplit: false, codec: json() } as const;
      const input = from(mainSource, script<T>([]));
      const keyed: Stream<T, never> = append([input], { verb: 'keyBy', keyed: true, timed: true, body: key });
      op(keyed, from).pipe(to(mainSink, watched));
    });
    this.#done = this.#open(options);
  }

  async #open({ saved: given, cacheKeys = Number.POSITIVE_INFINITY }: DriveOptions): Promise<void> {
    const saved = await given;
    const store = memoryState();
    if (saved !== undefined) {
      await importState(await store.open('drive', 'all'), saved.state);
      this.#epoch = 0;
      this.#committed = saved;
      this.#watermarks = new Map(Object.entries(saved.watermarks));
    }
    this.#state = await store.open('drive', 'all');
    this.#circuit = buildCircuit(wholeStage(this.#job), {
      store: this.#state,
      clock: this.#clock,
      cacheKeys,
      splitName: (split) => [...this.#circuit.sources.keys()][split]!,
      memory: saved?.eventTimes ?? {},
      onData: (uid, _sink, { batch, gated }) => {
        const side = uid === mainSink ? '' : `${uid}: `;
        for (let i = 0; i < batch.length; i++) this.#lines.push(side + dataLine(batch, i, gated));
      },
      onSignal: (uid, signal) => {
        const line = signalLine(signal);
        if (uid === mainSink && line !== undefined) this.#lines.push(line);
      },
      onError: (error) => this.#lines.push(`!${reasonOf(error)}`),
      onSide: () => {},
      onDropped: (_uid, reason, { value, time }) => this.#lines.push(`${reason}: ${jsonOf(value)} @${time}`),
      onPoison: (uid, { error }) => this.#lines.push(`!${uid}: ${reasonOf(error)}`),
    });
    await this.#circuit.restore();
    for (const [split, uid] of [...this.#circuit.sources.keys()].entries()) {
      const now = this.#clock.now();
      await this.#push(uid, { kind: 'split', split, state: 'open', at: now, asked: now });
      const time = this.#watermarks.get(uid);
      if (time !== undefined) await this.#push(uid, { kind: 'watermark', time });
    }
    // These lines repeat what was known at the barrier; the test has given no input yet.
    this.#lines.length = 0;
  }

  async #push(uid: string, element: Element): Promise<void> {
    this.#circuit.sources.get(uid)!.next(element);
    for (const gate of this.#circuit.gates) while (gate.loading !== undefined) await gate.loading;
  }

  async #pushAll(element: Element): Promise<void> {
    for (const uid of this.#circuit.sources.keys()) await this.#push(uid, element);
  }

  /** Runs one input after the other; an error becomes a line of output. */
  #enqueue(act: () => Promise<void>): void {
    this.#done = this.#done.then(act).catch((error) => void this.#lines.push(`!${reasonOf(error)}`));
  }

  #data(uid: string, time: Time, value: unknown): Promise<void> {
    const split = [...this.#circuit.sources.keys()].indexOf(uid);
    const times = Float64Array.of(time);
    return this.#push(uid, { kind: 'data', values: [value], times, keys: undefined, length: 1, split });
  }

  #watermark(uid: string, time: Time): Promise<void> {
    this.#watermarks.set(uid, time);
    return this.#push(uid, { kind: 'watermark', time });
  }

  data(time: Time, value: T, key: Key = ''): void {
    this.#enqueue(() => {
      this.#key = key;
      return this.#data(mainSource, time, value);
    });
  }

  watermark(time: Time): void {
    this.#enqueue(() => this.#watermark(mainSource, time));
  }

  tick(now: Time): void {
    this.#enqueue(() => {
      this.#clock.advanceTo(now);
      return this.#pushAll({ kind: 'tick', now });
    });
  }

  barrier(epoch: number): void {
    this.#enqueue(async () => {
      await this.#pushAll({ kind: 'barrier', epoch });
      const { freeze, tables, times } = this.#circuit;
      this.#epoch++;
      const meta = { generation: 1, epoch: this.#epoch, commitId: String(this.#epoch), positions: {}, runtime: null };
      await this.#state.commit({ meta, deltas: freeze(), outbox: [] });
      for (const table of tables) table.evict();
      this.#committed = {
        state: await exportState(this.#state),
        watermarks: Object.fromEntries(this.#watermarks),
        eventTimes: times.memory(),
      };
    });
  }

  source(uid: string): DrivenSource {
    return {
      data: (time, value) => this.#enqueue(() => this.#data(uid, time, value)),
      watermark: (time) => this.#enqueue(() => this.#watermark(uid, time)),
    };
  }

  get seen(): Promise<readonly string[]> {
    return this.#done.then(() => [...this.#lines]);
  }

  get saved(): Promise<Saved> {
    return this.#done.then(() => this.#committed);
  }
}
