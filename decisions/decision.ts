/**
 * What was decided of an anomaly, and the table `decisions` that keeps it: why something was told and why something was
 * not are one question to one table.
 */
import type { AnomalyKind } from '../signals/kinds.ts';
import { nameType, rowTable, timeText, timeType } from '../signals/row-table.ts';
import type { Time } from '../time/duration.ts';

/** What was decided of an anomaly of a service. */
export interface Decision {
  readonly environment: string;
  readonly service: string;
  readonly kind: AnomalyKind;
  /** When the anomaly began. */
  readonly onset: Time;
  /** When it was decided. */
  readonly at: Time;
  readonly verdict: 'incident' | 'evidence' | 'suppressed' | 'note';
  /** The rule that let it through or held it back, and why in words. */
  readonly rule: string;
  readonly reason: string;
  /** The incident that it belongs to, or ''. */
  readonly incident: string;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
  readonly log10p: number;
  /** What other systems told of it. */
  readonly told: readonly string[];
}

/** Why, and why not. */
export const decisionsTable = rowTable<Decision>({
  name: 'decisions',
  comment: 'One row per service, kind of anomaly and onset, and what was last decided of it',
  columns: {
    environment: { type: nameType, comment: 'The environment', value: ({ environment }) => environment },
    service: { type: nameType, comment: 'The service', value: ({ service }) => service },
    kind: {
      type: nameType,
      comment: 'errors, silent, steps, slow, saturated, alerts, restarts or objective',
      value: ({ kind }) => kind,
    },
    onset: { type: timeType, comment: 'When it began', value: ({ onset }) => timeText(onset) },
    decided_at: { type: timeType, comment: 'Event time of the decision', value: ({ at }) => timeText(at) },
    verdict: {
      type: nameType,
      comment:
        'incident: it opened or joined one; evidence: its service was in one; suppressed: a rule of yours, maintenance or a deployment held it back; note: it opened nothing',
      value: ({ verdict }) => verdict,
    },
    rule: { type: nameType, comment: 'The rule that let it through or held it back', value: ({ rule }) => rule },
    reason: { type: 'String', comment: 'Why, in words', value: ({ reason }) => reason },
    incident_id: { type: 'String', comment: 'The incident, or empty', value: ({ incident }) => incident },
    observed: {
      type: 'UInt32',
      comment: 'What was there, in the unit of its kind as in incident_windows; alerts that fire, or restarts',
      value: ({ observed }) => observed,
    },
    expected: { type: 'Float64', comment: 'What was to be expected', value: ({ expected }) => expected },
    ratio: {
      type: 'Float64',
      comment: 'Observed over expected; the other way round where lines or a step are missing',
      value: ({ ratio }) => ratio,
    },
    log10_p: {
      type: 'Float64',
      comment: 'log10 of the probability of so many or more, or of none',
      value: ({ log10p }) => log10p,
    },
    told: { type: 'Array(String)', comment: 'What other systems told of it', value: ({ told }) => told },
  },
  identity: ['environment', 'service', 'kind', 'onset'],
  partitionBy: 'toYYYYMM(onset)',
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
