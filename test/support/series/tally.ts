/**
 * What a detector of anomalies does on series of each kind: signals in a clean week, and which planted faults it finds.
 * A naive detector to compare with: the median and the quartiles of the last 200 points.
 */
import { newSeries, observe } from '../../../signals/series/series.ts';
import { hours, minutes } from '../../../time/duration.ts';
import { faults, type Kind, planted, pointsOf } from './kinds.ts';

/** Takes in a point; true where a signal is raised. */
export type Detector = (time: number, value: number) => boolean;

/** Detectors by name, each made new for a series. */
export const detectors: Readonly<Record<'ours' | 'naive', () => Detector>> = {
  ours: () => {
    const series = newSeries();
    return (time, value) => observe(series, time, value).anomalous;
  },
  naive: () => {
    const last: number[] = [];
    let wasFar = false;
    return (_, value) => {
      const sorted = last.toSorted((a, b) => a - b);
      const at = (part: number): number => sorted[Math.floor(part * sorted.length)] ?? value;
      const isFar = last.length >= 50 && Math.abs(value - at(0.5)) > 3 * (at(0.75) - at(0.25));
      last.push(value);
      if (last.length > 200) last.shift();
      const isRaised = isFar && !wasFar;
      wasFar = isFar;
      return isRaised;
    };
  },
};

/** Signals that were raised in clean weeks, from the start of a series on. */
export function cleanSignals(make: () => Detector, kind: Kind, seeds: number): { signals: number; weeks: number } {
  let [signals, weeks] = [0, 0];
  for (const [step, length] of [
    [minutes(5), 14],
    [hours(1), 28],
  ] as const) {
    for (let seed = 1; seed <= seeds; seed++) {
      const detector = make();
      for (const [time, value] of pointsOf(kind, { seed: 7_919 * seed, days: length, step })) {
        if (detector(time, value)) signals++;
      }
      weeks += length / 7;
    }
  }
  return { signals, weeks };
}

/** Points behind a fault in which a signal still counts as one for it. */
const slack = 5;

/** Of each fault that shows in the kind: whether a signal is raised while it lasts. */
export function foundFaults(make: () => Detector, kind: Kind, seed: number): Record<string, boolean> {
  const found: Record<string, boolean> = {};
  for (const [name, fault] of Object.entries(faults)) {
    const points = pointsOf(kind, { seed: 104_729 * seed, days: 9, step: minutes(2) });
    const from = Math.floor(0.8 * points.length);
    const changed = planted(points, fault, from);
    if (changed.every(([, value], i) => value === points[i]![1])) continue;
    const detector = make();
    found[name] = false;
    for (const [i, [time, value]] of changed.entries()) {
      if (detector(time, value) && i >= from && i < from + fault.length + slack) found[name] = true;
    }
  }
  return found;
}
