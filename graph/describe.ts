/**
 * A job and its plan as something to read: plain data for tools, a text tree for a terminal, and a Mermaid flowchart
 * (https://mermaid.js.org/syntax/flowchart.html) for documents.
 */
import type { Job } from './job.ts';
import { type CommitKind, type ExchangeKind, plan } from './plan.ts';
import { type StateInfo, statesOf } from './states.ts';
import type { Node, NodeBody, Origin } from './stream.ts';

/** One step of the job. */
export interface NodeDescription {
  readonly id: number;
  readonly verb: string;
  readonly uid: string | null;
  /** Former uids. */
  readonly was: readonly string[];
  readonly inputs: readonly Origin[];
  /** What the verb alone does not say: a connector's label, a key's function, how late records may be. */
  readonly detail: string;
  readonly keyed: boolean;
  readonly timed: boolean;
  readonly states: readonly StateInfo[];
  readonly stage: number;
  readonly segment: number;
}

/** A chain that a batch passes without stopping. */
export interface SegmentDescription {
  /** Whether it waits at its start until the state of its keys is loaded. */
  readonly gated: boolean;
  readonly nodes: readonly number[];
}

/** What runs over one partition as one task. */
export interface StageDescription {
  readonly name: string;
  readonly commit: CommitKind;
  readonly segments: readonly SegmentDescription[];
}

/** A job as it will run. */
export interface Description {
  readonly job: string;
  /** Changes when uids, states or their codecs do. */
  readonly hash: string;
  readonly nodes: readonly NodeDescription[];
  readonly stages: readonly StageDescription[];
  readonly exchanges: readonly { readonly node: number; readonly kind: ExchangeKind }[];
}

/** Describes a job as it runs with the given kind of exchange. */
export function describe(job: Job, exchange: ExchangeKind = 'inline'): Description {
  const { hash, stages, exchanges } = plan(job, exchange);
  const placeOf = new Map<number, { readonly stage: number; readonly segment: number }>();
  for (const [stage, { segments }] of stages.entries()) {
    for (const [segment, { nodes }] of segments.entries()) {
      for (const node of nodes) placeOf.set(node, { stage, segment });
    }
  }
  const nodes = job.nodes.map((node) => ({ ...describeNode(node), ...placeOf.get(node.id)! }));
  return {
    job: job.name,
    hash,
    nodes,
    stages: stages.map(({ name, commit, segments }) => ({ name, commit, segments })),
    exchanges,
  };
}

function describeNode(node: Node): Omit<NodeDescription, 'stage' | 'segment'> {
  const { id, verb, uid = null, was, inputs, keyed, timed, body } = node;
  return { id, verb, uid, was, inputs, detail: detailOf(body), keyed, timed, states: statesOf(node) };
}

function detailOf(body: NodeBody): string {
  switch (body.kind) {
    case 'source':
      return body.source.replayable ? body.source.label : `${body.source.label}, can't be read again`;
    case 'sink':
      return body.sink.label;
    case 'keyBy':
      return sourceText(body.key);
    case 'eventTime':
      return `${duration(body.options.outOfOrder)} out of order, idle after ${duration(body.options.idleAfter ?? 60_000)}`;
    default:
      return '';
  }
}

