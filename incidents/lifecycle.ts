/**
 * Incidents of one environment from pane to pane: anomalies open or join them, an event is emitted when something
 * changes, and they are resolved when all their services have been well for a while. A service that is anomalous
 * again meanwhile has relapsed; several relapses make the incident flapping, which keeps it open longer instead of
 * opening new ones. Everything is decided by event time.
 */
import { type Discoveries, levelsOf, noteFound } from '../decisions/budget.ts';
import { isSilentOnItsOwn, type KnownOutage, outagesOf, outageText } from '../decisions/pipeline.ts';
import { severityOf } from '../decisions/score.ts';
import { type Suppression, suppressionOf } from '../decisions/suppression.ts';
import { type Changes, forgetChanges } from '../signals/changes.ts';
import type { Entries } from '../signals/entries.ts';
import { isAnomalousSignal, type Signal } from '../signals/signal.ts';
import { forgetNotes, notesSince } from '../signals/template-notes.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import { hours, type Time } from '../time/duration.ts';
import { incidentEvent } from './event.ts';
import type { Evidence } from './evidence.ts';
import { incidentId, incidentToJoin } from './grouping.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import { acceptAbsence, admit, recovered } from './members.ts';
import { isNews, noteReported } from './reported.ts';
import { rootCauses } from './root-cause.ts';
import type { IncidentSettings } from './settings.ts';
import { isFreshFault } from './supersede.ts';

/** What is kept of an environment. */
export interface EnvironmentState {
  readonly incidents: Entries<string, Incident>;
  readonly changes: Changes;
  /** Recent notes on each service's templates. */
  readonly notes: Entries<string, readonly TemplateNote[]>;
  /** Origins of lines that were lately gone. */
  readonly outages: Entries<string, KnownOutage>;
  readonly discoveries: Discoveries;
}

/** What comes of one pane. */
export interface Outcome {
  readonly events: readonly IncidentEvent[];
  readonly evidence: readonly Evidence[];
  /** Anomalies that would have opened an incident if not so many were open. */
  readonly held: number;
  /** Services whose errors would have opened an incident if fewer services were judged. */
  readonly byChance: ReadonlySet<string>;
}

/** No further incident is opened beside so many; an anomaly that goes on opens one when another is resolved. */
export const mostOpen = 1_000;
/** An outage that was over for so long excuses nothing. */
const keepOutages = hours(3);

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
  noteOutages(state.outages, sorted, end);
  const incidentOf = new Map(open.flatMap((incident) => incident.members.map((m) => [m.service, incident] as const)));
  const superseded = new Map<Incident, Incident>();
  const levels = levelsOf(state.discoveries, { services: sorted.length, end, detection: settings.detection });
  const byChance = new Set<string>();
  let held = 0;
  for (const signal of sorted) {
    const known = incidentOf.get(signal.service);
    const current = known && (superseded.get(known) ?? known);
    if (!isAnomalousSignal(signal)) {
      if (known !== undefined) recovered(known, signal);
      continue;
    }
    const suppression = suppressionFor(signal, current, { state, settings });
    const going = open.filter((incident) => !superseded.has(incident));
    const joined = current ?? incidentToJoin(going, { signal, suppression }, settings.grouping);
    if (joined === undefined && mayBeChance(signal, levels.opens)) {
      byChance.add(signal.service);
      continue;
    }
    if (joined === undefined && open.length >= mostOpen) {
      held++;
      continue;
    }
    const isFresh = joined !== undefined && isFreshFault(signal, suppression, { former: joined, settings });
    const incident = joined === undefined || isFresh ? begin(joined) : joined;
    const member = admit(incident, signal, suppression);
    incident.improbable ||= !mayBeChance(signal, levels.calls);
    incidentOf.set(signal.service, incident);
    member.notes = notesSince(state.notes.get(signal.service), member);
    evidence.push({ incident: incident.id, signal, suppression, notes: member.notes });
    function begin(former: Incident | undefined): Incident {
      const id = incidentId(settings.environment, signal);
      const started = newIncident(id, { signal, suppression, end, former });
      open.push(started);
      if (former !== undefined) superseded.set(former, started);
      return started;
    }
  }
  for (const incident of open) {
    acceptAbsence(incident, end);
    const event = nextEvent(incident, { state, end, settings, isSuperseded: superseded.has(incident) });
    if (event !== undefined) events.push(event);
    if (event?.event === 'opened') noteFound(state.discoveries, 'incidents', end);
    if (event?.event === 'opened' && event.urgency === 'page') noteFound(state.discoveries, 'pages', end);
    if (event?.event === 'resolved') state.incidents.delete(incident.id);
    else state.incidents.set(incident.id, incident);
  }
  forgetChanges(state.changes, end);
  forgetNotes(state.notes, end);
  return { events, evidence, held, byChance };
}

