/** What is read beside lines: the name of each input, which is that of its topic and of its file, and its reader. */
import type { Duration, Time } from '../../time/duration.ts';
import type { Alert } from './alerts/alert.ts';
import { readAlerts } from './alerts/read-alerts.ts';
import type { ReportedChange } from './changes/change.ts';
import { readChanges } from './changes/read-changes.ts';
import { type Intake, plannedAhead } from './intake.ts';
import { readAnyMetrics } from './metrics/any-metrics.ts';
import type { Metric } from './metrics/metric.ts';
import { readAnySpans } from './spans/any-spans.ts';
import type { Span } from './spans/span.ts';

/** A kind of input. */
export interface InputKind<T extends { readonly time: Time }> {
  readonly name: string;
  readonly comment: string;
  /** Reads a record of its topic, or a line of its file. */
  readonly read: (body: Uint8Array | string, intake: Intake<T>) => void;
  /** How much later an element may be than the moment when it came, where that is more than a day. */
  readonly ahead?: Duration;
}

/** What people and pipelines did. */
export const changeInput: InputKind<ReportedChange> = {
  name: 'changes',
  comment: 'One record per deployment, change of configuration or flag, commit, or maintenance',
  read: readChanges,
  ahead: plannedAhead,
};

/** What requests did. */
export const spanInput: InputKind<Span> = {
  name: 'spans',
  comment: 'Spans of traces, alone or in batches',
  read: readAnySpans,
};

/** What is measured. */
export const metricInput: InputKind<Metric> = {
  name: 'metrics',
  comment: 'Points of metrics, alone or in batches',
  read: readAnyMetrics,
};

/** What other systems raised. */
export const alertInput: InputKind<Alert> = {
  name: 'alerts',
  comment: 'Alerts of other systems that began or are over, alone or in groups',
  read: readAlerts,
};

/** Inputs that a job reads only where a setting names them. */
export const optionalInputs = ['spans', 'metrics', 'alerts'] as const;
export type OptionalInput = (typeof optionalInputs)[number];
