/**
 * How a service is doing. An anomaly counts when two of the last three panes show it (persistence). It lasts until
 * errors have stayed away for long enough to say so, or until its windows show less than they had to (hysteresis);
 * neither is known of a service that writes nothing. Silence counts at once. While a service is not well its past is
 * frozen, for a limited time: then the anomaly is its new normal.
 */
import { predict, usualLinesOf, windowPanes } from '../signals/baseline.ts';
import { leastExpectedErrors } from '../signals/error-rate.ts';
import type { AnomalyKind, Health } from '../signals/kinds.ts';
import { isAnomalous } from '../signals/kinds.ts';
import { errorsOf, paneMs } from '../signals/panes.ts';
import { followRecovery, type Recovery } from '../signals/recovery.ts';
import type { Measurement } from '../signals/service.ts';
import type { DetectionSettings, SilenceSettings } from '../signals/settings.ts';
import type { HeldBy } from '../signals/signal.ts';
import { isSilent, usualLines } from '../signals/silence.ts';
import type { WindowTest } from '../signals/window-test.ts';
import type { Time } from '../time/duration.ts';
import { isAnomaly, isLasting, isStillAnomaly, thresholdOf } from './threshold.ts';

/** An anomaly of errors that lasts. */
export interface ErrorAnomaly extends Recovery {
  /** Number of the shortest window that has shown it. */
  window: number;
  /** Errors a pane when it began, or when it last became much worse. */
  size: number;
}

/** What is decided of a service and kept; stored as JSON under these names. */
export interface ServiceHealth {
  health: Health;
  /** End of the pane in which it stopped being well. */
  ill: Time;
  /** The last three panes as bits, the latest lowest: whether a window showed an anomaly. */
  hot: number;
  /** There while the service has an anomaly of errors. */
  anomaly?: ErrorAnomaly | null;
  /** When its last anomaly ended; null while there is one. */
  wellSince?: Time | null;
  /** Whether its last anomaly did not end but became the new normal. */
  accepted?: boolean;
}

/** When something counts. */
export interface HealthSettings {
  readonly detection: DetectionSettings;
  readonly silence: SilenceSettings;
}

/** An anomaly that is so many times as bad is another one. */
const muchWorse = 2;
/** Lines that must be missing before a service says too little to be called well. */
const leastMissing = 5;

/** A service of which nothing is known. */
export const newHealth = (start: Time): ServiceHealth => ({ health: 'well', ill: start, hot: 0 });

/** Decides how a service is doing after a pane; returns whether its windows show only what is over. */
export function decideHealth(state: ServiceHealth, measured: Measurement, settings: HealthSettings): boolean {
  const before = state.health;
  const { detection } = settings;
  state.hot = ((state.hot << 1) | (showsAnomaly(state, measured, detection) ? 1 : 0)) & 0b111;
  // One that is being learned ends when all windows are as expected: part of it is not yet known for usual.
  const hasEnded = state.anomaly ? followAnomaly(state.anomaly, measured, detection) : false;
  const isOver = hasEnded && !isLearned(state, measured.end, detection);
  const kind = anomalyOf(state, measured, { ...settings, isOver });
  if (kind === undefined && isAnomalous(before)) {
    state.wellSince = endOf(state, measured);
    state.accepted = hasStayed(state, measured, detection);
    if (before === 'errors') state.hot = 0;
  }
  state.health = kind ?? (state.hot === 0 ? 'well' : 'suspicious');
  if (kind !== undefined) state.wellSince = null;
  if (kind !== 'errors') state.anomaly = null;
  else state.anomaly ??= newAnomaly(measured, detection);
  // Another anomaly has a time of its own, until it too is the new normal.
  const isAnother = isAnomalous(before) && before !== kind;
  if (state.health !== 'well' && (before === 'well' || isAnother)) state.ill = measured.end;
  if (state.anomaly && hasGrown(state.anomaly)) state.ill = measured.end;
  // What led to a silence must not count again when the service is back.
  return (isAnomalous(before) && state.health === 'well') || (kind === 'silent' && before !== 'silent');
}

/** Whether a window of errors shows an anomaly, or still shows one. */
function showsAnomaly({ health, anomaly }: ServiceHealth, { tests }: Measurement, detection: DetectionSettings) {
  if (health === 'errors') {
    // A window longer than those which showed it would keep an anomaly alive that has long been over.
    const longest = Math.max(1, anomaly?.window ?? 1);
    return tests.some((test) => test.index <= longest && isStillAnomaly(test));
  }
  const threshold = thresholdOf(detection);
  return tests.some((test) => isAnomaly(test, threshold, detection));
}

/** Number of the shortest window that shows an anomaly; of the longest if none does. */
function shortestOf({ tests }: Measurement, detection: DetectionSettings): number {
  const threshold = thresholdOf(detection);
  return (tests.find((test) => isAnomaly(test, threshold, detection)) ?? tests.at(-1)!).index;
}