/** A function as it was written, on one line and not too long. */
function sourceText(f: (...args: never[]) => unknown): string {
  const text = String(f).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

function duration(ms: number): string {
  const unit = units.find(([, size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[1]} ${unit[0]}`;
}

const commitWords: Readonly<Record<CommitKind, string>> = {
  epochs: 'commits epochs: state, positions and outputs in one write',
  transactions: "commits by the topics' own transactions",
  recipes: 'commits recipes: which positions make which chunk',
};

/** The description as text: one line a step, forks as a tree, states below their owner. */
export function planText(description: Description): string {
  const lines = [`job ${description.job}, plan ${description.hash}`];
  for (const [number, stage] of description.stages.entries()) {
    const gated = stage.segments.filter((s) => s.gated).length;
    const segments = `${stage.segments.length} segments, ${gated} with a gate`;
    lines.push('', `stage ${stage.name}: ${commitWords[stage.commit]}; ${segments}`);
    const inside = description.nodes.filter((n) => n.stage === number);
    const roots = inside.filter((n) => n.inputs.every((i) => description.nodes[i.node]!.stage !== number));
    for (const root of roots) chain(description, { node: root, port: '', first: '  ', rest: '  ', lines });
  }
  return lines.join('\n');
}

interface Drawing {
  readonly node: NodeDescription;
  readonly port: string;
  /** What stands before the first line, and before all that follow. */
  readonly first: string;
  readonly rest: string;
  readonly lines: string[];
}

/** Draws a node and what follows it: a chain goes straight down, a fork has a branch for each reader. */
function chain(description: Description, drawing: Drawing): void {
  const { rest, lines } = drawing;
  for (let next = drawing; ; ) {
    const { node } = next;
    lines.push(`${next.first}${nodeLine(description, next)}`);
    for (const state of node.states) lines.push(`${rest}  · ${stateWords(state)}`);
    const followers = followersOf(description, node);
    const [only] = followers;
    if (only === undefined) return;
    if (followers.length === 1) {
      next = { ...only, first: rest, rest, lines };
      continue;
    }
    for (const follower of followers) {
      const last = follower === followers.at(-1);
      chain(description, {
        ...follower,
        first: `${rest}${last ? '└ ' : '├ '}`,
        rest: `${rest}${last ? '  ' : '│ '}`,
        lines,
      });
    }
    return;
  }
}

/** Nodes of the same stage whose first input this is, with the port they read. */
function followersOf(description: Description, node: NodeDescription): Pick<Drawing, 'node' | 'port'>[] {
  const readers = description.nodes.filter((n) => n.inputs[0]?.node === node.id && n.stage === node.stage);
  return readers.map((reader) => ({ node: reader, port: reader.inputs[0]!.port }));
}

function nodeLine({ nodes, exchanges, stages }: Description, { node, port }: Pick<Drawing, 'node' | 'port'>): string {
  const side = port === '' ? '' : `[${port}] `;
  const name = node.uid === null ? node.verb : `${node.verb} ${node.uid}`;
  const former = node.was.length === 0 ? '' : ` (was ${node.was.join(', ')})`;
  const detail = node.detail === '' ? '' : `: ${node.detail}`;
  const others = node.inputs.slice(1).map((i) => nameOf(nodes[i.node]!));
  const also = others.length === 0 ? '' : `, also from ${others.join(', ')}`;
  const exchange = exchanges.find((e) => e.node === node.id);
  const dealt = exchange === undefined ? '' : `  ⇄ exchange ${exchange.kind}`;
  const segment = stages[node.stage]!.segments[node.segment]!;
  const gate = segment.gated && segment.nodes[0] === node.id ? '  ▸ gate' : '';
  return `${side}${name}${former}${detail}${also}${dealt}${gate}`;
}

const nameOf = (node: NodeDescription): string => node.uid ?? `${node.verb} #${node.id}`;

function stateWords({ space, kind, codec, version, ttl }: StateInfo): string {
  const lifetime = ttl === undefined ? '' : `, kept for ${duration(ttl)}`;
  return `${kind} ${space} as ${codec} version ${version}${lifetime}`;
}

/** The description as a Mermaid flowchart: a box per step, a frame per segment. */
export function planMermaid({ nodes, stages, exchanges }: Description): string {
  const lines = ['flowchart TD'];
  for (const [stage, { segments }] of stages.entries()) {
    for (const [number, { gated, nodes: inside }] of segments.entries()) {
      const title = `stage ${stage}, segment ${number}${gated ? ', gate' : ''}`;
      lines.push(`  subgraph s${stage}_${number}["${title}"]`);
      for (const id of inside) lines.push(`    ${box(nodes[id]!)}`);
      lines.push('  end');
    }
  }
  for (const node of nodes) {
    for (const { node: from, port } of node.inputs) {
      const dealt = exchanges.find((e) => e.node === from);
      const label = port !== '' ? port : dealt === undefined ? '' : `by key, ${dealt.kind}`;
      lines.push(`  n${from} ${label === '' ? '-->' : `-- ${label} -->`} n${node.id}`);
    }
  }
  return lines.join('\n');
}

/** Sources and sinks are rounded, states stand in their owner's box. */
function box(node: NodeDescription): string {
  const parts = [node.uid === null ? node.verb : `${node.verb} ${node.uid}`, node.detail];
  parts.push(...node.states.map((s) => `${s.space.slice(s.space.indexOf('/') + 1)}: ${s.codec} v${s.version}`));
  const text = parts.filter((part) => part !== '').map(escapeLabel);
  const label = `"${text.join('<br>')}"`;
  return node.verb === 'from' || node.verb === 'to' ? `n${node.id}([${label}])` : `n${node.id}[${label}]`;
}

/** Mermaid reads labels as HTML with its own entities. */
function escapeLabel(text: string): string {
  return text.replace(/[&<>"#]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
