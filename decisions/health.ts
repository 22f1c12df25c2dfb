/**
 * How a service is doing. An anomaly counts when two of the last three panes show it (persistence), and lasts while its
 * windows show less than that (hysteresis). Silence counts at once. While a service is not well its past is frozen, for
 * a limited time: then the anomaly is its new normal.
 */
import type { AnomalyKind, Health } from '../signals/kinds.ts';
import { isAnomalous } from '../signals/kinds.ts';
import type { Measurement } from '../signals/service.ts';
import type { DetectionSettings, SilenceSettings } from '../signals/settings.ts';
import { isSilent } from '../signals/silence.ts';
import type { Time } from '../time/duration.ts';
import { isAnomaly, isStillAnomaly, thresholdOf } from './threshold.ts';

/** What is decided of a service and kept; stored as JSON under these names. */
export interface ServiceHealth {
  health: Health;
  /** End of the pane in which it stopped being well. */
  ill: Time;
  /** The last three panes as bits, the latest lowest: whether a window showed an anomaly. */
  hot: number;
}

/** When something counts. */
export interface HealthSettings {
  readonly detection: DetectionSettings;
  readonly silence: SilenceSettings;
}

/** A service of which nothing is known. */
export const newHealth = (start: Time): ServiceHealth => ({ health: 'well', ill: start, hot: 0 });

/** Decides how a service is doing after a pane; returns whether it has just recovered from an anomaly. */
export function decideHealth(state: ServiceHealth, measured: Measurement, settings: HealthSettings): boolean {
  const before = state.health;
  state.hot = ((state.hot << 1) | (showsAnomaly(before, measured, settings.detection) ? 1 : 0)) & 0b111;
  state.health = anomalyOf(state, measured, settings) ?? (state.hot === 0 ? 'well' : 'suspicious');
  if (before === 'well' && state.health !== 'well') state.ill = measured.end;
  return isAnomalous(before) && state.health === 'well';
}

/** Whether a window of errors shows an anomaly, or still shows one. */
function showsAnomaly(before: Health, { tests }: Measurement, detection: DetectionSettings): boolean {
  // The longest window would keep an anomaly alive that has long been over.
  if (before === 'errors') return isStillAnomaly(tests[0]!) || isStillAnomaly(tests[1]!);
  const threshold = thresholdOf(detection);
  return tests.some((test) => isAnomaly(test, threshold, detection));
}

/** The kind of anomaly that counts, or undefined. */
function anomalyOf(
  { health, hot }: ServiceHealth,
  { service: { speech, since }, end }: Measurement,
  { silence }: HealthSettings,
): AnomalyKind | undefined {
  if (isSilent(speech, { end, since }, silence)) return 'silent';
  const hasPersisted = hot === 0b011 || hot === 0b101 || hot >= 0b110;
  return hasPersisted || (isAnomalous(health) && hot !== 0) ? 'errors' : undefined;
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
