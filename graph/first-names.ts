import type { Job } from './job.ts';

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
