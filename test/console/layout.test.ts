import { expect, test } from 'vitest';
import { layOut, nodeHeight, nodeWidth, type PlacedNode } from '../../console/layout.ts';
import type { GraphNode } from '../../console/snapshot.ts';

const node = (id: string, ...inputs: readonly string[]): GraphNode => ({
  id,
  label: id,
  kind: 'operator',
  inputs,
  watermarkMs: null,
  lagS: null,
  recordsIn: 0,
  recordsOut: 0,
});
const columnsOf = (placed: readonly PlacedNode[]) => {
  const xs = [...new Set(placed.map((each) => each.x))].sort((a, b) => a - b);
  return Object.fromEntries(placed.map((each) => [each.node.id, xs.indexOf(each.x)]));
};

test('a node stands after the last of its inputs, in whatever order they are listed', () => {
  const drawing = layOut([node('sink', 'join'), node('join', 'a', 'map'), node('a'), node('b'), node('map', 'b')]);
  expect(columnsOf(drawing.nodes)).toEqual({ a: 0, b: 0, map: 1, join: 2, sink: 3 });
  expect(drawing.edges).toHaveLength(4);
});

test('no two nodes cover each other, and all lie inside', () => {
  const { nodes, width, height } = layOut([
    node('a'),
    ...['b', 'c', 'd', 'e'].map((id) => node(id, 'a')),
    node('f', 'b', 'c', 'd', 'e', 'a'),
  ]);
  for (const one of nodes) {
    expect(one.x + nodeWidth).toBeLessThanOrEqual(width);
    expect(one.y + nodeHeight).toBeLessThanOrEqual(height);
    for (const other of nodes) {
      if (other === one || other.x !== one.x) continue;
      expect(Math.abs(other.y - one.y)).toBeGreaterThan(nodeHeight);
    }
  }
});

test('an edge that skips a column passes beside its node', () => {
  const { nodes, edges } = layOut([node('a'), node('b', 'a'), node('c', 'a', 'b')]);
  const b = nodes.find((each) => each.node.id === 'b')!;
  const long = edges.find((each) => each.id.startsWith('a→a→c'))!;
  const y = Number(/H\d+C\d+(?:\.\d+)? ([\d.]+) /.exec(long.path)![1]);
  expect(y < b.y || y > b.y + nodeHeight).toBe(true);
});

test('an unknown input and a cycle are cut, not followed without end', () => {
  const drawing = layOut([node('a', 'b', 'nowhere'), node('b', 'a')]);
  expect(drawing.nodes).toHaveLength(2);
  expect(drawing.edges).toHaveLength(1);
});

test('nothing is drawn of nothing', () => {
  expect(layOut([])).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
});
