/**
 * When a service that says nothing has fallen silent: the lines expected since its last one are too many, and the
 * pause is far longer than any it has made before. The recent rate of lines gives the first, the longest pause, which
 * is forgotten over days, the second; a job that runs once a day has long pauses and is never called silent.
 */

import { type Duration, hours, minutes, type Time } from '../time/duration.ts';
import { paneMs } from './panes.ts';
import type { SilenceSettings } from './settings.ts';

/** How a service usually speaks. */
export interface Speech {
  /** Decayed lines and panes: the recent rate is their ratio. */
  lines: number;
  panes: number;
  /** End of the last pane with a line. */
  last: Time;
  /** The longest pause, decayed. */
  longest: Duration;
}

/** A service that begins to speak in the pane ending at `end`. */
export const firstWords = (end: Time): Speech => ({ lines: 0, panes: 0, last: end, longest: paneMs });

const rateHalfLife = minutes(20);
const pauseHalfLife = hours(48);

/**
 * Takes in a pane. A pause counts once it is over: until then the rate is that of before. The pause of an outage, told
 * by `frozen`, is no custom and counts for nothing.
 */
export function listen(speech: Speech, pane: { readonly lines: number; readonly end: Time; readonly frozen: boolean }) {
  const { lines, end, frozen } = pane;
  if (lines === 0) return;
  const pause = end - speech.last;
  const counted = frozen ? paneMs : Math.max(pause, paneMs);
  const keep = 0.5 ** (counted / rateHalfLife);
  speech.lines = speech.lines * keep + lines;
  speech.panes = speech.panes * keep + counted / paneMs;
  speech.longest = Math.max(speech.longest * 0.5 ** (counted / pauseHalfLife), counted);
  speech.last = end;
}

/** Lines that a pane has lately held. */
export const usualLines = ({ lines, panes }: Speech): number => (panes === 0 ? 0 : lines / panes);

/** Lines that were to be expected since the last one. */
export const missingLines = (speech: Speech, end: Time): number => (usualLines(speech) * (end - speech.last)) / paneMs;

/** Whether a service known since `since` has fallen silent. */
export function isSilent(speech: Speech, at: { readonly end: Time; readonly since: Time }, settings: SilenceSettings) {
  const pause = at.end - speech.last;
  return (
    pause >= settings.atLeast &&
    pause >= settings.longestPauses * speech.longest &&
    at.end - at.since >= settings.knownFor &&
    missingLines(speech, at.end) >= settings.expectedLines
  );
}
