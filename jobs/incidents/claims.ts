/**
 * What other systems tell of services, in the state of an environment: alerts and events of pods wait until event time
 * has come to theirs, and after each pane become signals, evidence, or notes with a reason.
 */
import { type Codec, hours, json, type KeyPart, minutes, type OpContext, type Time, type ValueState } from 'millrace';
import { alertClaims } from '../../decisions/alert-claims.ts';
import type { Claim, HeldClaim } from '../../decisions/claim.ts';
import type { Decision } from '../../decisions/decision.ts';
import { podClaim } from '../../decisions/pod-claims.ts';
import type { Scorer } from '../../decisions/score.ts';
import { type HeldClaims, weighClaims } from '../../decisions/weigh-claims.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { type AlertRate, newAlertRate, noteBegin } from '../../signals/alerts/bursts.ts';
import {
  forgetAlerts,
  isMild,
  type KnownAlert,
  type KnownAlerts,
  lastEnds,
  noteAlert,
} from '../../signals/alerts/known-alerts.ts';
import type { Entries } from '../../signals/entries.ts';
import type { Alert } from '../../signals/inputs/alerts/alert.ts';
import type { PodEvent } from '../../signals/inputs/pods/pod-event.ts';
import { paneMs } from '../../signals/panes.ts';
import { type KnownPods, newPods, notePodEvent } from '../../signals/pods/restarts.ts';
import type { Signal } from '../../signals/signal.ts';
import { type Bound, bounded, type Evicted } from './bounded.ts';
import { intact } from './stored.ts';

/** An alert or an event of a pod. */
export type Told =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'pod'; readonly event: PodEvent };

/** What waits, and whether event time had passed it when it came. */
type Waiting = Told & { readonly isLate: boolean };

/** The end of an alert of which no begin was told. */
interface EndsNothing {
  readonly alert: string;
  readonly service: string;
  readonly name: string;
}

/** More was told in a pane than may wait. */
interface PaneFull {
  readonly pane: string;
  readonly most: number;
}

/** What is kept of an environment for what other systems tell. */
export interface Claims {
  /** Keeps what was told until its time has come. */
  readonly wait: (told: Told) => void;
  /** Notes that metrics of a service are read. */
  readonly noteMetrics: (service: string, time: Time) => void;
  /** Whether the next pane is to be looked at, also where no signal comes. */
  readonly isWaiting: () => boolean;
  /** Whether something waits for its time. */
  readonly hasMore: () => boolean;
  /** The signals of a pane with what is claimed, and what was decided of that. */
  readonly weigh: (signals: readonly Signal[], pane: ClaimedPane) => Outcome;
}

interface ClaimedPane {
  readonly end: Time;
  readonly incidents: Entries<string, Incident>;
}

interface Outcome {
  readonly signals: readonly Signal[];
  readonly decisions: readonly Decision[];
}

interface ClaimRules {
  readonly settings: IncidentSettings;
  readonly scorer: Scorer;
}

interface States {
  readonly waiting: Entries<number, Waiting[]>;
  readonly alerts: KnownAlerts;
  readonly rate: ValueState<AlertRate>;
  readonly pods: Entries<string, KnownPods>;
  readonly held: HeldClaims;
  /** When metrics of a service were last read. */
  readonly metricsOf: Entries<string, Time>;
}

/** Fingerprints, services, and services with metrics. */
const mostKept = 5_000;
/** Panes of which something may wait: a day; and what of one may wait. */
const mostPanes = 8_640;
const mostWaiting = 10_000;
const limit = 10_000;

/** Keeps what other systems tell, in states of the operator whose context it is handed. */
export function keepClaims(ctx: OpContext<unknown>, rules: ClaimRules): Claims {
  const states = statesOf(ctx);
  const { waiting, held, metricsOf } = states;
  const paneFull = ctx.side<PaneFull>('claims-full');
  const endsNothing = ctx.side<EndsNothing>('alert-ends-nothing');
  return {
    wait(told) {
      const at = timeOf(told);
      const end = (Math.floor(Math.max(at, ctx.watermark) / paneMs) + 1) * paneMs;
      const others = waiting.get(end) ?? [];
      if (others.length >= mostWaiting) return paneFull({ pane: new Date(end).toISOString(), most: mostWaiting });
      others.push({ ...told, isLate: at < ctx.watermark });
      waiting.set(end, others);
      ctx.timer(end - 1);
    },
    noteMetrics(service, time) {
      if (time - (metricsOf.get(service) ?? 0) >= minutes(1)) metricsOf.set(service, time);
    },
    isWaiting: () => !isEmpty(held),
    hasMore: () => !isEmpty(waiting),
    weigh(signals, pane) {
      const told = waiting.get(pane.end) ?? [];
      waiting.delete(pane.end);
      for (const each of told.sort((a, b) => timeOf(a) - timeOf(b))) {
        if (each.kind === 'pod') notePod(states, each.event);
        else if (!noteRaised(states, each)) {
          const { id, service, name } = each.alert;
          endsNothing({ alert: id, service, name });
        }
      }
      const claims = claimsAt(signals, states, { ...rules, end: pane.end });
      return claims.length === 0 && isEmpty(held)
        ? { signals, decisions: [] }
        : weighed({ signals, claims }, states, { ...rules, ...pane });
    },
  };
}

