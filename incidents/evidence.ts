/**
 * The evidence of an incident: the signals of its services while they were anomalous, and the table `incident_windows`
 * that keeps them.
 */
import type { Suppression } from '../decisions/suppression.ts';
import { nameType, rowTable, timeText, timeType } from '../signals/row-table.ts';
import type { Signal } from '../signals/signal.ts';
import type { TemplateNote } from '../signals/template-watch.ts';

/** A service that is anomalous in an incident, with the signal that shows it. */
export interface Evidence {
  /** Id of the incident. */
  readonly incident: string;
  readonly signal: Signal;
  readonly suppression: Suppression | undefined;
  /** What was new, missing or surging in its logs. */
  readonly notes: readonly TemplateNote[];
}

const textsOf = ({ notes }: Evidence, kind: TemplateNote['kind']): readonly string[] =>
  notes.filter((note) => note.kind === kind).map(({ text }) => text);

/** The evidence of incidents. */
export const incidentWindowsTable = rowTable<Evidence>({
  name: 'incident_windows',
  comment: 'One row per incident, service and ten seconds in which the service was ill',
  columns: {
    incident_id: { type: 'String', comment: 'The incident', value: ({ incident }) => incident },
    service: { type: nameType, comment: 'The service', value: ({ signal }) => signal.service },
    window_start: {
      type: timeType,
      comment: 'Start of the window that told most',
      value: ({ signal }) => timeText(signal.end - signal.window),
    },
    window_end: {
      type: timeType,
      comment: 'Its end, a multiple of ten seconds',
      value: ({ signal }) => timeText(signal.end),
    },
    kind: {
      type: nameType,
      comment: 'errors, silent, steps, slow, saturated, alerts, restarts or objective',
      value: ({ signal }) => signal.health,
    },
    expected: {
      type: 'Float64',
      comment:
        'Errors, lines of a silent service, traces with a step, ms of waiting, percent of a resource, alerts or restarts, to be expected',
      value: ({ signal }) => signal.expected,
    },
    observed: {
      type: 'UInt32',
      comment:
        'Errors, lines of a silent service, traces with a step, ms of waiting, percent of a resource, alerts or restarts, that were there',
      value: ({ signal }) => signal.observed,
    },
    ratio: {
      type: 'Float64',
      comment: 'Observed over expected; the other way round where lines or a step are missing',
      value: ({ signal }) => signal.ratio,
    },
    log10_p: {
      type: 'Float64',
      comment: 'log10 of the probability of so many or more, or of none',
      value: ({ signal }) => signal.log10p,
    },
    score: { type: 'Float64', comment: 'The score', value: ({ signal }) => signal.score },
    onset: { type: timeType, comment: 'When the anomaly began', value: ({ signal }) => timeText(signal.onset) },
    suppressed_by: {
      type: nameType,
      comment: 'The rule that held it back, or empty',
      value: ({ suppression }) => suppression?.rule ?? '',
    },
    samples: {
      type: 'Array(String)',
      comment: 'A few of its error lines',
      value: ({ signal }) => signal.samples.map(({ message }) => message),
    },
    new_templates: {
      type: 'Array(String)',
      comment: 'Kinds of lines never seen of it before',
      value: (evidence) => textsOf(evidence, 'new'),
    },
    missing_templates: {
      type: 'Array(String)',
      comment: 'Kinds of lines that came steadily and stopped',
      value: (evidence) => textsOf(evidence, 'missing'),
    },
    surging_templates: {
      type: 'Array(String)',
      comment: 'Kinds of lines of which there are far more than usual',
      value: (evidence) => textsOf(evidence, 'surging'),
    },
  },
  identity: ['incident_id', 'service', 'window_end'],
  partitionBy: 'toYYYYMM(window_end)',
  ttl: 'inserted_at + INTERVAL 90 DAY',
});
