/**
 * One service from pane to pane: what is measured of it in `signals/` is decided upon and becomes its signal. What is
 * ordinary is learned; learning stops while the service is not well.
 */
import { forgetMost } from '../signals/baseline.ts';
import {
  type ErrorRateMemory,
  emptyWindows,
  lastMinuteOf,
  learnErrors,
  refineOnset,
  testErrors,
  usualErrorsOf,
} from '../signals/error-rate.ts';
import { isAnomalous, lineKinds } from '../signals/kinds.ts';
import { type Pane, paneMs } from '../signals/panes.ts';
import { amend, type MeasuredService, type Measurement, measure, newMeasuredService } from '../signals/service.ts';
import type { Signal } from '../signals/signal.ts';
import { usualLines } from '../signals/silence.ts';
import type { Time } from '../time/duration.ts';
import {
  decideHealth,
  type HealthSettings,
  heldBy,
  isFresh,
  isFrozen,
  isNewNormal,
  newHealth,
  type ServiceHealth,
} from './health.ts';
import { type Scorer, scoreOf } from './score.ts';

/** What is kept of a service; stored as JSON. */
export type ServiceState = MeasuredService & ServiceHealth;

/** A service, and where its many values are kept. */
export interface DecidedService {
  readonly name: string;
  readonly state: ServiceState;
  readonly memory: ErrorRateMemory;
}

/** By what a service is judged. */
export interface DecisionRules {
  readonly settings: HealthSettings;
  readonly scorer: Scorer;
}

/** Panes in an hour. */
const hourPanes = 360;

/** A service that is first seen in the pane that begins at `start`. */
export const newService = (start: Time): ServiceState => ({ ...newMeasuredService(start), ...newHealth(start) });

/** Takes in the next pane of a service, changes its state in place and returns its signal. */
export function decide(pane: Pane, { name, state, memory }: DecidedService, rules: DecisionRules): Signal {
  const { detection } = rules.settings;
  const how = { memory, settings: detection };
  const wasFrozen = isFrozen(state, state.through + paneMs, detection);
  const measured = measure(state, pane, { ...how, isFrozen: wasFrozen });
  const { end, tests } = measured;
  const before = state.health;
  const isOver = decideHealth(state, measured, rules.settings);
  if (before !== 'errors' && state.health === 'errors') refineOnset(state, tests, how);
  if (isOver) emptyWindows(state);
  if (isNewNormal(state, end, detection)) forgetMost(state.baseline);
  if (!isFrozen(state, end, detection)) learnErrors(state, tests, how);
  const signal = signalOf({ name, state, measured }, rules);
  // The windows still show what has just ended.
  const held = isAnomalous(before) ? undefined : heldBy(state, measured, detection);
  return held === undefined ? signal : { ...signal, heldBy: held };
}

/** Passes over panes in which a service that has long been silent wrote nothing: they teach nothing. */
export function skipTo(state: ServiceState, start: Time): void {
  state.through = start;
  emptyWindows(state);
}

/**
 * Takes in lines of a pane that was decided before its input went on; returns the signal that corrects its row, or
 * undefined if the pane is too old to be known.
 */
export function decideAgain(
  past: { readonly start: Time; readonly pane: Pane },
  { name, state, memory }: DecidedService,
  rules: DecisionRules,
): Signal | undefined {
  const whole = amend(state, past, memory);
  if (whole === undefined) return undefined;
  const { start, pane } = past;
  const end = start + paneMs;
  const how = { memory, settings: rules.settings.detection };
  const tests = testErrors(state, how);
  const lastMinute = lastMinuteOf(state, how);
  const usualErrors = usualErrorsOf(state, whole.lines, rules.settings.detection);
  const measured = { service: state, pane, start, end, from: state.from, tests, usualErrors, lastMinute, earlier: [] };
  return { ...signalOf({ name, state, measured }, rules), ...whole, amends: true };
}

function signalOf(
  { name, state, measured }: Pick<DecidedService, 'name' | 'state'> & { readonly measured: Measurement },
  { settings, scorer }: DecisionRules,
): Signal {
  const { pane, start, end, usualErrors, lastMinute, earlier } = measured;
  const { health, speech, baseline, since, wellSince = null, accepted = false } = state;
  const kind = lineKinds[health === 'silent' ? 'silent' : 'errors'];
  return {
    service: name,
    start,
    end,
    health,
    lines: pane.total,
    counts: pane.counts,
    usualErrors,
    ...kind.find(measured),
    score: health === 'well' ? 0 : scoreOf(scorer, name, kind.scored(measured)),
    learning: baseline.panes < hourPanes,
    fresh: isFresh(state, measured, settings.detection),
    wellSince,
    accepted,
    lastMinute,
    usual: usualLines(speech),
    pause: end - speech.last,
    lastLine: state.lastLine ?? speech.last,
    steady: speech.last - since >= settings.silence.knownFor,
    origins: state.origins ?? [],
    samples: pane.samples,
    earlier,
    blames: pane.blames,
  };
}
