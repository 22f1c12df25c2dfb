/**
 * A unit of work: what one trace did, operation by operation. A call is a maximal chain of spans of one service, an
 * operation the service and the name of the span that begins it. Calls of one trace depend on each other, so that the
 * trace is what is counted: of each operation it has the share of its calls with each step.
 *
 * Per edge from a calling service to a called one a unit has the gap: how much longer the caller waited than the called
 * side worked, which is what the network, a queue or a starved process adds.
 *
 * A unit is the same in whatever order its records came, and holds so many operations, steps and edges and no more.
 */
import type { Time } from '../../time/duration.ts';
import { stepOf, type TracedLine, type TracedSpan } from './span.ts';

/** What a unit did in one operation. */
export interface OperationOfUnit {
  readonly service: string;
  readonly name: string;
  calls: number;
  /** In how many of these calls each step was taken. */
  readonly steps: Record<string, number>;
}

/** What a unit found at one edge. */
export interface EdgeOfUnit {
  readonly from: string;
  readonly to: string;
  /** Mean natural logarithm of the gaps in milliseconds, each at least one. */
  readonly gap: number;
  readonly calls: number;
}

/** One unit of work. Plain JSON. */
export interface UnitOfWork {
  readonly trace: string;
  /** When its first record was written, and when it was closed. */
  readonly start: Time;
  readonly closed: Time;
  readonly operations: readonly OperationOfUnit[];
  readonly edges: readonly EdgeOfUnit[];
  /** Operations, steps of operations and edges that it had no room for. */
  readonly leftOut: number;
}

/** Operations of a unit, steps of one of them, and edges. */
export const mostOfUnit = { operations: 200, steps: 100, edges: 200 } as const;

/** The operation of lines whose span is not known. */
export const unknownOperation = '?';

interface Call {
  readonly service: string;
  readonly name: string;
  readonly parent: Call | null;
  readonly steps: Set<string>;
  tainted: boolean;
}

/**
 * The unit that the records of one trace are. Calls that could not reach a service, and those that wait for them, are
 * left out: they tell of that service.
 */
export function unitOf(spans: readonly TracedSpan[], lines: readonly TracedLine[], closed: Time): UnitOfWork {
  const byId = identified(spans);
  const calls = callsOf(byId);
  const all = new Set(calls.values());
  for (const { id, name } of originsOfFailure(byId)) calls.get(id)!.steps.add(`ERROR span ${name}`);
  for (const line of lines) {
    const found = line.span === null ? undefined : callOfLine(line.span, line.service, calls);
    const call = found ?? newCall({ service: line.service, name: unknownOperation, parent: null });
    all.add(call);
    call.steps.add(stepOf(line));
    if (line.unreachable)
      for (let at: Call | null = call; at !== null && !at.tainted; at = at.parent) at.tainted = true;
  }
  let start = Number.POSITIVE_INFINITY;
  for (const span of spans) start = Math.min(start, span.start);
  for (const { time } of lines) start = Math.min(start, time);
  const trace = (spans[0] ?? lines[0])?.trace ?? '';
  const done = operationsOf(all);
  const edges = edgesOf(byId, calls);
  const kept = edges.slice(0, mostOfUnit.edges);
  const leftOut = done.leftOut + edges.length - kept.length;
  return { trace, start, closed, operations: done.operations, edges: kept, leftOut };
}

// hot: a literal without a spread is made many times as fast.
const newCall = ({ service, name, parent }: Pick<Call, 'service' | 'name' | 'parent'>): Call => {
  return { service, name, parent, steps: new Set(), tainted: false };
};

/** Spans by their ids. Where client and server share an id, the client has another, and is the server's parent. */
function identified(spans: readonly TracedSpan[]): ReadonlyMap<string, TracedSpan> {
  const byId = new Map<string, TracedSpan>();
  for (const span of spans) if (!isCaller(span)) byId.set(span.id, span);
  for (const span of spans.filter(isCaller)) {
    const called = byId.get(span.id);
    if (called === undefined || called.kind === span.kind) byId.set(span.id, span);
    else {
      const id = sideOfCaller(span.id);
      byId.set(id, { ...span, id });
      byId.set(span.id, { ...called, parent: id });
    }
  }
  return byId;
}

