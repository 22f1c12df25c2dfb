/**
 * The incident job: raw lines to incidents. Lines are parsed anywhere and joined to events source by source; per
 * service they become panes of ten seconds and a signal for each, also for empty ones, and beside them templates; per
 * environment the signals become incidents. What each step decides and why is pure code in `incidents/`; here it is
 * given streams, state and time.
 */

import type { Out, SourceSpec } from 'millrace';
import {
  days,
  eventTime,
  filter,
  float64,
  type Handlers,
  hours,
  type Job,
  job,
  json,
  keyBy,
  keyBySplit,
  map,
  mapMaybe,
  type OpContext,
  process,
  seconds,
  table,
  to,
  topic,
  tumbling,
  union,
  type Windowed,
  window,
} from 'millrace';
import { scorer } from '../decisions/score.ts';
import { type Judge, newService, type RecentPane, type Service, watch } from '../decisions/watch.ts';
import { type CloudEvent, cloudEvent } from '../incidents/cloud-event.ts';
import type { Incident, IncidentEvent } from '../incidents/incident.ts';
import { advance, type Ill } from '../incidents/lifecycle.ts';
import type { IncidentSettings } from '../incidents/settings.ts';
import * as tables from '../incidents/tables.ts';
import { lineReader, type RawLine } from '../logs/lines/raw-line.ts';
import { type Change, changeTime, type KnownChange, noteChange } from '../signals/changes.ts';
import type { Habit } from '../signals/habits.ts';
import { emptyPane, type Pane, paneAggregate, paneMs } from '../signals/panes.ts';
import type { Signal } from '../signals/signal.ts';
import { keepNotes, type TemplateNews } from '../signals/template-notes.ts';
import type { TemplateNote } from '../signals/template-watch.ts';
import { joinLines, sourceKey } from './incidents/lines.ts';
import { mineTemplates, type TemplatesSaid, watchTemplates } from './incidents/templates.ts';
import { shippedLines } from './shipped-lines.ts';

/** Where the job reads, and how it judges. */
export interface IncidentJobOptions {
  readonly logs: SourceSpec<RawLine>;
  readonly changes: SourceSpec<Change>;
  readonly settings: IncidentSettings;
}

/** What of millrace.yaml this job file takes. */
export interface IncidentConfig {
  readonly settings: IncidentSettings;
}

/** The incident job over the given sources. Errors: FORMULA_REFUSED. */
export function incidentJob({ logs, changes, settings }: IncidentJobOptions): Job {
  const { environment, timezone, formats, outOfOrder, idleAfter } = settings;
  const reader = lineReader({ formats, ...(timezone === undefined ? {} : { timezone }) });
  const judge = { settings, scorer: scorer(settings.score) };
  return job('incidents', (from) => {
    const events = from('logs', logs).pipe(
      map((raw: RawLine) => reader.read(raw)),
      eventTime({ at: (line) => line.time, moves: (line) => line.timeIsSure, outOfOrder, idleAfter }),
      keyBySplit(sourceKey),
      process('lines', joinLines(reader)),
    );
    const signals = events.pipe(
      keyBy((log) => log.service),
      window('panes', tumbling(paneMs), paneAggregate(json<Pane>())),
      process('signals', watchService(judge)),
    );
    const templates = events.pipe(
      keyBySplit((log) => log.service),
      process('templates', mineTemplates),
      keyBy((pane) => pane.service),
      process('known-templates', watchTemplates(settings.silence)),
    );
    const known = from('changes', changes).pipe(
      eventTime({ at: (change: Change) => changeTime(change), outOfOrder: 0, idleAfter: seconds(1), ahead: days(366) }),
    );
    signals.pipe(
      filter((s: Signal) => s.lines > 0 || s.health !== 'well'),
      to('service-windows', table(tables.serviceWindows, { row: tables.serviceWindowRow(environment) })),
    );
    templates.pipe(
      mapMaybe((said: TemplatesSaid) => said.told),
      to('templates-table', table(tables.templates, { row: tables.templateRow(environment) })),
    );
    known.pipe(to('changes-table', table(tables.changes, { row: tables.changeRow })));
    const news = union(
      signals.pipe(
        map((signal): Input => ({ kind: 'signal', signal })),
        keyBy(() => environment),
      ),
      templates.pipe(
        mapMaybe(({ news }: TemplatesSaid): Input | undefined => news && { kind: 'templates', news }),
        keyBy(() => environment),
      ),
      known.pipe(
        map((change): Input => ({ kind: 'change', change })),
        keyBy(() => environment),
      ),
    ).pipe(process('incidents', keepIncidents(settings)));
    const told = news.pipe(mapMaybe((n: News) => n.event));
    const ill = news.pipe(mapMaybe((n: News) => n.ill));
    told.pipe(map(cloudEvent), to('incident-topic', topic<CloudEvent>('incidents', { key: (e) => e.subject })));
    told.pipe(to('incidents-table', table(tables.incidents, { row: tables.incidentRow })));
    ill.pipe(to('incident-windows', table(tables.incidentWindows, { row: tables.incidentWindowRow })));
    ill.pipe(
      filter((i: Ill) => i.suppression !== undefined),
      to('suppressions', table(tables.suppressions, { row: tables.suppressionRow })),
    );
  });
}

