/** A job as a frozen value, and how an author builds one. */
import { MillraceError } from '../errors.ts';
import type { SourceSpec } from './connector.ts';
import { checkOperator } from './states.ts';
import { GraphBuilder, type Node, type Stream, streamAt } from './stream.ts';

/**
 * A job is a frozen value: it can be printed, drawn, compared, type-checked and tested before anything runs.
 */
export interface Job {
  readonly name: string;
  readonly nodes: readonly Node[];
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
export function job(name: string, build: (from: From) => void): Job {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new MillraceError('UID_MALFORMED', { uid: name });
  const graph = new GraphBuilder(name);
  build((uid, source) => {
    const body = { kind: 'source', source } as const;
    const node = graph.add({ verb: 'from', uid, was: [], inputs: [], keyed: false, timed: false, body });
    return streamAt({ graph, origin: { node, port: '' }, keyed: false, timed: false });
  });
  check(name, graph.nodes);
  for (const node of graph.nodes) checkOperator(node, name);
  return Object.freeze({ name, nodes: Object.freeze([...graph.nodes]) });
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
  return Object.freeze({ name: job.name, nodes: Object.freeze(nodes) });
}
