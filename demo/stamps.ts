/**
 * Time as text. A second is written out once in each layout and found again by its number, because thousands of lines
 * share it. All times are UTC.
 */
import type { Time } from '../time/duration.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** Three digits of every millisecond of a second. */
export const thousandths: readonly string[] = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));

const entries = 512;
const seconds = new Float64Array(entries).fill(Number.NaN);
const iso: string[] = [];
const spaced: string[] = [];
const access: string[] = [];

/** `2026-01-29T08:51:24`, without fraction and zone. */
export const isoSecond = (time: Time): string => iso[entryOf(time)] as string;
/** `2026-01-29 08:51:24`, without fraction. */
export const spacedSecond = (time: Time): string => spaced[entryOf(time)] as string;
/** `29/Jan/2026:08:51:24 +0000`, as web servers write it. */
export const accessSecond = (time: Time): string => access[entryOf(time)] as string;

/** The entry of `time`, filled. A cache only: what it holds never depends on who asked before. */
function entryOf(time: Time): number {
  const second = Math.floor(time / 1_000);
  const entry = second & (entries - 1);
  if (seconds[entry] === second) return entry;
  const d = new Date(second * 1_000);
  const date = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  const clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  seconds[entry] = second;
  iso[entry] = `${date}T${clock}`;
  spaced[entry] = `${date} ${clock}`;
  access[entry] = `${two(d.getUTCDate())}/${months[d.getUTCMonth()]}/${d.getUTCFullYear()}:${clock} +0000`;
  return entry;
}
