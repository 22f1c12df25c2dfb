/**
 * The edges between services: how much longer callers wait than the called side works. A slow network or a starved
 * process at a service shifts all edges that lead to it; a caller of it has its own incoming edges intact. So an
 * endpoint is accused by how much of all that is shifted lies at it, and by how many of the calls that it takes are.
 */
import type { Time } from '../../time/duration.ts';
import { type HeldUnit, leastUnits } from './held.ts';
import { log10NormalTail } from './normal.ts';
import type { UnitOfWork } from './unit.ts';

/** What is known of an edge: mean and squared deviations of its logarithmic gaps (Welford 1962). */
export interface EdgePast {
  units: number;
  mean: number;
  squares: number;
  /** When the last unit of it that has left the last minute was closed. */
  last: Time;
  /** Gaps of units that have left the last minute and belong to its window still, in order. */
  readonly held: HeldUnit<number>[];
}

/** An endpoint of edges that have become slow. */
export interface EdgeAnomaly {
  readonly service: string;
  /** Edges to it and from it in the window, and how many of them have become slow. */
  readonly incoming: number;
  readonly slowIncoming: number;
  readonly outgoing: number;
  readonly slowOutgoing: number;
  /** How many times as long as before the slowest of them waits, and the gap in milliseconds now and before. */
  readonly ratio: number;
  readonly observed: number;
  readonly expected: number;
  readonly log10p: number;
  readonly score: number;
  readonly onset: Time;
  /** When the last unit that waited so long began. */
  readonly last: Time;
}

export const newEdgePast = (): EdgePast => ({ units: 0, mean: 0, squares: 0, last: 0, held: [] });

/** Adds the gap of a unit that was closed at `closed` to what is known of an edge. */
export function learnGap(past: EdgePast, gap: number, closed: Time): void {
  past.last = Math.max(past.last, closed);
  const before = gap - past.mean;
  past.units++;
  past.mean += before / past.units;
  past.squares += before * (gap - past.mean);
  if (past.units < mostUnits) return;
  past.units /= 2;
  past.squares /= 2;
}

/** The gaps of an edge in its window. */
export interface EdgeNow {
  readonly from: string;
  readonly to: string;
  readonly gaps: number[];
  readonly starts: Time[];
}

interface Shift extends EdgeNow {
  readonly z: number;
  readonly isShifted: boolean;
  readonly mean: number;
  readonly past: number;
}

/** The key under which an edge is kept. */
export const edgeKey = ({ from, to }: Pick<EdgeNow, 'from' | 'to'>): string => `${from}\n${to}`;

/** The endpoints that are accused in a window, in no order. */
export function edgeAnomalies(
  window: ReadonlyMap<string, EdgeNow>,
  pastOf: (key: string) => EdgePast | undefined,
): EdgeAnomaly[] {
  const edges = [...window].map(([key, edge]) => {
    const past = pastOf(key);
    return shiftOf(past === undefined ? edge : withHeldGaps(edge, past), past);
  });
  const shifted = edges.filter(({ isShifted }) => isShifted);
  const total = shifted.reduce((sum, { z }) => sum + capped(z), 0);
  const endpoints = new Set(shifted.flatMap(({ from, to }) => [from, to]));
  return [...endpoints].map((service) => anomalyAt(service, edges, total));
}

/** The edges of units, by both ends. */
export function edgesNow(units: readonly UnitOfWork[]): Map<string, EdgeNow> {
  const edges = new Map<string, EdgeNow>();
  for (const { start, edges: found } of units) {
    for (const edge of found) {
      const key = edgeKey(edge);
      let now = edges.get(key);
      if (now === undefined) edges.set(key, (now = { from: edge.from, to: edge.to, gaps: [], starts: [] }));
      now.gaps.push(edge.gap);
      now.starts.push(start);
    }
  }
  return edges;
}

/** The gaps that are held of an edge and those of the last minute. */
const withHeldGaps = (now: EdgeNow, { held }: EdgePast): EdgeNow =>
  held.length === 0
    ? now
    : {
        ...now,
        gaps: [...held.map(({ did }) => did), ...now.gaps],
        starts: [...held.map(({ start }) => start), ...now.starts],
      };

function shiftOf(edge: EdgeNow, past: EdgePast | undefined): Shift {
  const { gaps } = edge;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const known = past?.mean ?? mean;
  if (past === undefined || past.units < leastPast || gaps.length < leastUnits)
    return { ...edge, z: 0, isShifted: false, mean, past: known };
  const variance = (past.squares + priorUnits * priorSpread ** 2) / (past.units + priorUnits);
  const z = (mean - known) / Math.sqrt(variance / gaps.length + variance / past.units + drift ** 2);
  const limit = known + Math.log(leastRatio);
  const slow = gaps.reduce((count, gap) => count + (gap > limit ? 1 : 0), 0);
  const isShifted = z > leastZ && mean > limit && mean > Math.log(leastGap) && slow >= leastSlow;
  return { ...edge, z, isShifted, mean, past: known };
}

function anomalyAt(service: string, edges: readonly Shift[], total: number): EdgeAnomaly {
  const incoming = edges.filter(({ to }) => to === service);
  const outgoing = edges.filter(({ from }) => from === service);
  const slowIncoming = incoming.filter(({ isShifted }) => isShifted);
  const slowOutgoing = outgoing.filter(({ isShifted }) => isShifted);
  const own = [...slowIncoming, ...slowOutgoing];
  const worst = own.reduce((a, b) => (b.z > a.z ? b : a));
  const cover = own.reduce((sum, { z }) => sum + capped(z), 0) / total;
  const purity =
    incoming.length > 0
      ? unitsOf(slowIncoming) / unitsOf(incoming)
      : outgoing.length >= 2 && slowOutgoing.length === outgoing.length
        ? 1
        : 0;
  const log10p = log10NormalTail(capped(worst.z));
  const limit = worst.past + Math.log(leastRatio);
  const first = worst.gaps.findIndex((gap) => gap > limit);
  return {
    service,
    ...{ incoming: incoming.length, slowIncoming: slowIncoming.length },
    ...{ outgoing: outgoing.length, slowOutgoing: slowOutgoing.length },
    ratio: Math.exp(worst.mean - worst.past),
    observed: Math.exp(worst.mean),
    expected: Math.exp(worst.past),
    log10p,
    score: (-log10p * (coverFloor + (1 - coverFloor) * cover) * purity) / decidingDecades,
    onset: worst.starts[Math.max(0, first)]!,
    last: worst.starts.at(worst.gaps.findLastIndex((gap) => gap > limit))!,
  };
}

const unitsOf = (edges: readonly EdgeNow[]): number => edges.reduce((sum, { gaps }) => sum + gaps.length, 0);
/** Beyond, z says more of the variance than of the fault. */
const capped = (z: number): number => Math.min(z, 12);

const leastPast = 2;
const mostUnits = 400;
/** What the spread is taken to be before units have shown it, and how many units that is worth. */
const [priorSpread, priorUnits] = [0.7, 4];
/** How far means drift that nothing is wrong with, in logarithms. */
const drift = 0.15;
const leastZ = 3.5;
/** One call that waits long is no edge that became slow. */
const leastSlow = 2;
const [leastRatio, leastGap] = [2.5, 20];
const coverFloor = 0.25;
const decidingDecades = 7;
