/**
 * What happens in the simulated weeks: faults of several kinds at any hour, with their own law of how bad they are, and
 * things that look like faults and are none.
 */
import { Random } from '../../demo/random.ts';
import { type Duration, days, hours, minutes, seconds, type Time } from '../../time/duration.ts';
import { type Effect, noEffect, type ServiceLaw } from './law.ts';

/** A fault, or something harmless, on one service or on one and its callers. */
export interface Happening {
  readonly kind: (typeof faultKinds)[number] | (typeof decoyKinds)[number];
  readonly start: Time;
  readonly end: Time;
  readonly services: readonly string[];
  /** How bad: the share of lines that fails, or a factor. */
  readonly size: number;
  /** Whether a version is announced at its start. */
  readonly isDeployed: boolean;
}

/**
 * A share of lines fails at once; more and more fail; with a new version; of callers too. No line comes. Ordinary
 * errors become more, and stay so.
 */
export const faultKinds = ['failing', 'leak', 'bad deploy', 'cascade', 'outage', 'shift'] as const;
/** Three times the traffic; a flood of lines without errors; a version that is as good as the one before. */
export const decoyKinds = ['busy', 'chatty', 'good deploy'] as const;

export interface HappeningsOptions {
  readonly seed: number;
  readonly from: Time;
  readonly length: Duration;
  readonly faults: number;
  readonly services: readonly ServiceLaw[];
}

/** A service is left alone for so long between two happenings. */
const apart = hours(2);

/** All that happens, by time. */
export function happenings(options: HappeningsOptions): Happening[] {
  const random = new Random(options.seed, 'happenings');
  const decoys = Math.round(options.faults / 4);
  const kinds = [
    ...Array.from({ length: options.faults }, (_, i) => faultKinds[i % 50 === 49 ? 5 : i % 5]!),
    ...Array.from({ length: decoys * decoyKinds.length }, (_, i) => decoyKinds[i % decoyKinds.length]!),
  ];
  const taken: Happening[] = [];
  for (const kind of kinds) {
    let next: Happening;
    do next = draw(kind, random, options);
    while (taken.some((other) => areNear(other, next)));
    taken.push(next);
  }
  return taken.sort((a, b) => a.start - b.start);
}

function draw(kind: Happening['kind'], random: Random, { from, length, services }: HappeningsOptions): Happening {
  const start = from + Math.floor((random.float() * (length - hours(3))) / 1_000) * 1_000;
  const lasting = kind === 'chatty' ? random.between(1, 3) : random.logBetween(5, 40);
  const callers = kind === 'cascade' ? 1 + random.int(3) : 0;
  return {
    kind,
    start,
    end: kind === 'shift' ? from + length : start + Math.round(minutes(lasting)),
    services: random
      .shuffled(services)
      .slice(0, 1 + callers)
      .map(({ name }) => name),
    size:
      kind === 'shift'
        ? random.between(5, 20)
        : kind === 'chatty'
          ? random.between(10, 50)
          : random.logBetween(0.02, 0.8),
    isDeployed: kind === 'bad deploy' || kind === 'good deploy',
  };
}

/** Whether two happenings share a service within two hours; what stays counts for its first three hours. */
function areNear(a: Happening, b: Happening): boolean {
  const [endA, endB] = [a, b].map(({ kind, start, end }) => (kind === 'shift' ? start + hours(3) : end)) as [
    Time,
    Time,
  ];
  return a.start < endB + apart && b.start < endA + apart && a.services.some((name) => b.services.includes(name));
}

/** What a happening does to its service number `index` at a time. */
export function effectOf({ kind, start, end, size }: Happening, index: number, time: Time): Effect {
  // What a caller notices comes a little later, and not all of it.
  const since = time - start - index * seconds(10);
  if (since < 0 || time >= end) return noEffect;
  switch (kind) {
    case 'failing':
    case 'bad deploy':
      return { ...noEffect, failing: size };
    case 'cascade':
      return { ...noEffect, failing: size / (index + 1) };
    case 'leak':
      return { ...noEffect, failing: size * Math.min(1, since / minutes(10)) };
    case 'outage':
      return { ...noEffect, silent: true };
    case 'shift':
      return { ...noEffect, shifted: size };
    case 'busy':
      return { ...noEffect, traffic: 3 };
    case 'chatty':
      return { ...noEffect, chatter: size };
    case 'good deploy':
      return noEffect;
  }
}

/**
 * Whether a person who saw every line could hardly know within two minutes: fewer than six lines are missing or fail.
 * A leak has grown by then to a fifth.
 */
export function isFaint({ kind, start, services, size }: Happening, laws: ReadonlyMap<string, ServiceLaw>): boolean {
  const law = laws.get(services[0]!)!;
  const lines = 2 * law.usual(start);
  const shown = { outage: 1, shift: law.errorShare * size, leak: size / 10 }[kind as 'outage'] ?? size;
  return lines * shown < 6;
}

export const firstDay = days(1);
