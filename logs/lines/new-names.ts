/**
 * Which names in a source's lines are names of services. A word may stand where a program names itself and be an order,
 * a user, a path; a wrapper or a record may name a container or a service that is not heard of again. Names come back
 * and values hardly do; so a new one is on trial until it is heard in a second minute of its source's time, and only so
 * many are on trial: so many new ones in a minute, and of those that do not come back so many in an hour. Further ones
 * name nothing. What a name costs does not depend on how many there are.
 *
 * State: of each source the names that came back, in two generations, the young one of those heard of lately, and those
 * on trial; plain JSON, stored with the job, so that a replay admits the same.
 */
import { hours, minutes, type Time } from '../../time/duration.ts';

/** What is known of a source's names. Plain JSON, changed in place. */
export interface SourceNames {
  young: string[];
  old: string[];
  /** Names heard in one minute only. */
  trial: { readonly name: string; readonly minute: number }[];
  /** When it was last told that a name was turned away; null if never. */
  told: Time | null;
  /** Lines whose name was turned away since then. */
  away?: number;
}

/** No names. */
export const newNames = (): SourceNames => ({ young: [], old: [], trial: [], told: null });

/** How many names a source may have on trial, and how many a generation of those that came back has. */
export interface NameBounds {
  readonly onTrial: number;
  readonly kept: number;
}

/**
 * Admits names within bounds.
 *
 * State: where each name of the sources asked for lately stands in what is known of them, which can be found again.
 *
 * @example
 * const admission = new NameAdmission({ onTrial: 1, kept: 8 });
 * const names = newNames();
 * admission.admits(names, 'cart', 0) // => true
 * admission.admits(names, 'order-7', 0) // => false
 * admission.admits(names, 'cart', 60_000) // => true
 * admission.admits(names, 'order-7', 60_000) // => true
 */
export class NameAdmission {
  /** Whether the last call changed what is known of the source. */
  changed = false;
  readonly #bounds: NameBounds;
  readonly #places = new WeakMap<SourceNames, Map<string, number>>();

  constructor(bounds: NameBounds) {
    this.#bounds = bounds;
  }

  /** Whether a word that stands for a service at `time` is one. */
  admits(names: SourceNames, name: string, time: Time): boolean {
    const places = this.#placesOf(names);
    const place = places.get(name);
    this.changed = false;
    if (place === inYoung) return true;
    const minute = Math.floor(time / minutes(1));
    if (place === minute) return true;
    if (place === undefined && names.trial.length >= this.#bounds.onTrial && !makeRoom(names, minute, places))
      return false;
    this.changed = true;
    if (place === undefined) {
      names.trial.push({ name, minute });
      places.set(name, minute);
      return true;
    }
    if (place !== inOld)
      names.trial.splice(
        names.trial.findIndex((candidate) => candidate.name === name),
        1,
      );
    this.#keep(names, name, places);
    return true;
  }

  #keep(names: SourceNames, name: string, places: Map<string, number>): void {
    if (names.young.length >= this.#bounds.kept) {
      for (const former of names.old) if (places.get(former) === inOld) places.delete(former);
      for (const former of names.young) places.set(former, inOld);
      names.old = names.young;
      names.young = [];
    }
    names.young.push(name);
    places.set(name, inYoung);
  }

  #placesOf(names: SourceNames): Map<string, number> {
    let places = this.#places.get(names);
    if (places !== undefined) return places;
    this.#places.set(names, (places = new Map()));
    for (const { name, minute } of names.trial) places.set(name, minute);
    for (const name of names.old) places.set(name, inOld);
    for (const name of names.young) places.set(name, inYoung);
    return places;
  }
}

/** Forgets the names that have been on trial for longest, if that was long enough; says whether it was. */
function makeRoom(names: SourceNames, minute: number, places: Map<string, number>): boolean {
  const oldest = names.trial[0]!.minute;
  if ((minute - oldest) * minutes(1) < trialLasts) return false;
  for (const { name, minute } of names.trial) if (minute === oldest) places.delete(name);
  names.trial = names.trial.filter((candidate) => candidate.minute !== oldest);
  return true;
}

/**
 * Counts a line whose name was turned away at `time`; returns how many were since that was last told if it is to be told
 * now, the first one and then once an hour, else 0.
 */
export function countAway(names: SourceNames, time: Time): number {
  const away = (names.away ?? 0) + 1;
  const isTold = names.told === null || time - names.told >= trialLasts;
  names.away = isTold ? 0 : away;
  if (!isTold) return 0;
  names.told = time;
  return away;
}

/** Names by words of a source's text. */
export const wordBounds: NameBounds = { onTrial: 20, kept: 256 };
/** Names of all that comes through one file or partition, by wrappers and records, too. */
export const originBounds: NameBounds = { onTrial: 500, kept: 4_000 };
/** How long a name is on trial that does not come back, where others want its place. */
const trialLasts = hours(1);
/** Where a name stands that is not on trial; those on trial have their minute. */
const [inYoung, inOld] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
