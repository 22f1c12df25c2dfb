/**
 * Whether the log pipeline carries anything. When most services fall silent at once, it is the pipeline that is gone
 * and not the services; and what they did not say while it was gone must not be held against them when it is back.
 */
import { seconds, type Time } from '../time/duration.ts';
import { paneMs } from './panes.ts';
import type { SilenceSettings } from './settings.ts';
import type { Signal } from './signal.ts';

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
    if (pauseOf(signal) <= lately) speaking++;
    else if (signal.missing >= telling) silent++;
  }
  return silent > 0 && speaking < settings.peersSpeaking * (silent + speaking);
}

/** Whether a service was silent for long enough since the pipeline was last gone, at `goneUntil`. */
export function isSilentSince(signal: Signal, goneUntil: Time, settings: SilenceSettings): boolean {
  const pause = Math.min(pauseOf(signal), signal.end - goneUntil);
  return pause >= settings.atLeast && (signal.usual * pause) / paneMs >= settings.expectedLines;
}

const pauseOf = ({ missing, usual }: Signal): number => (usual === 0 ? 0 : (missing / usual) * paneMs);
