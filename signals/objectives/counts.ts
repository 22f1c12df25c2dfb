/**
 * Requests counted by time: of ten seconds as lines and spans tell them, then by minutes, ten minutes and days, each
 * for as long as a window needs it and no longer. Where spans of an objective come, lines that tell of the same
 * requests are not counted.
 */
import { json } from '../../codecs/codec.ts';
import { type Duration, days, hours, minutes, type Time } from '../../time/duration.ts';
import type { Aggregate } from '../../windows/aggregate.ts';
import { paneMs } from '../panes.ts';
import { isBad, type Objective, objectiveId, type ServedRequest } from './objective.ts';

/** Requests, and how many of them were bad. */
export interface Served {
  readonly total: number;
  readonly bad: number;
}

/** Of each objective of a service, by its id, requests that spans and lines tell; plain JSON. */
export type PaneCounts = Record<string, PaneCount>;
export type PaneCount = [spans: number, badSpans: number, lines: number, badLines: number];

/** The aggregate that counts the requests of a service */
export function countRequests(
  objectives: ReadonlyMap<string, readonly Objective[]>,
): Aggregate<ServedRequest, PaneCounts, PaneCounts> {
  const known = new Map([...objectives].map(([service, of]) => [service, of.map((o) => [objectiveId(o), o] as const)]));
  return {
    name: 'requests',
    codec: json<PaneCounts>(),
    intact: 'storable',
    create: () => ({}),
    add(counts, request) {
      for (const [id, objective] of known.get(request.service) ?? []) {
        const bad = isBad(objective, request);
        if (bad === undefined) continue;
        const count = (counts[id] ??= [0, 0, 0, 0]);
        const at = request.isSpan ? 0 : 2;
        count[at]!++;
        if (bad) count[at + 1]!++;
      }
      return counts;
    },
    merge(counts, more) {
      for (const [id, added] of Object.entries(more)) {
        const count = (counts[id] ??= [0, 0, 0, 0]);
        for (let i = 0; i < count.length; i++) count[i]! += added[i]!;
      }
      return counts;
    },
    result: (counts) => counts,
  };
}

type Bucket = [index: number, total: number, bad: number];

/** Counts of an objective; plain JSON, changed in place. Each list is in order of time. */
export interface Counted {
  readonly minutes: Bucket[];
  readonly tens: Bucket[];
  readonly days: Bucket[];
  /** The begin of the first ten seconds with a request; ends of the last with one, a bad one and a span. */
  first: Time | null;
  last: Time | null;
  lastBad: Time | null;
  lastSpan: Time | null;
}

export const newCounted = (): Counted => ({
  ...{ minutes: [], tens: [], days: [] },
  ...{ first: null, last: null, lastBad: null, lastSpan: null },
});

/** The lists, and for how long each is kept: the step more because a window may begin within it. */
const lists = { minutes: minutes(1), tens: minutes(10), days: days(1) } as const;
const kept = { minutes: hours(1), tens: hours(6), days: days(90) } as const;
export type List = keyof typeof lists;

/** Adds ten seconds that end at `end`. */
export function addPane(counted: Counted, [spans, badSpans, lines, badLines]: Readonly<PaneCount>, end: Time): void {
  if (spans > 0) counted.lastSpan = Math.max(counted.lastSpan ?? end, end);
  const isBySpans = counted.lastSpan !== null && end - counted.lastSpan < spansFor;
  const [total, bad] = isBySpans ? [spans, badSpans] : [lines, badLines];
  if (total === 0) return;
  counted.first = Math.min(counted.first ?? end, end - paneMs);
  counted.last = Math.max(counted.last ?? end, end);
  if (bad > 0) counted.lastBad = Math.max(counted.lastBad ?? end, end);
  for (const list of ['minutes', 'tens', 'days'] as const) addTo(counted[list], list, { total, bad, end });
}

function addTo(buckets: Bucket[], list: List, { total, bad, end }: Served & { readonly end: Time }): void {
  const index = indexOf(end - 1, list);
  let at = buckets.length;
  while (at > 0 && buckets[at - 1]![0] > index) at--;
  const bucket = buckets[at - 1];
  if (bucket?.[0] === index) {
    bucket[1] += total;
    bucket[2] += bad;
  } else buckets.splice(at, 0, [index, total, bad]);
  const oldest = buckets.at(-1)![0] - kept[list] / lists[list];
  while (buckets[0]![0] < oldest) buckets.shift();
}

const indexOf = (time: Time, list: List): number => Math.floor(time / lists[list]);

/** Requests of the window that ends at `end`, and those before it in the minute, ten minutes or day it begins in. */
export function servedIn(counted: Counted, list: List, { end, window }: Window): Served {
  let [total, bad] = [0, 0];
  for (const bucket of bucketsOf(counted, list, { end, window })) {
    total += bucket[1];
    bad += bucket[2];
  }
  return { total, bad };
}

interface Window {
  readonly end: Time;
  readonly window: Duration;
}

function bucketsOf(counted: Counted, list: List, { end, window }: Window): readonly Bucket[] {
  const from = indexOf(end - window, list);
  const all = counted[list];
  let at = all.length;
  while (at > 0 && all[at - 1]![0] >= from) at--;
  return all.slice(at);
}

/**
 * When a window's bad requests began to be more than `share` of all: the begin of the minute or ten minutes from which
 * on they exceed that most.
 */
export function onsetIn(
  counted: Counted,
  list: List,
  { end, window, share }: Window & { readonly share: number },
): Time {
  let [sum, most, onset] = [0, 0, end];
  for (const [index, total, bad] of bucketsOf(counted, list, { end, window }).toReversed()) {
    sum += bad - share * total;
    if (sum <= most) continue;
    most = sum;
    onset = index * lists[list];
  }
  return onset;
}

/** Behind the last span for so long, lines are not counted. */
const spansFor = hours(1);