const isCaller = ({ kind }: TracedSpan): boolean => kind === 'client' || kind === 'producer';
const sideOfCaller = (id: string): string => `${id} caller`;

/** The call in which a line of a service was written. */
function callOfLine(span: string, service: string, calls: ReadonlyMap<string, Call>): Call | undefined {
  const caller = calls.get(sideOfCaller(span));
  return caller?.service === service ? caller : calls.get(span);
}

/** Spans that failed though none that they called did: the others only wait for them. */
function originsOfFailure(byId: ReadonlyMap<string, TracedSpan>): readonly TracedSpan[] {
  const failed = [...byId.values()].filter((span) => span.failed);
  const parents = new Set(failed.map(({ parent }) => parent));
  return failed.filter(({ id }) => !parents.has(id));
}

/** The call of each span, by its id. */
function callsOf(byId: ReadonlyMap<string, TracedSpan>): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>();
  for (const span of byId.values()) {
    // From the span outwards to one whose call is known. Iterative: a chain may be long, and it may be a cycle.
    const chain = new Set<TracedSpan>();
    let at: TracedSpan | undefined = span;
    while (at !== undefined && !calls.has(at.id) && !chain.has(at)) {
      chain.add(at);
      at = at.parent === null ? undefined : byId.get(at.parent);
    }
    for (const { id, parent, service, name } of [...chain].reverse()) {
      const outer = parent === null ? undefined : calls.get(parent);
      calls.set(id, outer?.service === service ? outer : newCall({ service, name, parent: outer ?? null }));
    }
  }
  return calls;
}

function operationsOf(calls: Iterable<Call>): Pick<UnitOfWork, 'operations' | 'leftOut'> {
  const found = new Map<string, { operation: OperationOfUnit; steps: Map<string, number> }>();
  for (const { service, name, steps, tainted } of calls) {
    if (tainted) continue;
    const key = `${service}\n${name}`;
    let known = found.get(key);
    if (known === undefined)
      found.set(key, (known = { operation: { service, name, calls: 0, steps: {} }, steps: new Map() }));
    known.operation.calls++;
    for (const step of steps) known.steps.set(step, (known.steps.get(step) ?? 0) + 1);
  }
  const all = [...found].sort(byKey);
  let leftOut = Math.max(0, all.length - mostOfUnit.operations);
  const operations = all.slice(0, mostOfUnit.operations).map(([, { operation, steps }]) => {
    leftOut += Math.max(0, steps.size - mostOfUnit.steps);
    for (const [step, taken] of [...steps].sort(byKey).slice(0, mostOfUnit.steps)) operation.steps[step] = taken;
    return operation;
  });
  return { operations, leftOut };
}

function edgesOf(byId: ReadonlyMap<string, TracedSpan>, calls: ReadonlyMap<string, Call>): EdgeOfUnit[] {
  const gaps = new Map<string, { readonly from: string; readonly to: string; readonly gaps: number[] }>();
  for (const called of byId.values()) {
    const caller = called.parent === null ? undefined : byId.get(called.parent);
    if (caller === undefined || caller.service === called.service) continue;
    if (calls.get(caller.id)!.tainted || calls.get(called.id)!.tainted) continue;
    const gap = Math.log(Math.max(leastGap, caller.end - caller.start - (called.end - called.start)));
    const [from, to] = [caller.service, called.service];
    const key = `${from}\n${to}`;
    const known = gaps.get(key);
    if (known === undefined) gaps.set(key, { from, to, gaps: [gap] });
    else known.gaps.push(gap);
  }
  return [...gaps].sort(byKey).map(([, { from, to, gaps: all }]) => {
    // In order, because a sum depends on it.
    const sum = all.sort((a, b) => a - b).reduce((total, gap) => total + gap, 0);
    return { from, to, gap: sum / all.length, calls: all.length };
  });
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** Milliseconds: below, clocks and rounding are seen. */
const leastGap = 1;
