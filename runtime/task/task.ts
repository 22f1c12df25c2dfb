/**
 * One stage over its partitions: the unit of ownership, commit, fencing and failure. A task pulls a batch, pushes it
 * through the circuit, waits where a gate loads state, and pulls again; about once a second it freezes what changed
 * and commits. It is a single logical thread: between two awaits of `step` nothing else touches its state.
 */
import { MillraceError, reasonOf } from '../../errors.ts';
import type { Ports, SourceBatch } from '../../graph/connector.ts';
import { type Job, underFirstNames } from '../../graph/job.ts';
import { plan, type Stage } from '../../graph/plan.ts';
import { unlessAborted, within } from '../../time/clock.ts';
import { seconds, type Time } from '../../time/duration.ts';
import { buildCircuit, type Circuit } from '../circuit/circuit.ts';
import type { SplitState } from '../circuit/element.ts';
import type { Poison } from '../circuit/operate.ts';
import type { Committer, ReadRange } from '../commit/committer.ts';
import { type Opening, openCommitter } from '../commit/open-committer.ts';
import type { Outputs, Sent } from '../commit/outputs.ts';
import { ledgerLane } from '../commit/own-tables.ts';
import { samePosition } from '../commit/recipes.ts';
import type { Metrics } from '../metrics.ts';
import { Reading, type Split } from './reading.ts';
import { Readings } from './readings.ts';
import { Burial } from './set-aside.ts';
import { Tally } from './tally.ts';
import { optionsOf, type TaskOptions } from './task-options.ts';
import { Trimming } from './trimming.ts';

/** What a step did: pulled something, found nothing now, or found that every input has ended. */
export type StepOutcome = 'worked' | 'quiet' | 'ended';

/** One running task. */
export class Task {
  readonly #job: string;
  readonly #ports: Ports;
  readonly #options: TaskOptions;
  readonly #metrics: Metrics;
  readonly #committer: Committer;
  readonly #reading: Reading;
  readonly #outputs: Outputs;
  readonly #circuit: Circuit;
  /** Uids of all sources, and of those that are control streams. */
  readonly #sources: ReadonlySet<string>;
  readonly #controls: ReadonlySet<string>;
  #failure: unknown;
  #committedAt: Time;
  #ticked: Time;
  readonly #tally: Tally;
  readonly #trimming: Trimming;
  readonly #readings: Readings;
  readonly #burial: Burial;
  /** Tells this task's gauges from others'; empty where it is the only one. */
  readonly #gauge: string;
  #watermarks = '';

  /** Takes the task over and brings it to where it stopped; nothing is read before the start is committed. */
  static async open(named: Job, ports: Ports, how: Opening & { readonly options: TaskOptions }): Promise<Task> {
    const planned = plan(underFirstNames(named));
    const stage = planned.stages[0]!;
    const { committer, outputs, ...reads } = await openCommitter(planned, ports, how);
    try {
      const stored = committer.restored?.positions ?? {};
      const reading = await Reading.open(stage, ports, { stored, ...reads });
      const parts = { ...how, options: optionsOf(named, how.options), committer, outputs, reading };
      const task = new Task({ job: named.name, stage, ports, ...parts });
      await task.#start();
      return task;
    } catch (error) {
      // What it began to deliver must not go on beside the next owner.
      await committer.close().catch(() => undefined);
      throw error;
    }
  }

