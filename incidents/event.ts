/**
 * The event of an incident: what happened, everything a reader needs at that moment, and a sentence.
 */
import { urgencyOf } from '../decisions/score.ts';
import { type Changes, changesBefore } from '../signals/changes.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import type { Time } from '../time/duration.ts';
import {
  type Incident,
  type IncidentEvent,
  type Member,
  type NamedChange,
  type NamedTemplate,
  type Peak,
  type RootCause,
  type Symptom,
  worstOf,
} from './incident.ts';
import { describeChange } from './root-cause.ts';
import type { IncidentSettings } from './settings.ts';
import { memberText } from './text.ts';

/** What an event holds beyond the incident itself. */
export interface Facts {
  readonly causes: readonly RootCause[];
  readonly changes: Changes;
  readonly settings: IncidentSettings;
  /** Event time at which it could be known. */
  readonly end: Time;
  /** Ids of alerts that were taken in since the event before. */
  readonly alerts: readonly string[];
}

const mostNamed = 5;
const mostChanges = 10;

/** The event of `kind`. Services stand in order of suspicion. */
export function incidentEvent(kind: IncidentEvent['event'], incident: Incident, facts: Facts): IncidentEvent {
  const { causes, changes, settings, end } = facts;
  const members = bySuspicion(incident.members, causes);
  const { suppression, severity } = incident;
  const learning = members.every((m) => m.learning);
  const suppressed = suppression !== undefined;
  return {
    event: kind,
    incident_id: incident.id,
    sequence: incident.sequence,
    environment: settings.environment,
    follows: incident.follows,
    started_at: iso(incident.startedAt),
    detected_at: iso(incident.detectedAt),
    updated_at: iso(end),
    resolved_at: kind === 'resolved' ? iso(lastRecovery(incident.members)) : null,
    services: members.map((m) => m.service),
    score: round(members.reduce((sum, m) => sum + m.score, 0)),
    severity,
    urgency: urgencyOf(severity, { learning, chance: !incident.improbable, suppressed }),
    root_causes: causes,
    changes: namedChanges(members, changes, settings),
    symptoms: members.map((member) => symptom(member, end)),
    alerts: facts.alerts,
    flapping: incident.flapping,
    learning,
    summary: summarize(incident, members, facts),
    suppressed,
    reason: suppression === undefined ? null : `${suppression.rule}: ${suppression.reason}`,
  };
}

function bySuspicion(members: readonly Member[], causes: readonly RootCause[]): Member[] {
  const rank = (m: Member) => causes.findIndex((c) => c.service === m.service) >>> 0;
  return [...members].sort((a, b) => rank(a) - rank(b) || a.onset - b.onset || (a.service < b.service ? -1 : 1));
}

/** When the last service got well. */
const lastRecovery = (members: readonly Member[]): Time =>
  members.reduce((latest, m) => Math.max(latest, m.wellSince ?? m.onset), Number.NEGATIVE_INFINITY);

function namedChanges(members: readonly Member[], changes: Changes, settings: IncidentSettings): NamedChange[] {
  const within = settings.grouping.changesWithin;
  const found = members.flatMap(({ service, onset }) => changesBefore(changes, { service, onset, within }));
  return [...new Set(found)]
    .sort((a, b) => b.at - a.at)
    .slice(0, mostChanges)
    .map(({ at, kind, service, version, author }) => ({ timestamp: iso(at), kind, service, version, author }));
}

function symptom(member: Member, end: Time): Symptom {
  const { service, onset, wellSince, lastLine, log10p, score, samples, notes, health } = member;
  const { kind, peak } = worstOf(member);
  return {
    service,
    kind: health,
    onset: iso(onset),
    well_since: wellSince === undefined ? null : iso(wellSince),
    last_line: iso(lastLine),
    ...measured(member),
    log10_p: round(log10p),
    peak: { at: iso(peak.at), kind, ...measured(peak) },
    score: round(score),
    text: memberText(member, end),
    samples: samples.map((s) => s.message),
    new_templates: templates(notes, 'new'),
    missing_templates: templates(notes, 'missing'),
    surging_templates: templates(notes, 'surging'),
  };
}

const measured = ({ window, observed, expected, ratio }: Pick<Peak, 'window' | 'observed' | 'expected' | 'ratio'>) => ({
  window_seconds: Math.floor(window / 1_000),
  observed,
  expected: round(expected),
  ratio: round(ratio),
});

function templates(notes: readonly TemplateNote[], kind: TemplateNote['kind']): NamedTemplate[] {
  return notes
    .filter((n) => n.kind === kind)
    .map(({ id, text, level, sample, since, observed, expected }) => ({
      template_id: id,
      template: text,
      level,
      sample,
      since: iso(since),
      observed,
      expected: round(expected),
    }));
}

function summarize(incident: Incident, members: readonly Member[], { changes, settings, end }: Facts): string {
  const ill = members.filter((m) => m.wellSince === undefined);
  const [first, ...others] = (ill.length === 0 ? members : ill) as readonly [Member, ...Member[]];
  const well = members.filter((m) => m !== first && !others.includes(m));
  const { service, onset } = first;
  const change = changesBefore(changes, { service, onset, within: settings.grouping.changesWithin })[0];
  return [
    `${service}: ${memberText(first, end)}`,
    incident.flapping ? ', on and off' : '',
    others.length > 0 ? `; also ${namesOf(others)}` : '',
    well.length > 0 ? `; well again: ${namesOf(well)}` : '',
    change === undefined ? '' : `; ${describeChange(change, onset)}`,
    incident.follows === null ? '' : `; follows ${incident.follows}`,
  ].join('');
}

function namesOf(members: readonly Member[]): string {
  const more = members.length > mostNamed ? ` and ${members.length - mostNamed} more` : '';
  const names = members.slice(0, mostNamed).map((m) => m.service);
  return `${names.join(', ')}${more}`;
}

const iso = (time: Time): string => new Date(time).toISOString();
const round = (value: number): number => Math.round(value * 100) / 100;
