/** The text that `drive` writes for a window's result. */
import type { Time } from '../../time/duration.ts';

/** A window's result as `drive` writes it, without its key: at the last millisecond, where sessions end their second. */
export function fired(start: Time, end: Time, value: unknown, { revision = 0, retracted = false, at = end - 1 } = {}) {
  return `${JSON.stringify({ window: { start, end }, value, revision, retracted })} @${at}`;
}
