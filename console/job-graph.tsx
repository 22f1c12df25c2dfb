/** The job as it runs: every node with its watermark, its lag and the records that went in and out. */

import { useMemo } from 'preact/hooks';
import { clock, full, short, span } from './format.ts';
import { layOut, nodeHeight, nodeWidth } from './layout.ts';
import type { GraphNode } from './snapshot.ts';

/** Behind by more than this is worth a colour: the detector's promise is two minutes. */
const lateAfterS = 60;

export function JobGraph({ nodes }: { readonly nodes: readonly GraphNode[] }) {
  const drawing = useMemo(() => layOut(nodes), [nodes]);
  return (
    <section class="panel graph" aria-labelledby="graph-title">
      <div class="panel-head">
        <h2 id="graph-title">Job</h2>
        <p class="legend">watermark · lag · records in → out</p>
      </div>
      {nodes.length === 0 ? (
        <p class="empty">The job has not started.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="scroller" tabIndex={0} aria-label="Graph of the job">
          <svg
            viewBox={`-1 -1 ${drawing.width + 2} ${drawing.height + 2}`}
            width={drawing.width + 2}
            height={drawing.height + 2}
            style={{ minWidth: `${Math.round(drawing.width * 0.82)}px` }}
            role="img"
            aria-label={nodes.map(sentence).join(' ')}
          >
            {drawing.edges.map((edge) => (
              <path key={edge.id} class="edge" d={edge.path} />
            ))}
            {drawing.nodes.map(({ node, x, y }) => (
              <Node key={node.id} node={node} x={x} y={y} />
            ))}
          </svg>
        </section>
      )}
    </section>
  );
}

function Node({ node, x, y }: { readonly node: GraphNode; readonly x: number; readonly y: number }) {
  const isLate = node.lagS !== null && node.lagS > lateAfterS;
  return (
    <g class={`node node-${node.kind}${isLate ? ' late' : ''}`} transform={`translate(${x} ${y})`}>
      <title>{sentence(node)}</title>
      <rect width={nodeWidth} height={nodeHeight} rx="4" />
      <rect class="edge-mark" width="3" height={nodeHeight} />
      <text class="label" x="12" y="19">
        {cut(node.label, 17)}
      </text>
      <text class="mark" x="12" y="35">
        {node.watermarkMs === null ? 'no watermark' : clock(node.watermarkMs)}
      </text>
      <text class="lag" x={nodeWidth - 9} y="35" text-anchor="end">
        {node.lagS === null ? '' : `${isLate ? 'late ' : ''}${span(node.lagS * 1000)}`}
      </text>
      <text class="records" x="12" y="51">
        {records(node)}
      </text>
    </g>
  );
}

function records(node: GraphNode): string {
  if (node.kind === 'source') return `source · ${short(node.recordsOut)}`;
  return node.kind === 'sink'
    ? `sink · ${short(node.recordsIn)}`
    : `${short(node.recordsIn)} → ${short(node.recordsOut)}`;
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

function sentence(node: GraphNode): string {
  const mark = node.watermarkMs === null ? 'no watermark yet' : `watermark ${clock(node.watermarkMs)}`;
  const lag = node.lagS === null ? '' : `, lag ${span(node.lagS * 1000)}`;
  return `${node.label} (${node.kind}): ${mark}${lag}, ${full(node.recordsIn)} in, ${full(node.recordsOut)} out.`;
}
