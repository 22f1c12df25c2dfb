/**
 * What ten seconds of one service come down to: counts by severity, a few lines to look at, and the services that its
 * errors blame.
 * Adding is the hot path of the whole job: for a line that is no error it is two additions and two
 * comparisons.
 */
import { cutText } from '../codecs/utf8.ts';
import { boundedName } from '../logs/lines/source-name.ts';
import type { ParsedLog } from '../logs/parsed-log.ts';
import { isDigit } from '../logs/text.ts';
import { seconds, type Time } from '../time/duration.ts';
import type { Aggregate } from '../windows/aggregate.ts';
import { blamedBy } from './blame.ts';

/** The length of a pane. Every window of detection is a whole number of them. */
export const paneMs = seconds(10);

/** The severities that detection counts, from the mildest; errors are all but warnings. */
export const severities = ['WARN', 'ERROR', 'CRITICAL', 'FATAL'] as const;
/** Lines by severity, in the order of `severities`. */
export type Counts = [warn: number, error: number, critical: number, fatal: number];

/** A line kept for people to look at. */
export interface Sample {
  readonly time: Time;
  readonly level: string;
  readonly message: string;
}

/** How many errors blame a service. */
export type Blame = [service: string, errors: number];

/** Ten seconds of one service. */
export interface Pane {
  total: number;
  counts: Counts;
  samples: Sample[];
  /** Errors by the service that they say is at fault; `*` where they only say that it is some other. */
  blames: Blame[];
  /** Time of its last line; 0 without any. */
  last: Time;
  /** What its lines came through: files, partitions of topics. */
  origins: string[];
}

const mostSamples = 3;
const mostBlamed = 8;
const mostOrigins = 16;
const sampleLength = 400;

const ranks: Readonly<Record<string, number>> = { WARN: 0, ERROR: 1, CRITICAL: 2, FATAL: 3 };

/**
 * The place of a level among `severities`; −1 for those below.
 *
 * @example
 * levelRank('ERROR') // => 1
 * levelRank('INFO') // => -1
 */
export const levelRank = (level: string | null): number => (level === null ? -1 : (ranks[level] ?? -1));

/** A pane of no lines. */
export const emptyPane = (): Pane => ({
  total: 0,
  counts: [0, 0, 0, 0],
  samples: [],
  blames: [],
  last: 0,
  origins: [],
});

/**
 * How many of the counted lines are errors.
 *
 * @example
 * errorsOf([9, 3, 1, 1]) // => 5
 */
export const errorsOf = (counts: Readonly<Counts>): number => counts[1] + counts[2] + counts[3];

/** The aggregate that makes panes of lines; `codec` says how a pane that is still open is stored. */
export function paneAggregate(codec: Aggregate<ParsedLog, Pane, Pane>['codec']): Aggregate<ParsedLog, Pane, Pane> {
  const result = (pane: Pane) => pane;
  return Object.freeze({ name: 'pane', codec, create: emptyPane, add: addLine, merge: addPane, result });
}

function addLine(pane: Pane, log: ParsedLog, time: Time): Pane {
  pane.total++;
  if (time > pane.last) pane.last = time;
  const { level, origin } = log;
  if (origin !== undefined && pane.origins[0] !== origin) addOrigin(pane.origins, origin);
  const rank = level === null ? undefined : ranks[level];
  if (rank === undefined) return pane;
  pane.counts[rank]!++;
  if (rank > 0) addError(pane, log, time);
  return pane;
}

/** Adds what was counted elsewhere of the same pane; nothing of `more` is kept. */
function addPane(pane: Pane, more: Pane): Pane {
  pane.total += more.total;
  for (let s = 0; s < pane.counts.length; s++) pane.counts[s]! += more.counts[s]!;
  pane.last = Math.max(pane.last, more.last);
  for (const origin of more.origins) addOrigin(pane.origins, origin);
  for (const [service, errors] of more.blames) addBlame(pane.blames, service, errors);
  for (const sample of more.samples) addSample(pane.samples, { ...sample });
  return pane;
}

function addError(pane: Pane, log: ParsedLog, time: Time): void {
  const blamed = blamedBy(log);
  if (blamed !== null) addBlame(pane.blames, blamed, 1);
  if (pane.samples.length >= mostSamples) return;
  addSample(pane.samples, { time, level: log.level!, message: cutText(log.message, sampleLength) });
}

function addSample(samples: Sample[], sample: Sample): void {
  if (samples.length < mostSamples && !samples.some((s) => alike(s.message, sample.message))) samples.push(sample);
}

function addOrigin(origins: string[], origin: string): void {
  if (origins.length >= mostOrigins) return;
  const name = boundedName(origin);
  if (!origins.includes(name)) origins.push(name);
}

/** Adds to a bounded list of blames; names beyond its bound are left out. */
export function addBlame(blames: Blame[], service: string, errors: number): void {
  const known = blames.find(([name]) => name === service);
  if (known !== undefined) known[1] += errors;
  else if (blames.length < mostBlamed) blames.push([service, errors]);
}

/** Whether two messages begin alike, digits aside: a second line of the same kind shows nothing new. */
function alike(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length, 32);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y && !(isDigit(x) && isDigit(y))) return false;
  }
  return true;
}
