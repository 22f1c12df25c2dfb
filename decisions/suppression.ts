/**
 * What is known and needs no alert: announced maintenance, rules that people wrote, the first moments after a
 * deployment, a log pipeline that carries nothing at all. Suppressed is not dropped: the incident exists, names the
 * rule that holds it back and the reason, and opens when the rule no longer applies while the anomaly lasts. All times
 * are event times.
 */
import { windowPanes } from '../signals/baseline.ts';
import { type Changes, concerns } from '../signals/changes.ts';
import { isAnomalous } from '../signals/kinds.ts';
import { paneMs } from '../signals/panes.ts';
import { nameType, rowTable, timeText, timeType } from '../signals/row-table.ts';
import type { DetectionSettings } from '../signals/settings.ts';
import type { Signal } from '../signals/signal.ts';
import { type Duration, days, minutes, type Time } from '../time/duration.ts';
import { type KnownOutage, outageText } from './pipeline.ts';

/** A rule that people wrote. What is left out does not limit it. */
export interface SuppressionRule {
  readonly id: string;
  readonly service?: string;
  /** From `start` to `end`, once or again every day or week. */
  readonly start?: Time;
  readonly end?: Time;
  readonly every?: 'day' | 'week';
  /** Text of which `*` is anything; every sample line must match. */
  readonly pattern?: string;
  readonly reason: string;
}

/** Why something is held back. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  /** What lines did not come through, if that is why. */
  readonly origin?: string;
}

/** What suppression depends on besides the signal. */
export interface SuppressionContext {
  readonly changes: Changes;
  readonly rules: readonly SuppressionRule[];
  readonly detection: DetectionSettings;
  /** Just deployed services must exceed the minimum effect twofold for this long. */
  readonly deployGrace: Duration;
  /** The outage of the log pipeline that explains the silence, if one does. */
  readonly outage: KnownOutage | undefined;
}

/** Errors after the end of a maintenance show in the last minute only once it is filled with them. */
const afterwards = windowPanes[0] * paneMs;

/** Why an anomaly is held back, or undefined. */
export function suppressionOf(signal: Signal, context: SuppressionContext): Suppression | undefined {
  const { outage } = context;
  if (outage !== undefined) {
    return { rule: 'pipeline', reason: outageText(outage, signal.end), origin: outage.origin };
  }
  for (const [, change] of context.changes.entries()) {
    if (change.kind !== 'maintenance' || !concerns(change, signal.service)) continue;
    if (!holds(signal, change.at, change.until)) continue;
    const until = new Date(change.until).toISOString();
    const by = change.author === '' ? '' : ` by ${change.author}`;
    return { rule: 'maintenance', reason: `maintenance of ${change.service} announced${by} until ${until}` };
  }
  const rule = context.rules.find((r) => applies(r, signal));
  return rule === undefined ? inDeployGrace(signal, context) : { rule: rule.id, reason: rule.reason };
}

/** Whether a span of time covers what the signal shows: an anomaly that outlives it must show in the last minute. */
function holds(signal: Signal, from: Time, until: Time): boolean {
  if (signal.end <= from || signal.onset >= until) return false;
  return signal.end < until + afterwards || !signal.fresh;
}

function applies(rule: SuppressionRule, signal: Signal): boolean {
  if (rule.service !== undefined && rule.service !== signal.service) return false;
  const { pattern } = rule;
  if (pattern !== undefined) {
    const { samples } = signal;
    if (samples.length === 0 || !samples.every((s) => matches(pattern, s.message))) return false;
  }
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY, every } = rule;
  if (every === undefined) return holds(signal, start, end);
  const period = every === 'day' ? days(1) : days(7);
  const shift = Math.floor((signal.start - start) / period) * period;
  return holds(signal, start + shift, end + shift) || holds(signal, start + shift - period, end + shift - period);
}

/** A service that was just deployed may have twice the minimum of errors for a moment. */
function inDeployGrace(
  signal: Signal,
  { changes, detection, deployGrace }: SuppressionContext,
): Suppression | undefined {
  const { observed, expected, ratio, service, end, health } = signal;
  if (health !== 'errors' && isAnomalous(health)) return undefined;
  const isSevere = ratio >= 2 * detection.minimumRatio && observed - expected >= 2 * detection.minimumExcess;
  if (isSevere) return undefined;
  for (const [, change] of changes.entries()) {
    if (change.kind !== 'deployment' || !concerns(change, service)) continue;
    const age = end - change.at;
    if (age < 0 || age > deployGrace) continue;
    return {
      rule: 'deploy-grace',
      reason: `version ${change.version} was deployed ${Math.round((age / minutes(1)) * 60)} s before`,
    };
  }
  return undefined;
}

/**
 * Whether a text matches a pattern in which `*` is anything. Each piece is looked for once, from left to right, so that
 * no text makes it slow.
 *
 * @example
 * matches('connection * refused', 'ERROR connection to db refused twice') // => false
 * matches('*connection * refused*', 'ERROR connection to db refused twice') // => true
 */
export function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0]!;
  if (pieces.length === 1) return text === pattern;
  const last = pieces.at(-1)!;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  const until = text.length - last.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const found = text.indexOf(pieces[i]!, at);
    if (found < 0 || found + pieces[i]!.length > until) return false;
    at = found + pieces[i]!.length;
  }
  return true;
}

/** An anomaly that a rule holds back, and the incident that holds it. */
export interface SuppressedSignal {
  readonly incident: string;
  readonly signal: Signal;
  readonly suppression: Suppression;
}

/** What was held back, and why. */
export const suppressionsTable = rowTable<SuppressedSignal>({
  name: 'suppressions',
  comment: 'One row per incident, service and rule that held it back',
  columns: {
    incident_id: { type: 'String', comment: 'The incident', value: ({ incident }) => incident },
    service: { type: nameType, comment: 'The service', value: ({ signal }) => signal.service },
    rule: {
      type: nameType,
      comment: 'maintenance, deploy-grace, pipeline or the id of a rule',
      value: ({ suppression }) => suppression.rule,
    },
    reason: { type: 'String', comment: 'Why', value: ({ suppression }) => suppression.reason },
    onset: { type: timeType, comment: 'When the anomaly began', value: ({ signal }) => timeText(signal.onset) },
    last_at: { type: timeType, comment: 'Until when it was held back', value: ({ signal }) => timeText(signal.end) },
    score: { type: 'Float64', comment: 'The score at that time', value: ({ signal }) => signal.score },
  },
  identity: ['incident_id', 'service', 'rule'],
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
