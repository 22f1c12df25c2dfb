/**
 * The incident job: raw lines to incidents. Lines are parsed anywhere and joined to events source by source. Per
 * service they become panes of ten seconds and a signal for each pane, empty ones included; beside them templates are
 * counted. Per environment the signals become incidents. What each step computes is pure code in `logs/`, `signals/`,
 * `decisions/` and `incidents/`; the handlers in `jobs/incidents/` give it state and time.
 */
import {
  eventTime,
  filter,
  type Job,
  job,
  keyBy,
  keyBySplit,
  map,
  mapMaybe,
  process,
  type SourceSpec,
  type Stream,
  type Time,
  table,
  to,
  topic,
  tumbling,
  union,
  type Windowed,
  window,
} from 'millrace';
import { type Decision, decisionsTable } from '../decisions/decision.ts';
import { scorer } from '../decisions/score.ts';
import { type SuppressedSignal, suppressionsTable } from '../decisions/suppression.ts';
import { type CloudEvent, cloudEvent, incidentTopic } from '../incidents/cloud-event.ts';
import { type Evidence, incidentWindowsTable } from '../incidents/evidence.ts';
import { incidentsTable } from '../incidents/incident-table.ts';
import type { IncidentSettings } from '../incidents/settings.ts';
import type { UnderstoodLines } from '../logs/explained/understood.ts';
import { lineReader, type RawLine } from '../logs/lines/raw-line.ts';
import { type Change, changesTable } from '../signals/changes.ts';
import type { Alert } from '../signals/inputs/alerts/alert.ts';
import { alertInput, changeInput, metricInput, spanInput } from '../signals/inputs/kinds.ts';
import type { Metric } from '../signals/inputs/metrics/metric.ts';
import type { Span } from '../signals/inputs/spans/span.ts';
import { type Pane, paneAggregate, paneMs } from '../signals/panes.ts';
import { type Signal, serviceWindowsTable } from '../signals/signal.ts';
import { templatesTable } from '../signals/template-table.ts';
import type { ReportedTemplate } from '../signals/template-watch.ts';
import { type EnvironmentInput, type EnvironmentOutput, keepIncidents } from './incidents/environment.ts';
import { FormulaFailures } from './incidents/formula-failures.ts';
import {
  alertUids,
  claimsOf,
  metricSignals,
  metricUids,
  objectiveSignals,
  objectiveUids,
  timedChanges,
  timedSpans,
  unitSignals,
  unitUids,
} from './incidents/inputs.ts';
import { joinLines } from './incidents/lines.ts';
import { originKey, readLines } from './incidents/reading.ts';
import { watchService } from './incidents/services.ts';
import { storedPane } from './incidents/stored.ts';
import { mineTemplates, type TemplateReport, watchTemplates } from './incidents/templates.ts';
import { inputTopic } from './read-input.ts';
import { logTopic, shippedLines } from './shipped-lines.ts';

/** Where the job reads, and how it judges. */
export interface IncidentJobOptions {
  readonly logs: SourceSpec<RawLine>;
  readonly changes: SourceSpec<Change>;
  /** Where there are spans, units of work are made of them and of the lines that name their traces. */
  readonly spans?: SourceSpec<Span>;
  /** Points of metrics, as far as there are any. */
  readonly metrics?: SourceSpec<Metric>;
  /** Alerts that other systems raise, as far as there are any. */
  readonly alerts?: SourceSpec<Alert>;
  /** What is known from before the first line, in order of time. Lines must not come before all of it is read. */
  readonly history?: SourceSpec<PastPane>;
  readonly settings: IncidentSettings;
  /** Counts what of the lines is understood, for who runs the job in this process; it is not stored. */
  readonly understood?: UnderstoodLines;
}

/** Ten seconds of one service that were counted elsewhere: their lines are not read again. */
export interface PastPane {
  readonly service: string;
  readonly start: Time;
  readonly pane: Pane;
}

/** What of millrace.yaml this job file takes. */
export interface IncidentConfig {
  readonly settings: IncidentSettings;
}

