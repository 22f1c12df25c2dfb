/**
 * An environment in the incident job: signals, notes on templates and changes come together and become incidents.
 * Signals wait for the watermark, so that a pane is decided with the signals of all services.
 */
import { type Codec, type Handlers, json, type KeyPart, type OpContext } from 'millrace';
import type { Found } from '../../decisions/budget.ts';
import type { Decision } from '../../decisions/decision.ts';
import { type ByUnits, joinSignals } from '../../decisions/joined-signal.ts';
import type { KnownOutage } from '../../decisions/pipeline.ts';
import type { Scorer } from '../../decisions/score.ts';
import { signalDecisions, type ToldDecision } from '../../decisions/signal-decisions.ts';
import type { Evidence } from '../../incidents/evidence.ts';
import type { Incident, IncidentEvent, Member } from '../../incidents/incident.ts';
import { advance, mostOpen } from '../../incidents/lifecycle.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { type Change, type KnownChange, noteChange } from '../../signals/changes.ts';
import type { Entries } from '../../signals/entries.ts';
import { paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { keepNotes, type ServiceNotes } from '../../signals/template-notes.ts';
import type { TemplateNote } from '../../signals/template-watch.ts';
import { type Bound, bounded, type Evicted } from './bounded.ts';
import { keepClaims, type Told } from './claims.ts';
import { intact, storedIncident, storedSignals } from './stored.ts';

/** What reaches an environment. */
export type EnvironmentInput =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'templates'; readonly news: ServiceNotes }
  | { readonly kind: 'change'; readonly change: Change }
  | Told;

/** Anomalies of a pane that opened no incident, because so many are open. */
interface Unopened {
  readonly anomalies: number;
  readonly open: number;
}

/** What an environment emits: an event of an incident, a row of its evidence, or what was decided of a claim. */
export interface EnvironmentOutput {
  readonly event?: IncidentEvent;
  readonly evidence?: Evidence;
  readonly decision?: Decision;
}

/** Panes of which signals, or notes on templates, may wait for the watermark: a day. */
const mostPanes = 8_640;
/** Changes of a day, services with notes, and origins that are gone. */
const mostKept = 5_000;
/** A map state of the environment holds no more; all are bounded below that. */
const limit = 10_000;

/** Metrics of a service that is well, of which nothing is to be told. */
const saysOnlyThatItIsRead = ({ metrics, health, wellSince }: Signal): boolean =>
  metrics !== undefined && metrics.told.length === 0 && health === 'well' && wellSince === null;

const isWell = ({ wellSince }: Member): boolean => wellSince !== undefined;

/** Appends in place: with a copy each, the signals of many services would cost the square of their number. */
function append<V>(lists: Entries<number, V[]>, at: number, value: V): void {
  const list = lists.get(at) ?? [];
  list.push(value);
  lists.set(at, list);
}

/** Keeps an environment's incidents. Signals wait for the watermark, so that a pane is decided with all of them. */
export const keepIncidents =
  ({ settings, scorer }: { readonly settings: IncidentSettings; readonly scorer: Scorer }) =>
  (ctx: OpContext<EnvironmentInput>): Handlers<EnvironmentInput, EnvironmentOutput> => {
    const unopened = ctx.side<Unopened>('incidents-full');
    const { waiting, news, judged, told, ...state } = statesOf(ctx);
    const { incidents, changes, notes } = state;
    const claims = keepClaims(ctx, { settings, scorer });
    const { environment, detection } = settings;
    return {
      onData(input, time) {
        if (input.kind === 'change') return noteChange(changes, input.change);
        if (input.kind === 'alert' || input.kind === 'pod') return claims.wait(input);
        if (input.kind === 'signal' && saysOnlyThatItIsRead(input.signal))
          return claims.noteMetrics(input.signal.service, input.signal.end);
        const end = input.kind === 'signal' ? input.signal.end : time + 1;
        ctx.timer(end - 1);
        if (input.kind === 'signal') append(waiting, end, input.signal);
        else append(news, end, input.news);
      },
      onTimer(time, out) {
        const end = time + 1;
        for (const found of news.get(end) ?? []) keepNotes(notes, found);
        news.delete(end);
        const signals = waiting.get(end) ?? [];
        waiting.delete(end);
        const weighed = claims.weigh(joinSignals(signals, judged), { end, incidents });
        const { events, evidence, held, byChance } = advance(state, weighed.signals, { end, settings });
        if (held > 0) unopened({ anomalies: held, open: mostOpen });
        for (const found of evidence) out.emit({ evidence: found });
        for (const event of events) out.emit({ event });
        const admitted = new Map(evidence.map((e) => [e.signal.service, e]));
        const context = { end, environment, detection, admitted, byChance };
        for (const decision of weighed.decisions) out.emit({ decision });
        // What objectives tell is decided beside what else is known of their services.
        const judgedAll = [...weighed.signals, ...signals.filter(({ objective }) => objective !== undefined)];
        for (const decision of signalDecisions(judgedAll, told, context)) out.emit({ decision });
        // What waits to be resolved is, also where no more signals come; at the end of the input nothing is waited for.
        const isWaiting =
          claims.isWaiting() || [...incidents.entries()].some(([, { members }]) => members.every(isWell));
        if (isWaiting && (ctx.watermark !== Number.POSITIVE_INFINITY || claims.hasMore())) ctx.timer(time + paneMs);
      },
    };
  };

/** What is kept of an environment. */
function statesOf(ctx: OpContext<EnvironmentInput>) {
  const evicted = ctx.side<Evicted>('evicted');
  const map = <K extends KeyPart, V>(codec: Codec<V>, bound: Bound<K, V>) =>
    bounded(ctx.map<K, V>(bound.name, codec, { limit, intact }), bound, evicted);
  const byPane = <V>(name: string, codec: Codec<V>) =>
    map<number, V>(codec, { name, most: mostPanes, age: (_, end) => end });
  const waiting = byPane('waiting', storedSignals);
  const news = byPane('news', json<ServiceNotes[]>());
  const incidents = ctx.map<string, Incident>('incidents', storedIncident, { limit, intact });
  const changes = map<string, KnownChange>(json<KnownChange>(), {
    name: 'changes',
    most: mostKept,
    age: ({ until }) => until,
  });
  const notes = map<string, readonly TemplateNote[]>(json<readonly TemplateNote[]>(), {
    name: 'notes',
    most: mostKept,
    age: (kept) => Math.max(...kept.map(({ since }) => since)),
  });
  const outages = map<string, KnownOutage>(json<KnownOutage>(), {
    name: 'outages',
    most: mostKept,
    age: ({ until }) => until,
  });
  const judged = map<string, ByUnits>(json<ByUnits>(), {
    name: 'judged',
    most: mostKept,
    age: ({ until }) => until,
  });
  const told = map<string, ToldDecision>(json<ToldDecision>(), {
    name: 'told-decisions',
    most: mostKept,
    age: ({ last }) => last,
  });
  const discoveries = ctx.map<'incidents' | 'pages', Found>('discoveries', json<Found>(), { limit, intact });
  return { waiting, news, incidents, changes, notes, outages, judged, told, discoveries };
}
