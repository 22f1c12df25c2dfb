/**
 * A layered drawing of the job graph, left to right: a node stands one column after the last of its inputs (longest
 * path), and within a column nodes are sorted by the mean height of their inputs, which avoids most crossings
 * (Sugiyama, Tagawa and Toda, 1981, with one downward sweep: job graphs are small and nearly chains).
 */

import type { GraphNode } from './snapshot.ts';

export const NODE_WIDTH = 156;
export const NODE_HEIGHT = 60;
const GAP_X = 34;
const GAP_Y = 14;

export interface PlacedNode {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
}

export interface Drawing {
  readonly nodes: readonly PlacedNode[];
  /** SVG path data from an input's right side to a node's left side. */
  readonly edges: readonly { readonly id: string; readonly path: string }[];
  readonly width: number;
  readonly height: number;
}

/** Places every node; inputs that name no node are left out, and a cycle is cut where it closes. */
export function layOut(nodes: readonly GraphNode[]): Drawing {
  const columns = toColumns(nodes);
  const tallest = Math.max(0, ...columns.map((column) => column.length));
  const height = Math.max(0, tallest * (NODE_HEIGHT + GAP_Y) - GAP_Y);
  const placed = new Map<string, PlacedNode>();
  columns.forEach((column, rank) => {
    const mean = (node: GraphNode): number => {
      const ys = node.inputs.flatMap((id) => placed.get(id)?.y ?? []);
      return ys.length === 0 ? 0 : ys.reduce((sum, y) => sum + y, 0) / ys.length;
    };
    const top = (height - (column.length * (NODE_HEIGHT + GAP_Y) - GAP_Y)) / 2;
    const sorted = column.map((node) => ({ node, mean: mean(node) })).sort((a, b) => a.mean - b.mean);
    sorted.forEach(({ node }, i) => {
      placed.set(node.id, { node, x: rank * (NODE_WIDTH + GAP_X), y: top + i * (NODE_HEIGHT + GAP_Y) });
    });
  });
  const width = Math.max(0, columns.length * (NODE_WIDTH + GAP_X) - GAP_X);
  return { nodes: [...placed.values()], edges: toEdges(placed), width, height };
}

function toColumns(nodes: readonly GraphNode[]): GraphNode[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ranks = new Map<string, number>();
  const rankOf = (node: GraphNode): number => {
    const known = ranks.get(node.id);
    if (known !== undefined) return known;
    ranks.set(node.id, 0);
    const inputs = node.inputs.flatMap((id) => byId.get(id) ?? []);
    const rank = inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map(rankOf));
    ranks.set(node.id, rank);
    return rank;
  };
  const columns: GraphNode[][] = [];
  for (const node of nodes) {
    const rank = rankOf(node);
    while (columns.length <= rank) columns.push([]);
    columns[rank]!.push(node);
  }
  return columns;
}

function toEdges(placed: ReadonlyMap<string, PlacedNode>): { id: string; path: string }[] {
  const edges: { id: string; path: string }[] = [];
  for (const to of placed.values()) {
    for (const id of to.node.inputs) {
      const from = placed.get(id);
      if (!from) continue;
      const [x0, y0] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
      const [x1, y1] = [to.x, to.y + NODE_HEIGHT / 2];
      const bend = GAP_X * 0.6;
      edges.push({ id: `${id}→${to.node.id}`, path: `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}` });
    }
  }
  return edges;
}
