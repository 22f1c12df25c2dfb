import type { Node } from './stream.ts';

/** What can be reached from a node: questions that decide how a circuit is wired. */

/** Whether keyed state follows the node before keys, or the watermarks that make its timers due, are made anew. */
export function hasState(nodes: readonly Node[], id: number): boolean {
  return nodes.some(({ inputs, body, keyed, id: follower }) => {
    if (!inputs.some((i) => i.node === id)) return false;
    if (body.kind === 'keyBy' || body.kind === 'union' || body.kind === 'eventTime') return false;
    return (body.kind === 'operator' && body.stateful && keyed) || hasState(nodes, follower);
  });
}

/** Sources from which every way leads into the control input of a broadcast. */
export function controlSources(nodes: readonly Node[]): ReadonlySet<string> {
  const onlyControl = (id: number): boolean => {
    const readers = nodes.filter((n) => n.inputs.some((i) => i.node === id));
    return readers.every((n) => {
      if (n.verb === 'broadcast') return n.inputs[1]!.node === id && n.inputs[0]!.node !== id;
      return n.body.kind !== 'sink' && onlyControl(n.id);
    });
  };
  return new Set(nodes.filter((n) => n.body.kind === 'source' && onlyControl(n.id)).map((n) => n.uid!));
}
