/**
 * What is said of a service in an incident. Every sentence is true at the moment of its event: how the service is now,
 * how it was at its worst, and since when it is well again.
 */
import { errorsText } from '../signals/error-rate.ts';
import { signalKinds } from '../signals/kinds.ts';
import { paneMs } from '../signals/panes.ts';
import { timeOfDay } from '../signals/signal-kind.ts';
import { minutes, type Time } from '../time/duration.ts';
import type { Member, Peak } from './incident.ts';

/** A peak is worth a sentence when it was this many times as bad as now. */
const muchWorse = 1.5;
/** A service that is not silent yet is said to have stopped from this pause on, if so many lines are missing. */
const longPause = minutes(1);
const missingLines = 5;

/**
 * A service at `end`, such as `25 errors in a minute where 0.3 are usual, since 10:24:10` or
 * `well since 10:40:00; from 10:24:10 up to 25 errors in a minute where 0.3 are usual`.
 */
export function memberText(member: Member, end: Time): string {
  const { errors, silent } = member.peaks;
  if (member.wellSince !== undefined) return wellText(member, member.wellSince);
  const now = signalKinds[member.health].describe({ ...member, onset: member.since });
  if (member.health === 'silent') return errors === undefined ? now : `${now}; ${before(errors)}`;
  const stopped = hasStopped(member, end) ? `; no line since ${timeOfDay(member.lastLine)}` : '';
  const worst = errors !== undefined && errors.ratio >= muchWorse * member.ratio ? `; ${atPeak(errors)}` : '';
  const was = silent === undefined ? '' : `; ${wasSilent(silent)}`;
  return `${now}${worst}${was}${stopped}`;
}

function wellText({ accepted, onset, peaks: { errors, silent } }: Member, since: Time): string {
  const now = accepted ? `taken for usual since ${timeOfDay(since)}` : `well since ${timeOfDay(since)}`;
  const failed = errors === undefined ? '' : `; from ${timeOfDay(onset)} up to ${errorsText(errors)}`;
  return `${now}${failed}${silent === undefined ? '' : `; ${wasSilent(silent)}`}`;
}

const atPeak = (peak: Peak): string => `at the peak, ${timeOfDay(peak.at)}, ${errorsText(peak)}`;
const before = (peak: Peak): string => `before that ${errorsText(peak)}, at ${timeOfDay(peak.at)}`;
const wasSilent = ({ onset, at }: Peak): string => `no line from ${timeOfDay(onset)} to ${timeOfDay(at)}`;

function hasStopped({ lastLine, usual }: Member, end: Time): boolean {
  const pause = end - lastLine;
  return pause >= longPause && (usual * pause) / paneMs >= missingLines;
}
