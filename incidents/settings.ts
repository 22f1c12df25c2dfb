/**
 * Everything about detection that may be set, with the defaults. Durations are in
 * milliseconds. Reading settings from a file is the command's business.
 */
import { defaultFormula } from '../decisions/score.ts';
import type { ScoreSettings } from '../decisions/settings.ts';
import type { SuppressionRule } from '../decisions/suppression.ts';
import type { UserFormat } from '../logs/formats/user-format.ts';
import type { OptionalInput } from '../signals/inputs/kinds.ts';
import type { Objective } from '../signals/objectives/objective.ts';
import type { DetectionSettings, SilenceSettings } from '../signals/settings.ts';
import { type Duration, minutes, seconds } from '../time/duration.ts';

/** What belongs to one incident, and when it is over. */
export interface GroupingSettings {
  /** An anomaly joins an incident when their onsets are at most this far apart … */
  readonly onsetWithin: Duration;
  /** … or, through a call between them that fails, while the incident is no older than this. */
  readonly span: Duration;
  readonly services: number;
  /** All services must be well for this long before an incident is resolved; twice as long while it is flapping. */
  readonly resolveAfter: Duration;
  /** So many relapses make an incident flapping. */
  readonly flappingAfter: number;
  /** A deployment or change of configuration is named by incidents that begin at most this long after it. */
  readonly changesWithin: Duration;
  /** Just deployed services must exceed the minimum effect twofold for this long. */
  readonly deployGrace: Duration;
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
  /** Topics that are read beside lines and changes. */
  readonly inputs: readonly OptionalInput[];
  /** What share of requests services are to serve well. */
  readonly objectives: readonly Objective[];
  readonly detection: DetectionSettings;
  readonly silence: SilenceSettings;
  readonly grouping: GroupingSettings;
  readonly score: ScoreSettings;
  readonly suppressions: readonly SuppressionRule[];
}

/** The defaults. */
export const incidentDefaults: IncidentSettings = Object.freeze({
  environment: 'default',
  formats: Object.freeze([]),
  outOfOrder: seconds(10),
  idleAfter: seconds(20),
  inputs: Object.freeze([]),
  objectives: Object.freeze([]),
  detection: Object.freeze({
    falseIncidentsPerDay: 5,
    falsePagesPerDay: 1,
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
    formula: defaultFormula,
    weights: Object.freeze({ WARN: 1, ERROR: 3, CRITICAL: 5, FATAL: 10 }),
    criticality: Object.freeze({}),
    severities: Object.freeze({ warning: 3, error: 8, critical: 30 }),
  }),
  suppressions: Object.freeze([]),
});
