/**
 * A day in the life of the shop, second by second, as the lines that a shipper delivers. Clicks arrive as a Poisson
 * process whose rate follows the day's rhythm, gusts of ten seconds and the crowd that a decoy may bring. Time is
 * simulated: the caller says how far to go. One seed gives one course, however it is cut into batches.
 */
import { MillraceError } from '../errors.ts';
import type { Time } from '../time/duration.ts';
import { Background } from './background.ts';
import { type Change, type Condition, healthy, type Scheduled, settle } from './faults.ts';
import { type Entry, writer } from './formats.ts';
import { Output } from './output.ts';
import { podsOf } from './pods.ts';
import { Random } from './random.ts';
import { clicksPerSecond, rhythm, usualLinesPerSecond } from './rates.ts';
import { type Site, type Step, stepsOf, Walker } from './request.ts';
import { journeys, type ServiceName, services } from './shop.ts';
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
}

/** How long a gust of more or fewer customers lasts, and how even gusts and ordinary failures are (gamma shapes). */
const gustMs = 10_000;
const evenness = { clicks: 20, failures: 6 } as const;
const lots = 2_048;

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

class Simulation implements Traffic {
  readonly #random: Random;
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
  #now: Time;
  #gust = 1;

  constructor(options: TrafficOptions, clicks: number) {
    this.#random = new Random(options.seed, 'traffic');
    this.#faults = options.faults;
    this.#changes = options.faults.flatMap((f) => f.changes);
    this.#clicks = clicks;
    this.#now = options.start;
    this.#sites = services.map((service, i) => ({
      service,
      pods: podsOf(service, this.#random),
      condition: this.#conditions[i] as Condition,
      write: writer(service),
      wobble: 1,
    }));
    this.#visit = new Visit(this.#random);
    this.#walker = new Walker(this.#output, entryOf(this.#visit, this.#sites));
    const aside = entryOf(new Visit(new Random(options.seed, 'background')), this.#sites);
    this.#background = new Background(this.#output, aside, { sites: this.#sites, changes: this.#changes });
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
    if (second % gustMs === 0) {
      this.#gust = this.#random.gamma(evenness.clicks);
      for (const site of this.#sites) site.wobble = this.#random.gamma(evenness.failures);
    }
    this.#background.run(second);
    const clicks = this.#random.poisson(this.#clicks * rhythm(second) * this.#gust * crowd);
    for (let i = 0; i < clicks; i++) {
      const draw = this.#random.next();
      const { name, method, step } = this.#lots[draw & (lots - 1)] as Lot;
      this.#visit.renew();
      this.#visit.locate(name, method);
      this.#walker.walk(step, second + ((draw >>> 11) % 1_000));
    }
  }
}

function entryOf(visit: Visit, sites: readonly Site[]): Entry {
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
