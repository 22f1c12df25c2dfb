/**
 * The units of the last minute, in the order in which they were closed, whatever the order in which they come. There is
 * room for so many: where more come, every second trace is left out, then every fourth and so on, chosen by its id, so
 * that the window still covers its minute and all services alike; when there is much room again, fewer are left out.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { UnitOfWork } from './unit.ts';

/** Plain JSON, changed in place. */
export interface UnitWindow {
  /** Those closed first come first. */
  units: UnitOfWork[];
  /** One trace of `every` is kept. */
  every: number;
  /** Units that were left out so far. */
  leftOut: number;
}

export const unitWindow = minutes(1);
/** Units that a window holds. */
export const mostInWindow = 2_000;

export const newWindow = (): UnitWindow => ({ units: [], every: 1, leftOut: 0 });

/** Adds a unit, if its trace is one of those that are kept. */
export function addUnit(window: UnitWindow, unit: UnitOfWork): void {
  const { units } = window;
  if (!isKept(unit, window)) {
    window.leftOut++;
    return;
  }
  let at = units.length;
  while (at > 0 && isBefore(unit, units[at - 1]!)) at--;
  units.splice(at, 0, unit);
  while (window.units.length > mostInWindow && window.every < mostEvery) {
    window.every *= 2;
    const before = window.units.length;
    window.units = window.units.filter((known) => isKept(known, window));
    window.leftOut += before - window.units.length;
  }
  // Ids made so that all of them are chosen.
  if (window.units.length > mostInWindow) window.leftOut += window.units.splice(mostInWindow).length;
}

/** Takes out the units that have left the window that ends at `now`. */
export function takePassed(window: UnitWindow, now: Time): readonly UnitOfWork[] {
  const { units } = window;
  let passed = 0;
  while (passed < units.length && units[passed]!.closed <= now - unitWindow) passed++;
  window.units = units.slice(passed);
  if (window.every > 1 && window.units.length < mostInWindow / 8) window.every /= 2;
  return units.slice(0, passed);
}

function isBefore(a: UnitOfWork, b: UnitOfWork): boolean {
  if (a.closed !== b.closed) return a.closed < b.closed;
  return a.start === b.start ? a.trace < b.trace : a.start < b.start;
}

const isKept = ({ trace }: UnitOfWork, { every }: UnitWindow): boolean => every === 1 || hash(trace) % every === 0;

/** FNV-1a, and a last mix, because its low bits follow those of the last letter. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b);
  return (sum ^ (sum >>> 16)) >>> 0;
}

const mostEvery = 2 ** 20;
