/**
 * Series as services really have them, made up: each kind is a function of a seeded generator that gives clean points,
 * and faults are planted into what it gave. Nothing here knows of the detector.
 */
import { mulberry32 } from '../../../testing/random.ts';

/** A point: its time, and its value. */
export type Point = readonly [time: number, value: number];
/** Draws numbers: evenly from 0 to 1, and normally around 0. */
export interface Draw {
  even(): number;
  normal(): number;
  /** A count of a mean. */
  count(mean: number): number;
}

/** Numbers that are the same for the same seed. */
export function drawing(seed: number): Draw {
  const even = mulberry32(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - even())) * Math.cos(2 * Math.PI * even());
  const count = (mean: number): number => {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let [n, product] = [0, even()];
    for (const least = Math.exp(-mean); product > least; n++) product *= even();
    return n;
  };
  return { even, normal, count };
}

const day = 86_400_000;
/** A Monday. */
export const monday = Date.UTC(2026, 0, 5);

/** Higher by day than by night, between -1 and 1. */
const byDay = (time: number): number => Math.sin((2 * Math.PI * (time - 9 * 3_600_000)) / day);
const isWeekend = (time: number): boolean => Math.floor((time - monday) / day) % 7 >= 5;

/** A kind: the value at a time, drawn in order of time; undefined where the point is missing. */
export type Kind = (draw: Draw, step: number) => (time: number, i: number) => number | undefined;

const noise =
  (at: number, by: number): Kind =>
  (draw) =>
  () =>
    at + by * draw.normal();

/** The kinds by name. */
export const kinds: Readonly<Record<string, Kind>> = {
  'steady noise': noise(50, 2),
  'temperature below zero': noise(-12, 1.5),
  'daily rhythm': (draw) => (time) => 400 * (1 + 0.6 * byDay(time)) * (1 + 0.04 * draw.normal()),
  'daily rhythm of counts': (draw) => (time) => draw.count(40 * (1 + 0.7 * byDay(time))),
  'weekly rhythm': (draw) => (time) =>
    (isWeekend(time) ? 0.5 : 1) * 300 * (1 + 0.4 * byDay(time)) * (1 + 0.05 * draw.normal()),
  'hourly job': (draw) => (time) => ((time / 60_000) % 60 < 3 ? 70 : 20) + 2 * draw.normal(),
  'nightly batch': (draw) => (time) => {
    const minute = (time / 60_000) % 1_440;
    return (minute >= 120 && minute < 165 ? 85 : 15) + 2 * draw.normal();
  },
  bursts: (draw) => () => draw.count(5) + (draw.even() < 0.02 ? draw.count(60) : 0),
  'garbage collection': (draw) => {
    let heap = 200;
    return () => {
      heap = heap > 900 - 60 * draw.even() ? 220 + 30 * draw.even() : heap + 12 * (0.6 + 0.8 * draw.even());
      return heap;
    };
  },
  'heavy tail': (draw) => () => 20 * (1 - draw.even()) ** (-1 / 2.5),
  'log-normal latency': (draw) => () => 80 * Math.exp(0.35 * draw.normal()),
  autocorrelated: (draw) => {
    let x = 0;
    return () => {
      x = 0.95 * x + draw.normal();
      return 100 + 4 * x;
    };
  },
  'slow wandering': (draw, step) => {
    let x = 0;
    const keep = Math.exp(-step / (6 * 3_600_000));
    return () => {
      x = keep * x + Math.sqrt(1 - keep * keep) * draw.normal();
      return 100 + 10 * x + 2 * draw.normal();
    };
  },
  'drifting level': (draw) => (_, i) => 60 + i * 0.002 + draw.normal(),
  'sparse counts': (draw) => () => draw.count(0.03),
  'rare counts': (draw) => () => draw.count(0.4),
  constant: () => () => 3,
  zero: () => () => 0,
  'few values': (draw) => () => (draw.even() < 0.1 ? 4 : 3),
  'two states': (draw) => {
    let state = 0;
    return () => {
      if (draw.even() < 0.01) state = 1 - state;
      return 10 + 20 * state + draw.normal();
    };
  },
  ratio: (draw) => () => Math.min(1, 0.995 + 0.003 * draw.normal()),
  'missing points': (draw) => () => {
    const value = 50 + 3 * draw.normal();
    return draw.even() < 0.2 ? undefined : value;
  },
  'traffic with noise that goes with it': (draw) => (time) => {
    const level = 200 * (1 + 0.8 * byDay(time));
    return level + 0.15 * level * draw.normal();
  },
  'spiky latency': (draw) => () => 30 + 3 * draw.normal() + (draw.even() < 0.005 ? 100 * draw.even() : 0),
};

/** Points of a kind, one every `step` milliseconds. */
export function pointsOf(
  kind: Kind,
  of: { readonly seed: number; readonly days: number; readonly step: number },
): Point[] {
  const { seed, days, step } = of;
  const at = kind(drawing(seed), step);
  const points: Point[] = [];
  for (let i = 0; i < (days * day) / step; i++) {
    const time = monday + i * step;
    const value = at(time, i);
    if (value !== undefined) points.push([time, value]);
  }
  return points;
}

/** A fault: what becomes of a value, in the points from `from` on for `length` points. */
export interface Fault {
  readonly length: number;
  readonly change: (value: number, typical: { readonly level: number; readonly spread: number }) => number;
}

/** Faults by name. */
export const faults: Readonly<Record<string, Fault>> = {
  surge: { length: 20, change: (value, { level }) => value + 4 * Math.abs(level) },
  outage: { length: 30, change: () => 0 },
  doubled: { length: 30, change: (value) => 2 * value },
  'ten deviations': { length: 12, change: (value, { spread }) => value + 10 * spread },
};

/** The points with a fault planted, which begins at index `from`. */
export function planted(points: readonly Point[], fault: Fault, from: number): Point[] {
  const values = points.slice(0, from).map(([, value]) => value);
  const level = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - level) ** 2, 0) / values.length);
  return points.map(([time, value], i) =>
    i < from || i >= from + fault.length ? [time, value] : [time, fault.change(value, { level, spread })],
  );
}
