/**
 * The job's tables, column by column, and how its values become their rows. They can be made and filled by anything
 * that takes a table as a value; this file knows nothing of databases.
 */

import { type Change, changeId } from '../signals/changes.ts';
import type { Signal } from '../signals/signal.ts';
import type { TemplateNote, ToldTemplate } from '../signals/template-watch.ts';
import type { Time } from '../time/duration.ts';
import type { IncidentEvent } from './incident.ts';
import type { Ill } from './lifecycle.ts';

const name = 'LowCardinality(String)';
const time = 'DateTime64(3)';

/** How every service was doing, ten seconds by ten seconds. */
export const serviceWindows = {
  name: 'service_windows',
  comment: 'One row per service and ten seconds in which it wrote lines or was not well',
  columns: {
    environment: { type: name, comment: 'The environment' },
    service: { type: name, comment: 'The service' },
    window_start: { type: time, comment: 'Start of the ten seconds, event time' },
    lines: { type: 'UInt32', comment: 'Events: lines, those that belong together counted once' },
    warnings: { type: 'UInt32', comment: 'Lines of level WARN' },
    errors: { type: 'UInt32', comment: 'Lines of level ERROR, CRITICAL or FATAL' },
    fatals: { type: 'UInt32', comment: 'Of these, of level CRITICAL or FATAL' },
    health: { type: name, comment: 'well, suspicious, errors or silent' },
    tested_seconds: { type: 'UInt32', comment: 'Length of the window, ending with the row, that told most' },
    observed: { type: 'UInt32', comment: 'Errors in that window' },
    expected: { type: 'Float64', comment: 'Errors, or lines of a silent service, to be expected in it' },
    ratio: { type: 'Float64', comment: 'Observed over expected, which counts as at least one' },
    log10_p: { type: 'Float64', comment: 'log10 of the probability of so many or more' },
    score: { type: 'Float64', comment: 'The score; 0 while well' },
    learning: { type: 'Bool', comment: 'Less than an hour is known: what is expected is mostly the prior' },
    samples: { type: 'Array(String)', comment: 'A few of its error lines' },
  },
  identity: ['environment', 'service', 'window_start'],
  partitionBy: 'toYYYYMMDD(window_start)',
  ttl: 'inserted_at + INTERVAL 30 DAY',
} as const;

/** The evidence of incidents. */
export const incidentWindows = {
  name: 'incident_windows',
  comment: 'One row per incident, service and ten seconds in which the service was ill',
  columns: {
    incident_id: { type: 'String', comment: 'The incident' },
    service: { type: name, comment: 'The service' },
    window_start: { type: time, comment: 'Start of the window that told most' },
    window_end: { type: time, comment: 'Its end, a multiple of ten seconds' },
    kind: { type: name, comment: 'errors or silent' },
    expected: { type: 'Float64', comment: 'Errors, or lines of a silent service, to be expected in it' },
    observed: { type: 'UInt32', comment: 'Errors, or lines of a silent service, that were there' },
    ratio: { type: 'Float64', comment: 'Observed over expected; for a silent service, expected lines' },
    log10_p: { type: 'Float64', comment: 'log10 of the probability of so many or more, or of none' },
    score: { type: 'Float64', comment: 'The score' },
    onset: { type: time, comment: 'When the anomaly began' },
    suppressed_by: { type: name, comment: 'The rule that held it back, or empty' },
    samples: { type: 'Array(String)', comment: 'A few of its error lines' },
    new_templates: { type: 'Array(String)', comment: 'Kinds of lines never seen of it before' },
    missing_templates: { type: 'Array(String)', comment: 'Kinds of lines that came steadily and stopped' },
    surging_templates: { type: 'Array(String)', comment: 'Kinds of lines of which there are far more than usual' },
  },
  identity: ['incident_id', 'service', 'window_end'],
  partitionBy: 'toYYYYMM(window_end)',
  ttl: 'inserted_at + INTERVAL 90 DAY',
} as const;

/** One row per incident, the latest state. */
export const incidents = {
  name: 'incidents',
  comment: 'One row per incident as last told',
  columns: {
    incident_id: { type: 'String', comment: 'The incident' },
    environment: { type: name, comment: 'The environment' },
    status: { type: name, comment: 'open, suppressed or resolved' },
    severity: { type: name, comment: 'info, warning, error or critical' },
    score: { type: 'Float64', comment: "Sum of its services' scores at their worst" },
    started_at: { type: time, comment: 'Onset of its first anomaly' },
    detected_at: { type: time, comment: 'Event time at which it could be known' },
    updated_at: { type: time, comment: 'Event time of its last event' },
    resolved_at: { type: `Nullable(${time})`, comment: 'When its last service was well again' },
    services: { type: 'Array(String)', comment: 'Its services, in order of suspicion' },
    cause: { type: name, comment: 'The likeliest cause' },
    confidence: { type: 'Float64', comment: 'How likely, from the margin to the others' },
    summary: { type: 'String', comment: 'A sentence' },
    changes: { type: 'String', comment: 'Deployments and configurations shortly before, JSON' },
    root_causes: { type: 'String', comment: 'All likely causes with reasons, JSON' },
    symptoms: { type: 'String', comment: 'How each service was at its worst, JSON' },
    flapping: { type: 'Bool', comment: 'Whether it came and went' },
    learning: { type: 'Bool', comment: 'Less than an hour was known of each of its services' },
    suppressed: { type: 'Bool', comment: 'Whether a rule holds it back' },
    reason: { type: 'Nullable(String)', comment: 'Which rule, and why' },
    sequence: { type: 'UInt32', comment: 'Number of its events' },
  },
  identity: ['incident_id'],
} as const;

