/**
 * What each kind of fault and decoy does, where, how long and how badly. Victims and severities are drawn by laws of
 * their own: where nothing else is known, the share of requests that fail has an even logarithm, so that slight faults
 * are as frequent as grave ones. Nothing is made worse so that it shows, and a service that is rare stays rare while it
 * is broken; what leaves hardly a line is for `truth.ts` to count.
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
import { type ServiceName, services } from './shop.ts';

type Drawn = Exclude<FaultKind | DecoyKind, 'nightly-batch'>;

/** Shortest and longest, in minutes. */
const spans: Readonly<Record<Drawn, readonly [number, number]>> = {
  'bad-deploy': [8, 15],
  'slow-database': [7, 14],
  outage: [6, 12],
  'error-rise': [8, 15],
  'quiet-failure': [10, 15],
  silence: [18, 24],
  'slow-burn': [21, 27],
  flapping: [6, 10],
  'bad-node': [5, 12],
  surge: [8, 14],
  'harmless-change': [3, 3],
  maintenance: [10, 18],
  blip: [0.05, 0.5],
};

/** How long `kind` lasts. */
export function spanOf(kind: Drawn, random: Random): Duration {
  const [shortest, longest] = spans[kind];
  return Math.round(random.between(minutes(shortest), minutes(longest)) / 1_000) * 1_000;
}

/** Where and when one is to happen, and what it may be drawn from. */
export interface Occasion {
  readonly start: Time;
  readonly end: Time;
  readonly random: Random;
}

const decoys: ReadonlySet<string> = new Set<DecoyKind>(['surge', 'harmless-change', 'maintenance', 'blip']);

/** A fault or decoy of `kind` with its severity, its truth and the changes that go with it. */
export function occur(kind: Drawn, at: Occasion): Scheduled {
  return { changes: [], ...makers[kind](at), kind, decoy: decoys.has(kind), start: at.start, end: at.end };
}

type Made = Pick<Scheduled, 'service' | 'services' | 'description' | 'effects'> & {
  readonly changes?: readonly Change[];
};

/** Services that answer requests. */
const served = services.map((s) => s.name).filter((name) => name !== 'settlement');
/** Stores, and the services that keep data in each. */
const stores: readonly { readonly name: string; readonly services: readonly ServiceName[] }[] = [
  { name: 'stock-db', services: ['catalog', 'inventory'] },
  { name: 'accounts-db', services: ['user', 'cart'] },
  { name: 'orders-db', services: ['checkout', 'payment', 'shipping'] },
  { name: 'search-index', services: ['search', 'recommendation'] },
  { name: 'mail-queue', services: ['email', 'checkout'] },
];
/** What services need outside the shop. */
const dependencies: readonly { readonly service: ServiceName; readonly peer: string }[] = [
  { service: 'payment', peer: 'api.paygrid.example:443' },
  { service: 'shipping', peer: 'carrier.example:443' },
  { service: 'search', peer: '10.42.3.17:9200' },
  { service: 'user', peer: '10.42.5.40:6379' },
  { service: 'cart', peer: '10.42.5.41:6379' },
  { service: 'email', peer: 'smtp.relay.example:587' },
  { service: 'catalog', peer: 'media.example:443' },
  { service: 'recommendation', peer: '10.42.3.90:8501' },
  { service: 'inventory', peer: 'edi.wholesale.example:443' },
];
const bank = { service: 'settlement', peer: 'sepa.bank.example:8443' } as const;
/** Of these the first writes a line in 100 seconds and the others one for some orders. */
const rare = [bank, ...dependencies.filter(({ service }) => service === 'email' || service === 'shipping')];
const authors = ['mira', 'jonas', 'aylin', 'petr', 'deploy-bot'] as const;

