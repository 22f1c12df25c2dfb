/**
 * Templates in the incident job: mined where the lines are read, watched per service. Between the two go counts, so
 * that a busy service sends no more than any other.
 */
import { type Codec, type Handlers, json, type OpContext, type Time } from 'millrace';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import type { TemplateRecord } from '../../logs/templates/store.ts';
import type { CountedLines, KnownTemplate } from '../../signals/known-templates.ts';
import { paneMs } from '../../signals/panes.ts';
import type { SilenceSettings } from '../../signals/settings.ts';
import type { ServiceNotes } from '../../signals/template-notes.ts';
import {
  type OpenTemplatePane,
  ServiceTemplates,
  type TemplateChange,
  type TemplatePane,
} from '../../signals/template-pane.ts';
import {
  closeMinute,
  minuteMs,
  minuteOf,
  newActivity,
  type ReportedTemplate,
  type ServiceActivity,
  takePane,
  type Watched,
} from '../../signals/template-watch.ts';
import { intact } from './stored.ts';

/** Templates of this many services are held ready; those of others are read from the state again. */
const servicesHeld = 1_000;
/** More than templates, former ids and words known to be values can be. */
const limit = 25_000;
/** How many panes are open is for event time to bound: as many as lie between the watermark and the newest line. */
const anyTimes = Number.POSITIVE_INFINITY;

/** JSON of something with counts, which are a Map: the hot path adds to it. */
function counting<T extends { readonly counts: Map<string, number> }>(): Codec<T> {
  const plain = json<Omit<T, 'counts'> & { readonly counts: readonly (readonly [string, number])[] }>();
  return {
    name: 'counting',
    version: 1,
    encode: (value) => plain.encode({ ...value, counts: [...value.counts] }),
    decode(bytes) {
      const value = plain.decode(bytes);
      return { ...value, counts: new Map(value.counts) } as unknown as T;
    },
  };
}

/** Mines each service's templates; emits a pane's when it is over. The stream is keyed by service. */
export function mineTemplates(ctx: OpContext<ParsedLog>): Handlers<ParsedLog, TemplatePane> {
  const forms = ctx.map<string, TemplateRecord>('forms', json<TemplateRecord>(), { limit, intact });
  const news = ctx.map<string, TemplateChange>('news', json<TemplateChange>(), { limit, intact });
  const panes = ctx.map<number, OpenTemplatePane>('panes', counting<OpenTemplatePane>(), { limit: anyTimes, intact });
  const memory = { forms, news, panes };
  const held = new Map<string, ServiceTemplates>();
  const templatesNow = (): ServiceTemplates => {
    const name = String(ctx.key);
    let templates = held.get(name);
    if (templates === undefined) {
      if (held.size >= servicesHeld) held.delete(held.keys().next().value!);
      templates = new ServiceTemplates(forms);
      held.set(name, templates);
    }
    return templates;
  };
  return {
    onData(log, time) {
      if (log.message === '') return;
      const opened = templatesNow().add(log, time, memory);
      if (opened !== undefined) ctx.timer(opened + paneMs - 1);
    },
    onTimer(time, out) {
      const pane = templatesNow().close(time + 1 - paneMs, memory);
      if (pane !== undefined) out.emit(pane);
    },
  };
}

/** What is reported of templates: notes for incidents, and a row for the table. */
export interface TemplateReport {
  readonly news?: ServiceNotes;
  readonly row?: ReportedTemplate;
}

/** Watches each service's templates. The stream is keyed by service. */
export const watchTemplates =
  (silence: SilenceSettings) =>
  (ctx: OpContext<TemplatePane>): Handlers<TemplatePane, TemplateReport> => {
    const state = ctx.value('service', json<ServiceActivity>(), { intact });
    const templates = ctx.map<string, KnownTemplate>('templates', json<KnownTemplate>(), { limit, intact });
    const aliases = ctx.map<string, string>('aliases', json<string>(), { limit });
    const minutes = ctx.map<number, CountedLines>('minutes', counting<CountedLines>(), { limit: anyTimes, intact });
    const memory = { templates, aliases, minutes };
    const report = ({ notes, rows, became }: Watched, out: { emit(report: TemplateReport): void }) => {
      if (notes.length + became.length > 0) out.emit({ news: { service: String(ctx.key), notes, became } });
      for (const row of rows) out.emit({ row });
    };
    const serviceNow = (start: Time) => {
      return { name: String(ctx.key), activity: state.get() ?? newActivity(start), memory };
    };
    return {
      onData(pane, _time, out) {
        const service = serviceNow(pane.start);
        report(takePane(service, pane), out);
        state.set(service.activity);
        ctx.timer(minuteOf(pane.start) + minuteMs - 1);
      },
      onTimer(time, out) {
        const start = time + 1 - minuteMs;
        const service = serviceNow(start);
        const isLast = ctx.watermark === Number.POSITIVE_INFINITY;
        report(closeMinute(service, start, { silence, isLast }), out);
        state.set(service.activity);
      },
    };
  };
