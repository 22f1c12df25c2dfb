/**
 * Plays a whole job: the same value that runs in production, with its sources replaced by a script, its ports by memory
 * and its clock by one that the script moves. The task is the real one, with crashes and take-overs. The same script
 * always gives the same result.
 */

import { MillraceError } from '../errors.ts';
import type { ChunkSink, ChunkWriter, Ports, SourceSpec, TopicSink } from '../graph/connector.ts';
import type { Job } from '../graph/job.ts';
import type { Node } from '../graph/stream.ts';
import { deadLetters } from '../runtime/commit/own-tables.ts';
import { Metrics } from '../runtime/metrics.ts';
import { Task } from '../runtime/task/task.ts';
import { type TaskOptions, taskDefaults } from '../runtime/task/task-options.ts';
import { memoryState } from '../state/memory.ts';
import { memoryTables } from '../tables/memory.ts';
import type { Row } from '../tables/tables.ts';
import { seconds, type Time } from '../time/duration.ts';
import { memoryTopics } from '../topics/memory.ts';
import { Crash, type Fault, withFaults } from './faults.ts';
import { type PlayControls, type Script, ScriptedSources, type Uncertain } from './script.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface PlayOptions {
  /** Clock time at the beginning. Default: 2100, later than any record. */
  readonly now?: Time;
  /** How the task runs, where it differs from the defaults. */
  readonly task?: Partial<TaskOptions>;
}

/** The results of a play. */
export interface Played {
  /** Values by topic, in the order of the partition, decoded by the sink's codec. */
  readonly topics: { readonly [name: string]: readonly unknown[] };
  /** The latest rows by table, in order of identity, the ledger and the dead letters among them. */
  readonly tables: { readonly [name: string]: readonly Row[] };
  /** Rows by uid of all other sinks, which are not opened: a play makes no outside calls. */
  readonly rows: { readonly [uid: string]: readonly Row[] };
  /** Rows of the table of dead letters. */
  readonly deadLetters: readonly Row[];
  readonly metrics: Metrics;
  /** How often the task was opened. */
  readonly lives: number;
}

/**
 * Plays `job` until every source has ended or is silent with nothing to wait for, then commits and delivers. Rejects
 * with the error that made the task fail permanently. Errors: OPTION_INVALID if the script does not fit the job.
 *
 * @example
 * const counting = job('counting', (from) => {
 *   const count = scan('count', { codec: int }, (n = 0) => [n + 1, n + 1]);
 *   from('words', script([])).pipe(keyBy((word) => word), count, to('counts', topic('counts')));
 * });
 * (await play(counting, { words: ['a', 'a', CRASH, 'a', END] })).topics.counts // => [1, 2, 3]
 */
