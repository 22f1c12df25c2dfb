/**
 * Which service an event counts for that names none and has no header that could, such as a trace on standard error
 * between the records of a logger. If nearly all that a source's other events name is one service, it is that one.
 * Where they name several, it is the service of the error directly before it, if that speaks of what was thrown; else
 * none is known, and the event is its source's.
 *
 * State: of each source how often its events named which service; plain JSON, stored with the job.
 */
import { isMild } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';

/** What a source's events have named. Plain JSON, changed in place. */
export interface NamedServices {
  /** The service that most events name, and how many did. */
  name: string;
  agree: number;
  /** Whether only words of a text name it, which may be something else. */
  byWord: boolean;
  /** Events that named another one, and events with a header that named none. */
  others: number;
  none: number;
  /** The error directly before, and what it says. */
  before?: { readonly service: string; readonly said: string };
}

/** Nothing was named. */
export const newNamed = (): NamedServices => ({ name: '', agree: 0, byWord: true, others: 0, none: 0 });

/**
 * Gives an event without a header that names no service the one that it counts for, if that is known; of any other
 * event, notes what it names.
 */
// hot: called for every event.
export function settleService(named: NamedServices, log: ParsedLog, isNamed: boolean): void {
  const { before } = named;
  if (before !== undefined) delete named.before;
  if (isNamed) noteService(named, log);
  else if (log.timestampSource === 'line') named.none++;
  else {
    const service = mainService(named) ?? (before !== undefined && speaksOf(before.said, log) ? before.service : null);
    if (service === null) return;
    log.service = service;
    delete log.longService;
    return;
  }
  if (named.agree + named.others + named.none > mostCounted) halve(named);
}

function noteService(named: NamedServices, { service, level, message, outerService }: ParsedLog): void {
  if (named.name === service) named.agree++;
  else if (named.others < named.agree) named.others++;
  else {
    named.others = named.agree;
    named.agree = 1;
    named.byWord = true;
    named.name = service;
  }
  if (outerService === undefined && named.name === service) named.byWord = false;
  if (level !== null && !isMild(level)) named.before = { service, said: message.slice(0, mostSaid) };
}

/** The service that nearly all events name, and more than name none. */
function mainService({ name, agree, byWord, others, none }: NamedServices): string | null {
  const isMain = agree >= leastShare * others && agree >= none && agree >= (byWord ? enoughWords : 1);
  return isMain ? name : null;
}

/** Whether an error names what the trace behind it is of, or says that it follows. */
function speaksOf(said: string, { parsed_fields: fields }: ParsedLog): boolean {
  const [type, message] = [fields['error.type'], fields['error.message']];
  if (typeof type !== 'string') return false;
  const word = /\w+$/.exec(type)?.[0] ?? type;
  if (word.length >= shortest && said.includes(word)) return true;
  return (typeof message === 'string' && message.length >= shortest && said.includes(message)) || said.endsWith(':');
}

function halve(named: NamedServices): void {
  named.agree >>= 1;
  named.others >>= 1;
  named.none >>= 1;
}

/** After so many events what was counted weighs half. */
const mostCounted = 1_000;
/** For each event that names another service, so many must name this one. */
const leastShare = 19;
/** So many events must say a word before it is believed to name the service of others. */
const enoughWords = 20;
/** What is kept of an error's text. */
const mostSaid = 300;
/** Shorter words stand in many texts. */
const shortest = 6;
