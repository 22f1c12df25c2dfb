/**
 * Watches the units of work of an environment: every five seconds the units that were closed in the last minute are
 * held against those before. Units are learned when they leave the window, so that it is never tested against itself;
 * while an incident is open its suspects learn nothing.
 */
import { seconds, type Time } from '../../time/duration.ts';
import type { Entries } from '../entries.ts';
import { type EdgeAnomaly, type EdgePast, edgeAnomalies, edgeKey, edgesNow, learnGap, newEdgePast } from './edges.ts';
import { learnLeft } from './held.ts';
import {
  isError,
  learnSteps,
  newPast,
  type OperationPast,
  operationKey,
  operationsNow,
  type StepAnomaly,
  stepAnomalies,
  withHeldSteps,
} from './steps.ts';
import type { OperationOfUnit, UnitOfWork } from './unit.ts';
import { takePassed, type UnitWindow, unitsIn } from './unit-window.ts';

/** What is kept of an environment's units. The owner bounds the operations and the edges, by their `last`. */
export interface UnitMemory {
  readonly operations: Entries<string, OperationPast>;
  readonly edges: Entries<string, EdgePast>;
  /** Units of the last minute. */
  readonly window: UnitWindow;
}

/** What a tick finds of one service; the worst first in each list. */
export interface UnitFinding {
  readonly service: string;
  readonly score: number;
  readonly onset: Time;
  /** When the last unit that shows it began. */
  readonly last: Time;
  readonly steps: readonly StepAnomaly[];
  readonly edge: EdgeAnomaly | null;
}

export const tickMs = seconds(5);

/** What is not learned: services, each from units that began at its time or later. */
export type Frozen = ReadonlyMap<string, Time>;

/** Looks at the window that ends at `now`, after units that have left it were learned. Findings are the worst first. */
export function tick(memory: UnitMemory, now: Time, frozen: Frozen): UnitFinding[] {
  const passed = takePassed(memory.window, now);
  const units = unitsIn(memory.window, now);
  const steps = new Map([...operationsNow(units), ...operationsNow(units.map(servicesOf))]);
  const gaps = edgesNow(units);
  for (const unit of passed) hold(memory, unit);
  learnLeft(memory.operations, {
    frozenFrom: (key) => frozenFrom(key.split('\n', 1), frozen),
    recentOf: (key) => steps.get(key)?.units.length ?? 0,
    learn: learnSteps,
    now,
  });
  learnLeft(memory.edges, {
    frozenFrom: (key) => frozenFrom(key.split('\n'), frozen),
    recentOf: (key) => gaps.get(key)?.gaps.length ?? 0,
    learn: learnGap,
    now,
  });
  const found = new Map<string, { steps: StepAnomaly[]; edge: EdgeAnomaly | null }>();
  const entry = (service: string) => {
    let known = found.get(service);
    if (known === undefined) found.set(service, (known = { steps: [], edge: null }));
    return known;
  };
  for (const [key, operation] of steps) {
    const past = memory.operations.get(key);
    if (past === undefined) continue;
    const isWhole = operation.name === wholeService;
    for (const anomaly of stepAnomalies(withHeldSteps(operation, past), past))
      if (!isWhole || anomaly.past / anomaly.pastUnits <= rare) entry(operation.service).steps.push(anomaly);
  }
  for (const edge of edgeAnomalies(gaps, (key) => memory.edges.get(key))) entry(edge.service).edge = edge;
  return [...found]
    .map(([service, { steps, edge }]) => findingOf(service, steps, edge))
    .sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1));
}

function findingOf(service: string, steps: StepAnomaly[], edge: EdgeAnomaly | null): UnitFinding {
  steps.sort((a, b) => b.score - a.score || (stepKey(a) < stepKey(b) ? -1 : 1));
  const [worst] = steps;
  const [high, low] = [worst?.score ?? 0, edge?.score ?? 0].sort((a, b) => b - a);
  const { onset, last } = worst !== undefined && (edge === null || worst.score >= edge.score) ? worst : edge!;
  return { service, score: high! + besides * low!, onset, last, steps: steps.slice(0, mostSteps), edge };
}

/** Services with units in the window that ends at `now`, of which so much is known that units can judge them. */
export function judgedServices({ window, operations }: UnitMemory, now: Time): ReadonlySet<string> {
  const present = new Set(unitsIn(window, now).flatMap(({ operations: done }) => done.map(({ service }) => service)));
  const isKnown = (service: string) =>
    (operations.get(operationKey({ service, name: wholeService }))?.units ?? 0) >= leastJudged;
  return new Set([...present].filter(isKnown).sort());
}

/** Forgets what was usual of a service, which is then learned again as it is now. */
export function forgetService({ operations, edges }: Pick<UnitMemory, 'operations' | 'edges'>, service: string): void {
  for (const [key] of [...operations.entries()]) if (key.startsWith(`${service}\n`)) operations.delete(key);
  for (const [key] of [...edges.entries()]) {
    if (key.startsWith(`${service}\n`) || key.endsWith(`\n${service}`)) edges.delete(key);
  }
}

/** Holds what a unit did that has left the last minute. */
function hold({ operations, edges }: UnitMemory, unit: UnitOfWork): void {
  const { start, closed } = unit;
  for (const operation of [...unit.operations, ...servicesOf(unit).operations]) {
    const { calls, steps } = operation;
    const key = operationKey(operation);
    const past = operations.get(key) ?? newPast();
    past.held.push({ start, closed, did: { calls, steps }, isFrozen: false });
    past.last = Math.max(past.last, closed);
    operations.set(key, past);
  }
  for (const edge of unit.edges) {
    const key = edgeKey(edge);
    const past = edges.get(key) ?? newEdgePast();
    past.held.push({ start, closed, did: edge.gap, isFrozen: false });
    past.last = Math.max(past.last, closed);
    edges.set(key, past);
  }
}

/** When the first of the services of a key was frozen. */
function frozenFrom(services: readonly string[], frozen: Frozen): Time | undefined {
  const from = services.flatMap((service) => frozen.get(service) ?? []);
  return from.length === 0 ? undefined : Math.min(...from);
}

/** A unit by services, with errors alone as steps: new errors of operations that are too thin to be known. */
function servicesOf(unit: UnitOfWork): UnitOfWork {
  const services = new Map<string, OperationOfUnit>();
  for (const { service, steps } of unit.operations) {
    let whole = services.get(service);
    if (whole === undefined) services.set(service, (whole = { service, name: wholeService, calls: 1, steps: {} }));
    for (const step in steps) if (isError(step)) whole.steps[step] = 1;
  }
  return { ...unit, operations: [...services.values()], edges: [] };
}

const stepKey = ({ operation, step }: StepAnomaly): string => `${operation}\n${step}`;
/** The name of a service's operations taken together. */
export const wholeService = '*';
/** An error that more units had is one of its operations. */
const rare = 0.01;
/** What a second kind of anomaly adds. */
const besides = 0.1;
const mostSteps = 5;
/** Units of a service before it is judged by them. */
const leastJudged = 20;
