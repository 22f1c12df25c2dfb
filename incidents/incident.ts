/**
 * An incident and its members as they are stored, and the event that subscribers get. Both are JSON: their fields keep
 * their names.
 */
import type { Severity, Urgency } from '../decisions/settings.ts';
import type { Suppression } from '../decisions/suppression.ts';
import type { AnomalyKind } from '../signals/kinds.ts';
import type { Blame, Sample } from '../signals/panes.ts';
import type { Signal } from '../signals/signal.ts';
import type { Finding } from '../signals/signal-kind.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import { type Duration, minutes, type Time } from '../time/duration.ts';

/** A service at its worst by one kind of signal. */
export interface Peak extends Finding {
  /** End of the pane that showed it. */
  readonly at: Time;
  readonly score: number;
  /** What units of work told then. */
  readonly told?: readonly string[];
}

/** What is known of one service in an incident. */
export interface Member {
  readonly service: string;
  /** When its anomaly began. */
  onset: Time;
  health: AnomalyKind;
  /** Since when it is anomalous by this kind of signal; of a relapse, its own onset. */
  since: Time;
  /** Since when it is well again; undefined while it is not. */
  wellSince: Time | undefined;
  /** How often it became anomalous again. */
  relapses: number;
  /** Whether it is not well again but taken for usual, having lasted so long. */
  accepted: boolean;
  /** As it is now: in the window that shows most while it is anomalous, in the last minute when it is well. */
  observed: number;
  expected: number;
  ratio: number;
  log10p: number;
  window: Duration;
  /** Lines that a pane has lately held, and when the last line was. */
  usual: number;
  lastLine: Time;
  /** At its worst, by kind of signal. */
  readonly peaks: Partial<Record<AnomalyKind, Peak>>;
  /** The score at its worst. */
  score: number;
  learning: boolean;
  /** Errors since it joined, and how many of them blame others. */
  errors: number;
  readonly blames: Blame[];
  readonly samples: Sample[];
  /** By units of work: how bad it was at its worst, and what is told now. */
  units: number;
  told: readonly string[];
  /** What was new, missing or surging in its logs. */
  notes: readonly TemplateNote[];
  suppression: Suppression | undefined;
}

/** Errors a minute. */
export const errorsAMinute = ({ observed, window }: Pick<Finding, 'observed' | 'window'>): number =>
  (observed * minutes(1)) / window;

/** The kind of signal by which a service was worst, and that peak. */
export function worstOf({ peaks }: Member): { readonly kind: AnomalyKind; readonly peak: Peak } {
  const all = Object.entries(peaks) as [AnomalyKind, Peak][];
  const [kind, peak] = all.reduce((a, b) => (b[1].score > a[1].score ? b : a));
  return { kind, peak };
}

/** An incident that is not over. */
export interface Incident {
  readonly id: string;
  /** The incident that it supersedes, and how often a service relapsed from one incident into the next. */
  readonly follows: string | null;
  readonly relapses: number;
  startedAt: Time;
  /** The least watermark at which it could be known. */
  detectedAt: Time;
  readonly members: Member[];
  suppression: Suppression | undefined;
  flapping: boolean;
  /** Whether something of it has been more improbable than the budget of pages asks for, or is judged otherwise. */
  improbable: boolean;
  severity: Severity;
  /** Number of its last event. */
  sequence: number;
  updatedAt: Time;
  /** Services, severity and cause as last reported; another text is worth an event. */
  told: string;
  causeTold: string;
  notesTold: number;
  /** Anomalous errors a minute, and how each service was, as last reported. */
  rateTold: number;
  healthsTold: string;
  /** Ids of alerts that it has taken in since its last event. */
  alerts: string[];
}

/** Takes in the alerts of a signal. An event has room for so many, and no later one tells the others. */
export function takeAlerts(incident: Incident, { alerts = [] }: Pick<Signal, 'alerts'>): void {
  incident.alerts.push(...alerts.slice(0, Math.max(0, mostAlerts - incident.alerts.length)));
}

const mostAlerts = 1_000;

/** A service that may be the cause. */
export interface RootCause {
  readonly service: string;
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** What happened to an incident, as subscribers get it; the names are those of `millrace replay`. */
export interface IncidentEvent {
  readonly event: 'opened' | 'updated' | 'suppressed' | 'resolved';
  readonly incident_id: string;
  /** Counts the incident's events from 1 on. */
  readonly sequence: number;
  readonly environment: string;
  /** The incident that this one superseded: its services were well when this began. */
  readonly follows: string | null;
  readonly started_at: string;
  readonly detected_at: string;
  readonly updated_at: string;
  readonly resolved_at: string | null;
  readonly services: readonly string[];
  readonly score: number;
  readonly severity: Severity;
  readonly urgency: Urgency;
  readonly root_causes: readonly RootCause[];
  readonly changes: readonly NamedChange[];
  readonly symptoms: readonly Symptom[];
  /** Ids of the alerts of other systems that were taken in since the event before. */
  readonly alerts: readonly string[];
  readonly flapping: boolean;
  readonly learning: boolean;
  readonly summary: string;
  readonly suppressed: boolean;
  readonly reason: string | null;
}

/** A change that came shortly before. */
export interface NamedChange {
  readonly timestamp: string;
  readonly kind: string;
  readonly service: string;
  readonly version: string;
  readonly author: string;
}

/** How one service of an incident is, and how it was at its worst. */
export interface Symptom {
  readonly service: string;
  readonly kind: AnomalyKind;
  readonly onset: string;
  /** When it was well again; null while it is not. */
  readonly well_since: string | null;
  /** When its last line was. */
  readonly last_line: string;
  /** As it is now. */
  readonly window_seconds: number;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
  readonly log10_p: number;
  readonly peak: NamedPeak;
  readonly score: number;
  /** A sentence that says all this. */
  readonly text: string;
  readonly samples: readonly string[];
  readonly new_templates: readonly NamedTemplate[];
  readonly missing_templates: readonly NamedTemplate[];
  readonly surging_templates: readonly NamedTemplate[];
}

/** A service at its worst. */
export interface NamedPeak {
  readonly at: string;
  readonly kind: AnomalyKind;
  readonly window_seconds: number;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
}

/** A kind of lines; `<*>` stands for each value. */
export interface NamedTemplate {
  readonly template_id: string;
  readonly template: string;
  readonly level: string | null;
  readonly sample: string;
  /** When it first came, last came, or when the minute that showed most began. */
  readonly since: string;
  /** Lines, and lines that were to be expected. */
  readonly observed: number;
  readonly expected: number;
}
