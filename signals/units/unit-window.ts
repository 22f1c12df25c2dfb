/**
 * The units of the last minute, in the order in which they were closed, whatever the order in which they come. There is
 * room for so many: where more come, every second trace is left out, then every fourth and so on, chosen by its id, so
 * that the window still covers its minute and all services alike; when there is much room again, fewer are left out.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { Entries } from '../entries.ts';
import type { UnitOfWork } from './unit.ts';

/** Units by their keys in a state that the window's owner has, and how many of them are chosen. */
export interface UnitWindow extends Choice {
  readonly units: Entries<string, UnitOfWork> & { readonly size: number };
}

/** Plain JSON, changed in place. */
export interface Choice {
  /** One trace of `every` is kept. */
  every: number;
  /** Units that were left out so far. */
  leftOut: number;
}

export const unitWindow = minutes(1);
/** Units that a window holds. */
export const mostInWindow = 2_000;

export const newChoice = (): Choice => ({ every: 1, leftOut: 0 });

/** Adds a unit, if its trace is one of those that are kept. */
export function addUnit(window: UnitWindow, unit: UnitOfWork): void {
  const { units } = window;
  if (!isKept(unit, window)) {
    window.leftOut++;
    return;
  }
  const key = `${unit.closed} ${unit.start} ${unit.trace}`;
  units.set(key, unit);
  while (units.size > mostInWindow && window.every < mostEvery) {
    window.every *= 2;
    for (const [other, known] of [...units.entries()]) {
      if (isKept(known, window)) continue;
      units.delete(other);
      window.leftOut++;
    }
  }
  if (units.size <= mostInWindow) return;
  // Ids made so that all of them are chosen.
  units.delete(key);
  window.leftOut++;
}

/** The units of the window that ends at `now`, those closed first come first; some may be there that come later. */
export const unitsIn = ({ units }: UnitWindow, now: Time): readonly UnitOfWork[] =>
  inOrder([...units.entries()].map(([, unit]) => unit).filter(({ closed }) => closed <= now));

/** Takes out the units that have left the window that ends at `now`; they come in order. */
export function takePassed(window: UnitWindow, now: Time): readonly UnitOfWork[] {
  const { units } = window;
  const passed = [...units.entries()].filter(([, { closed }]) => closed <= now - unitWindow);
  for (const [key] of passed) units.delete(key);
  if (window.every > 1 && units.size < mostInWindow / 8) window.every /= 2;
  return inOrder(passed.map(([, unit]) => unit));
}

const inOrder = (units: UnitOfWork[]): readonly UnitOfWork[] =>
  units.sort((a, b) => a.closed - b.closed || a.start - b.start || (a.trace < b.trace ? -1 : 1));

const isKept = ({ trace }: UnitOfWork, { every }: Choice): boolean => every === 1 || hash(trace) % every === 0;

/** FNV-1a, and a last mix, because its low bits follow those of the last letter. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b);
  return (sum ^ (sum >>> 16)) >>> 0;
}

const mostEvery = 2 ** 20;
