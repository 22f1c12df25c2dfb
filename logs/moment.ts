/**
 * The time that a line says, as far as it counts beside that of its envelope.
 */
import type { TimestampScanner } from './times/timestamps.ts';

/** The time of the line that was read last. */
export interface Moment {
  /** Whether it had one. */
  timed: boolean;
  ms: number;
  nanos: number;
  dated: boolean;
  zoned: boolean;
  guessed: boolean;
}

/** Nothing read yet. */
export const newMoment = (): Moment => ({
  timed: false,
  ms: 0,
  nanos: 0,
  dated: true,
  zoned: true,
  guessed: false,
});

/** Notes whether a line had a time, and if so which: the scanner still holds it. */
export function noteMoment(moment: Moment, scanner: TimestampScanner, timed: boolean): void {
  moment.timed = timed;
  if (!timed) return;
  moment.ms = scanner.ms;
  moment.nanos = scanner.nanos;
  moment.dated = scanner.dated;
  moment.zoned = scanner.zoned;
  moment.guessed = scanner.guessed;
}

/**
 * Whether a line's time counts beside an envelope's, in milliseconds or NaN. One without date does not. One without
 * zone does not when it is off by whole quarter hours and no zone is configured: then it is the wall clock of some
 * other zone.
 */
export function isTrusted({ ms, dated, zoned }: Moment, envelopeMs: number, hasZone: boolean): boolean {
  if (Number.isNaN(envelopeMs)) return true;
  if (!dated) return false;
  if (zoned || hasZone) return true;
  const apart = Math.abs(ms - envelopeMs);
  if (apart < quarterMs - slackMs || apart > farthestZoneMs) return true;
  const beside = apart % quarterMs;
  return Math.min(beside, quarterMs - beside) > slackMs;
}

const quarterMs = 900_000;
/** How far a line's clock and its shipper's may differ by delay alone. */
const slackMs = 5_000;
const farthestZoneMs = 14 * 3_600_000 + slackMs;
