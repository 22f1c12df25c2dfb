/**
 * What other systems claim of a service in a pane, as alerts of theirs or as events of its pods, and what is decided of
 * it. A claim opens an incident where it decides by itself; it is evidence where its service is anomalous otherwise or
 * in an incident; else it is a note, which opens nothing and stands with its reason in the table `decisions`.
 */
import type { AnomalyKind } from '../signals/kinds.ts';
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
