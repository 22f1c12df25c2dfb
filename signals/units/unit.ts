/**
 * A unit of work: what one trace did, operation by operation. A call is a maximal chain of spans of one service, an
 * operation the service and the name of the span that begins it. Calls of one trace depend on each other, so that the
 * trace is what is counted: of each operation it has the share of its calls with each step.
 *
 * Per edge from a calling service to a called one a unit has the gap: how much longer the caller waited than the called
 * side worked, which is what the network, a queue or a starved process adds.
 */
import type { Time } from '../../time/duration.ts';
import { type Span, stepOf, type TracedLine } from './span.ts';

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
  gap: number;
  calls: number;
}

/** One unit of work. Plain JSON. */
export interface UnitOfWork {
  /** When its first record was written, and when it was closed. */
  readonly start: Time;
  readonly closed: Time;
  readonly operations: readonly OperationOfUnit[];
  readonly edges: readonly EdgeOfUnit[];
}

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
export function unitOf(spans: readonly Span[], lines: readonly TracedLine[], closed: Time): UnitOfWork {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const calls = new Map<string, Call>();
  const callOf = (span: Span): Call => {
    // Iterative: a chain may be as long as someone likes.
    const chain: Span[] = [];
    let at: Span | undefined = span;
    while (at !== undefined && !calls.has(at.id) && chain.length < byId.size) {
      chain.push(at);
      at = at.parent === null ? undefined : byId.get(at.parent);
    }
    for (let i = chain.length - 1; i >= 0; i--) {
      const { id, parent, service, name } = chain[i]!;
      const outer = parent === null ? undefined : calls.get(parent);
      const own = outer?.service === service ? outer : undefined;
      calls.set(id, own ?? { service, name, parent: outer ?? null, steps: new Set(), tainted: false });
    }
    return calls.get(span.id)!;
  };
  for (const span of spans) callOf(span);
  const all = new Set(calls.values());
  for (const line of lines) {
    const found = line.span === null ? undefined : calls.get(line.span);
    const call = found ?? {
      service: line.service,
      name: unknownOperation,
      parent: null,
      steps: new Set(),
      tainted: false,
    };
    all.add(call);
    call.steps.add(stepOf(line));
    if (line.unreachable)
      for (let at: Call | null = call; at !== null && !at.tainted; at = at.parent) at.tainted = true;
  }
  const starts = [...spans.map(({ start }) => start), ...lines.map(({ time }) => time)];
  return { start: Math.min(...starts), closed, operations: operationsOf(all), edges: edgesOf(spans, byId, calls) };
}

function operationsOf(calls: Iterable<Call>): OperationOfUnit[] {
  const operations = new Map<string, OperationOfUnit>();
  for (const { service, name, steps, tainted } of calls) {
    if (tainted) continue;
    const key = `${service}\n${name}`;
    let operation = operations.get(key);
    if (operation === undefined) operations.set(key, (operation = { service, name, calls: 0, steps: {} }));
    operation.calls++;
    for (const step of steps) operation.steps[step] = (operation.steps[step] ?? 0) + 1;
  }
  return [...operations.values()];
}

function edgesOf(
  spans: readonly Span[],
  byId: ReadonlyMap<string, Span>,
  calls: ReadonlyMap<string, Call>,
): EdgeOfUnit[] {
  const edges = new Map<string, EdgeOfUnit>();
  for (const called of spans) {
    const caller = called.parent === null ? undefined : byId.get(called.parent);
    if (caller === undefined || caller.service === called.service) continue;
    if (calls.get(caller.id)!.tainted || calls.get(called.id)!.tainted) continue;
    const gap = Math.log(Math.max(leastGap, caller.end - caller.start - (called.end - called.start)));
    const key = `${caller.service}\n${called.service}`;
    const edge = edges.get(key);
    if (edge === undefined) edges.set(key, { from: caller.service, to: called.service, gap, calls: 1 });
    else edge.gap += (gap - edge.gap) / ++edge.calls;
  }
  return [...edges.values()];
}

/** Milliseconds: below, clocks and rounding are seen. */
const leastGap = 1;
