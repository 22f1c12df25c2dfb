/**
 * Incidents of one environment from pane to pane: anomalies open or join them, an event is emitted when something
 * changes, and they are resolved when all their services have been well for a while. A service that is anomalous
 * again meanwhile has relapsed; several relapses make the incident flapping, which keeps it open longer instead of
 * opening new ones. Everything is decided by event time.
 */
import { isPipelineGone, isSilentSince } from '../decisions/pipeline.ts';
import { severityOf } from '../decisions/score.ts';
import { type Suppression, suppressionOf } from '../decisions/suppression.ts';
import { type Changes, forgetChanges } from '../signals/changes.ts';
import type { Entries } from '../signals/entries.ts';
import { addBlame, errorsOf } from '../signals/panes.ts';
import { type AnomalousSignal, isAnomalousSignal, type Signal } from '../signals/signal.ts';
import { forgetNotes, notesSince } from '../signals/template-notes.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import type { Time } from '../time/duration.ts';
import { incidentEvent } from './event.ts';
import type { Evidence } from './evidence.ts';
import { incidentId, incidentToJoin } from './grouping.ts';
import type { Incident, IncidentEvent, Member } from './incident.ts';
import { rootCauses } from './root-cause.ts';
import type { IncidentSettings } from './settings.ts';

/** What is kept of an environment. */
export interface EnvironmentState {
  readonly incidents: Entries<string, Incident>;
  readonly changes: Changes;
  /** Recent notes on each service's templates. */
  readonly notes: Entries<string, readonly TemplateNote[]>;
  /** Until when the log pipeline was gone. */
  readonly goneUntil: { get(): Time | undefined; set(time: Time): void };
}

/** What comes of one pane. */
export interface Outcome {
  readonly events: readonly IncidentEvent[];
  readonly evidence: readonly Evidence[];
}

const mostSamples = 5;
/** A changed cause or more templates alone are reported at most this often. */
const minorEvery = 60_000;

/**
 * Takes in all signals of the pane that ends at `end`, in any order. That is the least watermark at which the pane is
 * complete, and stands in every event as the time at which it could be known: the same whenever it is computed again.
 */
export function advance(
  state: EnvironmentState,
  signals: readonly Signal[],
  { end, settings }: { readonly end: Time; readonly settings: IncidentSettings },
): Outcome {
  const open = [...state.incidents.entries()].map(([, incident]) => incident).sort(byStart);
  const events: IncidentEvent[] = [];
  const evidence: Evidence[] = [];
  const sorted = [...signals].sort((a, b) => (a.service < b.service ? -1 : 1));
  if (isPipelineGone(sorted, settings.silence)) state.goneUntil.set(end);
  for (const signal of sorted) {
    const current = open.find((incident) => incident.members.some((m) => m.service === signal.service));
    if (!isAnomalousSignal(signal)) {
      if (current !== undefined) recovered(current, signal);
      continue;
    }
    const suppression = suppressionFor(signal, current, { state, settings });
    const incident = current ?? incidentToJoin(open, { signal, suppression }, settings.grouping) ?? begin();
    const member = admit(incident, signal, suppression);
    member.notes = notesSince(state.notes.get(signal.service), member);
    evidence.push({ incident: incident.id, signal, suppression, notes: member.notes });
    function begin(): Incident {
      const started = newIncident(incidentId(settings.environment, signal), { signal, suppression, end });
      open.push(started);
      return started;
    }
  }
  for (const incident of open) {
    const event = nextEvent(incident, { state, end, settings });
    if (event !== undefined) events.push(event);
    if (event?.event === 'resolved') state.incidents.delete(incident.id);
    else state.incidents.set(incident.id, incident);
  }
  forgetChanges(state.changes, end);
  forgetNotes(state.notes, end);
  return { events, evidence };
}

interface Surroundings {
  readonly state: EnvironmentState;
  readonly settings: IncidentSettings;
}

/** Why an anomaly is held back; without new lines the last decision stays. */
function suppressionFor(
  signal: Signal,
  current: Incident | undefined,
  { state, settings }: Surroundings,
): Suppression | undefined {
  const { suppressions: rules, detection, grouping } = settings;
  const { deployGrace } = grouping;
  const goneUntil = state.goneUntil.get() ?? Number.NEGATIVE_INFINITY;
  const pipelineGone = signal.health === 'silent' && !isSilentSince(signal, goneUntil, settings.silence);
  const now = suppressionOf(signal, { changes: state.changes, rules, detection, deployGrace, pipelineGone });
  if (now !== undefined || signal.samples.length > 0) return now;
  const before = current?.members.find((m) => m.service === signal.service)?.suppression;
  return rules.some((r) => r.pattern !== undefined && r.id === before?.rule) ? before : undefined;
}

