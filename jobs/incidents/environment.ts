/**
 * An environment in the incident job: signals, notes on templates and changes come together and become incidents.
 * Signals wait for the watermark, so that a pane is decided with the signals of all services.
 */
import { type Handlers, json, type OpContext } from 'millrace';
import type { KnownOutage } from '../../decisions/pipeline.ts';
import type { Evidence } from '../../incidents/evidence.ts';
import type { Incident, IncidentEvent } from '../../incidents/incident.ts';
import { advance } from '../../incidents/lifecycle.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { type Change, type KnownChange, noteChange } from '../../signals/changes.ts';
import type { Entries } from '../../signals/entries.ts';
import type { Signal } from '../../signals/signal.ts';
import { keepNotes, type ServiceNotes } from '../../signals/template-notes.ts';
import type { TemplateNote } from '../../signals/template-watch.ts';
import { storedIncident, storedSignals } from './stored.ts';

/** What reaches an environment. */
export type EnvironmentInput =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'templates'; readonly news: ServiceNotes }
  | { readonly kind: 'change'; readonly change: Change };

/** What an environment emits: an event of an incident, or a row of its evidence. */
export interface EnvironmentOutput {
  readonly event?: IncidentEvent;
  readonly evidence?: Evidence;
}

/** Appends in place: with a copy each, the signals of many services would cost the square of their number. */
function append<V>(lists: Entries<number, V[]>, at: number, value: V): void {
  const list = lists.get(at) ?? [];
  list.push(value);
  lists.set(at, list);
}

/** Keeps an environment's incidents. Signals wait for the watermark, so that a pane is decided with all of them. */
export const keepIncidents =
  (settings: IncidentSettings) =>
  (ctx: OpContext<EnvironmentInput>): Handlers<EnvironmentInput, EnvironmentOutput> => {
    const waiting = ctx.map<number, Signal[]>('waiting', storedSignals);
    const incidents = ctx.map<string, Incident>('incidents', storedIncident);
    const changes = ctx.map<string, KnownChange>('changes', json<KnownChange>());
    const news = ctx.map<number, ServiceNotes[]>('news', json<ServiceNotes[]>());
    const notes = ctx.map<string, readonly TemplateNote[]>('notes', json<readonly TemplateNote[]>());
    const outages = ctx.map<string, KnownOutage>('outages', json<KnownOutage>());
    const state = { incidents, changes, notes, outages };
    return {
      onData(input, time) {
        if (input.kind === 'change') return noteChange(changes, input.change);
        const end = input.kind === 'signal' ? input.signal.end : time + 1;
        if (input.kind === 'signal') append(waiting, end, input.signal);
        else append(news, end, input.news);
        ctx.timer(end - 1);
      },
      onTimer(time, out) {
        const end = time + 1;
        for (const found of news.get(end) ?? []) keepNotes(notes, found);
        news.delete(end);
        const signals = waiting.get(end);
        if (signals === undefined) return;
        waiting.delete(end);
        const { events, evidence } = advance(state, signals, { end, settings });
        for (const found of evidence) out.emit({ evidence: found });
        for (const event of events) out.emit({ event });
      },
    };
  };
