/**
 * The uPlot side of a service's card: a line over a band, incidents shaded behind, deploys as dashed marks. Colours
 * come from the stylesheet, so that both colour schemes are described in one place; the canvas is redrawn when the
 * scheme changes.
 */

import uPlot from 'uplot';
import type { Rates } from './rates.ts';
import type { Incident } from './snapshot.ts';
import type { Domain } from './time-domain.ts';

export interface ChartContent {
  readonly service: string;
  readonly rates: Rates;
  readonly incidents: readonly Incident[];
  readonly domain: Domain;
  readonly now: number;
}

export interface ServiceChart {
  show(content: ChartContent): void;
  destroy(): void;
}

const height = 92;
/** Errors are counted in whole numbers, so the axis is too. */
const steps = [1, 10, 100, 1_000, 10_000, 100_000].flatMap((power) => [power, 2 * power, 5 * power]);
/** A quiet service's single error should look like one error, not like a mountain. */
const lowestTop = 6;

/** Draws into `place` and follows its width; `onCursor` gets the index under the pointer, of any service's chart. */
export function createChart(place: HTMLElement, onCursor: (index: number | null) => void): ServiceChart {
  let content: ChartContent | null = null;
  const plot = new uPlot(
    options(place, () => content, onCursor),
    [[], [], [], [], []],
    place,
  );
  const resize = new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: height });
  });
  resize.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => plot.redraw(false, true);
  scheme.addEventListener('change', redraw);
  return {
    show(next) {
      content = next;
      const { t, high, low, expected, errors } = next.rates;
      plot.batch(() => {
        plot.setData([t, high, low, expected, errors].map((column) => [...column]) as uPlot.AlignedData, false);
        plot.setScale('x', { min: next.domain.from / 1000, max: next.domain.to / 1000 });
        plot.setScale('y', { min: 0, max: top(next.rates) });
      });
    },
    destroy() {
      resize.disconnect();
      scheme.removeEventListener('change', redraw);
      plot.destroy();
    },
  };
}

function top(rates: Rates): number {
  let max = lowestTop;
  for (const value of rates.errors) max = Math.max(max, value);
  for (const value of rates.high) max = Math.max(max, value ?? 0);
  return max * 1.08;
}

type Content = () => ChartContent | null;

function options(place: HTMLElement, content: Content, onCursor: (index: number | null) => void): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(place).getPropertyValue(name);
  const axis = { stroke: colour('--axis'), font: '10px Inter, system-ui, sans-serif', ticks: { show: false } };
  const grid = { stroke: colour('--grid'), width: 1 };
  return {
    width: place.clientWidth || 240,
    height,
    padding: [6, 4, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'services' }, y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      { ...axis, grid: { show: false }, size: 18, gap: 3, space: 56, values: (_, ticks) => ticks.map(hourAndMinute) },
      { ...axis, grid, size: 32, gap: 4, space: 26, incrs: steps, values: (_, ticks) => ticks.map(tickLabel) },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: colour('--chart-expected'), width: 1, dash: [3, 3], points: { show: false } },
      { stroke: colour('--chart-line'), width: 1.5, points: { show: false } },
    ],
    bands: [{ series: [1, 2], fill: colour('--chart-band') }],
    hooks: {
      drawClear: [(plot) => shade(plot, content(), colour)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function shade(plot: uPlot, content: ChartContent | null, colour: (name: string) => () => string): void {
  if (!content) return;
  const { ctx } = plot;
  const { left, top: y, width, height } = plot.bbox;
  const x = (ms: number): number => Math.min(left + width, Math.max(left, plot.valToPos(ms / 1000, 'x', true)));
  ctx.save();
  for (const incident of content.incidents) {
    const from = x(incident.startedAt);
    const to = x(incident.resolvedAt ?? content.now);
    if (to <= left) continue;
    ctx.fillStyle = colour(incident.status === 'suppressed' ? '--suppressed' : `--${incident.severity}`)();
    ctx.globalAlpha = 0.14;
    ctx.fillRect(from, y, Math.max(1, to - from), height);
    ctx.globalAlpha = 0.9;
    if (incident.startedAt >= content.domain.from) ctx.fillRect(from, y, devicePixelRatio, height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour('--deploy')();
    for (const deploy of incident.deploys) {
      if (deploy.service !== content.service || deploy.at < content.domain.from) continue;
      for (let dash = 0; dash < height; dash += 6 * devicePixelRatio) {
        ctx.fillRect(x(deploy.at), y + dash, devicePixelRatio, 3 * devicePixelRatio);
      }
    }
  }
  ctx.restore();
}

function hourAndMinute(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 16);
}

function tickLabel(value: number): string {
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
