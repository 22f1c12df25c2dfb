/**
 * What is true of a run: what was written, second by second and service by service, and what was wrong and when. Kept
 * as JSON beside the recording, so that a recording can be judged again.
 */
import type { Duration, Time } from '../../time/duration.ts';
import { alsoInErrorLog, type Fault, type Plan, type RunSettings } from './plan.ts';
import type { Entry } from './traffic.ts';

/** Events and errors of a service by second since the first. */
export interface Counted {
  readonly events: number[];
  readonly errors: number[];
}

/** A run's truth; plain JSON. Faults are in ms since the epoch. */
export interface Truth {
  readonly seed: number;
  /** When the first line was written, and when the watcher was started. */
  readonly from: Time;
  readonly start: Time;
  readonly length: Duration;
  readonly settings: RunSettings;
  readonly faults: readonly Fault[];
  /** By service, while it is well: events a second, and errors for each. */
  readonly rates: Readonly<Record<string, number>>;
  readonly errorShares: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, Counted>>;
  /** Lines of all files by second: those of a stack trace count each. */
  readonly lines: number[];
}

/** The truth of a run of which nothing is written yet. */
export function newTruth(
  plan: Plan,
  { seed, start, settings }: { readonly seed: number; readonly start: Time; readonly settings: RunSettings },
): Truth {
  return {
    seed,
    from: start - plan.history,
    start,
    length: plan.length,
    settings,
    faults: plan.faults.map((f) => ({ ...f, from: start + f.from, to: start + f.to })),
    rates: Object.fromEntries(plan.laws.map((law) => [law.name, law.rate])),
    errorShares: Object.fromEntries(
      plan.laws.map(({ name, file, errorShare }) => [
        name,
        errorShare * (file === 'web.access.log' ? 1 + alsoInErrorLog : 1),
      ]),
    ),
    counts: Object.fromEntries(plan.laws.map((law) => [law.name, { events: [], errors: [] }])),
    lines: [],
  };
}

/** Counts an entry; `continues` when it goes on with a line that was cut off and so is no event of its own. */
export function count(truth: Truth, entry: Entry, { continues }: { readonly continues: boolean }): void {
  const second = Math.floor((entry.time - truth.from) / 1_000);
  const add = (column: number[], n: number) => {
    while (column.length <= second) column.push(0);
    column[second]! += n;
  };
  add(truth.lines, entry.text.split('\n').length - (entry.isCut ? 1 : 0));
  if (continues) return;
  const { events, errors } = truth.counts[entry.service]!;
  add(events, 1);
  if (entry.isError) add(errors, 1);
}

/** Sum of the seconds from `from` until `to`. Errors: none; what lies outside the run counts nothing. */
function between(column: readonly number[], from: Duration, to: Duration): number {
  let sum = 0;
  const last = Math.min(column.length, Math.ceil(to / 1_000));
  for (let i = Math.max(0, Math.floor(from / 1_000)); i < last; i++) sum += column[i]!;
  return sum;
}

/** Events, or errors, that a service wrote from `from` until `to`; whole seconds. */
export const written = (truth: Truth, what: keyof Counted, at: Span): number =>
  between(truth.counts[at.service]?.[what] ?? [], at.from - truth.from, at.to - truth.from);

/** Errors that are usual from `from` until `to`: by the law, for the lines that were written without a flood. */
export function usualErrors(truth: Truth, { service, from, to }: Span): number {
  const most = 3 * truth.rates[service]!;
  let lines = 0;
  for (let at = from; at < to; at += 1_000) {
    lines += Math.min(most, written(truth, 'events', { service, from: at, to: at + 1_000 }));
  }
  return lines * truth.errorShares[service]!;
}

/** A span of time of a service. */
export interface Span {
  readonly service: string;
  readonly from: Time;
  readonly to: Time;
}

/** Lines in all files until `time`. */
export const linesUntil = (truth: Truth, time: Time): number => between(truth.lines, 0, time - truth.from);

/** End of the last second before `time` in which the service wrote; −∞ before its first. */
export function lastLine(truth: Truth, service: string, time: Time): Time {
  const events = truth.counts[service]?.events ?? [];
  for (let i = Math.min(events.length, Math.ceil((time - truth.from) / 1_000)) - 1; i >= 0; i--) {
    if (events[i]! > 0) return truth.from + (i + 1) * 1_000;
  }
  return Number.NEGATIVE_INFINITY;
}

/** When the service wrote first; ∞ if it never did. */
export function firstLine(truth: Truth, service: string): Time {
  const second = (truth.counts[service]?.events ?? []).findIndex((events) => events > 0);
  return second < 0 ? Number.POSITIVE_INFINITY : truth.from + second * 1_000;
}

/** Whether the run knows a service of this name. */
export const isKnown = (truth: Truth, service: string): boolean => Object.hasOwn(truth.counts, service);

/** Faults by which a service is not well; a flood of ordinary lines is none. */
export const illnesses = (truth: Truth, service: string): readonly Fault[] =>
  truth.faults.filter((f) => f.kind !== 'flood' && f.services.includes(service));

/** Whether the service was not well at some moment from `from` until `to`. */
export const wasIll = (truth: Truth, { service, from, to }: Span): boolean =>
  illnesses(truth, service).some((f) => f.from <= to && from <= f.to);

/** From when on a fault must be told. */
export const dueAt = ({ settings }: Truth, { kind, from }: Fault): Time =>
  from + settings.toldWithin + (kind === 'silence' || kind === 'pipeline' ? settings.silenceAtLeast : 0);
