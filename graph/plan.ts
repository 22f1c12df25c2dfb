import { createHash } from 'node:crypto';
import { cut, exchangesOf } from './cut.ts';
import type { Job } from './job.ts';
import { type StateInfo, statesOf } from './states.ts';
import type { Node } from './stream.ts';

/**
 * How a job will run, decided before anything does: where values change hands (exchanges), what runs in one chain
 * (segments), what is kept (states) and how epochs are committed.
 */

/** Between two stages values either stay in the task, which then owns every partition, or go through a topic. */
export type ExchangeKind = 'inline' | 'topic';

/** How a stage's epochs become durable; see ARCHITECTURE.md. */
export type CommitKind = 'epochs' | 'transactions' | 'recipes';

/** A chain of nodes that a batch passes without stopping; a segment with state begins at a gate. */
export interface Segment {
  readonly nodes: readonly number[];
  readonly gated: boolean;
}

/** Where values are dealt out by key. */
export interface Exchange {
  /** The keyBy node. */
  readonly node: number;
  readonly kind: ExchangeKind;
}

/** What runs over one partition as one task. */
export interface Stage {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly segments: readonly Segment[];
  readonly states: readonly StateInfo[];
  readonly commit: CommitKind;
}

/** The whole plan. `hash` changes when uids, states or their codecs do; state of another hash is checked before use. */
export interface Plan {
  readonly job: string;
  readonly hash: string;
  readonly stages: readonly Stage[];
  readonly exchanges: readonly Exchange[];
}

/** The stage of a job that is not cut: one task owns every partition. */
export const wholeStage = 'all';

/** Plans a job. With `inline` exchanges there is one stage, with `topic` they are cut apart (graph/cut.ts). */
export function plan(job: Job, exchange: ExchangeKind = 'inline'): Plan {
  const { nodes } = job;
  const pieces = exchange === 'inline' ? [{ name: wholeStage, nodes: nodes.map((n) => n.id) }] : cut(job);
  const stages = pieces.map((piece) => {
    const inside = piece.nodes.map((id) => nodes[id]!);
    return Object.freeze({
      name: piece.name,
      nodes: piece.nodes,
      segments: segments(inside),
      states: inside.flatMap(statesOf),
      commit: commitKind(inside),
    });
  });
  const through = exchange === 'inline' ? new Set<number>() : exchangesOf(nodes);
  const exchanges = nodes
    .filter((n) => n.body.kind === 'keyBy')
    .map((n): Exchange => ({ node: n.id, kind: through.has(n.id) ? 'topic' : 'inline' }));
  return Object.freeze({ job: job.name, hash: planHash(nodes), stages, exchanges });
}

function segments(nodes: readonly Node[]): readonly Segment[] {
  const result: { nodes: number[]; gated: boolean }[] = [];
  const segmentOf = new Map<number, { nodes: number[]; gated: boolean }>();
  for (const node of nodes) {
    const before = segmentOf.get(node.inputs[0]?.node ?? -1);
    const cut = before === undefined || node.body.kind === 'union' || cutsAfter(nodes, node.inputs[0]!.node);
    const segment = cut ? { nodes: [], gated: false } : before;
    if (cut) result.push(segment);
    segment.nodes.push(node.id);
    if (node.body.kind === 'operator' && node.body.stateful && node.keyed) segment.gated = true;
    segmentOf.set(node.id, segment);
  }
  return result;
}

const cutsAfter = (nodes: readonly Node[], id: number): boolean =>
  nodes.find((n) => n.id === id)?.body.kind === 'keyBy';

/** Without state only the input's positions need to be kept, and where they are kept decides the way of committing. */
export function commitKind(nodes: readonly Node[]): CommitKind {
  const stateful = nodes.some((n) => n.body.kind === 'operator' && n.body.stateful);
  if (stateful) return 'epochs';
  const sinks = nodes.flatMap((n) => (n.body.kind === 'sink' ? [n.body.sink.kind] : []));
  const sources = nodes.flatMap((n) => (n.body.kind === 'source' ? [n.body.source] : []));
  if (sinks.every((kind) => kind === 'topic' || kind === 'exchange') && sources.every((s) => s.topic !== undefined))
    return 'transactions';
  // What eventTime lets pass depends on the clock, so rows of a recipe could not be made again.
  const pure = nodes.every((n) => n.body.kind !== 'eventTime') && sources.every((s) => s.replayable);
  return pure && sinks.every((kind) => kind === 'chunks') ? 'recipes' : 'epochs';
}

function planHash(nodes: readonly Node[]): string {
  const facts = nodes
    .filter((n) => n.uid !== undefined)
    .map((n) => [n.uid, n.verb, ...statesOf(n).map((s) => `${s.space}:${s.kind}:${s.codec}:${s.version}`)]);
  return createHash('sha256').update(JSON.stringify(facts.sort())).digest('hex').slice(0, 16);
}