const makers: Readonly<Record<Drawn, (at: Occasion) => Made>> = {
  'bad-deploy': ({ random, ...at }) => {
    // One in four is of a library, and goes out with two services.
    const names = random.shuffled(served).slice(0, random.float() < 0.25 ? 2 : 1);
    const share = random.logBetween(0.02, 1);
    const before = versionOf(random);
    const changes: Change[] = [];
    const effects = names.map((name) => {
      const pods = services.find((s) => s.name === name)?.pods ?? 1;
      const backAt = at.end - pods * podReplacementMs;
      const change = { service: name, author: random.pick(authors) };
      changes.push(deployment({ ...change, version: nextOf(before), time: at.start - rolloutDelayMs }));
      changes.push(deployment({ ...change, version: before, time: backAt - rolloutDelayMs }));
      return failing(name, 'release', { share, shape: { kind: 'rollout', backAt } });
    });
    return {
      ...about(names, `${nextOf(before)} of ${list(names)} fails ${percent(share)} of requests`),
      effects,
      changes,
    };
  },
  'slow-database': ({ random }) => {
    const store = random.pick(stores);
    const share = random.logBetween(0.02, 0.9);
    const slower = random.between(5, 15);
    const effects = store.services.map((name) => failing(name, 'database', { share, slower }));
    const what = `${store.name} is slow: ${percent(share)} of ${list(store.services)} time out`;
    return { ...about(store.services, what), effects };
  },
  outage: ({ random }) => {
    const { service, peer } = random.pick(dependencies);
    const share = random.logBetween(0.1, 1);
    const what = `${peer} refuses ${percent(share)} of the connections of ${service}`;
    return { ...about([service], what), effects: [failing(service, 'refused', { share, peer })] };
  },
  'error-rise': ({ random }) => {
    const service = random.pick(served);
    const factor = random.logBetween(2, 12);
    const what = `ordinary errors of ${service} are ${factor.toFixed(1)} times as frequent`;
    return { ...about([service], what), effects: [{ kind: 'restless', service, factor }] };
  },
  'quiet-failure': ({ random }) => {
    const { service, peer } = random.pick(rare);
    const effects = [failing(service, 'refused', { share: 1, peer })];
    return { ...about([service], `${service} can not reach ${peer} and does nothing`), effects };
  },
  silence: ({ random }) => {
    const service = random.pick(services).name;
    const what = `logs of ${service} stop while it goes on working`;
    return { ...about([service], what), effects: [{ kind: 'silent', service }] };
  },
  'slow-burn': ({ random }) => {
    const service = random.pick(served);
    const share = random.logBetween(0.03, 0.8);
    const shape: Shape = { kind: 'creep', ms: Math.round(random.between(minutes(15), minutes(20))) };
    const what = `${service} runs out of a resource: failures creep up to ${percent(share)}`;
    return { ...about([service], what), effects: [failing(service, 'leak', { share, shape })] };
  },
  flapping: ({ random, ...at }) => {
    const service = random.pick(served);
    const share = random.logBetween(0.05, 1);
    const edges: Time[] = [];
    for (let t = at.start; t < at.end; t += Math.round(random.between(30, 60)) * 1_000) edges.push(t);
    const effects = [failing(service, 'flap', { share, shape: { kind: 'bursts', edges } })];
    return { ...about([service], `${service} fails ${percent(share)} of its requests, on and off`), effects };
  },
  'bad-node': ({ random }) => {
    const names = random.shuffled(served).slice(0, 2 + random.int(3));
    const effects = names.map((name) => failing(name, 'flap', { share: random.logBetween(0.05, 0.5) }));
    return { ...about(names, `a node loses packets; pods of ${list(names)} run on it`), effects };
  },
  surge: ({ random }) => {
    const factor = random.logBetween(1.8, 4);
    const effects: Effect[] = [{ kind: 'crowd', factor, rampMs: seconds(90) }];
    return { ...about(['ingress'], `${factor.toFixed(1)} times the customers, errors in proportion`), effects };
  },
  'harmless-change': ({ random, start }) => {
    const service = random.pick(served);
    const version = versionOf(random);
    const kind = random.float() < 0.7 ? 'deployment' : 'config';
    const change = deployment({ service, version, time: start, author: random.pick(authors) });
    const what = `${kind} of ${service} ${version} without effect`;
    return { ...about([service], what), effects: [], changes: [{ ...change, kind }] };
  },
  maintenance: ({ random, ...at }) => {
    // The services that others can do without: of others the callers would fail, who announced nothing.
    const service = random.pick(['recommendation', 'email'] as const);
    const share = random.between(0.3, 0.6);
    const shape: Shape = { kind: 'bursts', edges: [at.start + minutes(1), at.end - minutes(1)] };
    const change = deployment({ service, version: versionOf(random), time: at.start, author: random.pick(authors) });
    const changes: Change[] = [{ ...change, kind: 'maintenance', until: new Date(at.end).toISOString() }];
    const what = `announced maintenance of ${service}, ${percent(share)} of its requests are refused`;
    return { ...about([service], what), effects: [failing(service, 'maintenance', { share, shape })], changes };
  },
  blip: ({ random }) => {
    const service = random.pick(served);
    const share = random.logBetween(0.02, 0.5);
    const what = `a hiccup of the network: ${service} fails ${percent(share)} of its requests for a moment`;
    return { ...about([service], what), effects: [failing(service, 'flap', { share })] };
  },
};

function failing(service: ServiceName, cause: Cause, how: Partial<Extract<Effect, { kind: 'failing' }>>): Effect {
  return { kind: 'failing', service, cause, share: 0, slower: 1, peer: '', shape: { kind: 'steady' }, ...how };
}

function deployment(of: { service: ServiceName; version: string; time: Time; author: string }): Change {
  const { service, version, time, author } = of;
  return { timestamp: new Date(time).toISOString(), kind: 'deployment', service, version, author };
}

const about = (struck: readonly ServiceName[], description: string) => ({
  service: struck[0] as ServiceName,
  services: struck,
  description,
});
const list = (names: readonly string[]) => names.join(' and ');
const percent = (share: number) => `${Math.round(100 * share)} %`;
const versionOf = (random: Random) => `2.${10 + random.int(60)}.${random.int(8)}`;
const nextOf = (version: string) => version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
