/**
 * Everything about detection that somebody may want to set, with the values it has otherwise. Durations are in
 * milliseconds. Reading settings from a file is the command's business; this says only what there is.
 */

import type { UserFormat } from '../logs/parsed-log.ts';
import { type Duration, minutes, seconds } from '../time/duration.ts';
import type { SuppressionRule } from './suppression.ts';

/** How an incident's severity is called, from the mildest. The words are PagerDuty's. */
export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** When a service counts as anomalous. */
export interface DetectionSettings {
  /** Incidents that chance alone may open in a day; decides how improbable a window must be. */
  readonly falseIncidentsPerDay: number;
  /** Number of services the budget of false incidents is spread over. */
  readonly services: number;
  /** Errors must exceed the expected by this factor … */
  readonly minimumRatio: number;
  /** … and by this number. */
  readonly minimumExcess: number;
  /** After this long an anomaly is the new normal and is learned. */
  readonly freezeAtMost: Duration;
  /** Share of a service's lines that are errors before anything is known of it, and the lines this is worth. */
  readonly priorErrorShare: number;
  readonly priorLines: number;
  /** Learned panes lose half of their weight in this time. */
  readonly halfLife: Duration;
}

/** When a service that says nothing counts as silent. */
export interface SilenceSettings {
  /** At least this long … */
  readonly atLeast: Duration;
  /** … and this many lines that were to be expected … */
  readonly expectedLines: number;
  /** … and this many times its longest pause so far, of a service known for `knownFor`. */
  readonly longestPauses: number;
  readonly knownFor: Duration;
  /** Below this share of services that still speak, the log pipeline is blamed and not the services. */
  readonly peersSpeaking: number;
}

/** What belongs to one incident, and when it is over. */
export interface GroupingSettings {
  /** An anomaly joins an incident when their onsets are at most this far apart … */
  readonly onsetWithin: Duration;
  /** … or, through a call between them that fails, while the incident is no older than this. */
  readonly span: Duration;
  readonly services: number;
  /** Everybody must be well for this long before an incident is resolved; twice as long while it is flapping. */
  readonly resolveAfter: Duration;
  /** So many relapses make an incident flapping. */
  readonly flappingAfter: number;
  /** A deployment or change of configuration is named by incidents that begin at most this long after it. */
  readonly changesWithin: Duration;
  /** Just deployed services must exceed the minimum effect twofold for this long. */
  readonly deployGrace: Duration;
}

/** The number people see. */
export interface ScoreSettings {
  /** A formula over `weight`, `ratio`, `criticality`, `observed` and `expected`, summed over severities. */
  readonly formula: string;
  readonly weights: {
    readonly WARN: number;
    readonly ERROR: number;
    readonly CRITICAL: number;
    readonly FATAL: number;
  };
  /** How much a service matters; 1 unless it is listed. */
  readonly criticality: { readonly [service: string]: number };
  /** Scores from which an incident is called so. */
  readonly severities: { readonly warning: number; readonly error: number; readonly critical: number };
}

/** All of it. */
export interface IncidentSettings {
  readonly environment: string;
  /** Zone of lines that name none; their envelope or UTC decides otherwise. */
  readonly timezone?: string;
  /** Formats of the user's own, tried before the built-in ones. */
  readonly formats: readonly UserFormat[];
  /** How much older than the newest line of its source a line may be without being late. */
  readonly outOfOrder: Duration;
  /** A source at its end for this long no longer holds time back. */
  readonly idleAfter: Duration;
  readonly detection: DetectionSettings;
  readonly silence: SilenceSettings;
  readonly grouping: GroupingSettings;
  readonly score: ScoreSettings;
  readonly suppressions: readonly SuppressionRule[];
}

/** The settings of somebody who sets nothing. */
export const incidentDefaults: IncidentSettings = Object.freeze({
  environment: 'default',
  formats: Object.freeze([]),
  outOfOrder: seconds(10),
  idleAfter: seconds(20),
  detection: Object.freeze({
    falseIncidentsPerDay: 5,
    services: 100,
    minimumRatio: 2,
    minimumExcess: 4,
    freezeAtMost: minutes(120),
    priorErrorShare: 0.01,
    priorLines: 50,
    halfLife: minutes(24 * 60),
  }),
  silence: Object.freeze({
    atLeast: minutes(2),
    expectedLines: 12,
    longestPauses: 3,
    knownFor: minutes(120),
    peersSpeaking: 0.5,
  }),
  grouping: Object.freeze({
    onsetWithin: minutes(5),
    span: minutes(30),
    services: 50,
    resolveAfter: minutes(3),
    flappingAfter: 2,
    changesWithin: minutes(30),
    deployGrace: minutes(1),
  }),
  score: Object.freeze({
    formula: 'weight * log1p(ratio) * criticality',
    weights: Object.freeze({ WARN: 1, ERROR: 3, CRITICAL: 5, FATAL: 10 }),
    criticality: Object.freeze({}),
    severities: Object.freeze({ warning: 3, error: 8, critical: 30 }),
  }),
  suppressions: Object.freeze([]),
});
