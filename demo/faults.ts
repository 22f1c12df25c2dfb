/**
 * What can be wrong with the shop at a moment, and what that does to its requests. A scheduled fault or decoy is a list
 * of effects over a span of time; once a simulated second they are settled into one condition per service.
 */
import type { Time } from '../time/duration.ts';
import type { Cause } from './failures.ts';
import { indexOf, type ServiceName, services } from './shop.ts';

/** What must be found. */
export const faultKinds = [
  'bad-deploy',
  'slow-database',
  'outage',
  'error-rise',
  'quiet-failure',
  'silence',
  'slow-burn',
  'flapping',
  'bad-node',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What looks alarming and is not. */
export const decoyKinds = ['surge', 'harmless-change', 'maintenance', 'nightly-batch', 'blip'] as const;
export type DecoyKind = (typeof decoyKinds)[number];

/** A change as a deployment system would announce it. Times are ISO 8601 in UTC. */
export interface Change {
  readonly timestamp: string;
  readonly kind: 'deployment' | 'config' | 'maintenance';
  readonly service: ServiceName;
  readonly version: string;
  readonly author: string;
  readonly until?: string;
}

/** How strong an effect is during its span. */
export type Shape =
  | { readonly kind: 'steady' }
  /** Grows from nothing to its full strength over `ms`. */
  | { readonly kind: 'creep'; readonly ms: number }
  /** On between the first and the second time, off until the third, and so on. */
  | { readonly kind: 'bursts'; readonly edges: readonly Time[] }
  /** Pod by pod from the start of the span, and back again pod by pod from `backAt`. */
  | { readonly kind: 'rollout'; readonly backAt: Time };

export type Effect =
  /** A share of the requests fails; the rest is slower by a factor. `peer` is what cannot be reached, if that is it. */
  | {
      readonly kind: 'failing';
      readonly service: ServiceName;
      readonly cause: Cause;
      readonly share: number;
      readonly slower: number;
      readonly peer: string;
      readonly shape: Shape;
    }
  /** Ordinary failures are so many times as frequent. */
  | { readonly kind: 'restless'; readonly service: ServiceName; readonly factor: number }
  /** Nothing of what it logs arrives, though it works. */
  | { readonly kind: 'silent'; readonly service: ServiceName }
  /** So many times the customers, coming and going over `rampMs`. */
  | { readonly kind: 'crowd'; readonly factor: number; readonly rampMs: number };

/** A fault or decoy with its truth. */
export interface Scheduled {
  readonly kind: FaultKind | DecoyKind;
  /** Whether it must not raise an alarm. */
  readonly decoy: boolean;
  /** Where it sits; for the shop as a whole, the ingress. */
  readonly service: ServiceName;
  /** Every service that it strikes directly. */
  readonly services: readonly ServiceName[];
  readonly start: Time;
  readonly end: Time;
  readonly description: string;
  readonly effects: readonly Effect[];
  readonly changes: readonly Change[];
}

/** A deployment replaces its first pod this long after it was announced, and the others one by one after that. */
export const rolloutDelayMs = 40_000;
export const podReplacementMs = 8_000;

/** How a service is doing. */
export interface Condition {
  share: number;
  cause: Cause;
  slower: number;
  peer: string;
  restless: number;
  silent: boolean;
  /** Only pods of [firstPod, lastPod) fail. */
  firstPod: number;
  lastPod: number;
  /** What makes it so: that it fails, that it fails more often than usual, that it is silent. */
  failsBy: Scheduled | undefined;
  restlessBy: Scheduled | undefined;
  silentBy: Scheduled | undefined;
}

/** The shop in perfect health. */
export function healthy(): Condition[] {
  return services.map(() => blank());
}

/**
 * Sets `conditions` (one a service, in their order) to what `scheduled` makes of them at `time`.
 * Of two failures of one service the more frequent counts. Returns the factor on the number of customers.
 */
export function settle(conditions: Condition[], scheduled: readonly Scheduled[], time: Time): number {
  for (const condition of conditions) Object.assign(condition, blank());
  let crowd = 1;
  for (const item of scheduled) {
    if (time < item.start || time >= item.end) continue;
    for (const effect of item.effects) {
      if (effect.kind === 'crowd') {
        const ramp = Math.min(1, (time - item.start) / effect.rampMs, (item.end - time) / effect.rampMs);
        crowd *= 1 + (effect.factor - 1) * ramp;
        continue;
      }
      const condition = conditions[indexOf(effect.service)] as Condition;
      if (effect.kind === 'silent') {
        condition.silent = true;
        condition.silentBy = item;
      } else if (effect.kind === 'restless') {
        condition.restless *= effect.factor;
        condition.restlessBy = item;
      } else fail(condition, effect, { item, time });
    }
  }
  return crowd;
}

function fail(
  condition: Condition,
  effect: Extract<Effect, { kind: 'failing' }>,
  at: { readonly item: Scheduled; readonly time: Time },
): void {
  const share = effect.share * strength(effect.shape, at.item, at.time);
  if (share <= condition.share) return;
  condition.share = share;
  condition.cause = effect.cause;
  condition.slower = effect.slower;
  condition.peer = effect.peer;
  condition.failsBy = at.item;
  if (effect.shape.kind !== 'rollout') return;
  condition.lastPod = Math.floor((at.time - at.item.start) / podReplacementMs) + 1;
  condition.firstPod = Math.max(0, Math.floor((at.time - effect.shape.backAt) / podReplacementMs) + 1);
}

/** Between 0 and 1. */
function strength(shape: Shape, item: Scheduled, time: Time): number {
  if (shape.kind === 'creep') return Math.min(1, (time - item.start) / shape.ms);
  if (shape.kind !== 'bursts') return 1;
  return shape.edges.filter((edge) => edge <= time).length % 2;
}

function blank(): Condition {
  return {
    share: 0,
    cause: 'ordinary',
    slower: 1,
    peer: '',
    restless: 1,
    silent: false,
    firstPod: 0,
    lastPod: Number.POSITIVE_INFINITY,
    failsBy: undefined,
    restlessBy: undefined,
    silentBy: undefined,
  };
}
