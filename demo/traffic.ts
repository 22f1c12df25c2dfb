/**
 * A day in the life of the shop, second by second, as the lines that a shipper delivers. Clicks arrive as a Poisson
 * process whose rate follows the day's rhythm, the mood of the moment and the crowd that a decoy may bring; customers
 * whose click failed try again. Time is simulated: the caller says how far to go. One seed gives one course, however it
 * is cut into batches.
 */
import { MillraceError } from '../errors.ts';
import type { Time } from '../time/duration.ts';
import { Background } from './background.ts';
import { type Change, type Condition, healthy, type Scheduled, settle } from './faults.ts';
import { type Entry, writer } from './formats.ts';
import { Mood } from './mood.ts';
import { Output } from './output.ts';
import { podsOf } from './pods.ts';
import { Random } from './random.ts';
import { clicksPerSecond, rhythm, usualLinesPerSecond } from './rates.ts';
import { type Site, type Step, stepsOf, Walker } from './request.ts';
import { journeys, type ServiceName, services } from './shop.ts';
import { Traces } from './traces.ts';
import { Visit } from './visit.ts';

export interface TrafficOptions {
  readonly seed: number;
  /** Where the simulation begins: a whole second. */
  readonly start: Time;
  /** Faults and decoys; see `scheduleFaults`. */
  readonly faults: readonly Scheduled[];
  /** Lines a second on the average of a healthy working day; 40 unless told otherwise. */
  readonly linesPerSecond?: number;
}

/** What arrived in a span of time, in order of arrival; the three lists run in parallel. */
export interface Batch {
  readonly lines: string[];
  /** When each line arrived, in milliseconds, never decreasing; up to three seconds after the time it bears. */
  readonly times: Float64Array;
  /** Where each came from, as `service/pod`: raw lines of some services do not name their service. */
  readonly sources: string[];
  /** Changes announced in the span. */
  readonly changes: Change[];
}

export interface Traffic {
  /**
   * Everything that arrives from where the last call ended (at first `start`) up to `until`, whole seconds only:
   * a second that has not ended by then is left for the next call. Steps of 1 to 60 s keep batches small.
   */
  next(until: Time): Batch;
  /** What faults have left in the lines so far. */
  readonly traces: Traces;
}

const lots = 2_048;

/** A customer whose click failed tries again with this probability, so many times, after so many milliseconds. */
export const retry = { share: 0.5, most: 2, afterMs: [500, 4_000] } as const;

/** The traffic of the shop from `start`. The same options give the same lines, byte for byte. */
export function traffic(options: TrafficOptions): Traffic {
  const { start, linesPerSecond = usualLinesPerSecond } = options;
  if (start % 1_000 !== 0) {
    throw new MillraceError('OPTION_INVALID', {
      option: 'start',
      owner: 'traffic',
      got: start,
      expected: 'a whole second',
    });
  }
  return new Simulation(options, clicksPerSecond(linesPerSecond));
}

/** The service whose lines come from `source`, an entry of a batch's `sources`. */
export function serviceOf(source: string): ServiceName {
  return source.slice(0, source.indexOf('/')) as ServiceName;
}

interface Lot {
  readonly name: string;
  readonly method: string;
  readonly step: Step;
}

/** A click that is still to come. */
interface Click {
  readonly lot: Lot;
  readonly at: Time;
  readonly tries: number;
}

class Simulation implements Traffic {
  readonly traces = new Traces();
  readonly #random: Random;
  readonly #mood: Mood;
  readonly #faults: readonly Scheduled[];
  readonly #changes: readonly Change[];
  readonly #clicks: number;
  readonly #output = new Output();
  readonly #conditions: Condition[] = healthy();
  readonly #sites: readonly Site[];
  readonly #visit: Visit;
  readonly #walker: Walker;
  readonly #background: Background;
  /** A journey for every lot that a click may draw. */
  readonly #lots: readonly Lot[];
  #again: Click[] = [];
  #now: Time;

