/**
 * Whether the log pipeline carries anything. When most services fall silent at once, it is the pipeline that is gone
 * and not the services; and what they did not say while it was gone must not be held against them when it is back.
 */

import { paneMs } from '../signals/panes.ts';
import type { SilenceSettings } from '../signals/settings.ts';
import type { Signal } from '../signals/signal.ts';
import { type Duration, seconds, type Time } from '../time/duration.ts';

/** Lines that a service must have been expected to say before its silence tells anything. */
const telling = 5;
/** Who spoke this lately is speaking. */
const lately = seconds(30);

/** Whether the pipeline carries so little that silence says nothing of a service. */
export function isPipelineGone(signals: readonly Signal[], settings: SilenceSettings): boolean {
  let silent = 0;
  let speaking = 0;
  for (const signal of signals) {
    if (!signal.steady) continue;
    if (signal.pause <= lately) speaking++;
    else if (missing(signal, signal.pause) >= telling) silent++;
  }
  return silent > 0 && speaking < settings.peersSpeaking * (silent + speaking);
}

/** Whether a service was silent for long enough since the pipeline was last gone, at `goneUntil`. */
export function isSilentSince(signal: Signal, goneUntil: Time, settings: SilenceSettings): boolean {
  const pause = Math.min(signal.pause, signal.end - goneUntil);
  return pause >= settings.atLeast && missing(signal, pause) >= settings.expectedLines;
}

/** Lines that were to be expected in a pause. */
const missing = ({ usual }: Signal, pause: Duration): number => (usual * pause) / paneMs;
