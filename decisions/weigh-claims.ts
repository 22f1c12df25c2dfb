/**
 * The signals of a pane with what other systems claim of services. A claim that decides makes its service anomalous for
 * as long as it lasts, or until that is usual; any other is told of a service that is anomalous otherwise or belongs to
 * an incident, and is a note where it is neither.
 */
import type { Entries } from '../signals/entries.ts';
import { isAnomalous } from '../signals/kinds.ts';
import { newSignal, type Signal } from '../signals/signal.ts';
import type { Duration, Time } from '../time/duration.ts';
import type { Claim, HeldClaim } from './claim.ts';
import type { Decision } from './decision.ts';
import { joined } from './joined-signal.ts';
import { type Scorer, scoreOf } from './score.ts';

export type HeldClaims = Entries<string, HeldClaim>;

/** By what claims are weighed. */
export interface ClaimContext {
  readonly environment: string;
  readonly end: Time;
  readonly freezeAtMost: Duration;
  readonly scorer: Scorer;
  /** Whether a service belongs to an incident that is not over. */
  readonly isMember: (service: string) => boolean;
  /** When the last alerts of services were over; asked for where a claim is. */
  readonly alertsOver: () => ReadonlyMap<string, Time>;
}

/** What comes of claims: the signals with them, what was decided, and claims whose alerts are taken in. */
export interface Weighed {
  readonly signals: readonly Signal[];
  readonly decisions: readonly Decision[];
  readonly taken: readonly Claim[];
}

/** Weighs the claims of the pane that ends at `end` and keeps what was decided of them. */
export function weighClaims(
  { signals, claims }: { readonly signals: readonly Signal[]; readonly claims: readonly Claim[] },
  held: HeldClaims,
  context: ClaimContext,
): Weighed {
  const all = new Map(signals.map((signal) => [signal.service, signal]));
  const decisions: Decision[] = [];
  const taken: Claim[] = [];
  const seen = new Set<string>();
  for (const claim of claims) {
    const key = `${claim.kind} ${claim.service}`;
    seen.add(key);
    const base = all.get(claim.service);
    const before = held.get(key);
    const now = follow(claim, before, context);
    const isEvidence = (base !== undefined && isAnomalous(base.health)) || context.isMember(claim.service);
    const verdict = now.since !== null ? 'incident' : isEvidence ? 'evidence' : 'note';
    if (verdict !== 'note') taken.push(claim);
    const ended = before !== undefined && before.since !== null && now.since === null ? before : undefined;
    const signal = withClaim(base, claim, { ...context, verdict, ended });
    if (signal !== undefined) all.set(claim.service, signal);
    const decision = decisionOf(claim, { ...now, verdict }, context);
    const told = `${decision.verdict} ${decision.rule} ${claim.found.observed} ${decision.reason}`;
    if (told !== before?.told) decisions.push(decision);
    if (told !== before?.told || isOther(now, before)) held.set(key, { ...now, told });
  }
  const over = [...held.entries()].filter(([key]) => !seen.has(key));
  const ends = over.length === 0 ? new Map<string, Time>() : context.alertsOver();
  for (const [key, claim] of over) {
    held.delete(key);
    if (claim.since === null) continue;
    const last = (claim.kind === 'alerts' ? ends.get(claim.service) : undefined) ?? claim.last;
    all.set(claim.service, recovered(all.get(claim.service), { ...claim, last }, context.end));
  }
  return { signals: [...all.values()], decisions, taken };
}

const isOther = (now: HeldClaim, before: HeldClaim): boolean =>
  now.since !== before.since || now.last !== before.last || now.accepted !== before.accepted;

/** A claim with what was decided of it before, and whether it decides now. */
function follow(claim: Claim, before: HeldClaim | undefined, { end, freezeAtMost }: ClaimContext): HeldClaim {
  const { kind, service, found, last, lasts, ruling } = claim;
  const { onset = found.onset, since = null, accepted = false, told = '' } = before ?? {};
  const common = { kind, service, onset, last, told };
  if (since === null) return { ...common, since: ruling.decides && !accepted ? end : null, accepted };
  // Back-off makes restarts rarer and cures nothing: they are never usual.
  const isUsual = kind === 'alerts' && end - since >= freezeAtMost;
  if (lasts && !isUsual) return { ...common, since, accepted };
  // What is told behind it is another claim.
  return { ...common, onset: isUsual ? onset : found.onset, since: null, accepted: isUsual };
}

function decisionOf(
  claim: Claim,
  { onset, accepted, verdict, told }: HeldClaim & { readonly verdict: Decision['verdict'] },
  { environment, end: at }: ClaimContext,
): Decision {
  const { service, kind, told: texts, found } = claim;
  const { rule, reason, decides } = claim.ruling;
  const { observed, expected, ratio, log10p } = found;
  const common = { environment, service, kind, onset, at, verdict, incident: '' };
  const decision = { ...common, observed, expected, ratio, log10p, told: texts };
  if (verdict === 'evidence') return { ...decision, rule: 'evidence', reason: 'its service is in an incident' };
  if (accepted) return { ...decision, rule: 'usual', reason: 'it has lasted so long that it is taken for usual' };
  // What has decided lasts, whatever speaks for it now.
  const [, first = rule] = told.split(' ');
  if (verdict === 'incident' && !decides) return { ...decision, rule: first, reason: 'it has decided and still lasts' };
  return { ...decision, rule, reason };
}

/** The signal of a service with a claim; undefined where there is nothing to signal. */
function withClaim(
  base: Signal | undefined,
  claim: Claim,
  {
    end,
    scorer,
    verdict,
    ended,
  }: ClaimContext & { readonly verdict: Decision['verdict']; readonly ended: HeldClaim | undefined },
): Signal | undefined {
  const { kind, service, found, scored, told, ids, last } = claim;
  if (ended !== undefined) return recovered(base, { ...ended, last }, end);
  if (verdict === 'note') return base;
  const { units, health = 'well', score: worst = 0 } = base ?? {};
  const score = scoreOf(scorer, service, scored);
  const isFirst = verdict === 'incident' && (!isAnomalous(health) || score > worst);
  const others = units?.told ?? [];
  const all = (isFirst ? [...told, ...others] : [...others, ...told]).slice(0, mostTold);
  const own: Signal = {
    ...newSignal(service, end),
    ...(verdict === 'incident' ? { ...found, health: kind, score, wellSince: null } : {}),
    units: { score: units?.score ?? 0, told: all },
  };
  return { ...(base === undefined ? own : joined(base, own)), alerts: [...(base?.alerts ?? []), ...ids] };
}

/** The signal of a service of which a claim is over. */
function recovered(base: Signal | undefined, { service, last, accepted }: HeldClaim, end: Time): Signal {
  if (base === undefined) return { ...newSignal(service, end), wellSince: last, accepted };
  return isAnomalous(base.health) ? base : { ...base, wellSince: Math.max(base.wellSince ?? last, last), accepted };
}

const mostTold = 5;
