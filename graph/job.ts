/** A job as a frozen value, and how an author builds one. */
import { MillraceError } from '../errors.ts';
import type { SourceSpec } from './connector.ts';
import { checkOperator, statesOf } from './states.ts';
import { GraphBuilder, type Node, type Stream, streamAt } from './stream.ts';

/**
 * A job is a frozen value: it can be printed, drawn, compared, type-checked and tested before anything runs.
 */
export interface Job {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Former uids, and `uid/state`, whose stored state is deleted when the job starts. */
  readonly drop?: readonly string[];
  /** See JobOptions. */
  readonly poisonLimit?: number;
}

/** How a job treats what is stored, and what it fails on. */
export interface JobOptions {
  /**
   * Uids of operators and sinks that the job no longer has: their stored state, and rows of such a sink that still wait
   * for delivery, are deleted when the job starts. `uid/state` deletes one state of an operator. May stay for ever.
   */
  readonly drop?: readonly string[];
  /**
   * After so many failures of one operator in a row the job stops with POISON_LIMIT, because a faulty release would
   * send every record to the dead letters. Default 100. With `Infinity` no input stops the job: each record that fails
   * is a dead letter.
   */
  readonly poisonLimit?: number;
}

/** The argument of a job file whose default export is a function `(config: JobConfig) => Job`. */
export interface JobConfig {
  /** The section `jobs` of millrace.yaml, as it is written there: settings of job files' own, by a name they choose. */
  readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Opens a source in the job under construction. */
export type From = <T>(uid: string, source: SourceSpec<T>) => Stream<T>;

/**
 * Builds a job. Every stream must end in `to`, every uid be unique, every timed operator stand behind eventTime.
 *
 * Errors: UID_TAKEN, UID_MALFORMED, STREAM_UNUSED, JOB_EMPTY, EVENT_TIME_MISSING, OPTION_INVALID, PROMISE_REFUSED.
 */
export function job(name: string, build: (from: From) => void, options: JobOptions = {}): Job {
  const { drop = [], poisonLimit } = options;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new MillraceError('UID_MALFORMED', { uid: name });
  const graph = new GraphBuilder(name);
  build((uid, source) => {
    const body = { kind: 'source', source } as const;
    const node = graph.add({ verb: 'from', uid, was: [], inputs: [], keyed: false, timed: false, body });
    return streamAt({ graph, origin: { node, port: '' }, keyed: false, timed: false });
  });
  check(name, graph.nodes);
  for (const node of graph.nodes) checkOperator(node, name);
  const nodes = Object.freeze([...graph.nodes]);
  checkDrop(name, nodes, drop);
  if (poisonLimit !== undefined) checkPoisonLimit(name, poisonLimit);
  return Object.freeze({
    name,
    nodes,
    ...(drop.length === 0 ? {} : { drop: Object.freeze([...drop]) }),
    ...(poisonLimit === undefined ? {} : { poisonLimit }),
  });
}

function checkPoisonLimit(job: string, got: number): void {
  if (got === Number.POSITIVE_INFINITY || (Number.isSafeInteger(got) && got > 0)) return;
  const expected = 'a whole number from 1 on, or Infinity';
  throw new MillraceError('OPTION_INVALID', { option: 'poisonLimit', owner: `job '${job}'`, got, expected });
}

/** What the job still has must not be deleted at each of its starts. */
function checkDrop(job: string, nodes: readonly Node[], drop: readonly string[]): void {
  const states = new Set(nodes.flatMap((node) => statesOf(node).map(({ space }) => space)));
  for (const dropped of drop) {
    const isKept = nodes.some(({ uid, was }) => uid === dropped || was.includes(dropped)) || states.has(dropped);
    if (!isKept && /^[a-z][a-z0-9.-]*(\/[^~/]+)?$/.test(dropped)) continue;
    const expected = 'a uid, or uid/state, that the job does not have';
    throw new MillraceError('OPTION_INVALID', { option: 'drop', owner: `job '${job}'`, got: dropped, expected });
  }
}

function check(job: string, nodes: readonly Node[]): void {
  if (!nodes.some((n) => n.body.kind === 'sink')) throw new MillraceError('JOB_EMPTY', { job });
  const used = new Set(nodes.flatMap((n) => n.inputs.filter((i) => i.port === '').map((i) => i.node)));
  for (const node of nodes) {
    if (node.body.kind === 'sink' || used.has(node.id)) continue;
    throw new MillraceError('STREAM_UNUSED', { node: node.uid ?? node.verb, job });
  }
}

/**
 * The job with every uid replaced by the first it ever had (`was[0]`). State, positions, outbox lanes and delivery
 * marks are kept under first names, so that a rename moves nothing in any store and can't be half done.
 *
 * @example
 * underFirstNames({ name: 'j', nodes: [] }).nodes // => []
 */
export function underFirstNames(job: Job): Job {
  const nodes = job.nodes.map((node) => (node.was.length === 0 ? node : Object.freeze({ ...node, uid: node.was[0]! })));
  return Object.freeze({ ...job, nodes: Object.freeze(nodes) });
}
