/**
 * How a job will run, decided here and nowhere else: which nodes form a stage, which of them share a gate (segments),
 * what state is kept, and how epochs are committed. The runtime builds its circuits and committers from the plan, and
 * `millrace plan` prints the same plan.
 */
import { createHash } from 'node:crypto';
import { controlSources, cut, exchangesOf } from './cut.ts';
import type { Job } from './job.ts';
import { type StateInfo, statesOf } from './states.ts';
import type { Node, Origin } from './stream.ts';

/** Between two stages values either stay in the task, which then owns every partition, or go through a topic. */
export type ExchangeKind = 'inline' | 'topic';

/** How a stage's epochs become durable; see ARCHITECTURE.md. */
export type CommitKind = 'epochs' | 'transactions' | 'recipes';

/** Nodes that a batch passes without stopping. If one of them has keyed state, the segment begins at a gate. */
export interface Segment {
  readonly nodes: readonly number[];
  readonly gated: boolean;
}

/** How one node is wired in the circuit of its stage. */
export interface NodePlan {
  readonly node: Node;
  /** The segments that its inputs come from, in the order of the inputs. In a gated one keys are slots. */
  readonly from: readonly Segment[];
  /** The segment of its main output. An operator keeps its state at this segment's gate. */
  readonly segment: Segment;
  /** Where the gate of `segment` stands, if this is the node that it stands next to. */
  readonly gate: 'before' | 'behind' | undefined;
  /** The number of nodes that read its main output. */
  readonly readers: number;
  /** The side outputs that another node reads. */
  readonly sides: ReadonlySet<string>;
  /** Uids of the sources that lead here. */
  readonly sources: readonly string[];
  /** Where watermarks are made (`eventTime`, and the source of an exchange): the name under which they are stored. */
  readonly times: string | undefined;
  /** Whether the split of a value is part of its key, because `keyBySplit` is upstream. */
  readonly keyedBySplit: boolean;
}

/** Where values are sent to the task that owns their key. */
export interface Exchange {
  /** The keyBy node. */
  readonly node: number;
  readonly kind: ExchangeKind;
}

/** What runs over one partition as one task. */
export interface Stage {
  readonly name: string;
  readonly nodes: readonly NodePlan[];
  readonly segments: readonly Segment[];
  readonly states: readonly StateInfo[];
  readonly commit: CommitKind;
  /** Sources that only feed the control input of a broadcast: read whole before the others, by every task. */
  readonly controls: ReadonlySet<string>;
}

/**
 * The whole plan. `hash` changes when uids, states or their codecs do, windows, topics and tables, or what is a stage.
 */
export interface Plan {
  readonly job: string;
  /** What is to be deleted of the stored state. */
  readonly drop: readonly string[];
  readonly hash: string;
  readonly stages: readonly Stage[];
  readonly exchanges: readonly Exchange[];
}

/**
 * Plans a job. With `inline` exchanges there is one stage, with `topic` the job is cut at its exchanges (graph/cut.ts).
 * Errors, with `topic` only: EVENT_TIME_BEHIND_EXCHANGE, CONTROL_BEHIND_EXCHANGE.
 */
export function plan(job: Job, exchange: ExchangeKind = 'inline'): Plan {
  const { nodes } = job;
  const states = new Map(nodes.map((node) => [node, statesOf(node)]));
  const whole = { name: 'all', nodes: nodes.map((n) => n.id), sends: [] };
  const controls = controlSources(nodes);
  const stages = (exchange === 'inline' ? [whole] : cut(job)).map(({ name, nodes: ids, sends }) => {
    const inside = ids.map((id) => nodes[id]!);
    const wired = new Wiring(inside, states).wired();
    const commit = commitKind(inside, sends.length > 0);
    return Object.freeze({ name, ...wired, states: inside.flatMap((node) => states.get(node)!), commit, controls });
  });
  const throughTopics = exchange === 'inline' ? new Set<number>() : exchangesOf(nodes);
  const exchanges = nodes
    .filter((n) => n.body.kind === 'keyBy')
    .map((n): Exchange => ({ node: n.id, kind: throughTopics.has(n.id) ? 'topic' : 'inline' }));
  const hash = planHash(nodes, states, stages);
  return Object.freeze({ job: job.name, drop: job.drop ?? [], hash, stages, exchanges });
}

/** The plan of a job that one task runs whole. */
export const wholeStage = (job: Job): Stage => plan(job).stages[0]!;

type States = ReadonlyMap<Node, readonly StateInfo[]>;

interface Growing extends Segment {
  readonly nodes: number[];
  gated: boolean;
}

/** Finds the segments of a stage, node by node in the order of the graph. */
class Wiring {
  readonly #nodes: readonly Node[];
  readonly #states: States;
  readonly #segments: Growing[] = [];
  /** The segments of main outputs, and of the side outputs of `eventTime`, which leave it before its gate. */
  readonly #behind = new Map<number, Growing>();
  readonly #sides = new Map<number, Growing>();
  readonly #plans = new Map<number, Omit<NodePlan, 'gate'>>();
  /** How many places make watermarks behind a source. */
  readonly #timesBehind = new Map<string, number>();

  constructor(nodes: readonly Node[], states: States) {
    this.#nodes = nodes;
    this.#states = states;
  }

