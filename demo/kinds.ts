/**
 * What each kind of fault and decoy does, how long and how badly. Severity is drawn at random from what such faults do
 * in practice, and then raised where the traffic of the hour is so thin that the fault could not be told from chance
 * within its limit: such a fault would measure luck. It is never raised beyond that point.
 */
import { type Duration, minutes, seconds, type Time } from '../time/duration.ts';
import type { Cause } from './failures.ts';
import {
  type Change,
  type DecoyKind,
  type Effect,
  type FaultKind,
  podReplacementMs,
  rolloutDelayMs,
  type Scheduled,
  type Shape,
} from './faults.ts';
import type { Random } from './random.ts';
import { requestsPerSecond, rhythm } from './rates.ts';
import { type ServiceName, services } from './shop.ts';

/** Shortest and longest, in minutes. */
const spans: Readonly<Record<Exclude<FaultKind | DecoyKind, 'nightly-batch'>, readonly [number, number]>> = {
  'bad-deploy': [8, 15],
  'slow-database': [7, 14],
  outage: [6, 12],
  'error-rise': [8, 15],
  'quiet-failure': [10, 15],
  silence: [18, 24],
  'slow-burn': [21, 27],
  flapping: [6, 10],
  surge: [8, 14],
  'harmless-change': [3, 3],
  maintenance: [10, 18],
};

/** How long `kind` lasts. */
export function spanOf(kind: keyof typeof spans, random: Random): Duration {
  const [shortest, longest] = spans[kind];
  return Math.round(random.between(minutes(shortest), minutes(longest)) / 1_000) * 1_000;
}

/** Where and when one is to happen, and what it may be drawn from. */
export interface Occasion {
  readonly start: Time;
  readonly end: Time;
  readonly random: Random;
  readonly linesPerSecond: number;
}

/** A fault or decoy of `kind` with its severity, its truth and the changes that go with it. */
export function occur(kind: keyof typeof spans, at: Occasion): Scheduled {
  const made = makers[kind](at);
  const decoy = kind === 'surge' || kind === 'harmless-change' || kind === 'maintenance';
  return { changes: [], ...made, kind, decoy, start: at.start, end: at.end };
}

type Made = Pick<Scheduled, 'service' | 'services' | 'description' | 'effects'> & {
  readonly changes?: readonly Change[];
};

const makers: Readonly<Record<keyof typeof spans, (at: Occasion) => Made>> = {
  'bad-deploy': (at) => {
    const { name, least } = choose(at, 60, 0.6);
    const share = Math.max(least, Math.exp(at.random.between(Math.log(0.08), Math.log(0.6))));
    const pods = services.find((s) => s.name === name)?.pods ?? 1;
    const backAt = at.end - pods * podReplacementMs;
    const before = versionOf(at.random);
    const changes = [
      deployment(at, { service: name, version: nextOf(before), time: at.start - rolloutDelayMs }),
      deployment(at, { service: name, version: before, time: backAt - rolloutDelayMs }),
    ];
    const effects = [failing(name, 'release', { share, shape: { kind: 'rollout', backAt } })];
    return { ...about(name, `${nextOf(before)} of ${name} fails ${percent(share)} of its requests`), effects, changes };
  },
  'slow-database': (at) => {
    const group = best(at, databases, { cost: (g) => leastShare(at, g.services, 75), most: 0.5 });
    const share = Math.max(leastShare(at, group.services, 75), at.random.between(0.15, 0.45));
    const slower = at.random.between(5, 15);
    const effects = group.services.map((name) => failing(name, 'database', { share, slower }));
    const what = `${group.name} is slow: ${percent(share)} of ${group.services.join(' and ')} time out`;
    return { ...about(group.services[0] as ServiceName, what), services: group.services, effects };
  },
  outage: (at) => {
    const pool = at.random.float() < 0.5 ? dependencies.slice(0, 1) : dependencies;
    const { service: name, peer } = best(at, pool, { cost: (d) => leastShare(at, [d.service], 75), most: 1 });
    const share = at.random.between(0.9, 1);
    return {
      ...about(name, `${peer} refuses connections of ${name}`),
      effects: [failing(name, 'refused', { share, peer })],
    };
  },
  'error-rise': (at) => {
    const excess = (name: ServiceName) => leastShare(at, [name], 75) / ordinaryShare(name);
    const failingAnyway = targets.filter((t) => ordinaryShare(t) > 0.002);
    const name = best(at, failingAnyway, { cost: excess, most: 2 });
    const factor = Math.min(6, Math.max(at.random.between(3, 3.5), 1 + excess(name)));
    const effects: Effect[] = [{ kind: 'restless', service: name, factor }];
    return { ...about(name, `ordinary errors of ${name} are ${factor.toFixed(1)} times as frequent`), effects };
  },
  'quiet-failure': () => ({
    ...about('settlement', 'settlement can not reach the bank and settles nothing'),
    effects: [failing('settlement', 'refused', { share: 1, peer: 'sepa.bank.example:8443' })],
  }),
  silence: (at) => {
    const name = at.random.pick(targets.filter((t) => t !== 'email'));
    return {
      ...about(name, `logs of ${name} stop while it goes on working`),
      effects: [{ kind: 'silent', service: name }],
    };
  },
  'slow-burn': (at) => {
    // Half of the peak is the mean of the three minutes that end two minutes before the limit.
    const { name, least } = choose(at, 180, 0.2);
    const share = Math.max(2 * least, at.random.between(0.15, 0.4));
    const shape: Shape = { kind: 'creep', ms: Math.round(at.random.between(minutes(15), minutes(20))) };
    const what = `${name} runs out of a resource: failures creep up to ${percent(share)}`;
    return { ...about(name, what), effects: [failing(name, 'leak', { share, shape })] };
  },
  flapping: (at) => {
    const { name, least } = choose(at, 45, 0.8);
    const share = Math.max(least, at.random.between(0.4, 0.8));
    const edges: Time[] = [];
    for (let t = at.start; t < at.end; t += Math.round(at.random.between(30, 60)) * 1_000) edges.push(t);
    const effects = [failing(name, 'flap', { share, shape: { kind: 'bursts', edges } })];
    return { ...about(name, `${name} fails ${percent(share)} of its requests, on and off`), effects };
  },
  surge: (at) => {
    const factor = at.random.between(2.7, 3.3);
    const effects: Effect[] = [{ kind: 'crowd', factor, rampMs: seconds(90) }];
    return { ...about('ingress', `${factor.toFixed(1)} times the customers, errors in proportion`), effects };
  },
  'harmless-change': (at) => {
    const service = at.random.pick(targets);
    const version = versionOf(at.random);
    const change = deployment(at, { service, version, time: at.start });
    const kind = at.random.float() < 0.7 ? 'deployment' : 'config';
    return {
      ...about(service, `${kind} of ${service} ${version} without effect`),
      effects: [],
      changes: [{ ...change, kind }],
    };
  },
  maintenance: (at) => {
    const service = at.random.pick(['recommendation', 'email'] as const);
    const share = at.random.between(0.3, 0.6);
    const shape: Shape = { kind: 'bursts', edges: [at.start + minutes(1), at.end - minutes(1)] };
    const change = deployment(at, { service, version: versionOf(at.random), time: at.start });
    const changes: Change[] = [{ ...change, kind: 'maintenance', until: new Date(at.end).toISOString() }];
    const what = `announced maintenance of ${service}, ${percent(share)} of its requests are refused`;
    return { ...about(service, what), effects: [failing(service, 'maintenance', { share, shape })], changes };
  },
};

