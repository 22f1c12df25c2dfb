/**
 * What is said of a service in an incident. Every sentence is true at the moment of its event: how the service is now,
 * how it was at its worst, and since when it is well again.
 */
import { errorsText } from '../signals/error-rate.ts';
import { signalKinds } from '../signals/kinds.ts';
import { paneMs } from '../signals/panes.ts';
import { timeOfDay } from '../signals/signal-kind.ts';
import { minutes, type Time } from '../time/duration.ts';
import { errorsAMinute, type Member, type Peak } from './incident.ts';

/** A peak is worth a sentence when it was this many times as bad as now. */
const muchWorse = 1.5;
/** A service that is not silent yet is said to have stopped from this pause on, if so many lines are missing. */
const longPause = minutes(1);
const missingLines = 5;

/**
 * A service at `end`, such as `25 errors in the minute to 10:26:00 where 0.3 are usual, since 10:24:10` or
 * `well since 10:40:00; from 10:24:10 up to 25 errors in the minute to 10:26:00 where 0.3 are usual`.
 */
export function memberText(member: Member, end: Time): string {
  const { errors, silent } = member.peaks;
  const clock = (time: Time) => timeOfDay(time, end);
  const was = silent === undefined ? '' : `; no line from ${clock(silent.onset)} to ${clock(silent.at)}`;
  if (member.wellSince !== undefined) return `${wellText(member, member.wellSince, end)}${was}`;
  const now = signalKinds[member.health].describe({ ...member, onset: member.since, end });
  const before = errors === undefined ? '' : `; before that ${errorsText(errors, end)}`;
  if (member.health !== 'errors') return `${now}${before}`;
  const hasStopped = isMissed(member, end);
  if (hasStopped && member.observed === 0) return `no line since ${clock(member.lastLine)}${before}${was}`;
  const stopped = hasStopped ? `; no line since ${clock(member.lastLine)}` : '';
  return `${now}${worstText(errors, member, end)}${was}${stopped}`;
}

function wellText({ accepted, peaks }: Member, since: Time, end: Time): string {
  const { errors, silent: _, ...told } = peaks;
  const now = `${accepted ? 'taken for usual' : 'well'} since ${timeOfDay(since, end)}`;
  if (errors !== undefined) return `${now}; from ${timeOfDay(errors.onset, end)} up to ${errorsText(errors, end)}`;
  const others = Object.values(told);
  const worst = others.reduce((a: Peak | undefined, b) => (a === undefined || b.score > a.score ? b : a), undefined);
  return worst?.told === undefined ? now : `${now}; from ${timeOfDay(worst.onset, end)} ${worst.told[0]}`;
}

function worstText(errors: Peak | undefined, member: Member, end: Time): string {
  if (errors === undefined || errorsAMinute(errors) < muchWorse * errorsAMinute(member)) return '';
  return `; at the peak ${errorsText(errors, end)}`;
}

function isMissed({ lastLine, usual }: Member, end: Time): boolean {
  const pause = end - lastLine;
  return pause >= longPause && (usual * pause) / paneMs >= missingLines;
}