function newIncident(
  id: string,
  { signal, suppression, end }: { signal: Signal; suppression: Suppression | undefined; end: Time },
): Incident {
  return {
    id,
    startedAt: signal.onset,
    detectedAt: end,
    members: [],
    suppression,
    flapping: false,
    severity: 'info',
    sequence: 0,
    updatedAt: end,
    told: '',
    causeTold: '',
    notesTold: 0,
  };
}

/** Takes an anomaly into its incident. */
function admit(incident: Incident, signal: AnomalousSignal, suppression: Suppression | undefined): Member {
  let member = incident.members.find((m) => m.service === signal.service);
  const isNew = member === undefined;
  if (member === undefined) incident.members.push((member = newMember(signal)));
  if (member.wellSince !== undefined) member.relapses++;
  member.wellSince = undefined;
  member.health = signal.health;
  member.suppression = suppression;
  member.errors += errorsOf(signal.counts);
  for (const [service, errors] of signal.blames) addBlame(member.blames, service, errors);
  const samples = isNew ? [...signal.samples, ...signal.earlier] : signal.samples;
  for (const sample of samples) if (member.samples.length < mostSamples) member.samples.push(sample);
  incident.startedAt = Math.min(incident.startedAt, signal.onset);
  if (signal.score <= member.score) return member;
  const { observed, expected, ratio, log10p, score, window, learning } = signal;
  Object.assign(member, { observed, expected, ratio, log10p, score, window, learning });
  return member;
}

const newMember = (signal: AnomalousSignal): Member => ({
  service: signal.service,
  onset: signal.onset,
  health: signal.health,
  wellSince: undefined,
  relapses: 0,
  observed: signal.observed,
  expected: signal.expected,
  ratio: signal.ratio,
  log10p: signal.log10p,
  score: signal.score,
  window: signal.window,
  learning: signal.learning,
  errors: 0,
  blames: [],
  samples: [],
  notes: [],
  suppression: undefined,
});

function recovered(incident: Incident, signal: Signal): void {
  const member = incident.members.find((m) => m.service === signal.service)!;
  member.wellSince ??= signal.end;
}

/** The event of an incident after a pane, if there is one. */
function nextEvent(incident: Incident, { state, end, settings }: Surroundings & { readonly end: Time }) {
  const { grouping, score } = settings;
  const { members } = incident;
  incident.flapping ||= members.some((m) => m.relapses >= grouping.flappingAfter);
  incident.severity = severityOf(scoreOf(incident), score.severities);
  const causes = rootCauses(incident, state.changes, grouping);
  const report = (event: IncidentEvent['event']) => {
    incident.sequence++;
    incident.updatedAt = end;
    incident.told = reportedState(incident);
    incident.causeTold = causes[0]!.service;
    incident.notesTold = notesIn(incident);
    return incidentEvent(event, incident, { causes, changes: state.changes, settings, end });
  };
  const patience = incident.flapping ? 2 * grouping.resolveAfter : grouping.resolveAfter;
  if (members.every((m) => m.wellSince !== undefined && end - m.wellSince >= patience)) return report('resolved');
  const anomalous = members.filter((m) => m.wellSince === undefined);
  const hasUnsuppressed = anomalous.some((m) => m.suppression === undefined);
  if (incident.sequence === 0) return report(incident.suppression === undefined ? 'opened' : 'suppressed');
  if (incident.suppression !== undefined && hasUnsuppressed) {
    incident.suppression = undefined;
    incident.detectedAt = end;
    return report('opened');
  }
  if (incident.suppression === undefined && anomalous.length > 0 && !hasUnsuppressed) {
    incident.suppression = anomalous[0]!.suppression;
    return report('suppressed');
  }
  if (incident.told !== reportedState(incident)) return report('updated');
  const hasMinorChange = causes[0]!.service !== incident.causeTold || notesIn(incident) > incident.notesTold;
  return hasMinorChange && end - incident.updatedAt >= minorEvery ? report('updated') : undefined;
}

/** The sum of its services' scores at their worst. */
export const scoreOf = ({ members }: Incident): number => members.reduce((sum, m) => sum + m.score, 0);

const notesIn = ({ members }: Incident): number => members.reduce((sum, m) => sum + m.notes.length, 0);

const reportedState = ({ members, severity, flapping }: Incident): string =>
  `${members.length} ${severity} ${flapping}`;

const byStart = (a: Incident, b: Incident): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