/** Services that a fault of their own can strike. */
const targets = services.map((s) => s.name).filter((name) => name !== 'ingress' && name !== 'settlement');
/** Databases, and the services that keep data in each. */
const databases: readonly { readonly name: string; readonly services: readonly ServiceName[] }[] = [
  { name: 'stock-db', services: ['catalog', 'inventory'] },
  { name: 'accounts-db', services: ['user', 'cart'] },
  { name: 'orders-db', services: ['checkout', 'payment', 'shipping'] },
];
/** What each service needs outside the shop. The first, the payment provider, fails most. */
const dependencies: readonly { readonly service: ServiceName; readonly peer: string }[] = [
  { service: 'payment', peer: 'api.paygrid.example:443' },
  { service: 'shipping', peer: 'carrier.example:443' },
  { service: 'search', peer: '10.42.3.17:9200' },
  { service: 'user', peer: '10.42.5.40:6379' },
  { service: 'email', peer: 'smtp.relay.example:587' },
];
const authors = ['mira', 'jonas', 'aylin', 'petr', 'deploy-bot'] as const;

const ordinaryShare = (name: ServiceName) => services.find((s) => s.name === name)?.errorShare ?? 0;

/**
 * The least share of the requests to `names` that must fail on top of ordinary failures to stand out in `evidence`
 * seconds: its 5 % quantile reaches 4.3 standard deviations, and at least four, above the ordinary (Poisson counts).
 */
function leastShare(at: Occasion, names: readonly ServiceName[], evidence: number): number {
  let requests = 0;
  let ordinary = 0;
  for (const name of names) {
    const n = requestsPerSecond(name, at.linesPerSecond) * rhythm(at.start) * evidence;
    requests += n;
    ordinary += n * ordinaryShare(name);
  }
  const bar = ordinary + 4.3 * Math.sqrt(ordinary) + 4;
  const root = (1.64 + Math.sqrt(1.64 ** 2 + 4 * bar)) / 2;
  return (root ** 2 - ordinary) / requests;
}

/** A service in which a share of at most `most` stands out, and that least share. */
function choose(at: Occasion, evidence: number, most: number) {
  const name = best(at, targets, { cost: (target) => leastShare(at, [target], evidence), most });
  return { name, least: leastShare(at, [name], evidence) };
}

/** Any of `list` whose cost is at most `most`; where there is none, the cheapest. */
function best<T>(
  at: Occasion,
  list: readonly T[],
  { cost, most }: { readonly cost: (one: T) => number; readonly most: number },
): T {
  const fit = list.filter((one) => cost(one) <= most);
  return fit.length > 0 ? at.random.pick(fit) : ([...list].sort((a, b) => cost(a) - cost(b))[0] as T);
}

function failing(service: ServiceName, cause: Cause, how: Partial<Extract<Effect, { kind: 'failing' }>>): Effect {
  return { kind: 'failing', service, cause, share: 0, slower: 1, peer: '', shape: { kind: 'steady' }, ...how };
}

function deployment(at: Occasion, of: { service: ServiceName; version: string; time: Time }): Change {
  const { service, version, time } = of;
  return {
    timestamp: new Date(time).toISOString(),
    kind: 'deployment',
    service,
    version,
    author: at.random.pick(authors),
  };
}

const about = (service: ServiceName, description: string) => ({ service, services: [service], description });
const percent = (share: number) => `${Math.round(100 * share)} %`;
const versionOf = (random: Random) => `2.${10 + random.int(60)}.${random.int(8)}`;
const nextOf = (version: string) => version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
