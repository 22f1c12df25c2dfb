/**
 * How much traffic there is: the day's rhythm with a peak before noon and one in the evening, quieter weekends, and
 * from that the clicks, calls and ordinary failures per second of each service for a wanted average of lines.
 */
import type { Time } from '../time/duration.ts';
import { operations } from './operations.ts';
import { type Call, journeys, type ServiceName, services } from './shop.ts';

/** Average of log lines a second on a working day unless told otherwise: about 3.5 million a day. */
export const usualLinesPerSecond = 40;

/** Every pod is probed once in this time. */
export const probeMs = 15_000;

const weekend = 0.75;
const dayMs = 86_400_000;
const blendMs = 4 * 3_600_000;

/**
 * The expected traffic at `time` relative to the average of a working day: 0.38 before dawn, 1.3 at the peaks.
 *
 * @example
 * rhythm(Date.UTC(2024, 5, 5, 20)) > 3 * rhythm(Date.UTC(2024, 5, 5, 4)) // => true
 */
export function rhythm(time: Time): number {
  const hour = (time % dayMs) / 3_600_000;
  const wave = (period: number, peak: number) => Math.cos((2 * Math.PI * (hour - peak)) / period);
  return (1 + 0.38 * wave(24, 16) + 0.24 * wave(12, 9.75)) * weekly(time);
}

/** 1 on working days, less at weekends; the change takes four hours around midnight. */
function weekly(time: Time): number {
  const before = dayFactor(time - blendMs / 2);
  const after = dayFactor(time + blendMs / 2);
  if (before === after) return after;
  return before + ((after - before) * ((time + blendMs / 2) % dayMs)) / blendMs;
}

function dayFactor(time: Time): number {
  const weekday = new Date(time).getUTCDay();
  return weekday === 0 || weekday === 6 ? weekend : 1;
}

/** Visits every call of every journey with the journey's share of the clicks. */
function forCalls(see: (call: Call, share: number) => void): void {
  const total = journeys.reduce((sum, j) => sum + j.weight, 0);
  const walk = (call: Call, share: number): void => {
    see(call, share);
    for (const next of call.calls) walk(next, share);
  };
  for (const journey of journeys) walk(journey.root, journey.weight / total);
}

const linesPerClick = (() => {
  let lines = 0;
  forCalls((call, share) => {
    const operation = operations[`${call.service}.${call.operation}`];
    if (operation !== undefined) lines += share * (operation.before.length + operation.after.length);
  });
  return lines;
})();

/** Lines a second that do not come of customers: the probes of all pods. */
const probeLines = services.reduce((pods, s) => pods + (s.name === 'settlement' ? 0 : s.pods), 0) / (probeMs / 1_000);

/** Customers' clicks a second, on an average working day, that together with the probes make so many lines a second. */
export function clicksPerSecond(linesPerSecond: number): number {
  return Math.max(0, linesPerSecond - probeLines) / linesPerClick;
}

/** Requests a second to `name` at the average of a working day. */
export function requestsPerSecond(name: ServiceName, linesPerSecond: number): number {
  let calls = 0;
  forCalls((call, share) => {
    if (call.service === name) calls += share;
  });
  return calls * clicksPerSecond(linesPerSecond);
}
