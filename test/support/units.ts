/** Spans, lines and units of tests. */
import { Intake } from '../../signals/inputs/intake.ts';
import { readSpanValue } from '../../signals/inputs/spans/canonical.ts';
import type { Span } from '../../signals/inputs/spans/span.ts';
import type { TracedLine, TracedSpan } from '../../signals/units/span.ts';
import type { EdgeOfUnit, OperationOfUnit, UnitOfWork } from '../../signals/units/unit.ts';
import { newChoice, type UnitWindow } from '../../signals/units/unit-window.ts';

export const spanOf = (span: Partial<TracedSpan>): TracedSpan => ({
  ...{ trace: 't', id: 'a', parent: null, service: 'shop', name: 'GET /', start: 0, end: 100 },
  ...{ kind: 'server', failed: false },
  ...span,
});

/** The span in a record, which must be one. */
export function readSpan(record: unknown): Span {
  const intake = new Intake<Span>('spans', Number.POSITIVE_INFINITY);
  readSpanValue(record, intake);
  if (intake.refused.length > 0) throw new TypeError(intake.refused[0]!.reason);
  return intake.records[0]!;
}

export const lineOf = (line: Partial<TracedLine>): TracedLine => ({
  ...{ trace: 't', span: null, service: 'shop', time: 50, level: 'INFO' as const, place: 'Shop#1', unreachable: false },
  ...line,
});

/** One call of an operation, with its steps. */
export const callOf = (service: string, ...steps: readonly string[]): OperationOfUnit => ({
  ...{ service, name: 'GET /', calls: 1 },
  steps: Object.fromEntries(steps.map((step) => [step, 1])),
});

/** An edge that waits `gap` milliseconds. */
export const edgeOf = (from: string, to: string, gap: number): EdgeOfUnit => ({
  ...{ from, to, calls: 1 },
  gap: Math.log(gap),
});

/** A unit that was closed at `closed`, two seconds after it began. */
export const unitAt = (
  closed: number,
  { operations = [], edges = [], trace = `t${closed}` }: Partial<UnitOfWork>,
): UnitOfWork => ({ trace, start: closed - 2_000, closed, operations, edges, leftOut: 0 });

/** An empty window. */
export const newWindow = (): UnitWindow => ({ units: new Map<string, UnitOfWork>(), ...newChoice() });
