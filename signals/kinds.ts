/**
 * The registry of the kinds of signals. A new kind is a file beside this one, a line here, its part of
 * `service.ts` where it keeps something, and its rule in `decisions/health.ts`.
 */
import { alerts } from './alerts/kinds.ts';
import { errorRate } from './error-rate.ts';
import { saturated } from './metrics/kinds.ts';
import { objective } from './objectives/kinds.ts';
import { restarts } from './pods/restarts.ts';
import type { Measurement } from './service.ts';
import type { SignalKind } from './signal-kind.ts';
import { silence } from './silence.ts';
import { slow, steps } from './units/kinds.ts';

/** The kinds of signals over what is measured of a service's lines. */
export const lineKinds = { errors: errorRate, silent: silence } satisfies Record<string, SignalKind<Measurement>>;

/** The kinds of signals by the name that events and tables give an anomaly of the kind. */
export const signalKinds = { ...lineKinds, steps, slow, saturated, alerts, restarts, objective };

/** The name of a kind of signal. */
export type AnomalyKind = keyof typeof signalKinds;

/** How a service is doing: anomalous by a kind of signal, or `suspicious`, an anomaly that has not persisted yet. */
export type Health = 'well' | 'suspicious' | AnomalyKind;

/**
 * Whether a service is anomalous.
 *
 * @example
 * isAnomalous('silent') // => true
 * isAnomalous('suspicious') // => false
 */
export const isAnomalous = (health: Health): health is AnomalyKind => Object.hasOwn(signalKinds, health);
