/**
 * Numbers of an incident against what was written. A statement is true within its minute: it must have been so at some
 * moment of the minute before it was seen. Panes are ten seconds, so moments that detection names are that exact.
 */
import { type Duration, minutes, seconds, type Time } from '../../time/duration.ts';
import type { GapClaim, UsualLinesClaim } from './claims.ts';
import type { Fault } from './plan.ts';
import { illnesses, lastLine, type Truth, usualErrors, written } from './truth.ts';
import { clock, isWithin, momentOf } from './verdict.ts';

/** A number or moment, whether it is so, and what is so. */
export interface Judged {
  readonly isTrue: boolean;
  readonly truth: string;
}

const pane = seconds(10);
/** A moment counts as named when it is this near. */
const near = seconds(11);
/** An onset is found from the errors themselves, which come at random. */
const onsetWithin = minutes(1);
/** The end of a fault is told, and named, within this. */
export const recoveryWithin = minutes(2);

/** Whether a window ending from `from` until `to` held so many errors. */
export function judgeErrors(
  truth: Truth,
  { service, errors, window }: { readonly service: string; readonly errors: number; readonly window: Duration },
  { from, to }: { readonly from: Time; readonly to: Time },
): Judged {
  const found: number[] = [];
  for (let end = Math.ceil(from / pane) * pane; end <= to; end += pane) {
    const there = written(truth, 'errors', { service, from: end - window, to: end });
    if (isWithin(errors, [there, there], { share: 0.02, absolute: 1 })) return { isTrue: true, truth: '' };
    found.push(there);
  }
  const range = found.length === 0 ? 'no window' : `${Math.min(...found)} to ${Math.max(...found)}`;
  return {
    isTrue: false,
    truth: `${range} errors of ${service} in windows of ${window / 1_000} s that end from ${clock(from)} to ${clock(to)}`,
  };
}

/** Whether so many errors are usual among the lines of a window: by the service's law, give or take. */
export function judgeUsualErrors(
  truth: Truth,
  { service, usual, window, end }: { service: string; usual: number; window: Duration; end: Time },
): Judged {
  const expected = usualErrors(truth, { service, from: end - window, to: end });
  return {
    isTrue: usual >= expected / 4 - 3 && usual <= expected * 4 + 3,
    truth: `about ${expected.toFixed(1)} are usual`,
  };
}

/** Whether there has been no line since a moment, within the minute before `at`. */
export function judgeSilence(truth: Truth, service: string, { since, at }: { since: Time; at: Time }): Judged {
  const lasts = [at - minutes(1), at].map((moment) => lastLine(truth, service, moment));
  return {
    isTrue: lasts.some((last) => Math.abs(since - last) <= near),
    truth: `the last line of ${service} was at ${clock(lasts[1]!)}`,
  };
}

/** Whether so many lines are usual a minute, or in the pause until some moment of the minute before `at`. */
export function judgeUsualLines(
  truth: Truth,
  service: string,
  { lines, per, since, at }: Pick<UsualLinesClaim, 'lines' | 'per' | 'since'> & { readonly at: Time },
): Judged {
  const from = Math.max(truth.from, since - minutes(10));
  const rate = written(truth, 'events', { service, from, to: since }) / Math.max(1, since - from);
  const pauses = per === 'minute' ? [minutes(1), minutes(1)] : [at - minutes(1) - since, at - since];
  const [least, most] = pauses.map((pause) => rate * Math.max(0, pause)) as [number, number];
  return {
    isTrue: isWithin(lines, [least, most], { share: 0.5, absolute: per === 'minute' ? 1 : 5 }),
    truth: `${least.toFixed(1)} to ${most.toFixed(1)} are usual`,
  };
}

/** Whether there was no line from one moment to another. */
export function judgeGap(truth: Truth, service: string, { from, to }: Pick<GapClaim, 'from' | 'to'>): Judged {
  const lines = written(truth, 'events', { service, from: from + pane, to: to - pane });
  return {
    isTrue: lines === 0 && to - from >= truth.settings.silenceAtLeast - pane,
    truth: `${lines} lines of ${service}`,
  };
}

/** Whether a fault of the service began about then. */
export function judgeOnset(truth: Truth, service: string, since: Time): Judged {
  const faults = illnesses(truth, service);
  return {
    isTrue: faults.some(({ from }) => Math.abs(since - from) <= onsetWithin),
    truth: faults.length === 0 ? `${service} is well` : `it began at ${faults.map((f) => clock(f.from)).join(', ')}`,
  };
}

/** Whether a fault of the service ended about then. */
export function judgeEnd(truth: Truth, service: string, since: Time): Judged {
  const faults = illnesses(truth, service);
  return {
    isTrue: faults.some(({ to }) => since >= to - near && since - to <= recoveryWithin),
    truth: faults.length === 0 ? `${service} is well` : `it ended at ${faults.map((f) => clock(f.to)).join(', ')}`,
  };
}

const outage =
  /^pipeline: nothing came from (\S+) (?:since|from) ([\d:]+)(?: to ([\d:]+))?: (\d+) services fell silent/;

/** Whether the reason of a suppressed incident names an outage of the pipeline through which the service writes. */
export function judgeOutage(
  truth: Truth,
  { service, reason, at }: { readonly service: string; readonly reason: string; readonly at: Time },
): Judged {
  const [, , since, until, services] = outage.exec(reason) ?? [];
  const isSo = ({ from, to, services: gone }: Fault): boolean =>
    since !== undefined &&
    Math.abs(momentOf(since, at) - from) <= 2 * pane &&
    Number(services) === gone.length &&
    (until === undefined ? at <= to + minutes(1) : Math.abs(momentOf(until, at) - to) <= 2 * pane);
  const faults = illnesses(truth, service).filter(({ kind }) => kind === 'pipeline');
  return {
    isTrue: faults.some(isSo),
    truth: faults.map((f) => `${f.services.join()} were gone from ${clock(f.from)} to ${clock(f.to)}`).join('; '),
  };
}