/** The incident job over the given sources. Errors: FORMULA_REFUSED. */
export function incidentJob(options: IncidentJobOptions): Job {
  const { logs, changes, spans, metrics, alerts, history, settings, understood } = options;
  const { environment, timezone, formats, outOfOrder, idleAfter } = settings;
  const reader = lineReader({ formats, ...(timezone === undefined ? {} : { timezone }) });
  const failures = new FormulaFailures();
  const rules = { settings, scorer: scorer(settings.score, failures.add) };
  return job(
    'incidents',
    (from) => {
      // Lines to events: packed ones taken apart, parsed, given their time, and joined within their source.
      const events = from('logs', logs).pipe(
        keyBySplit(originKey),
        process('read', readLines(reader)),
        eventTime({ at: (line) => line.time, moves: (line) => line.timeIsSure, outOfOrder, idleAfter }),
        process('lines', joinLines(reader, understood)),
      );
      // Events to signals, one per service and pane. Signals amend what they said of a pane whose input goes on.
      const panes = events.pipe(
        keyBy((log) => log.service),
        window('panes', tumbling(paneMs), paneAggregate(storedPane), { reopens: true }),
      );
      const known = history === undefined ? panes : union(panes, counted(from('history', history)));
      const signals = known.pipe(process('signals', failures.toldBy(watchService(rules))));
      // Events to templates: counted where lines are read, then watched per service.
      const templates = events.pipe(
        keyBySplit((log) => log.service),
        process('templates', mineTemplates),
        keyBy((pane) => pane.service),
        process('known-templates', watchTemplates(settings.silence)),
      );
      // Changes as they are announced.
      const announced = timedChanges(from('changes', changes));
      writeSignals(signals, environment);
      writeTemplates(templates, environment);
      announced.pipe(to('changes-table', table(changesTable.spec, changesTable)));
      const told = signals.pipe(
        filter(({ amends }) => amends !== true),
        keyBy(() => environment),
      );
      // Spans and events to units of work, and metrics, to signals; and beside all of them what objectives tell.
      const timed = spans && timedSpans(from('spans', spans), settings);
      const others = union(
        told,
        ...(timed === undefined ? [] : [unitSignals(timed, events, rules)]),
        ...(metrics === undefined ? [] : [metricSignals(from('metrics', metrics), rules)]),
      );
      const all =
        settings.objectives.length === 0
          ? others
          : union(others, objectiveSignals({ spans: timed, events, others }, rules));
      // All of them to incidents, per environment.
      const outcomes = union(
        all.pipe(map((signal): EnvironmentInput => ({ kind: 'signal', signal }))),
        templates.pipe(
          mapMaybe(({ news }: TemplateReport): EnvironmentInput | undefined => news && { kind: 'templates', news }),
          keyBy(() => environment),
        ),
        announced.pipe(
          map((change): EnvironmentInput => ({ kind: 'change', change })),
          keyBy(() => environment),
        ),
        // What other systems tell, and Kubernetes among the lines.
        claimsOf(alerts === undefined ? undefined : from('alerts', alerts), events, environment),
      ).pipe(process('incidents', keepIncidents(rules)));
      writeIncidents(outcomes);
    },
    { drop: uidsWithout(options), poisonLimit: Number.POSITIVE_INFINITY },
  );
}

/** What is stored of inputs that are no longer read. */
const uidsWithout = ({ spans, metrics, alerts, settings }: IncidentJobOptions): readonly string[] => [
  ...(spans === undefined ? unitUids : []),
  ...(metrics === undefined ? metricUids : []),
  ...(alerts === undefined ? alertUids : []),
  ...(settings.objectives.length === 0 ? objectiveUids : []),
];

/** Panes that were counted elsewhere, as the window would have made them. */
function counted(past: Stream<PastPane>): Stream<Windowed<Pane>, string> {
  return past.pipe(
    eventTime({ at: ({ start }: PastPane) => start + paneMs - 1, outOfOrder: 0 }),
    keyBy(({ service }) => service),
    map(({ start, pane }) => {
      return { window: { start, end: start + paneMs }, value: pane, revision: 0, retracted: false };
    }),
  );
}

/** Signals of panes with lines, and of services that are not well, to their table. */
function writeSignals(signals: Stream<Signal, string>, environment: string): void {
  const { spec, row } = serviceWindowsTable;
  signals.pipe(
    filter(({ lines, health }) => lines > 0 || health !== 'well'),
    to('service-windows', table(spec, { row: (signal: Signal) => row({ environment, signal }) })),
  );
}

/** Templates to their table. */
function writeTemplates(templates: Stream<TemplateReport, string>, environment: string): void {
  const { spec, row } = templatesTable;
  templates.pipe(
    mapMaybe((report) => report.row),
    to('templates-table', table(spec, { row: (template: ReportedTemplate) => row({ environment, template }) })),
  );
}

/** Incidents to subscribers and to their table; evidence, what a rule holds back and what was decided to theirs. */
function writeIncidents(outcomes: Stream<EnvironmentOutput, string>): void {
  const events = outcomes.pipe(mapMaybe(({ event }) => event));
  const evidence = outcomes.pipe(mapMaybe((outcome) => outcome.evidence));
  events.pipe(
    map(cloudEvent),
    to('incident-topic', topic<CloudEvent>(incidentTopic.name, { key: ({ subject }) => subject })),
  );
  events.pipe(to('incidents-table', table(incidentsTable.spec, incidentsTable)));
  evidence.pipe(to('incident-windows', table(incidentWindowsTable.spec, incidentWindowsTable)));
  evidence.pipe(
    filter((found): found is Evidence & SuppressedSignal => found.suppression !== undefined),
    to('suppressions', table(suppressionsTable.spec, suppressionsTable)),
  );
  outcomes.pipe(
    mapMaybe(({ decision }): Decision | undefined => decision),
    to('decisions', table(decisionsTable.spec, decisionsTable)),
  );
}

/** Over the topics `logs` and `changes`, and those that the setting `inputs` names. Errors: FORMULA_REFUSED. */
export default ({ settings }: IncidentConfig): Job =>
  incidentJob({
    logs: shippedLines(logTopic.name),
    changes: inputTopic(changeInput),
    ...(settings.inputs.includes('spans') ? { spans: inputTopic(spanInput) } : {}),
    ...(settings.inputs.includes('metrics') ? { metrics: inputTopic(metricInput) } : {}),
    ...(settings.inputs.includes('alerts') ? { alerts: inputTopic(alertInput) } : {}),
    settings,
  });