  private constructor(parts: {
    readonly job: string;
    readonly stage: Stage;
    readonly ports: Ports;
    readonly options: TaskOptions;
    readonly metrics: Metrics;
    readonly committer: Committer;
    readonly outputs: Outputs;
    readonly reading: Reading;
  }) {
    const { job, stage, ports, options, metrics, committer, outputs, reading } = parts;
    this.#job = job;
    this.#ports = ports;
    this.#options = options;
    this.#metrics = metrics;
    this.#committer = committer;
    this.#outputs = outputs;
    this.#burial = new Burial({ metrics, outputs, clock: ports.clock, tell: options.onSetAside });
    this.#reading = reading;
    this.#controls = stage.controls;
    this.#circuit = buildCircuit(stage, {
      store: committer.state,
      clock: ports.clock,
      cacheKeys: options.cacheKeys,
      splitName: (index) => reading.nameOf(index),
      memory: committer.restored?.eventTimes ?? {},
      ended: committer.restored?.ended,
      careful: options.careful,
      onData: (uid, sink, arrival) => {
        metrics.add('millrace_records_out_total', uid, arrival.batch.length);
        outputs.add(uid, sink, arrival);
      },
      onSignal: (uid, signal) => outputs.signal(uid, signal),
      onError: (error) => void (this.#failure ??= error),
      onSide: (uid, name) => {
        if (name !== 'late') return;
        this.#tally.late++;
        metrics.add('millrace_records_late_total', uid);
      },
      onDropped: (uid, reason, { value, time, split }) =>
        this.#burial.bury(uid, reason, { detail: '', value, time, place: reading.placeOf(split) }),
      onPoison: (uid, poison) => this.#onPoison(uid, poison),
    });
    this.#sources = new Set(reading.sourceUids);
    this.#committedAt = ports.clock.now();
    this.#ticked = committer.restored?.tick ?? Number.NEGATIVE_INFINITY;
    this.#tally = new Tally(reading.positions());
    this.#trimming = new Trimming(stage, ports.topics);
    this.#gauge = options.share === undefined ? '' : options.task;
    this.#readings = new Readings(metrics, { stage, circuit: this.#circuit, task: this.#gauge, clock: ports.clock });
  }

  async #start(): Promise<void> {
    await this.#circuit.restore();
    const found = await this.#reading.refresh();
    if (this.#committer.restored === undefined) await this.#commit(false);
    await this.#tell(found, () => 'open');
    await this.#committer.recover?.((ranges) => this.#replay(ranges));
    // The control streams of broadcasts are read whole before any data is admitted.
    while ((await this.#pull(this.#controls)) === 'worked');
  }

  /** The fence it writes under and the epoch it committed last. */
  get status(): { readonly fence: number; readonly epoch: number } {
    return { fence: this.#committer.state.fence, epoch: this.#committer.epoch };
  }

  /** Pulls and handles a batch; commits if due; waits for a full outbox until `stop`. Throws when the task has failed. */
  async step(stop?: AbortSignal): Promise<StepOutcome> {
    this.#committer.check();
    const isTickDue = this.#ports.clock.now() - this.#ticked >= seconds(1);
    if (isTickDue) await this.#tell(await this.#reading.refresh(), () => 'open');
    const outcome = await this.#pull(this.#sources);
    // Not before: what came while the task was held up must not look like silence.
    if (isTickDue) await this.#tick(this.#ports.clock.now());
    if (this.#epochDue()) await this.#commit(false);
    if (this.#committer.pending > this.#options.outboxBytes) await unlessAborted(this.#committer.settle(), stop);
    this.#metrics.set('millrace_outbox_bytes', this.#gauge, this.#committer.pending);
    return outcome;
  }

  /**
   * Commits what was read, waits until everything is delivered, and lets go. Once `stop` is aborted, tables that are
   * away are waited for no longer than ten seconds; what they lack stays in the outbox, and false is returned.
   */
  async finish(stop?: AbortSignal): Promise<boolean> {
    await this.#commit(true);
    await this.#committer.settleTopics();
    const settled = this.#committer.settle().then(() => true);
    const orFailed = settled.catch(() => false);
    const bound = { clock: this.#ports.clock, ms: seconds(10), late: () => false };
    const isDelivered = (await unlessAborted(settled, stop)) || (await within(orFailed, bound));
    await this.close();
    return isDelivered;
  }

  /** Commits what was read and brings topics to a definite end; what waits for tables is left to the next owner. */
  async release(): Promise<void> {
    await this.#commit(false);
    await this.#committer.settleTopics();
    await this.close();
  }

  /** Lets go without committing. */
  async close(): Promise<void> {
    this.#burial.tell(0);
    await this.#reading.close();
    await this.#committer.close();
  }

  async #tick(now: Time): Promise<void> {
    this.#ticked = now;
    await this.#tell(this.#reading.left, ({ state }) => (state === 'quiet' ? 'quiet' : 'busy'));
    for (const source of this.#circuit.sources.values()) source.next({ kind: 'tick', now });
    await this.#flow();
    this.#readings.take(this.#reading.splits);
    this.#burial.tell();
  }

  async #tell(splits: readonly Split[], stateOf: (split: Split) => SplitState): Promise<void> {
    for (const split of splits) {
      const { uid, index, quietSince: at, askedAt: asked } = split;
      this.#circuit.sources.get(uid)!.next({ kind: 'split', split: index, state: stateOf(split), at, asked });
      await this.#flow();
    }
  }

  async #pull(uids: ReadonlySet<string>): Promise<StepOutcome> {
    const { times } = this.#circuit;
    const timeOf = ({ uid, index }: Split) => times.splitWatermark(uid, index);
    const pulled = await this.#reading.pull(uids, timeOf, this.#options.fetch);
    await this.#tell(this.#reading.takeEnded(), (split) => (this.#reading.goesOn(split) ? 'gone' : 'ended'));
    if (pulled === undefined) {
      // All that is left is quiet: what a split has shown last is not contradicted.
      const doubtful = this.#reading.quiet.filter(({ uid, index }) => times.isDoubtful(uid, index));
      await this.#tell(doubtful, () => 'quiet');
      return this.#reading.ended ? 'ended' : 'quiet';
    }
    const { split, batch } = pulled;
    const records = batch.values.length + batch.refused.length;
    this.#metrics.add('millrace_records_in_total', split.uid, records);
    this.#metrics.add('millrace_batches_total', split.uid);
    this.#tally.read(split, batch.next, records);
    split.position = batch.next;
    await this.#push(split, batch);
    return 'worked';
  }

  async #push({ index, uid }: Split, batch: SourceBatch<unknown>): Promise<void> {
    const { values, times, keys, progress, refused } = batch;
    const place = this.#reading.placeOf(index);
    for (const { reason: detail, sample: value, time } of refused)
      this.#burial.bury(uid, 'unreadable', { detail, value, time, place });
    const source = this.#circuit.sources.get(uid)!;
    if (values.length > 0) source.next({ kind: 'data', values, times, keys, length: values.length, split: index });
    if (progress !== undefined) source.next({ kind: 'progress', progress });
    await this.#flow();
  }

  /** Reads ranges again that a former owner committed, and returns what they send. */
  async #replay(ranges: readonly ReadRange[]): Promise<Sent> {
    for (const { uid, split: name, from, to } of ranges) {
      const split = this.#reading.split(uid, name);
      if (split === undefined) throw new MillraceError('RANGE_GONE', { uid, split: name });
      for (let at = from; !samePosition(at, to); ) {
        const batch = await this.#reading.poll(split, at, { ...this.#options.fetch, until: to });
        if (batch === undefined || batch === 'ended') throw new MillraceError('RANGE_GONE', { uid, split: name });
        await this.#push(split, batch);
        at = batch.next;
      }
    }
    return this.#outputs.take();
  }

  /** Waits until no gate holds anything back; throws what broke the circuit. */
  async #flow(): Promise<void> {
    for (const gate of this.#circuit.gates) {
      while (gate.loading !== undefined) {
        this.#metrics.add('millrace_state_loads_total', '');
        await gate.loading;
      }
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #epochDue(): boolean {
    const { epochEvery, epochRecords, epochBytes } = this.#options;
    if (this.#tally.recordsIn >= epochRecords || this.#outputs.bytes >= epochBytes) return true;
    if (this.#ports.clock.now() - this.#committedAt < epochEvery) return false;
    if (this.#circuit.times.fingerprint !== this.#watermarks) return true;
    return this.#tally.recordsIn > 0 || this.#outputs.bytes > 0 || this.#committer.open;
  }

  async #commit(final: boolean): Promise<void> {
    const started = this.#ports.clock.now();
    const epoch = this.#committer.epoch + 1;
    for (const source of this.#circuit.sources.values()) source.next({ kind: 'barrier', epoch });
    await this.#flow();
    const circuit = this.#circuit;
    const deltas = circuit.freeze();
    const eventTimes = circuit.times.memory();
    const positions = this.#reading.positions();
    const { watermark } = circuit.times;
    const about = { job: this.#job, task: this.#options.task, now: started, watermark, positions };
    const row = this.#tally.row({ ...about, counts: this.#outputs.counts });
    if (row !== undefined) this.#outputs.addOwn(ledgerLane, row);
    const tick = Number.isFinite(this.#ticked) ? this.#ticked : undefined;
    const taken = { ...this.#outputs.take(), ...this.#tally.take(positions) };
    await this.#committer.commit({ ...taken, positions, deltas, eventTimes, tick, ended: circuit.ended(), final });
    for (const table of circuit.tables) table.evict();
    this.#watermarks = circuit.times.fingerprint;
    this.#committedAt = this.#ports.clock.now();
    await this.#trimming.committed(positions, this.#committedAt);
    this.#metrics.add('millrace_epochs_total', '');
    this.#metrics.set('millrace_epoch_deltas', this.#gauge, deltas.length);
    this.#metrics.observe('millrace_epoch_commit_seconds', '', (this.#committedAt - started) / 1_000);
  }

  #onPoison(uid: string, { value, time, error, streak, split }: Poison): void {
    const reason = reasonOf(error);
    if (this.#options.onPoison === 'fail')
      throw new MillraceError('RECORD_POISONOUS', { uid, reason }, { cause: error });
    if (streak >= this.#options.poisonLimit)
      throw new MillraceError('POISON_LIMIT', { uid, count: streak, reason }, { cause: error });
    this.#burial.bury(uid, 'threw', { detail: reason, value, time, place: this.#reading.placeOf(split) });
  }
}