  constructor(options: TrafficOptions, clicks: number) {
    this.#random = new Random(options.seed, 'traffic');
    this.#faults = options.faults;
    this.#changes = options.faults.flatMap((f) => f.changes);
    this.#clicks = clicks;
    this.#now = options.start;
    this.#sites = openSites(this.#conditions, this.#random);
    this.#mood = new Mood(new Random(options.seed, `mood ${options.start}`));
    this.#visit = new Visit(this.#random);
    this.#walker = new Walker(this.#output, entryOf(this.#visit, this.#sites), this.traces);
    const aside = entryOf(new Visit(new Random(options.seed, 'background')), this.#sites);
    const { traces } = this;
    this.#background = new Background(this.#output, aside, { sites: this.#sites, changes: this.#changes, traces });
    this.#lots = drawLots(this.#sites);
  }

  next(until: Time): Batch {
    const batch = { lines: [], times: [], sources: [] };
    const from = this.#now;
    for (; this.#now + 1_000 <= until; this.#now += 1_000) {
      this.#simulate(this.#now);
      this.#output.drain(this.#now / 1_000, batch);
    }
    const changes = this.#changes.filter((c) => {
      const at = Date.parse(c.timestamp);
      return at >= from && at < this.#now;
    });
    return { ...batch, times: Float64Array.from(batch.times), changes };
  }

  #simulate(second: Time): void {
    const crowd = settle(this.#conditions, this.#faults, second);
    const mood = this.#mood.advance(1_000);
    for (let i = 0; i < this.#sites.length; i++) this.#sites[i]!.luck.failures = this.#mood.failures[i]!;
    this.#background.run(second);
    const clicks = this.#random.poisson(this.#clicks * rhythm(second) * mood * crowd);
    for (let i = 0; i < clicks; i++) {
      const draw = this.#random.next();
      this.#click({ lot: this.#lots[draw & (lots - 1)] as Lot, at: second + ((draw >>> 11) % 1_000), tries: 0 });
    }
    // A click that is tried again within this second stands behind those that are known by now.
    for (let i = 0; i < this.#again.length; i++) {
      if (this.#again[i]!.at < second + 1_000) this.#click(this.#again[i]!);
    }
    if (this.#again.length > 0) this.#again = this.#again.filter(({ at }) => at >= second + 1_000);
  }

  #click({ lot, at, tries }: Click): void {
    this.#visit.renew();
    this.#visit.locate(lot.name, lot.method);
    const status = this.#walker.walk(lot.step, at);
    if (status < 500 || tries === retry.most || this.#random.float() >= retry.share) return;
    this.#again.push({ lot, at: at + Math.floor(this.#random.between(...retry.afterMs)), tries: tries + 1 });
  }
}

/** Every service with its pods, under the given conditions. */
export function openSites(conditions: readonly Condition[], random: Random): readonly Site[] {
  return services.map((service, i) => ({
    service,
    pods: podsOf(service, random),
    condition: conditions[i] as Condition,
    write: writer(service),
    luck: { failures: 1, oddities: 1, hiccups: 1 },
  }));
}

/** An entry to write with, about `visit`. */
export function entryOf(visit: Visit, sites: readonly Site[]): Entry {
  const pod = sites[0]?.pods[0] as Entry['pod'];
  return { time: 0, says: { level: 'info', logger: '', text: () => '' }, span: '', pod, visit };
}

/** As many lots for each journey as its weight asks for. */
function drawLots(sites: readonly Site[]): Lot[] {
  const total = journeys.reduce((sum, j) => sum + j.weight, 0);
  let reached = 0;
  return journeys.flatMap((journey) => {
    const first = Math.round((reached / total) * lots);
    reached += journey.weight;
    const lot = { name: journey.name, method: journey.method, step: stepsOf(journey, sites) };
    return Array.from({ length: Math.round((reached / total) * lots) - first }, () => lot);
  });
}
