/**
 * Where a job is cut into stages when its exchanges go through topics. Values change hands behind a `keyBy` that keyed
 * state follows; what is connected without such a hand-over is one stage. Streams that never meet are stages of their
 * own, so that each may have as many partitions as its sources.
 */
import { MillraceError } from '../errors.ts';
import type { Job } from './job.ts';
import type { Node } from './stream.ts';

/** One stage as the exchanges bound it. */
export interface CutStage {
  /** The first name of the first uid in it, which every stage has; names its tasks, topics and state. */
  readonly name: string;
  readonly nodes: readonly number[];
  /** The `keyBy` nodes of the exchanges that it receives values from, and of those that it sends values to. */
  readonly receives: readonly number[];
  readonly sends: readonly number[];
}

/**
 * The stages of a job in the order of the graph. Errors: EVENT_TIME_BEHIND_EXCHANGE, CONTROL_BEHIND_EXCHANGE.
 */
export function cut(job: Job): readonly CutStage[] {
  const { nodes } = job;
  const exchanges = exchangesOf(nodes);
  const groups = new Groups(nodes.length * 2);
  /** The side of an exchange on which its values arrive. */
  const behind = (keyBy: number) => nodes.length + keyBy;
  const readers = new Map<string, number>();
  for (const { id, inputs, body } of nodes) {
    for (const { node } of inputs) groups.join(id, exchanges.has(node) ? behind(node) : node);
    if (body.kind !== 'source' || body.source.topic === undefined) continue;
    // A partition is owned once, so its readers belong to one task.
    const other = readers.get(body.source.topic);
    if (other === undefined) readers.set(body.source.topic, id);
    else groups.join(id, other);
  }
  const roots = [...new Set(nodes.map(({ id }) => groups.root(id)))];
  check(job, exchanges);
  return roots.map((root) => {
    const inside = nodes.filter(({ id }) => groups.root(id) === root);
    return {
      name: firstNameOf(inside.find((n) => n.uid !== undefined)!),
      nodes: inside.map((n) => n.id),
      receives: [...exchanges].filter((id) => groups.root(behind(id)) === root),
      sends: [...exchanges].filter((id) => groups.root(id) === root),
    };
  });
}

const firstNameOf = ({ uid, was }: Node): string => was[0] ?? uid!;

/** The `keyBy` nodes that keyed state follows before keys are made again: equal keys must meet there. */
export function exchangesOf(nodes: readonly Node[]): ReadonlySet<number> {
  const leadsToState = (id: number): boolean =>
    nodes.some(({ id: follower, inputs, body, keyed }) => {
      if (body.kind === 'keyBy' || !inputs.some((input) => input.node === id)) return false;
      return (body.kind === 'operator' && body.stateful && keyed) || leadsToState(follower);
    });
  return new Set(
    nodes.filter((n) => n.body.kind === 'keyBy' && !n.body.bySplit && leadsToState(n.id)).map((n) => n.id),
  );
}

/** Uids of the sources from which every way leads into the control input of a broadcast. */
export function controlSources(nodes: readonly Node[]): ReadonlySet<string> {
  const leadsToControl = (id: number): boolean => {
    const readers = nodes.filter((n) => n.inputs.some((i) => i.node === id));
    return readers.every((n) => {
      if (hasControl(n)) return n.inputs[1]!.node === id && n.inputs[0]!.node !== id;
      return n.body.kind !== 'sink' && leadsToControl(n.id);
    });
  };
  return new Set(nodes.filter((n) => n.body.kind === 'source' && leadsToControl(n.id)).map((n) => n.uid!));
}

const hasControl = ({ body }: Node): boolean => body.kind === 'operator' && body.control === true;

/** What runs within one process, but not with several, is refused before anything runs. */
function check({ name: job, nodes }: Job, exchanges: ReadonlySet<number>): void {
  const controls = controlSources(nodes);
  const above = (id: number): readonly Node[] => [nodes[id]!, ...nodes[id]!.inputs.flatMap((i) => above(i.node))];
  for (const node of nodes) {
    const { id, uid, inputs, body } = node;
    const isBehind = inputs.some((input) => above(input.node).some((n) => exchanges.has(n.id)));
    if (body.kind === 'eventTime' && isBehind) throw new MillraceError('EVENT_TIME_BEHIND_EXCHANGE', { job });
    if (!hasControl(node)) continue;
    const whole = above(inputs[1]!.node).every((n) => n.body.kind !== 'source' || controls.has(n.uid!));
    const moved = above(inputs[1]!.node).some((n) => exchanges.has(n.id));
    if (!whole || moved) throw new MillraceError('CONTROL_BEHIND_EXCHANGE', { uid: uid ?? `node ${id}`, job });
  }
}

/** Union-find by path halving (Tarjan and van Leeuwen, "Worst-case Analysis of Set Union Algorithms", 1984). */
class Groups {
  readonly #parents: number[];

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, i) => i);
  }

  root(member: number): number {
    const parents = this.#parents;
    let at = member;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    this.#parents[this.root(a)] = this.root(b);
  }
}
