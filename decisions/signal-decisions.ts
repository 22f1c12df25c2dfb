/**
 * What was decided of signals, told once for each anomaly and verdict: one that counts opens or joins an incident, or a
 * rule holds it back; one that does not is a note. What keeps being decided alike is told again only after a pause.
 */
import type { Entries } from '../signals/entries.ts';
import { type AnomalyKind, isAnomalous } from '../signals/kinds.ts';
import { tiers } from '../signals/objectives/burn.ts';
import type { DetectionSettings } from '../signals/settings.ts';
import type { HeldBy, Signal } from '../signals/signal.ts';
import { minutes, type Time } from '../time/duration.ts';
import type { Decision } from './decision.ts';
import type { Suppression } from './suppression.ts';
import { thresholdOf } from './threshold.ts';

/** What was last told of a service; stored as JSON. */
export interface ToldDecision {
  readonly kind: AnomalyKind;
  readonly verdict: Decision['verdict'];
  readonly rule: string;
  readonly incident: string;
  /** When it was last so, to the minute. */
  readonly last: Time;
}

/** What came of an anomaly that counts. */
export interface Admitted {
  readonly incident: string;
  readonly suppression: Suppression | undefined;
}

/** By what signals were judged, and what came of them. */
export interface SignalContext {
  readonly environment: string;
  readonly end: Time;
  readonly detection: DetectionSettings;
  /** What came of anomalies that count, by service; not there where so many incidents are open that one opened none. */
  readonly admitted: ReadonlyMap<string, Admitted>;
  /** Services whose errors are no more than chance makes among so many services. */
  readonly byChance: ReadonlySet<string>;
}

/** Decisions of the pane that ends at `end` that were not told before; keeps what was told. */
export function signalDecisions(
  signals: readonly Signal[],
  told: Entries<string, ToldDecision>,
  context: SignalContext,
): readonly Decision[] {
  const { environment, end } = context;
  const decisions: Decision[] = [];
  for (const signal of signals) {
    const { service, observed, expected, ratio, log10p, onset } = signal;
    const decided = verdictOf(signal, context);
    if (decided === undefined) continue;
    const key = decided.kind === 'objective' ? `objective of ${service}` : service;
    const before = told.get(key);
    const isKnown = before !== undefined && isAlike(before, decided) && end - before.last <= pause;
    if (!isKnown || end - before.last >= minutes(1)) {
      const { kind, verdict, rule, incident } = decided;
      told.set(key, { kind, verdict, rule, incident, last: end });
    }
    if (isKnown) continue;
    const texts = decided.kind === 'objective' ? (signal.objective?.told ?? []) : [];
    const found = { observed, expected, ratio, log10p, told: texts };
    decisions.push({ environment, service, onset, at: end, ...found, ...decided });
  }
  return decisions;
}

type SignalVerdict = Pick<Decision, 'kind' | 'verdict' | 'rule' | 'reason' | 'incident'> & { readonly onset?: Time };

/** What is decided of a signal; undefined where it shows nothing, or what other systems claim, which is told apart. */
function verdictOf(signal: Signal, context: SignalContext): SignalVerdict | undefined {
  const { service, health, heldBy, objective } = signal;
  if (!isAnomalous(health)) {
    if (objective?.noData !== undefined) {
      const { since: onset, text: reason } = objective.noData;
      return { kind: 'objective', verdict: 'note', rule: 'no-data', reason, incident: '', onset };
    }
    if (heldBy === undefined) return undefined;
    return { kind: 'errors', verdict: 'note', rule: heldBy, reason: heldReasons[heldBy](context), incident: '' };
  }
  if (health === 'alerts' || health === 'restarts') return undefined;
  if (context.byChance.has(service)) {
    const reason = 'improbable for one service, but not among as many as there are';
    return { kind: health, verdict: 'note', rule: 'budget', reason, incident: '' };
  }
  // Of objectives only the signal of their own is told, whatever else its service shows.
  if (health === 'objective' && objective === undefined) return undefined;
  const admitted = context.admitted.get(service);
  if (admitted === undefined) {
    const reason = 'so many incidents are open that no other is opened';
    return { kind: health, verdict: 'note', rule: 'incidents-full', reason, incident: '' };
  }
  const { incident, suppression } = admitted;
  if (suppression !== undefined) return { kind: health, verdict: 'suppressed', incident, ...textOf(suppression) };
  return { kind: health, verdict: 'incident', incident, ...countingRules[health](context, signal) };
}

const textOf = ({ rule, reason }: Suppression) => ({ rule, reason });

const isAlike = (before: ToldDecision, { kind, verdict, rule, incident }: SignalVerdict): boolean =>
  before.kind === kind && before.verdict === verdict && before.rule === rule && before.incident === incident;

/** Why an anomaly counts, by its kind. */
const countingRules: Readonly<
  Record<
    Exclude<AnomalyKind, 'alerts' | 'restarts'>,
    (context: SignalContext, signal: Signal) => { readonly rule: string; readonly reason: string }
  >
> = {
  errors: (context) => ({
    rule: 'threshold',
    reason: `${improbable(context)}, big enough, and so in two of three panes of ten seconds`,
  }),
  silent: () => ({ rule: 'silence', reason: 'no line for far longer than it ever paused' }),
  steps: () => ({ rule: 'units', reason: 'a step is missing or new at two looks in a row, or once by far' }),
  slow: () => ({ rule: 'units', reason: 'an edge is slow at two looks in a row, or once by far' }),
  saturated: () => ({ rule: 'share', reason: 'a resource has been used up for half a minute' }),
  objective: (_, { objective }) => {
    const rule = objective!.rule;
    return { rule, reason: burnReasons[rule] ?? 'its budget burns' };
  },
};

/** Why a budget that burns counts, by the rule. */
const burnReasons: Readonly<Record<string, string>> = Object.fromEntries(
  tiers.map(({ rule, long, short, spends }) => [
    rule,
    `${100 * spends} % of the error budget or more went in ${long / minutes(1)} minutes, and still goes so fast in the last ${short / minutes(1)}`,
  ]),
);

/** Why what is improbable does not count. */
const heldReasons: Readonly<Record<HeldBy, (context: SignalContext) => string>> = {
  persistence: (context) => `${improbable(context)} in one pane of ten seconds; two of three must show it`,
  moment: () => 'without its worst ten seconds it would be nothing unusual',
  effect: ({ detection: { minimumRatio, minimumExcess } }) =>
    `less than ${minimumRatio} times what is usual, or fewer than ${minimumExcess} errors more`,
  units: () => 'traces of the service are judged and show nothing; its error lines alone count after three minutes',
};

const improbable = ({ detection }: SignalContext): string =>
  `improbable (log10 p of ${thresholdOf(detection).toFixed(1)} or less)`;

/** What is decided alike after a longer pause is told again. */
const pause = minutes(10);
