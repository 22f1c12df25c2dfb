/**
 * Which windows a time belongs to. Assigners are frozen values; the functions below do the arithmetic without
 * allocating.
 *
 * Tumbling and sliding windows are built of **panes**: the spans between two neighbouring window borders, of
 * length gcd(size, slide) (Li et al., "No Pane, No Gain", SIGMOD Record 2005). A record is added to its one pane; a
 * window's result is its panes merged. Borders are found by floor division, so that times before 1970 are right.
 *
 * A window fires when the watermark reaches its `end − 1`. Until the watermark reaches `end − 1 + lateness`, late
 * records are let in and fire it again; after that it is forgotten. A record is late when all its windows are
 * forgotten.
 */

import { MillraceError } from '../errors.ts';
import type { Duration, Time } from '../time/duration.ts';
import { floorTo } from '../time/floor.ts';

/** Windows of one length that follow each other without gap. */
export interface Tumbling extends Grid {
  readonly kind: 'tumbling';
}

/** Windows of one length that overlap: a new one begins with every slide. */
export interface Sliding extends Grid {
  readonly kind: 'sliding';
}

/** The numbers of tumbling and sliding windows, in milliseconds. Tumbling ones have equal size, slide and pane. */
interface Grid {
  readonly size: Duration;
  readonly slide: Duration;
  readonly pane: Duration;
  readonly offset: Duration;
  readonly lateness: Duration;
}

/** Windows that follow activity: records `gap` milliseconds apart or less share one. */
export interface Session {
  readonly kind: 'session';
  readonly gap: Duration;
  readonly lateness: Duration;
}

/** Assigners whose windows lie on a fixed grid. */
export type Aligned = Tumbling | Sliding;

/** Every kind of assigner. */
export type Assigner = Aligned | Session;

/** How long windows wait for late records, in milliseconds; by default 0. */
export interface LatenessOption {
  readonly lateness?: Duration;
}

/** `offset` shifts the grid: windows start at 1970 plus `offset` plus whole slides. By default 0. */
export interface AlignedOptions extends LatenessOption {
  readonly offset?: Duration;
}

/** A window has more panes than this only if size and slide have a small common divisor, which is usually a mistake. */
const panesMax = 20_000;

/**
 * Windows of `size` milliseconds, one after the other. Errors: OPTION_INVALID.
 *
 * @example
 * paneStart(tumbling(60_000), 61_500) // => 60000
 */
export function tumbling(size: Duration, options: AlignedOptions = {}): Tumbling {
  const owner = `tumbling(${size})`;
  const { offset, lateness } = checkedOptions(owner, options);
  check(wholeFrom(1, size), { option: 'size', owner, got: size, expected: 'whole milliseconds from 1 on' });
  return Object.freeze({ kind: 'tumbling', size, slide: size, pane: size, offset, lateness });
}

/**
 * Windows of `size` milliseconds, a new one every `slide`. With an aggregate that merges, a record costs one add, and
 * a firing merges size / gcd(size, slide) panes; without, a record costs size / slide adds. Errors: OPTION_INVALID; a
 * slide longer than the size is refused, because the records between two windows would vanish.
 *
 * @example
 * sliding(60_000, 25_000).pane // => 5000
 */
export function sliding(size: Duration, slide: Duration, options: AlignedOptions = {}): Sliding {
  const owner = `sliding(${size}, ${slide})`;
  const { offset, lateness } = checkedOptions(owner, options);
  check(wholeFrom(1, size), { option: 'size', owner, got: size, expected: 'whole milliseconds from 1 on' });
  const expected = `whole milliseconds from 1 to the size ${size}`;
  check(wholeFrom(1, slide) && slide <= size, { option: 'slide', owner, got: slide, expected });
  const pane = gcd(size, slide);
  const few = `a divisor in common with ${size} of at least ${Math.ceil(size / panesMax)}`;
  check(size / pane <= panesMax, { option: 'slide', owner, got: slide, expected: few });
  return Object.freeze({ kind: 'sliding', size, slide, pane, offset, lateness });
}

/**
 * Sessions: a window lasts from its first record to `gap` milliseconds after its last. Errors: OPTION_INVALID.
 *
 * @example
 * session(30_000) // => { kind: 'session', gap: 30000, lateness: 0 }
 */
export function session(gap: Duration, options: LatenessOption = {}): Session {
  const owner = `session(${gap})`;
  const { lateness } = checkedOptions(owner, options);
  check(wholeFrom(1, gap), { option: 'gap', owner, got: gap, expected: 'whole milliseconds from 1 on' });
  return Object.freeze({ kind: 'session', gap, lateness });
}

/**
 * The start of the pane that holds `time`; it names the pane.
 *
 * @example
 * paneStart(tumbling(60_000), -1) // => -60000
 */
export const paneStart = (assigner: Aligned, time: Time): Time => floorTo(time, assigner.pane, assigner.offset);

/**
 * The end of the first window that holds the pane starting at `pane`. The others follow at every slide, so all of them
 * are `for (let end = firstWindowEnd(a, pane); end <= lastWindowEnd(a, pane); end += a.slide)`; conversely a window's
 * panes start at `end − size`, then every `pane`, below `end`.
 *
 * @example
 * firstWindowEnd(sliding(60_000, 20_000), 40_000) // => 60000
 */
export const firstWindowEnd = (assigner: Aligned, pane: Time): Time =>
  floorTo(pane - assigner.size, assigner.slide, assigner.offset) + assigner.slide + assigner.size;

/**
 * The end of the last window that holds the pane.
 *
 * @example
 * lastWindowEnd(sliding(60_000, 20_000), 40_000) // => 100000
 */
export const lastWindowEnd = (assigner: Aligned, pane: Time): Time =>
  floorTo(pane, assigner.slide, assigner.offset) + assigner.size;

/**
 * The watermark at which the pane's last window is forgotten and the pane with it. A record of the pane is late from
 * this watermark on.
 *
 * @example
 * paneExpires(tumbling(60_000, { lateness: 5_000 }), 0) // => 64999
 */
export const paneExpires = (assigner: Aligned, pane: Time): Time =>
  lastWindowEnd(assigner, pane) - 1 + assigner.lateness;

interface OptionDetail {
  readonly option: string;
  readonly owner: string;
  readonly got: string | number;
  readonly expected: string;
}

function check(holds: boolean, detail: OptionDetail): void {
  if (!holds) throw new MillraceError('OPTION_INVALID', { ...detail });
}

function checkedOptions(owner: string, { offset = 0, lateness = 0 }: AlignedOptions): Required<AlignedOptions> {
  check(Number.isSafeInteger(offset), { option: 'offset', owner, got: offset, expected: 'whole milliseconds' });
  check(wholeFrom(0, lateness), { option: 'lateness', owner, got: lateness, expected: '0 or whole milliseconds' });
  return { offset, lateness };
}

const wholeFrom = (least: number, n: number): boolean => Number.isSafeInteger(n) && n >= least;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
