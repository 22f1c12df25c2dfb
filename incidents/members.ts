/**
 * The services of an incident from signal to signal: an anomalous one is taken in, keeps its worst moments and samples,
 * gets well, and is anomalous again.
 */
import type { Suppression } from '../decisions/suppression.ts';
import { addBlame, errorsOf, type Sample } from '../signals/panes.ts';
import type { AnomalousSignal, Signal } from '../signals/signal.ts';
import { days, minutes, type Time } from '../time/duration.ts';
import { errorsAMinute, type Incident, type Member, takeAlerts } from './incident.ts';

const mostSamples = 5;
/** A service without a line for this long is taken to be gone. */
const absentFor = days(2);

/** Takes an anomaly into its incident. */
export function admit(incident: Incident, signal: AnomalousSignal, suppression: Suppression | undefined): Member {
  takeAlerts(incident, signal);
  let member = incident.members.find((m) => m.service === signal.service);
  const isNew = member === undefined;
  if (member === undefined) incident.members.push((member = newMember(signal)));
  if (member.wellSince !== undefined) member.relapses++;
  const { health, observed, expected, ratio, log10p, window, usual, lastLine, learning } = signal;
  if (member.wellSince !== undefined || member.health !== health) member.since = signal.onset;
  Object.assign(member, { health, suppression, observed, expected, ratio, log10p, window, usual, lastLine });
  member.wellSince = undefined;
  member.errors += errorsOf(signal.counts);
  for (const [service, errors] of signal.blames) addBlame(member.blames, service, errors);
  const samples = isNew ? [...signal.samples, ...signal.earlier] : signal.samples;
  for (const sample of samples) addSample(member, sample);
  incident.startedAt = Math.min(incident.startedAt, signal.onset);
  if (signal.units !== undefined) {
    member.units = Math.max(member.units, signal.units.score);
    member.told = signal.units.told;
  }
  notePeak(member, signal);
  if (signal.score <= member.score) return member;
  Object.assign(member, { score: signal.score, learning });
  return member;
}

function addSample({ samples }: Member, sample: Sample): void {
  const isKnown = samples.some((s) => s.message === sample.message);
  if (!isKnown && samples.length < mostSamples) samples.push(sample);
}

/** Keeps the worst of each kind: the longest silence, up to its end, and the most errors a minute since the first. */
function notePeak({ peaks }: Member, signal: AnomalousSignal): void {
  const { health, end: at, score, window, observed, expected, ratio, log10p, onset } = signal;
  const worst = peaks[health];
  const told = health === 'errors' || signal.units === undefined ? {} : { told: signal.units.told };
  const now = { at, score, window, observed, expected, ratio, log10p, onset, ...told };
  if (worst === undefined) peaks[health] = now;
  else if (health !== 'errors') {
    if (score >= worst.score) peaks[health] = now;
  } else if (errorsAMinute(now) > errorsAMinute(worst)) peaks[health] = { ...now, onset: worst.onset };
}

const newMember = (signal: AnomalousSignal): Member => ({
  service: signal.service,
  onset: signal.onset,
  health: signal.health,
  since: signal.onset,
  wellSince: undefined,
  accepted: false,
  relapses: 0,
  observed: signal.observed,
  expected: signal.expected,
  ratio: signal.ratio,
  log10p: signal.log10p,
  window: signal.window,
  usual: signal.usual,
  lastLine: signal.lastLine,
  peaks: {},
  score: signal.score,
  learning: signal.learning,
  errors: 0,
  blames: [],
  samples: [],
  units: 0,
  told: [],
  notes: [],
  suppression: undefined,
});

export function recovered(incident: Incident, signal: Signal): void {
  const member = incident.members.find((m) => m.service === signal.service)!;
  takeAlerts(incident, signal);
  const { accepted, lastMinute, usual, lastLine } = signal;
  const { observed, expected } = lastMinute;
  const ratio = observed / Math.max(1, expected);
  const now = { accepted, observed, expected, ratio, log10p: signal.log10p, window: minutes(1), usual, lastLine };
  Object.assign(member, now);
  if (member.wellSince === undefined) endAnomaly(member, Math.max(member.onset, signal.wellSince ?? signal.end));
}

function endAnomaly(member: Member, end: Time): void {
  member.wellSince = end;
  const { silent } = member.peaks;
  // Signals of a long silence stop; it lasted until then.
  if (member.health === 'silent' && silent?.onset === member.since) member.peaks.silent = { ...silent, at: end };
}

/** A service that writes no more is not waited for: after two days that is usual. */
export function acceptAbsence(incident: Incident, end: Time): void {
  for (const member of incident.members) {
    const since = member.lastLine + absentFor;
    if (member.wellSince !== undefined || since > end) continue;
    member.accepted = true;
    endAnomaly(member, since);
  }
}
