/**
 * What units of work are made of: spans, and lines that carry the ids of a trace.
 */
import type { Level } from '../../logs/levels.ts';
import type { Time } from '../../time/duration.ts';
import type { SpanKind } from '../inputs/spans/span.ts';

/** A span of a trace. Times are in milliseconds, with decimals. */
export interface TracedSpan {
  readonly trace: string;
  readonly id: string;
  /** Null for the root. */
  readonly parent: string | null;
  readonly service: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly kind: SpanKind;
  /** Whether its status is an error. */
  readonly failed: boolean;
}

/** A line of a trace. */
export interface TracedLine {
  readonly trace: string;
  /** The span in which it was written, if it says so. */
  readonly span: string | null;
  readonly service: string;
  readonly time: Time;
  readonly level: Level | null;
  /** Where in the program it is from: `Class#line` where it says so, else its template. */
  readonly place: string;
  /** Whether it says that a service it called could not be reached. */
  readonly unreachable: boolean;
}

/** Where a kind of line stands in a unit of work: its level and its place, ` ` between them. */
export const stepOf = ({ level, place }: Pick<TracedLine, 'level' | 'place'>): string => `${level ?? '-'} ${place}`;

/** The level of a step, `-` for none. */
export const levelOfStep = (step: string): string => step.slice(0, step.indexOf(' '));