/** Of what is judged by counts of lines alone: whether it is more probable than the level. */
const mayBeChance = ({ health, burns, log10p }: Signal, level: number): boolean =>
  health === 'errors' && burns !== true && log10p > level;

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
  const isOpen = current !== undefined && current.suppression === undefined;
  // Silence never holds back an incident that is open.
  const outage = isOpen ? undefined : outageOf(signal, { state, settings });
  const now = suppressionOf(signal, { changes: state.changes, rules, detection, deployGrace, outage });
  if (now !== undefined || signal.samples.length > 0) return now;
  const before = current?.members.find((m) => m.service === signal.service)?.suppression;
  return rules.some((r) => r.pattern !== undefined && r.id === before?.rule) ? before : undefined;
}

/** Keeps what is gone now, and forgets what was gone long ago. */
function noteOutages(outages: EnvironmentState['outages'], signals: readonly Signal[], end: Time): void {
  for (const [origin, outage] of outagesOf(signals)) outages.set(origin, { ...outage, until: end });
  for (const [origin, { until }] of outages.entries()) if (until + keepOutages < end) outages.delete(origin);
}

/** The outage that excuses the silence of a service, if one does. */
function outageOf(signal: Signal, { state, settings }: Surroundings): KnownOutage | undefined {
  if (signal.health !== 'silent') return undefined;
  if (isSilentOnItsOwn(signal, (origin) => state.outages.get(origin)?.until, settings.silence)) return undefined;
  return state.outages.get(signal.origins[0]!);
}

interface Beginning {
  readonly signal: Signal;
  readonly suppression: Suppression | undefined;
  readonly end: Time;
  /** The incident that it supersedes. */
  readonly former: Incident | undefined;
}

function newIncident(id: string, { signal, suppression, end, former }: Beginning): Incident {
  const isRelapse = former?.members.some(({ service }) => service === signal.service);
  return {
    id,
    follows: former?.id ?? null,
    relapses: isRelapse === true ? former!.relapses + 1 : 0,
    startedAt: signal.onset,
    detectedAt: end,
    members: [],
    suppression,
    flapping: false,
    improbable: false,
    severity: 'info',
    sequence: 0,
    updatedAt: end,
    told: '',
    causeTold: '',
    notesTold: 0,
    rateTold: 0,
    healthsTold: '',
    alerts: [],
  };
}

/** The event of an incident after a pane, if there is one. */
function nextEvent(
  incident: Incident,
  { state, end, settings, isSuperseded }: Surroundings & { readonly end: Time; readonly isSuperseded: boolean },
) {
  const { grouping, score } = settings;
  const { members } = incident;
  incident.flapping ||= members.some((m) => m.relapses >= grouping.flappingAfter);
  incident.severity = severityOf(scoreOf(incident), score.severities);
  const causes = rootCauses(incident, { changes: state.changes, end, settings: grouping });
  const report = (event: IncidentEvent['event']) => {
    keepReason(incident, state.outages, end);
    const { alerts } = incident;
    noteReported(incident, causes[0]!.service, end);
    return incidentEvent(event, incident, { causes, changes: state.changes, settings, end, alerts });
  };
  const patience = incident.flapping ? 2 * grouping.resolveAfter : grouping.resolveAfter;
  if (isSuperseded || members.every((m) => m.wellSince !== undefined && end - m.wellSince >= patience))
    return report('resolved');
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
  return isNews(incident, causes[0]!.service, end) ? report('updated') : undefined;
}

/** What is said of an outage must be true also when it is over. */
function keepReason(incident: Incident, outages: EnvironmentState['outages'], end: Time): void {
  const origin = incident.suppression?.origin;
  const outage = origin === undefined ? undefined : outages.get(origin);
  if (outage !== undefined) incident.suppression = { ...incident.suppression!, reason: outageText(outage, end) };
}

/** The sum of its services' scores at their worst. */
export const scoreOf = ({ members }: Incident): number => members.reduce((sum, m) => sum + m.score, 0);

const byStart = (a: Incident, b: Incident): number => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
