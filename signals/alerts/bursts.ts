/**
 * Bursts of alerts: far more of them begin within a minute than is usual. How many are usual is learned from the last
 * day: begins a minute, with a gamma prior of one in ten minutes, so that the count of a minute is negative binomial. A
 * fingerprint that comes and goes counts once a minute, and what a sender calls a notice never.
 */
import { days, minutes, type Time } from '../../time/duration.ts';
import { log10UpperTail } from '../negative-binomial.ts';

/** An alert that begins. */
export interface Begin {
  readonly at: Time;
  readonly service: string;
  readonly fingerprint: string;
}

/** How often alerts begin; stored as JSON. */
export interface AlertRate {
  /** Begins of the last minutes, which are not learned yet. */
  recent: Begin[];
  /** Begins that were learned, and in how many minutes; both fade. */
  begins: number;
  minutes: number;
  through: Time;
}

/** A burst: so many alerts within a minute. */
export interface Burst {
  readonly from: Time;
  readonly to: Time;
  readonly alerts: number;
  /** log10 of the probability of so many or more. */
  readonly log10p: number;
}

export const newAlertRate = (now: Time): AlertRate => ({ recent: [], begins: 0, minutes: 0, through: now });

/** Notes that an alert begins. */
export function noteBegin(rate: AlertRate, begin: Begin): void {
  if (rate.recent.length < mostRecent) rate.recent.push(begin);
}

/** Learns what began a while before `now`. */
export function learnBegins(rate: AlertRate, now: Time): void {
  const learned = now - learnedAfter;
  const passed = learned - rate.through;
  if (passed <= 0) return;
  const fade = 2 ** (-passed / halfLife);
  rate.minutes = rate.minutes * fade + passed / minutes(1);
  rate.through = learned;
  const rest = rate.recent.filter(({ at }) => at >= learned);
  rate.begins = rate.begins * fade + rate.recent.length - rest.length;
  rate.recent = rest;
}

/** The least probable minute among the recent begins that `counts`; undefined where none began. */
export function burstOf(rate: AlertRate, counts: (begin: Begin) => boolean): Burst | undefined {
  const recent = rate.recent.filter(counts).sort((a, b) => a.at - b.at);
  const inside = new Map<string, number>();
  let best = { alerts: 0, from: 0, to: 0 };
  for (let first = 0, next = 0; next < recent.length; next++) {
    const { at, fingerprint } = recent[next]!;
    inside.set(fingerprint, (inside.get(fingerprint) ?? 0) + 1);
    for (; recent[first]!.at + minutes(1) <= at; first++) {
      const { fingerprint: left } = recent[first]!;
      const rest = inside.get(left)! - 1;
      if (rest > 0) inside.set(left, rest);
      else inside.delete(left);
    }
    if (inside.size > best.alerts) best = { alerts: inside.size, from: recent[first]!.at, to: at };
  }
  if (best.alerts === 0) return undefined;
  const size = rate.begins + 1;
  return { ...best, log10p: log10UpperTail(best.alerts, { mean: size / (rate.minutes + priorMinutes), size }) };
}

/** Begins that are looked at; more do not make a burst any clearer. */
const mostRecent = 1_000;
/** Senders group what they tell, for as much as five minutes. */
const learnedAfter = minutes(10);
const halfLife = days(1);
const priorMinutes = 10;