  wired(): Pick<Stage, 'nodes' | 'segments'> {
    for (const node of this.#nodes) this.#plans.set(node.id, this.#planOf(node));
    const nodes = [...this.#plans.values()].map((each): NodePlan => {
      const hasGate = each.segment.gated && this.#begins(each.node);
      return Object.freeze({ ...each, gate: !hasGate ? undefined : this.#isLazy(each.node) ? 'before' : 'behind' });
    });
    return { nodes, segments: this.#segments.filter((segment) => segment.nodes.length > 0) };
  }

  #planOf(node: Node): Omit<NodePlan, 'gate'> {
    const { id, uid, body, keyed } = node;
    const from = node.inputs.map((origin) => this.#segmentOf(origin));
    const segment = this.#begins(node) ? this.#begin() : from[0]!;
    this.#behind.set(id, segment);
    this.#sides.set(id, body.kind === 'eventTime' ? from[0]! : segment);
    // A keyBy ends the segment before it: the keys it makes count behind it.
    (body.kind === 'keyBy' ? from[0]! : segment).nodes.push(id);
    if (body.kind === 'operator' && body.stateful && keyed) segment.gated = true;
    const above = node.inputs.flatMap((input) => this.#plans.get(input.node) ?? []);
    const sources = body.kind === 'source' ? [uid!] : [...new Set(above.flatMap((each) => each.sources))];
    const readings = this.#nodes.flatMap((n) => n.inputs).filter((input) => input.node === id);
    return {
      node,
      from,
      segment,
      readers: readings.filter(({ port }) => port === '').length,
      sides: new Set(readings.flatMap(({ port }) => (port === '' ? [] : [port]))),
      sources,
      times: this.#timesOf(node, sources),
      keyedBySplit: body.kind === 'keyBy' ? body.bySplit : (above[0]?.keyedBySplit ?? false),
    };
  }

  /**
   * Whether a segment begins at the node: where keys are new, where watermarks are made that let timers fire, and at
   * a lazy map, whose gate must see the very values that the operator handles.
   */
  #begins(node: Node): boolean {
    const { body, keyed } = node;
    if (body.kind === 'source' || body.kind === 'keyBy' || body.kind === 'union') return true;
    return (body.kind === 'eventTime' && keyed) || this.#isLazy(node);
  }

  #begin(): Growing {
    const segment: Growing = { nodes: [], gated: false };
    this.#segments.push(segment);
    return segment;
  }

  #isLazy(node: Node): boolean {
    return this.#states.get(node)!.some((state) => state.kind === 'lazy map');
  }

  /** The segment of a stream. What another stage sends begins one. */
  #segmentOf({ node, port }: Origin): Growing {
    const known = (port === '' ? this.#behind : this.#sides).get(node);
    if (known !== undefined) return known;
    const received = this.#begin();
    this.#behind.set(node, received);
    return received;
  }

  #timesOf({ body }: Node, sources: readonly string[]): string | undefined {
    if (body.kind !== 'eventTime' && !(body.kind === 'source' && body.source.kind === 'exchange')) return undefined;
    const number = this.#timesBehind.get(sources[0]!) ?? 0;
    for (const uid of sources) this.#timesBehind.set(uid, (this.#timesBehind.get(uid) ?? 0) + 1);
    return `${sources[0]}#${number}`;
  }
}

/** Without state only the input's positions need to be kept, and where they are kept decides the way of committing. */
function commitKind(nodes: readonly Node[], sendsToStages: boolean): CommitKind {
  const stateful = nodes.some((n) => n.body.kind === 'operator' && n.body.stateful);
  if (stateful) return 'epochs';
  const sinks = nodes.flatMap((n) => (n.body.kind === 'sink' ? [n.body.sink.kind] : []));
  const sources = nodes.flatMap((n) => (n.body.kind === 'source' ? [n.body.source] : []));
  if (sinks.every((kind) => kind === 'topic' || kind === 'exchange') && sources.every((s) => s.topic !== undefined))
    return 'transactions';
  // What eventTime lets pass depends on the clock, so rows of a recipe could not be made again.
  const pure = nodes.every((n) => n.body.kind !== 'eventTime') && sources.every((s) => s.replayable);
  return pure && !sendsToStages && sinks.every((kind) => kind === 'chunks') ? 'recipes' : 'epochs';
}

function planHash(nodes: readonly Node[], states: States, stages: readonly Stage[]): string {
  const facts = nodes
    .filter((n) => n.uid !== undefined)
    .map((n) => {
      const kept = states.get(n)!.map((s) => `${s.space}:${s.kind}:${s.codec}:${s.version}`);
      return [n.uid, n.verb, ...placesOf(n), ...kept];
    });
  const staging = stages.map(({ name, commit }) => `${name}:${commit}`);
  return createHash('sha256')
    .update(JSON.stringify([facts.sort(), staging]))
    .digest('hex')
    .slice(0, 16);
}

/** The form of a window, the topic or table of a source or sink. */
function placesOf({ body }: Node): readonly string[] {
  switch (body.kind) {
    case 'operator':
      return body.form === undefined ? [] : [body.form];
    case 'source':
      return body.source.topic === undefined ? [] : [body.source.topic];
    case 'sink': {
      const { sink } = body;
      return sink.kind === 'chunks' ? [sink.table ?? ''] : [sink.topic];
    }
    default:
      return [];
  }
}
