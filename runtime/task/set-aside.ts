/**
 * Records that a task sets aside: each becomes a dead letter, is counted, and is told while the job runs. Telling is
 * bounded: of one operator and reason the first is told within a second, what follows once a minute, with the number.
 */
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import { type Duration, minutes, type Time } from '../../time/duration.ts';
import type { Outputs } from '../commit/outputs.ts';
import { sampleOf } from '../commit/own-tables.ts';
import type { Metrics } from '../metrics.ts';

/** What was set aside since it was last told. */
export interface SetAside {
  /** Uid of the source, operator or sink. */
  readonly origin: string;
  readonly reason: string;
  readonly records: number;
  /** Where they came from, those with the most first: what a value names as its `origin`, else its file or split. */
  readonly from: readonly (readonly [name: string, records: number])[];
}

/** A record that is set aside. */
export interface Buried {
  readonly detail: string;
  readonly value: unknown;
  readonly time: Time;
  readonly place?: string | undefined;
}

interface Counted {
  readonly origin: string;
  readonly reason: string;
  readonly from: Map<string, number>;
  records: number;
  told: Time;
}

const tellEvery = minutes(1);
/** Places that are counted each for itself, and that are named. */
const mostPlaces = 100;
const mostNamed = 5;

/** What setting aside needs. */
export interface BurialParts {
  readonly metrics: Metrics;
  readonly outputs: Pick<Outputs, 'addDead' | 'onUnwritable' | 'onRefused'>;
  readonly clock: Clock;
  readonly tell: ((told: SetAside) => void) | undefined;
}

/** Sets records aside: what the task gives it, what its outputs can't write down, and what tables refuse. */
export class Burial {
  readonly #parts: BurialParts;
  readonly #counts = new Map<string, Counted>();

  constructor(parts: BurialParts) {
    this.#parts = parts;
    parts.outputs.onUnwritable = ({ uid, value, time, error }) =>
      this.bury(uid, 'unwritable', { detail: reasonOf(error), value, time });
    parts.outputs.onRefused = (uid) => this.#count(uid, 'refused', undefined);
  }

  bury(origin: string, reason: string, { detail, value, time, place }: Buried): void {
    const { metrics, outputs } = this.#parts;
    metrics.add('millrace_records_dead_total', origin);
    outputs.addDead({ origin, reason, detail, sample: sampleOf(value), time });
    this.#count(origin, reason, placeOf(value) ?? place);
  }

  #count(origin: string, reason: string, place: string | undefined): void {
    const name = `${reason} ${origin}`;
    let counted = this.#counts.get(name);
    if (counted === undefined) {
      counted = { origin, reason, from: new Map(), records: 0, told: Number.NEGATIVE_INFINITY };
      this.#counts.set(name, counted);
    }
    counted.records++;
    if (place === undefined || (counted.from.size >= mostPlaces && !counted.from.has(place))) return;
    counted.from.set(place, (counted.from.get(place) ?? 0) + 1);
  }

  /** Tells what was not told for `every`. */
  tell(every: Duration = tellEvery): void {
    const { clock, tell } = this.#parts;
    const now = clock.now();
    for (const counted of this.#counts.values()) {
      const { origin, reason, records, told } = counted;
      if (records === 0 || now - told < every) continue;
      const from = [...counted.from].sort(([, a], [, b]) => b - a).slice(0, mostNamed);
      tell?.({ origin, reason, records, from });
      counted.from.clear();
      counted.records = 0;
      counted.told = now;
    }
  }
}

/** What a value says it came through, as a log does. */
function placeOf(value: unknown): string | undefined {
  const origin: unknown = (value as { readonly origin?: unknown } | null | undefined)?.origin;
  return typeof origin === 'string' ? origin : undefined;
}
