/**
 * Which words of a source's lines name services. A word may stand where a program names itself and be an order, a user,
 * a path. Names come back and values hardly do; so a new one is on trial until it is heard in a second minute of its
 * source's time, and a source has at most twenty on trial: so many new ones in a minute, and of those that do not come
 * back so many in an hour. Further ones name nothing.
 *
 * State: per source the names that came back, in two generations, the young one of those heard of lately, and those on
 * trial; plain JSON, stored with the job, so that a replay admits the same.
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
}

/** No names. */
export const newNames = (): SourceNames => ({ young: [], old: [], trial: [], told: null });

/** Whether a word that stands for a service at `time` is one. */
export function admits(names: SourceNames, name: string, time: Time): boolean {
  if (names.young.includes(name)) return true;
  const { trial } = names;
  const minute = Math.floor(time / minutes(1));
  const tried = trial.findIndex((candidate) => candidate.name === name);
  if (tried >= 0 && trial[tried]!.minute === minute) return true;
  if (tried >= 0 || names.old.includes(name)) {
    if (tried >= 0) trial.splice(tried, 1);
    keep(names, name);
    return true;
  }
  if (trial.length >= mostOnTrial) {
    const oldest = trial[0]!.minute;
    if ((minute - oldest) * minutes(1) < trialLasts) return false;
    names.trial = trial.filter((candidate) => candidate.minute !== oldest);
  }
  names.trial.push({ name, minute });
  return true;
}

function keep(names: SourceNames, name: string): void {
  if (names.young.length >= mostKept) {
    names.old = names.young;
    names.young = [];
  }
  names.young.push(name);
}

/** Whether it is to be told that a name was turned away at `time`: the first one, then once an hour. */
export function isToldAgain(names: SourceNames, time: Time): boolean {
  if (names.told !== null && time - names.told < trialLasts) return false;
  names.told = time;
  return true;
}

/** Names of a source on trial. */
export const mostOnTrial = 20;
/** How long a name is on trial that does not come back, where others want its place. */
const trialLasts = hours(1);
/** Names of a generation. */
const mostKept = 256;
