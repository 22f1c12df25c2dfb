/**
 * The shop's past, ten seconds by ten seconds: how many clicks of each sort there were, by the laws of the traffic
 * (rhythm of day and week, mood, ordinary failures, blips, customers that try again), and what the services logged
 * without customers. Errors are of ordinary days: there are no faults in it.
 */
import { type Duration, seconds, type Time } from '../time/duration.ts';
import { Background } from './background.ts';
import { type Condition, healthy, type Scheduled, settle } from './faults.ts';
import { Mood } from './mood.ts';
import { operations } from './operations.ts';
import type { Sink } from './output.ts';
import { Random } from './random.ts';
import { clicksPerSecond, rhythm, usualLinesPerSecond } from './rates.ts';
import { hiccupShare } from './request.ts';
import { indexOf, journeys, services } from './shop.ts';
import type { Specimen } from './specimens.ts';
import { Traces } from './traces.ts';
import { entryOf, openSites, retry, serviceOf } from './traffic.ts';
import { Visit } from './visit.ts';

/** Ten seconds of the past. Lists without words run parallel to `services` or to the specimens. */
export interface PastSpan {
  readonly start: Time;
  /** How many clicks of each sort. */
  readonly clicks: Uint32Array;
  /** Lines that do not come of clicks, and how many of them are errors. */
  readonly lines: Uint32Array;
  readonly errors: Uint32Array;
}

/** The length of a span. */
export const spanMs: Duration = seconds(10);

export interface PastOptions {
  readonly seed: number;
  /** A whole multiple of ten seconds. */
  readonly start: Time;
  /** What happens meanwhile; only blips are looked for. */
  readonly blips: readonly Scheduled[];
  readonly specimens: readonly Specimen[];
}

/** The past from `start` on. */
export class Past {
  readonly #options: PastOptions;
  readonly #random: Random;
  readonly #mood: Mood;
  readonly #conditions: Condition[] = healthy();
  readonly #counter = new Counter();
  readonly #background: Background;
  readonly #clicks: number;
  /** How often each specimen's mishap happens to a click of its journey. */
  readonly #shares: Float64Array;
  #now: Time;

  constructor(options: PastOptions) {
    this.#options = options;
    this.#now = options.start;
    this.#random = new Random(options.seed, 'past');
    this.#mood = new Mood(new Random(options.seed, 'mood of the past'));
    this.#clicks = clicksPerSecond(usualLinesPerSecond);
    const sites = openSites(this.#conditions, this.#random);
    const aside = entryOf(new Visit(new Random(options.seed, 'background of the past')), sites);
    this.#background = new Background(this.#counter, aside, { sites, changes: [], traces: new Traces() });
    this.#shares = Float64Array.from(options.specimens, usualShare);
  }

  /** The next ten seconds. */
  next(): PastSpan {
    const start = this.#now;
    this.#now += spanMs;
    const failing = this.#blips(start);
    this.#counter.clear();
    for (let second = start; second < this.#now; second += 1_000) this.#background.run(second);
    const mean = this.#clicks * (spanMs / 1_000) * rhythm(start + spanMs / 2) * this.#mood.advance(spanMs);
    return { start, clicks: this.#draw(mean, failing), lines: this.#counter.lines, errors: this.#counter.errors };
  }

  #draw(mean: number, failing: ReadonlyMap<number, number>): Uint32Array {
    const { specimens } = this.#options;
    const clicks = new Uint32Array(specimens.length);
    for (let first = 0, end = 0; first < specimens.length; first = end) {
      const journey = specimens[first]!.journey;
      const expected = mean * weights[journey]!;
      let left = this.#random.poisson(expected);
      for (end = first + 1; end < specimens.length && specimens[end]!.journey === journey; end++) {
        const { mishap, status } = specimens[end]!;
        const site = indexOf(mishap!.service);
        const share =
          mishap!.kind === 'flap' ? (failing.get(site) ?? 0) : this.#shares[end]! * this.#luck(mishap!.kind, site);
        if (share === 0) continue;
        const n = Math.min(left, this.#random.poisson(expected * share));
        clicks[end] = n;
        left -= n;
        // A customer who tries again mostly succeeds.
        if (status >= 500) left += this.#random.poisson(n * retry.share);
      }
      clicks[first] = left;
    }
    return clicks;
  }

  #luck(kind: string, site: number): number {
    return kind === 'ordinary' ? this.#mood.failures[site]! : 1;
  }

  /** The share of each service's requests that a blip fails in the ten seconds from `start`. */
  #blips(start: Time): ReadonlyMap<number, number> {
    const failing = new Map<number, number>();
    const now = this.#options.blips.filter((blip) => blip.start < start + spanMs && blip.end > start);
    if (now.length === 0) return failing;
    for (let second = start; second < start + spanMs; second += 1_000) {
      settle(this.#conditions, now, second);
      for (const [site, { share }] of this.#conditions.entries()) {
        if (share > 0) failing.set(site, (failing.get(site) ?? 0) + (share * 1_000) / spanMs);
      }
    }
    settle(this.#conditions, [], start);
    return failing;
  }
}

const total = journeys.reduce((sum, { weight }) => sum + weight, 0);
const weights = journeys.map(({ weight }) => weight / total);

/** How often the mishap happens on an ordinary day; that of a blip only while there is one. */
function usualShare({ journey, mishap }: Specimen): number {
  if (mishap === undefined || mishap.kind === 'flap') return 0;
  if (mishap.kind === 'hiccup') return hiccupShare;
  if (mishap.kind === 'ordinary') return services[indexOf(mishap.service)]!.errorShare;
  const operation = Object.entries(operations).find(([name]) => isOf(name, journey, mishap.service))!;
  return operation[1].oddity?.share ?? 0;
}

/** Whether an operation, named `service.operation`, is what the journey asks of the service. */
function isOf(name: string, journey: number, service: string): boolean {
  const asks = (call: (typeof journeys)[number]['root']): boolean =>
    (call.service === service && name === `${service}.${call.operation}`) || call.calls.some(asks);
  return asks(journeys[journey]!.root);
}

/** Counts entries by service instead of writing them. */
class Counter implements Sink {
  lines = new Uint32Array(services.length);
  errors = new Uint32Array(services.length);

  clear(): void {
    this.lines = new Uint32Array(services.length);
    this.errors = new Uint32Array(services.length);
  }

  write({ pod, says }: Parameters<Sink['write']>[0]): void {
    const site = indexOf(serviceOf(pod.source));
    this.lines[site]!++;
    if (says.level === 'error') this.errors[site]!++;
  }
}