function statesOf(ctx: OpContext<unknown>): States {
  const evicted = ctx.side<Evicted>('evicted');
  const map = <K extends KeyPart, V>(codec: Codec<V>, bound: Bound<K, V>) =>
    bounded(ctx.map<K, V>(bound.name, codec, { limit, intact }), bound, evicted);
  return {
    waiting: map(json<Waiting[]>(), { name: 'claims-waiting', most: mostPanes, age: (_, end: number) => end }),
    alerts: map<string, KnownAlert>(json<KnownAlert>(), { name: 'alerts', most: mostKept, age: ({ last }) => last }),
    rate: ctx.value('alert-rate', json<AlertRate>(), { intact }),
    pods: map<string, KnownPods>(json<KnownPods>(), { name: 'pods', most: mostKept, age: lastTold }),
    // A claim by alerts and one by pods for each service.
    held: map<string, HeldClaim>(json<HeldClaim>(), { name: 'claims', most: limit - 1, age: ({ last }) => last }),
    metricsOf: map<string, Time>(json<Time>(), { name: 'metrics-of', most: mostKept, age: (time) => time }),
  };
}

/** Notes an alert; returns whether it tells anything. */
function noteRaised({ alerts, rate }: States, { alert, isLate }: Waiting & { readonly kind: 'alert' }): boolean {
  const { service, fingerprint, time: at } = alert;
  const what = noteAlert(alerts, alert, isLate);
  if (what === 'began' && !isMild(alert)) {
    const now = rate.get() ?? newAlertRate(at);
    noteBegin(now, { at, service, fingerprint });
    rate.set(now);
  }
  return what !== 'ends-nothing';
}

function notePod({ pods }: States, event: PodEvent): void {
  const known = pods.get(event.service) ?? newPods();
  notePodEvent(known, event);
  pods.set(event.service, known);
}

/** What is claimed in the pane that ends at `end`. */
function claimsAt(
  signals: readonly Signal[],
  { alerts, rate, pods, metricsOf }: States,
  { end, settings: { detection, grouping } }: ClaimRules & { readonly end: Time },
): readonly Claim[] {
  const claims: Claim[] = [];
  if (!isEmpty(alerts)) {
    const known = new Map(signals.map((signal) => [signal.service, signal]));
    const readOf = (service: string) => {
      const signal = known.get(service);
      if (signal?.units !== undefined) return 'spans';
      if (signal !== undefined && signal.pause < readFor) return 'lines';
      return end - (metricsOf.get(service) ?? 0) < readFor ? 'metrics' : undefined;
    };
    forgetAlerts(alerts, end);
    const now = rate.get() ?? newAlertRate(end);
    claims.push(...alertClaims(alerts, now, { end, detection, within: grouping.onsetWithin, readOf }));
    rate.set(now);
  }
  for (const [service, known] of [...pods.entries()]) {
    const claim = podClaim(service, known, end);
    if (claim !== undefined) claims.push(claim);
    else if (lastTold(known) + forgottenAfter < end) pods.delete(service);
  }
  return claims;
}

function weighed(
  { signals, claims }: { readonly signals: readonly Signal[]; readonly claims: readonly Claim[] },
  { alerts, held }: States,
  { settings: { environment, detection }, scorer, end, incidents }: ClaimRules & ClaimedPane,
): Outcome {
  const members = new Set([...incidents.entries()].flatMap(([, { members: all }]) => all.map((m) => m.service)));
  const { freezeAtMost } = detection;
  const { taken, ...outcome } = weighClaims({ signals, claims }, held, {
    ...{ environment, end, freezeAtMost, scorer },
    isMember: (service) => members.has(service),
    alertsOver: () => lastEnds(alerts),
  });
  const services = new Set(taken.filter(({ kind }) => kind === 'alerts').map(({ service }) => service));
  for (const [key, alert] of services.size === 0 ? [] : [...alerts.entries()])
    if (alert.ids.length > 0 && alert.began < end && services.has(alert.service))
      alerts.set(key, { ...alert, ids: [] });
  return outcome;
}

const timeOf = (told: Told): Time => (told.kind === 'alert' ? told.alert.time : told.event.time);
const isEmpty = (entries: { entries(): Iterator<unknown> }): boolean => entries.entries().next().done === true;
const lastTold = ({ events }: KnownPods): Time => events.reduce((latest, { last }) => Math.max(latest, last), 0);

/** What came of a service within so long is read. */
const readFor = hours(1);
const forgottenAfter = hours(2);
