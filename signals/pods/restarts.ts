/**
 * What Kubernetes tells of the pods of a service, and the kind of signals `restarts`: they crash or are killed for
 * their memory again and again. One restart tells nothing by itself; five in ten minutes do, and back-off makes them
 * rarer while nothing is well, so that it is over only ten minutes after the last. An event comes again with a higher
 * count, and is as often there as the count has grown; where an event tells no count, a later one counts once more.
 */
import { cutText } from '../../codecs/utf8.ts';
import { hours, minutes, seconds, type Time } from '../../time/duration.ts';
import type { PodEvent, Trouble } from '../inputs/pods/pod-event.ts';
import { type SignalKind, timeOfDay } from '../signal-kind.ts';

/** What is kept of a service's pods; stored as JSON. */
export interface KnownPods {
  events: readonly KnownEvent[];
  /** Restarts and when they were told. */
  restarts: readonly (readonly [at: Time, times: number])[];
  troubles: readonly ToldTrouble[];
}

interface KnownEvent {
  readonly id: string;
  readonly count: number;
  readonly last: Time;
}

/** A trouble of some pods. */
export interface ToldTrouble {
  readonly trouble: Trouble;
  /** Of the last event that told it; the message is untrusted text. */
  readonly reason: string;
  readonly instance: string | null;
  readonly message: string;
  readonly since: Time;
  readonly last: Time;
  readonly times: number;
}

export const newPods = (): KnownPods => ({ events: [], restarts: [], troubles: [] });

/** Takes in an event; returns how often what it tells has happened since it was last told. */
export function notePodEvent(pods: KnownPods, event: PodEvent): number {
  const { id, count, time, trouble, reason, instance, message, first_seen: first } = event;
  const known = pods.events.find((each) => each.id === id);
  const times = Math.min(mostTimes, timesOf(event, known));
  const last = Math.max(time, known?.last ?? time);
  const others = pods.events.filter((each) => each.id !== id && each.last + keptFor > time);
  pods.events = [...others, { id, count: Math.max(count, known?.count ?? 0), last }].slice(-mostEvents);
  if (times === 0) return 0;
  if (trouble === 'crash' || trouble === 'out-of-memory') {
    const recent = pods.restarts.filter(([at]) => at + restartWindow > time);
    pods.restarts = [...recent, [time, times] as const].slice(-mostEvents);
  }
  const before = pods.troubles.find((each) => each.trouble === trouble && each.last + toldFor > first);
  const since = Math.min(first, before?.since ?? first);
  const told = { trouble, reason, instance, message: cutText(message, longestMessage).toWellFormed(), since };
  const rest = pods.troubles.filter((each) => each.trouble !== trouble);
  pods.troubles = [
    { ...told, last: Math.max(time, before?.last ?? time), times: times + (before?.times ?? 0) },
    ...rest,
  ];
  return times;
}

function timesOf({ count, time, first_seen: first }: PodEvent, known: KnownEvent | undefined): number {
  if (known === undefined) {
    // Of what has been going on for long, as much as belongs to the last minutes.
    const share = time > first ? Math.min(1, restartWindow / (time - first)) : 1 / count;
    return Math.max(1, Math.round(count * share));
  }
  if (count > known.count) return count - known.count;
  return count === 1 && time - known.last >= leastApart ? 1 : 0;
}

/** Restarts in the ten minutes up to `end`. */
export function restartsIn({ restarts }: KnownPods, end: Time): number {
  let sum = 0;
  for (const [at, times] of restarts) if (at < end && at + restartWindow > end) sum += times;
  return sum;
}

/** When the last restart before `end` was told; −∞ where there is none. */
export const lastRestart = ({ restarts }: KnownPods, end: Time): Time =>
  restarts.reduce((latest, [at]) => (at < end ? Math.max(latest, at) : latest), Number.NEGATIVE_INFINITY);

/** Troubles that are still to be told at `end`, the last one first. */
export const troublesAt = ({ troubles }: KnownPods, end: Time): readonly ToldTrouble[] =>
  troubles.filter(({ since, last }) => since < end && last + toldFor > end).sort((a, b) => b.last - a.last);

/** Restarts that count by themselves. */
export const manyRestarts = 5;
/** How long they are counted, and how long none must come until they are over. */
const restartWindow = minutes(10);

/** Restarts of a service's pods. */
export interface Restarts {
  readonly times: number;
  readonly onset: Time;
}

export const restarts: SignalKind<Restarts> = {
  find: ({ times, onset }) => {
    return { window: restartWindow, observed: times, expected: 0, ratio: times, log10p: -times, onset };
  },
  /** Each restart counts as an error that is critical. */
  scored: ({ times }) => ({ observed: [0, 0, times, 0], expected: [0, 0, 0, 0] }),
  describe: ({ told }) => told?.[0] ?? 'its pods restart again and again',
};

/**
 * A trouble as people read it.
 *
 * @example
 * const trouble = { reason: 'OOMKilled', instance: 'cart-7f', message: '', times: 3, since: 3_723_000 };
 * troubleText(trouble, 3_800_000) // => 'OOMKilled of cart-7f, 3 times since 01:02:03'
 */
export function troubleText(
  { reason, instance, message, times, since }: Pick<ToldTrouble, 'reason' | 'instance' | 'message' | 'times' | 'since'>,
  end: Time,
): string {
  const whose = instance === null ? '' : ` of ${instance}`;
  const often = times === 1 ? ` at ${timeOfDay(since, end)}` : `, ${times} times since ${timeOfDay(since, end)}`;
  return `${reason}${whose}${often}${message === '' ? '' : `: ${message}`}`;
}

/** What a pod tells is told for so long. */
const toldFor = minutes(10);
const keptFor = hours(2);
/** Two that tell no count are two when they are so far apart: ages are rounded. */
const leastApart = seconds(5);
const mostEvents = 200;
/** More of one event are as bad. */
const mostTimes = 1_000;
const longestMessage = 200;