/** A service that says nothing for this long is forgotten. */
const forgetAfter = hours(48);
/** … and not listened for any more after this long, so that a leap of the watermark makes no flood of empty panes. */
const listenFor = hours(3);

/** Watches each service pane by pane; timers stand for panes in which it wrote nothing. */
const watchService =
  (judge: Judge) =>
  (ctx: OpContext<Windowed<Pane>>): Handlers<Windowed<Pane>, Signal> => {
    const state = ctx.value('service', json<Service>());
    const recent = ctx.map<number, RecentPane>('recent', json<RecentPane>());
    const habits = ctx.map<number, Habit>('habits', json<Habit>());
    const memory = { recent, habits };
    const step = (service: Service, pane: Pane, out: Out<Signal>) => {
      out.emitAt(watch(String(ctx.key), service, pane, memory, judge), service.through - 1);
    };
    const forget = () => {
      state.clear();
      recent.clear();
      habits.clear();
    };
    return {
      onData({ window: { start }, value }, _time, out) {
        let service = state.get();
        if (service !== undefined && start - service.through > forgetAfter) {
          forget();
          service = undefined;
        }
        service ??= newService(start);
        while (service.through < start) {
          // What nobody listened for is learned, but not told: it would come late.
          const unheard = service.through - service.speech.last >= listenFor;
          if (unheard) watch(String(ctx.key), service, emptyPane(), memory, judge);
          else step(service, emptyPane(), out);
        }
        step(service, value, out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
      onTimer(time, out) {
        const service = state.get();
        // At the end of the input nothing is missing; a later pane has brought its own timer.
        if (service === undefined || service.through > time || ctx.watermark === Number.POSITIVE_INFINITY) return;
        const { last } = service.speech;
        if (time - last >= forgetAfter) return forget();
        if (service.through - last >= listenFor) return ctx.timer(last + forgetAfter);
        step(service, emptyPane(), out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
    };
  };

/** What reaches an environment. */
type Input =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'templates'; readonly news: TemplateNews }
  | { readonly kind: 'change'; readonly change: Change };

/** What it says: something happened to an incident, or a service is ill in one. */
interface News {
  readonly event?: IncidentEvent;
  readonly ill?: Ill;
}

/** Keeps an environment's incidents. Signals wait for the watermark, so that a pane is decided with all of them. */
const keepIncidents =
  (settings: IncidentSettings) =>
  (ctx: OpContext<Input>): Handlers<Input, News> => {
    const waiting = ctx.map<number, Signal[]>('waiting', json<Signal[]>());
    const incidents = ctx.map<string, Incident>('incidents', json<Incident>());
    const changes = ctx.map<string, KnownChange>('changes', json<KnownChange>());
    const news = ctx.map<number, TemplateNews[]>('news', json<TemplateNews[]>());
    const notes = ctx.map<string, readonly TemplateNote[]>('notes', json<readonly TemplateNote[]>());
    const goneUntil = ctx.value('pipeline', float64);
    const board = { incidents, changes, notes, goneUntil };
    return {
      onData(input, time) {
        if (input.kind === 'change') return noteChange(changes, input.change);
        const end = input.kind === 'signal' ? input.signal.end : time + 1;
        if (input.kind === 'signal') waiting.set(end, [...(waiting.get(end) ?? []), input.signal]);
        else news.set(end, [...(news.get(end) ?? []), input.news]);
        ctx.timer(end - 1);
      },
      onTimer(time, out) {
        const end = time + 1;
        for (const one of news.get(end) ?? []) keepNotes(notes, one);
        news.delete(end);
        const signals = waiting.get(end);
        if (signals === undefined) return;
        waiting.delete(end);
        const { events, ill } = advance(board, signals, { end, settings });
        for (const one of ill) out.emit({ ill: one });
        for (const event of events) out.emit({ event });
      },
    };
  };

/** Over the topics `logs` and `changes`. Errors: FORMULA_REFUSED. */
export default ({ settings }: IncidentConfig): Job =>
  incidentJob({ logs: shippedLines('logs'), changes: topic<Change>('changes'), settings });