export async function play(job: Job, script: Script, options: PlayOptions = {}): Promise<Played> {
  checkScript(job, script);
  const world = new PlayWorld(options.now);
  const sources = new ScriptedSources(script, world);
  const recorders = new Map<string, Recorder>();
  const scripted = scriptedJob(job, sources, recorders);
  const metrics = new Metrics(world.ports.clock);
  let over = false;
  let lives = 0;
  while (!over) {
    const nonce = `life${++lives}`;
    const how = { options: { ...taskDefaults, nonce: () => nonce, ...options.task }, metrics };
    try {
      await live(await Task.open(scripted, world.owner(), how), sources, world);
      over = true;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  const rows = Object.fromEntries([...recorders].map(([uid, recorder]) => [uid, recorder.rows]));
  const tables = await tablesOf(job, world.ports);
  return {
    topics: await topicsOf(job, world.ports),
    tables,
    rows,
    deadLetters: tables[deadLetters.name]!,
    metrics,
    lives,
  };
}

/**
 * One life of the task, until it ends or crashes. While all sources are silent the clock moves, by at most a second.
 */
async function live(task: Task, sources: ScriptedSources, world: PlayWorld): Promise<void> {
  for (;;) {
    const progress = await task.step();
    if (progress === 'worked') continue;
    const resumeAt = sources.nextResume;
    if (progress === 'ended' || resumeAt === undefined) {
      await task.finish();
      return;
    }
    world.advance(Math.min(seconds(1), resumeAt - world.now()));
  }
}

/** The ports and the clock of a play, and what verbs do to them. */
class PlayWorld implements PlayControls {
  readonly ports: Ports;
  readonly #clock: VirtualClock;
  /** The fault of the next call of that name. */
  readonly #unknown = new Map<string, Fault>();
  #kill = () => {};

  constructor(now: Time | undefined) {
    this.#clock = new VirtualClock(now);
    this.ports = { topics: memoryTopics(), state: memoryState(), tables: memoryTables(), clock: this.#clock };
  }

  /** The ports of one life; after its crash they fail for it and work for the next one. */
  owner(): Ports {
    const { clock, ...ports } = this.ports;
    const faults = withFaults(ports, ({ name }) => {
      const fault = this.#unknown.get(name);
      this.#unknown.delete(name);
      return fault;
    });
    this.#kill = () => faults.kill();
    return { ...faults.ports, clock };
  }

  now(): Time {
    return this.#clock.now();
  }

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  crash(): void {
    this.#kill();
  }

  loseAnswer(call: Uncertain, applied: boolean): void {
    const name = { commit: 'state.commit', transaction: 'topics.transact', insert: 'tables.insert' }[call];
    this.#unknown.set(name, applied ? 'unknown after' : 'unknown before');
  }
}

function checkScript(job: Job, script: Script): void {
  const uids = job.nodes.filter((n) => n.body.kind === 'source').map((n) => n.uid!);
  const given = Object.keys(script);
  if (given.length === uids.length && uids.every((uid) => given.includes(uid))) return;
  const owner = `a play of '${job.name}'`;
  const expected = `one of its sources: ${uids.join(', ')}`;
  throw new MillraceError('OPTION_INVALID', { option: 'script', owner, got: given.join(', ') || 'empty', expected });
}

/** The job with scripted sources, and with recorders in place of sinks that would make outside calls. */
function scriptedJob(job: Job, sources: ScriptedSources, recorders: Map<string, Recorder>): Job {
  const scripted = ({ body, uid }: Node): Node['body'] => {
    if (body.kind === 'source') return { ...body, source: sources.source(uid!) };
    if (body.kind !== 'sink' || body.sink.kind !== 'chunks' || body.sink.table !== undefined) return body;
    const recorder = new Recorder();
    recorders.set(uid!, recorder);
    const sink: ChunkSink<unknown> = { ...body.sink, open: () => recorder };
    return { ...body, sink };
  };
  return Object.freeze({ ...job, nodes: job.nodes.map((node) => Object.freeze({ ...node, body: scripted(node) })) });
}

/** Keeps rows instead of sending them; a repeated token adds nothing. */
class Recorder implements ChunkWriter {
  readonly rows: Row[] = [];
  readonly #tokens = new Set<string>();

  async ensure(): Promise<void> {}

  async insert(ndjson: Uint8Array, { token }: { readonly token: string }): Promise<void> {
    if (this.#tokens.has(token)) return;
    this.#tokens.add(token);
    const lines = Buffer.from(ndjson).toString('utf8').trimEnd().split('\n');
    for (const line of lines) this.rows.push(JSON.parse(line) as Row);
  }
}

async function tablesOf(job: Job, { tables }: Ports): Promise<Played['tables']> {
  const own = job.nodes.flatMap(({ body }) =>
    body.kind === 'sink' && body.sink.kind === 'chunks' ? (body.sink.table ?? []) : [],
  );
  const found: Record<string, readonly Row[]> = {};
  for (const name of [...own, 'ledger', deadLetters.name]) found[name] = await tables.rows(name);
  return found;
}

async function topicsOf(job: Job, ports: Ports): Promise<Played['topics']> {
  const found: Record<string, readonly unknown[]> = {};
  for (const { body } of job.nodes) {
    if (body.kind === 'sink' && body.sink.kind === 'topic') found[body.sink.topic] = await readTopic(body.sink, ports);
  }
  return found;
}

/** A sink made by topic(…) is a source too and decodes what it wrote; for other sinks the text is returned. */
async function readTopic(sink: TopicSink<unknown> & Partial<SourceSpec<unknown>>, ports: Ports): Promise<unknown[]> {
  const values: unknown[] = [];
  const limit = { maxRecords: 10_000, maxBytes: 16 << 20 };
  const { partitions } = (await ports.topics.describe(sink.topic))!;
  const reader = await sink.open?.(ports);
  for (let partition = 0; partition < partitions; partition++) {
    let at = (await ports.topics.range(sink.topic, partition)).begin;
    for (;;) {
      const batch = await ports.topics.fetch({ topic: sink.topic, partition }, at, limit);
      if (batch === undefined) break;
      const read = await reader?.poll(String(partition), at, limit);
      if (typeof read === 'object') values.push(...read.values);
      else
        for (let i = 0; i < batch.length; i++)
          values.push(batch.bytes.toString('utf8', batch.starts[i], batch.ends[i]));
      at = batch.nextOffset;
    }
  }
  await reader?.close();
  return values;
}
