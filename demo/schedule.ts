/**
 * Spreads faults and decoys over a span of time, far enough apart that each is told from its neighbours. The kinds
 * rotate with the seed: with five faults a seed, nine seeds in a row show every kind five times. At which hours that
 * is, and where blips fall, is drawn here as well.
 */
import { MillraceError } from '../errors.ts';
import { type Duration, days, hours, minutes, type Time } from '../time/duration.ts';
import { nightly } from './background.ts';
import { type DecoyKind, type FaultKind, faultKinds, type Scheduled } from './faults.ts';
import { occur, spanOf } from './kinds.ts';
import { Random } from './random.ts';

export interface ScheduleOptions {
  readonly seed: number;
  /** The span, in milliseconds since the epoch. Nothing is wrong in its first ten and its last fifteen minutes. */
  readonly from: Time;
  readonly to: Time;
  /** How many faults. */
  readonly faults: number;
}

/** At least this long from the end of one to the start of the next. */
export const apartMs = minutes(25);
const leadMs = minutes(10);
const tailMs = minutes(15);
const tries = 5_000;

type Kind = Exclude<FaultKind | DecoyKind, 'nightly-batch' | 'blip'>;
interface Span {
  readonly start: Time;
  readonly end: Time;
}

/**
 * `faults` faults, and as many decoys as fit beside them, in order of time. The nightly batch, which runs whether it is
 * scheduled or not, is listed where the span contains it. Throws OPTION_INVALID when the span is too short.
 *
 * @example
 * scheduleFaults({ seed: 1, from: 0, to: 6 * 3_600_000, faults: 5 }).filter((s) => !s.decoy).length // => 5
 */
export function scheduleFaults(options: ScheduleOptions): Scheduled[] {
  const { seed, from, to, faults } = options;
  const random = new Random(seed, 'schedule');
  const fixed = nightlyWithin(from, to);
  const wanted: Kind[] = Array.from({ length: faults }, (_, i) => faultKinds[(seed * faults + i) % faultKinds.length]!);
  const decoys: Kind[] = fixed.length > 0 ? ['surge', 'maintenance'] : ['surge', 'maintenance', 'harmless-change'];
  for (;;) {
    const items = [...wanted, ...decoys].map((kind) => ({ kind, length: spanOf(kind, random) }));
    const placed = place(items, { options, fixed, random });
    if (placed !== undefined) {
      const made = placed.map(({ kind, start, end }) => occur(kind, { start, end, random }));
      return [...made, ...fixed].sort((a, b) => a.start - b.start);
    }
    if (decoys.pop() !== undefined) continue;
    const got = `${faults} in ${Math.round((to - from) / 60_000)} min`;
    throw new MillraceError('OPTION_INVALID', {
      option: 'faults',
      owner: 'scheduleFaults',
      got,
      expected: 'fewer or the span longer',
    });
  }
}

/** Random order, random gaps; undefined when they do not fit, or do not keep clear of what is fixed. */
function place(
  items: readonly { readonly kind: Kind; readonly length: number }[],
  among: { readonly options: ScheduleOptions; readonly fixed: readonly Span[]; readonly random: Random },
): (Span & { readonly kind: Kind })[] | undefined {
  const { options, fixed, random } = among;
  const busy = items.reduce((sum, item) => sum + item.length, 0) + apartMs * (items.length - 1);
  const slack = options.to - options.from - leadMs - tailMs - busy;
  if (slack < 0) return undefined;
  for (let i = 0; i < tries; i++) {
    const order = random.shuffled(items);
    const shifts = order.map(() => Math.floor((random.float() * slack) / 1_000) * 1_000).sort((a, b) => a - b);
    let start = options.from + leadMs;
    const placed = order.map(({ kind, length }, n) => {
      const span = { kind, start: start + (shifts[n] as number), end: start + (shifts[n] as number) + length };
      start += length + apartMs;
      return span;
    });
    const clear = placed.every((a) => fixed.every((b) => a.end + apartMs <= b.start || b.end + apartMs <= a.start));
    if (clear) return placed;
  }
  return undefined;
}

/** Blips come at any moment, on average once in this time. */
const blipEvery = days(1);

/** The blips of a span: a Poisson process that keeps clear of nothing. */
export function blipsWithin({ seed, from, to }: Omit<ScheduleOptions, 'faults'>): Scheduled[] {
  const random = new Random(seed, 'blips');
  const found: Scheduled[] = [];
  const wait = () => -blipEvery * Math.log(1 - random.float());
  for (let t = from + wait(); t < to; t += wait()) {
    const start = Math.floor(t / 1_000) * 1_000;
    found.push(occur('blip', { start, end: start + spanOf('blip', random), random }));
  }
  return found;
}

/** The hour at which a seed's faults begin to be possible: any hour of three weeks from `from`, a midnight. */
export function hourOf(seed: number, { from, length }: { readonly from: Time; readonly length: Duration }): Time {
  return from + hours(new Random(seed, 'hour').int((days(21) - length) / hours(1)));
}

/** The nightly batches that begin in the span. */
function nightlyWithin(from: Time, to: Time): Scheduled[] {
  const found: Scheduled[] = [];
  for (let day = Math.floor(from / days(1)) * days(1); day < to; day += days(1)) {
    const start = day + nightly.fromMs;
    if (start < from || start >= to) continue;
    found.push({
      kind: 'nightly-batch',
      decoy: true,
      service: 'inventory',
      services: ['inventory'],
      start,
      end: day + nightly.toMs,
      description: 'the nightly reconciliation of stock logs the differences that it corrects as errors',
      effects: [],
      changes: [],
    });
  }
  return found;
}