/** What kinds of lines there are. */
export const templates = {
  name: 'templates',
  comment: 'One row per service and template: what it writes, with <*> for each value',
  columns: {
    environment: { type: name, comment: 'The environment' },
    service: { type: name, comment: 'The service' },
    template_id: { type: 'String', comment: "A hash of the first line's form" },
    template: { type: 'String', comment: 'The text, <*> for each value' },
    alias_of: { type: 'String', comment: 'The id of the template that it turned out to be; empty while it is its own' },
    level: { type: name, comment: 'Level of its first line, or empty' },
    first_seen: { type: time, comment: 'When its first line happened' },
    last_seen: { type: time, comment: 'End of the last ten seconds in which it came, up to a quarter of an hour old' },
    count: { type: 'UInt64', comment: 'Lines of it, as old as last_seen' },
    sample: { type: 'String', comment: 'Its first line, cut after 400 characters' },
  },
  identity: ['environment', 'service', 'template_id'],
} as const;

/** What was done to services. */
export const changes = {
  name: 'changes',
  comment: 'One row per deployment, change of configuration or maintenance',
  columns: {
    change_id: { type: 'String', comment: 'Time, kind and service' },
    timestamp: { type: time, comment: 'When it took effect' },
    kind: { type: name, comment: 'deployment, config or maintenance' },
    service: { type: name, comment: 'The service; * for all' },
    version: { type: 'String', comment: 'What was deployed' },
    author: { type: 'String', comment: 'By whom' },
    until: { type: `Nullable(${time})`, comment: 'End of a maintenance' },
  },
  identity: ['change_id'],
} as const;

/** What was held back, and why. */
export const suppressions = {
  name: 'suppressions',
  comment: 'One row per incident, service and rule that held it back',
  columns: {
    incident_id: { type: 'String', comment: 'The incident' },
    service: { type: name, comment: 'The service' },
    rule: { type: name, comment: 'maintenance, deploy-grace, pipeline or the id of a rule' },
    reason: { type: 'String', comment: 'Why' },
    onset: { type: time, comment: 'When the anomaly began' },
    last_at: { type: time, comment: 'Until when it was held back' },
    score: { type: 'Float64', comment: 'The score at that time' },
  },
  identity: ['incident_id', 'service', 'rule'],
} as const;

/** Rows of `service_windows`. */
export const serviceWindowRow = (environment: string) => (signal: Signal) => {
  const { counts, window, log10p, samples, service, lines, health, observed, expected, ratio, score, learning } =
    signal;
  return {
    environment,
    service,
    window_start: iso(signal.start),
    lines,
    warnings: counts[0],
    errors: counts[1] + counts[2] + counts[3],
    fatals: counts[2] + counts[3],
    health,
    tested_seconds: window / 1_000,
    observed,
    expected,
    ratio,
    log10_p: log10p,
    score,
    learning,
    samples: samples.map((s) => s.message),
  };
};

/** Rows of `incident_windows`. */
export function incidentWindowRow({ incident, signal, suppression, notes }: Ill) {
  const texts = (kind: TemplateNote['kind']) => notes.filter((n) => n.kind === kind).map((n) => n.text);
  const { service, end, window, health, expected, observed, ratio, log10p, score, onset, samples } = signal;
  return {
    incident_id: incident,
    service,
    window_start: iso(end - window),
    window_end: iso(end),
    kind: health,
    expected,
    observed,
    ratio,
    log10_p: log10p,
    score,
    onset: iso(onset),
    suppressed_by: suppression?.rule ?? '',
    samples: samples.map((s) => s.message),
    new_templates: texts('new'),
    missing_templates: texts('missing'),
    surging_templates: texts('surging'),
  };
}

/** Rows of `incidents`. */
export function incidentRow(event: IncidentEvent) {
  const { event: kind, root_causes, changes: named, symptoms, ...row } = event;
  return {
    ...row,
    status: kind === 'resolved' ? 'resolved' : event.suppressed ? 'suppressed' : 'open',
    cause: root_causes[0]?.service ?? '',
    confidence: root_causes[0]?.confidence ?? 0,
    changes: JSON.stringify(named),
    root_causes: JSON.stringify(root_causes),
    symptoms: JSON.stringify(symptoms),
  };
}

/** Rows of `templates`. */
export const templateRow =
  (environment: string) =>
  ({ service, id, into, text, level, sample, first, last, count }: ToldTemplate) => ({
    environment,
    service,
    template_id: id,
    template: text,
    alias_of: into === id ? '' : into,
    level: level ?? '',
    first_seen: iso(first),
    last_seen: iso(last),
    count,
    sample,
  });

/** Rows of `changes`. */
export function changeRow(change: Change) {
  const { timestamp, kind, service, version, author, until } = change;
  const end = until ? Date.parse(until) : Number.NaN;
  return {
    change_id: changeId(change),
    timestamp: iso(Date.parse(timestamp)),
    kind,
    service,
    version: version ?? '',
    author: author ?? '',
    until: Number.isNaN(end) ? null : iso(end),
  };
}

/** Rows of `suppressions`; of what no rule holds back there are none. */
export function suppressionRow({ incident, signal, suppression }: Ill) {
  return {
    incident_id: incident,
    service: signal.service,
    rule: suppression?.rule ?? '',
    reason: suppression?.reason ?? '',
    onset: iso(signal.onset),
    last_at: iso(signal.end),
    score: signal.score,
  };
}

const iso = (at: Time): string => new Date(at).toISOString();
