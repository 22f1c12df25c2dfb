/**
 * A layered drawing of the job graph, left to right: a node stands one column after the last of its inputs (longest
 * path), an edge that skips columns gets a bend in each so that it passes between nodes and not behind them, and
 * within a column everything is sorted by the mean height of its inputs, which avoids most crossings. Source:
 * Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981; one sweep,
 * because job graphs are small and nearly chains.
 */

import type { GraphNode } from './snapshot.ts';

export const nodeWidth = 126;
export const nodeHeight = 60;
const gapX = 24;
const gapY = 14;

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

/** A node, or the place where an edge passes a column that it does not end in. */
interface Slot {
  readonly id: string;
  readonly node: GraphNode | null;
  /** Ids of slots of the column before. */
  readonly inputs: readonly string[];
  readonly height: number;
}

interface Place {
  readonly x: number;
  /** The middle of the slot. */
  readonly y: number;
}

/** Places every node; inputs that name no node are left out, and a cycle is cut where it closes. */
export function layOut(nodes: readonly GraphNode[]): Drawing {
  const ranks = rank(nodes);
  const { columns, routes } = toColumns(nodes, ranks);
  const heights = columns.map((column) => column.reduce((sum, slot) => sum + slot.height + gapY, -gapY));
  const height = Math.max(0, ...heights);
  const places = new Map<string, Place>();
  columns.forEach((column, i) => {
    let y = (height - heights[i]!) / 2;
    for (const slot of byInputHeight(column, places)) {
      places.set(slot.id, { x: i * (nodeWidth + gapX), y: y + slot.height / 2 });
      y += slot.height + gapY;
    }
  });
  const placed = nodes.map((node) => {
    const { x, y } = places.get(node.id)!;
    return { node, x, y: y - nodeHeight / 2 };
  });
  const edges = routes.map((route) => ({ id: route.join('→'), path: toPath(route.map((id) => places.get(id)!)) }));
  return { nodes: placed, edges, width: Math.max(0, columns.length * (nodeWidth + gapX) - gapX), height };
}

function rank(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ranks = new Map<string, number>();
  const rankOf = (node: GraphNode): number => {
    const known = ranks.get(node.id);
    if (known !== undefined) return known;
    ranks.set(node.id, 0);
    const before = node.inputs.flatMap((id) => byId.get(id) ?? []).map(rankOf);
    const own = before.length === 0 ? 0 : 1 + Math.max(...before);
    ranks.set(node.id, own);
    return own;
  };
  for (const node of nodes) rankOf(node);
  return ranks;
}

/** The slots of each column, and for each edge the slots that it goes through. */
function toColumns(nodes: readonly GraphNode[], ranks: ReadonlyMap<string, number>) {
  const columns: Slot[][] = Array.from({ length: 1 + Math.max(-1, ...ranks.values()) }, () => []);
  const routes: string[][] = [];
  for (const node of nodes) {
    const own = ranks.get(node.id)!;
    const inputs: string[] = [];
    for (const input of node.inputs) {
      const from = ranks.get(input);
      if (from === undefined || from >= own) continue;
      const route = [input];
      for (let column = from + 1; column < own; column++) {
        const id = `${input}→${node.id}@${column}`;
        columns[column]!.push({ id, node: null, inputs: [route.at(-1)!], height: 0 });
        route.push(id);
      }
      inputs.push(route.at(-1)!);
      routes.push([...route, node.id]);
    }
    columns[own]!.push({ id: node.id, node, inputs, height: nodeHeight });
  }
  return { columns, routes };
}

function byInputHeight(column: readonly Slot[], places: ReadonlyMap<string, Place>): readonly Slot[] {
  const mean = (slot: Slot): number => {
    const ys = slot.inputs.map((id) => places.get(id)!.y);
    return ys.length === 0 ? 0 : ys.reduce((sum, y) => sum + y, 0) / ys.length;
  };
  const means = new Map(column.map((slot) => [slot, mean(slot)]));
  return column.toSorted((a, b) => means.get(a)! - means.get(b)!);
}

/** A curve from one place's right side to the next one's left side; straight through the bends between. */
function toPath(route: readonly Place[]): string {
  const bend = gapX * 0.6;
  let path = '';
  route.forEach((to, i) => {
    const from = route[i - 1];
    if (!from) return;
    const x = from.x + nodeWidth;
    if (i === 1) path = `M${x} ${from.y}`;
    else path += `H${x}`;
    path += `C${x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
  });
  return path;
}
