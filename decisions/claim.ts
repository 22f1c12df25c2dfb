/**
 * What other systems claim of a service in a pane, as alerts of theirs or as events of its pods, and what is decided of
 * it. A claim opens an incident where it decides by itself; it is evidence where its service is anomalous otherwise or
 * in an incident; else it is a note, which opens nothing and stands with its reason in the table `decisions`.
 */
import type { AnomalyKind } from '../signals/kinds.ts';
import { nameType, rowTable, timeText, timeType } from '../signals/row-table.ts';
import type { Finding, ScoredCounts } from '../signals/signal-kind.ts';
import type { Time } from '../time/duration.ts';

/** What is claimed of a service. */
export interface Claim {
  readonly kind: Extract<AnomalyKind, 'alerts' | 'restarts'>;
  readonly service: string;
  readonly found: Finding;
  readonly scored: ScoredCounts;
  /** Sentences, the worst first. */
  readonly told: readonly string[];
  /** Ids of alerts that no incident has taken in. */
  readonly ids: readonly string[];
  /** When something of it was last told, and whether what it has decided still holds. */
  readonly last: Time;
  readonly lasts: boolean;
  /** Whether it makes its service anomalous, why, or why not. */
  readonly ruling: Ruling;
}

/** Why a claim decides, or does not. */
export interface Ruling {
  readonly decides: boolean;
  readonly rule: 'burst' | 'few' | 'shown-otherwise' | 'crash-loop' | 'event';
  readonly reason: string;
}

/** What was decided of a claim; stored as JSON. */
export interface HeldClaim {
  readonly kind: Claim['kind'];
  readonly service: string;
  readonly onset: Time;
  /** Since when its service is anomalous by it; null while it is not. */
  readonly since: Time | null;
  /** Whether it has lasted so long that it is taken for usual. */
  readonly accepted: boolean;
  readonly last: Time;
  /** What the table was last told. */
  readonly told: string;
}

/** A claim, and what came of it. */
export interface Decision {
  readonly environment: string;
  readonly claim: Claim;
  readonly onset: Time;
  /** When it was decided. */
  readonly at: Time;
  readonly verdict: 'incident' | 'evidence' | 'note';
  readonly rule: string;
  readonly reason: string;
}

/** What was decided of what other systems tell. */
export const decisionsTable = rowTable<Decision>({
  name: 'decisions',
  comment: 'One row per service, kind of signal and onset of what other systems told of it, and what was decided of it',
  columns: {
    environment: { type: nameType, comment: 'The environment', value: ({ environment }) => environment },
    service: { type: nameType, comment: 'The service', value: ({ claim }) => claim.service },
    kind: { type: nameType, comment: 'alerts or restarts', value: ({ claim }) => claim.kind },
    onset: { type: timeType, comment: 'When it began', value: ({ onset }) => timeText(onset) },
    decided_at: { type: timeType, comment: 'Event time of the decision', value: ({ at }) => timeText(at) },
    verdict: {
      type: nameType,
      comment:
        'incident: it makes its service anomalous; evidence: its service is in an incident; note: it opens nothing',
      value: ({ verdict }) => verdict,
    },
    rule: { type: nameType, comment: 'The rule that decided', value: ({ rule }) => rule },
    reason: { type: 'String', comment: 'Why, in words', value: ({ reason }) => reason },
    observed: { type: 'UInt32', comment: 'Alerts that fire, or restarts', value: ({ claim }) => claim.found.observed },
    expected: { type: 'Float64', comment: 'How many were to be expected', value: ({ claim }) => claim.found.expected },
    log10_p: {
      type: 'Float64',
      comment: 'log10 of the probability of so many or more',
      value: ({ claim }) => claim.found.log10p,
    },
    told: { type: 'Array(String)', comment: 'What was told', value: ({ claim }) => claim.told },
  },
  identity: ['environment', 'service', 'kind', 'onset'],
  partitionBy: 'toYYYYMM(onset)',
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
