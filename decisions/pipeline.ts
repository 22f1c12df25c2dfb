/**
 * Whether the log pipeline carries anything. When most services fall silent at once, the pipeline is gone
 * and not the services; and lines that are missing from that time do not count against them when it is back.
 */
import { paneMs } from '../signals/panes.ts';
import type { SilenceSettings } from '../signals/settings.ts';
import type { Signal } from '../signals/signal.ts';
import { type Duration, seconds, type Time } from '../time/duration.ts';

/** Lines that must be missing from a service before its silence counts. */
const leastMissing = 5;
/** A service with a line this lately is writing. */
const lately = seconds(30);

/** Whether the pipeline carries so little that silence is no evidence against a service. */
export function isPipelineGone(signals: readonly Signal[], settings: SilenceSettings): boolean {
  let silent = 0;
  let writing = 0;
  for (const signal of signals) {
    if (!signal.steady) continue;
    if (signal.pause <= lately) writing++;
    else if (missing(signal, signal.pause) >= leastMissing) silent++;
  }
  return silent > 0 && writing < settings.peersSpeaking * (silent + writing);
}

/** Whether a service was silent for long enough since the pipeline was last gone, at `goneUntil`. */
export function isSilentSince(signal: Signal, goneUntil: Time, settings: SilenceSettings): boolean {
  const pause = Math.min(signal.pause, signal.end - goneUntil);
  return pause >= settings.atLeast && missing(signal, pause) >= settings.expectedLines;
}

/** Lines that were to be expected in a pause. */
const missing = ({ usual }: Signal, pause: Duration): number => (usual * pause) / paneMs;