/** Follows an anomaly of errors; returns whether it is over. */
function followAnomaly(anomaly: ErrorAnomaly, measured: Measurement, detection: DetectionSettings): boolean {
  const { service, pane, start, end, tests } = measured;
  anomaly.window = Math.min(anomaly.window, shortestOf(measured, detection));
  const { mean } = predict(service.baseline, { lines: pane.total, end, index: 0 }, detection);
  const expected = Math.max(leastExpectedErrors, mean);
  const [{ log10p }] = tests as readonly [WindowTest, ...WindowTest[]];
  return followRecovery(anomaly, {
    start,
    end,
    lines: pane.total,
    usualLines: usualOf(service, detection),
    errors: errorsOf(pane.counts),
    expected,
    level: levelOf(tests),
    log10p,
    isAnomaly: isStillAnomaly(tests[0]!),
  });
}

function newAnomaly(measured: Measurement, detection: DetectionSettings): ErrorAnomaly {
  const level = levelOf(measured.tests);
  return { window: shortestOf(measured, detection), sum: 0, since: measured.end, level, size: level };
}

/** Errors a pane of the last minute or of the last five, whichever is less: a moment is not yet a level. */
const levelOf = (tests: readonly WindowTest[]): number =>
  Math.min(tests[0]!.observed / windowPanes[0], tests[1]!.observed / windowPanes[1]);

/** Whether an anomaly has become another one; notes its new size. */
function hasGrown(anomaly: ErrorAnomaly): boolean {
  if (anomaly.level < muchWorse * anomaly.size) return false;
  anomaly.size = anomaly.level;
  return true;
}

/** The kind of anomaly that counts, or undefined. */
function anomalyOf(
  state: ServiceHealth,
  measured: Measurement,
  { silence, detection, isOver }: HealthSettings & { readonly isOver: boolean },
): AnomalyKind | undefined {
  const { health, hot } = state;
  const { service, end } = measured;
  if (isSilent(service.speech, { end, since: service.since }, silence)) return 'silent';
  if (health === 'errors') {
    if (isOver) return undefined;
    return hot === 0 && !saysTooLittle(measured, detection) ? undefined : 'errors';
  }
  const threshold = thresholdOf(detection);
  const hasPersisted = isTwice(hot) && measured.tests.some((test) => isLasting(test, threshold, detection));
  return hasPersisted || (health === 'silent' && hot !== 0) ? 'errors' : undefined;
}

/** The rule that keeps what the windows of a service show from counting, if one does. */
export function heldBy(
  { health, hot }: ServiceHealth,
  { tests }: Measurement,
  detection: DetectionSettings,
): HeldBy | undefined {
  if (isAnomalous(health)) return undefined;
  const threshold = thresholdOf(detection);
  if (tests.some((test) => isAnomaly(test, threshold, detection))) return isTwice(hot) ? 'moment' : 'persistence';
  return tests.some(({ log10p }) => log10p <= threshold) ? 'effect' : undefined;
}

/** Whether two of the last three panes have shown an anomaly. */
const isTwice = (hot: number): boolean => hot === 0b011 || hot === 0b101 || hot >= 0b110;

/** Whether a service has paused for so long that its lines can't show how it is. */
function saysTooLittle({ service, end }: Measurement, detection: DetectionSettings): boolean {
  const missing = (usualOf(service, detection) * (end - service.speech.last)) / paneMs;
  return missing >= leastMissing;
}

/** Lines that a pane held before the anomaly; of a service that is new, lines that it held at all. */
const usualOf = ({ baseline, speech }: Measurement['service'], detection: DetectionSettings): number =>
  baseline.panes === 0 ? usualLines(speech) : usualLinesOf(baseline, detection);

/** When the anomaly ended that was there before this pane. */
function endOf({ health, anomaly }: ServiceHealth, { start }: Measurement): Time {
  return health === 'errors' && anomaly && anomaly.sum > 0 ? anomaly.since : start;
}

/** Whether a service is not well for so long that it is learned. */
const isLearned = ({ ill }: ServiceHealth, end: Time, { freezeAtMost }: DetectionSettings): boolean =>
  end - ill >= freezeAtMost;

/** Whether an anomaly of errors that is no longer one has stayed until it was learned. */
function hasStayed(state: ServiceHealth, { tests, end }: Measurement, detection: DetectionSettings): boolean {
  const isThere = tests[0]!.observed >= detection.minimumExcess;
  return state.health === 'errors' && isThere && isLearned(state, end, detection);
}

/** Whether a service's past is frozen at `end`, because it is not well. */
export const isFrozen = ({ health, ill }: ServiceHealth, end: Time, { freezeAtMost }: DetectionSettings): boolean =>
  health !== 'well' && end - ill < freezeAtMost;

/** Whether an anomaly has lasted so long at `end` that it is now the new normal. */
export const isNewNormal = ({ health, ill }: ServiceHealth, end: Time, { freezeAtMost }: DetectionSettings): boolean =>
  health !== 'well' && end - ill === freezeAtMost;

/** Whether the last minute shows the anomaly still, rather than a longer window. */
export const isFresh = ({ health }: ServiceHealth, { tests }: Measurement, detection: DetectionSettings): boolean =>
  health === 'silent' || isAnomaly(tests[0]!, thresholdOf(detection), detection);
