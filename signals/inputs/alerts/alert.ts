/**
 * An alert that another system raised or ended. Its identity is the fingerprint and when it began: webhooks repeat a
 * whole group when one of it changes, and a rule that fires again weeks later is another alert. Where a system tells
 * only that an alert is over, `time` is when it was over.
 */
import { createHash } from 'node:crypto';
import { cutText } from '../../../codecs/utf8.ts';
import { boundedName } from '../../../logs/lines/source-name.ts';
import type { Time } from '../../../time/duration.ts';
import type { Intake } from '../intake.ts';
import { type Labels, labelsFrom, mostLabels, subjectOf, unknownService } from '../labels.ts';
import { type Bag, isBag, numberOf } from '../values.ts';

export const alertSources = ['metric', 'trace', 'log', 'alertmanager', 'other'] as const;

/** An alert. */
export interface Alert {
  /** Fingerprint and begin, or the sender's id. */
  readonly id: string;
  /** The same for all times that this alert fires. */
  readonly fingerprint: string;
  /** When it began. */
  readonly time: Time;
  readonly service: string;
  readonly instance: string | null;
  readonly name: string;
  readonly source: (typeof alertSources)[number];
  /** As the sender calls it, in lower case; empty where it does not. */
  readonly severity: string;
  readonly state: 'firing' | 'resolved';
  readonly resolved_at: Time | null;
  readonly labels: Labels;
}

/** An alert as a reader found it. */
export interface AlertDraft {
  readonly name: unknown;
  /** When it began; NaN if that can't be read. */
  readonly began: Time;
  readonly written: unknown;
  /** When it was over; null while it fires. */
  readonly over: Time | null;
  readonly source: Alert['source'];
  readonly severity: unknown;
  /** Labels and notes of any type, by name; the first of a name counts. */
  readonly labels: readonly Bag[];
  readonly fingerprint?: string | undefined;
  readonly id?: string | undefined;
  readonly service?: string | undefined;
  readonly instance?: string | undefined;
}

/** Takes in an alert, or refuses it for what it lacks. */
export function takeAlert(draft: AlertDraft, intake: Intake<Alert>): void {
  const { name, began, written, over, source } = draft;
  if (typeof name !== 'string' || name.trim() === '') return intake.wrong('name', name, 'a text');
  if (!intake.timely(began, 'start', written)) return;
  if (over !== null && !intake.timely(over, 'end', over)) return;
  if (over !== null && over < began) return intake.wrong('end', over, 'at or after the start');
  const labels = labelsIn(draft.labels, intake);
  const subject = subjectOf(labels);
  const service = draft.service ?? (subject.service === unknownService ? labels['namespace'] : subject.service);
  // One that ends is known by its fingerprint.
  if (service === undefined && over === null) return intake.wrong('service', service, subjectWords);
  const fingerprint = boundedName(draft.fingerprint ?? hashOf(name, labels));
  intake.records.push({
    id: boundedName(draft.id ?? `${fingerprint}@${began}`),
    fingerprint,
    time: began,
    service: boundedName(service ?? unknownService),
    instance: draft.instance === undefined ? subject.instance : boundedName(draft.instance),
    name: cutText(name, longestName).toWellFormed(),
    source,
    severity: typeof draft.severity === 'string' ? cutText(draft.severity, longestName).toLowerCase() : '',
    state: over === null ? 'firing' : 'resolved',
    resolved_at: over,
    labels,
  });
}

const subjectWords = 'the service, workload, pod or host that the alert is about';
const longestName = 400;

/** Notes that are told of an alert and make no other one of it. */
const notes = new Set(['summary', 'detail', 'description', 'message', 'value']);

function hashOf(name: string, labels: Labels): string {
  const kept = Object.entries(labels).filter(([key]) => !notes.has(key));
  return createHash('sha256')
    .update(JSON.stringify([name, kept]))
    .digest('hex')
    .slice(0, 16);
}

function labelsIn(bags: readonly Bag[], intake: Intake<Alert>): Labels {
  const found = new Map<string, string>();
  let isCut = false;
  for (const bag of bags) {
    for (const key in bag) {
      const value = bag[key];
      if (found.has(key) || value === null || value === undefined || value === '') continue;
      if (key === '__proto__' || key === '' || key.length > longestName || found.size === mostLabels) isCut = true;
      else found.set(key, typeof value === 'object' ? (isBag(value) ? 'an object' : 'a list') : String(value));
    }
  }
  if (isCut) intake.cut++;
  return labelsFrom([...found].flat());
}

/** What words and numbers of many systems say of an alert's state; undefined where they say nothing. */
export function stateIn(value: unknown): 'firing' | 'resolved' | undefined {
  if (typeof value === 'boolean') return value ? 'firing' : 'resolved';
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (firing.has(word)) return 'firing';
  return resolved.has(word) || /^(?:auto_?)?(?:resolve|recover|close)/.test(word) ? 'resolved' : undefined;
}

const firing = new Set([
  ...[
    'firing',
    'alerting',
    'alarm',
    'trigger',
    'triggered',
    'active',
    'open',
    'opened',
    'problem',
    'critical',
    'create',
  ],
  ...['created', 'down', 'error', 'warning', 'warn', 'suppressed', 'unprocessed', 'acknowledge', 'acknowledged', 'new'],
]);
const resolved = new Set(['ok', 'normal', 'up', 'inactive', 'healthy', 'cleared', 'clear', 'expired', 'success']);

/** Times of an alert that still fires are of the year 1, or missing; Grafana's too. */
export function isOver(text: unknown, end: Time, now: Time): boolean {
  return typeof text === 'string' && !text.startsWith('0001-') && end <= now;
}

/** A severity of a number, as people order them. */
export const severityOf = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isNaN(numberOf(value)) ? String(value) : value;
