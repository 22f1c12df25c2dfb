/**
 * Zones of log timestamps: reading one behind a time (`Z`, `+02:00`, `-0700`, ` UTC`, ` CEST`) and turning the wall
 * clock of a line that has none into an instant. Abbreviations are those that mean one offset in practice; CST, IST
 * and BST, which mean several, are read as their most common use in logs (US Central, India, British summer).
 */
import { MillraceError } from '../../errors.ts';
import {
  closeBracketCode,
  closeParenCode,
  codeOf,
  colonCode,
  digits,
  isDigit,
  isLetter,
  isLower,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
  openParenCode,
  plusCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';

/**
 * Turns a wall clock, given as if it were UTC, into an instant; both in milliseconds. Where clocks were put back, a
 * wall clock comes twice: then the last pass that had come at `taken` is meant, when the line was taken in.
 */
export type WallClock = (wall: number, taken: number) => number;

/**
 * How a zone that a person configured reads a wall clock: `UTC`, `±hh:mm`, an abbreviation or an IANA name.
 * Throws OPTION_INVALID for an unknown zone.
 *
 * @example
 * wallClock('+02:00')(7_200_000, 0) // => 0
 * wallClock('Europe/Berlin')(Date.UTC(2026, 6, 1, 12), 0) === Date.UTC(2026, 6, 1, 10) // => true
 */
export function wallClock(zone: string): WallClock {
  const found = scanZone(zone, 0);
  if (found !== null && found.end === zone.length) {
    const shift = found.minutes * 60_000;
    return (wall) => wall - shift;
  }
  return ianaClock(zone);
}

/** A zone found in text: minutes east of UTC, and the offset behind it; `clock` of a place, where minutes are none. */
export interface ZoneHit {
  readonly minutes: number;
  readonly end: number;
  readonly clock?: WallClock;
}

/**
 * The zone that starts exactly at `at`, or null. `Z` and abbreviations must not run on into a longer word.
 *
 * @example
 * scanZone('12:00:00+0530 x', 8) // => { minutes: 330, end: 13 }
 * scanZone('CEST [1]', 0) // => { minutes: 120, end: 4 }
 * scanZone('Zed', 0) // => null
 */
export function scanZone(text: string, at: number): ZoneHit | null {
  const first = text.charCodeAt(at);
  if (first === plusCode || first === minusCode) return named(text, scanOffset(text, at, first === plusCode ? 1 : -1));
  if (!isUpper(first)) return null;
  let end = at + 1;
  while (end - at <= 5 && isUpper(text.charCodeAt(end))) end++;
  const sign = text.charCodeAt(end);
  if ((sign === plusCode || sign === minusCode) && abbreviations.get(text.slice(at, end)) === 0) {
    const offset = scanOffset(text, end, sign === plusCode ? 1 : -1) ?? shortOffset(text, end);
    if (offset !== null) return offset;
  }
  if (isWordCode(text.charCodeAt(end))) return null;
  if (first === upperZ && end === at + 1) return { minutes: 0, end };
  // Most words here are levels, of which the first letter and the length are no zone's.
  if (((lengthsOf[first - upperA]! >> (end - at)) & 1) === 0) return null;
  const minutes = abbreviations.get(text.slice(at, end));
  return minutes === undefined ? null : { minutes, end };
}

/**
 * The zone behind a clock that ends at `at`, directly or after one space, or null.
 *
 * @example
 * zoneBehind('12:00 CET', 5) // => { minutes: 60, end: 9 }
 * zoneBehind('12:00 -10', 5) // => { minutes: -600, end: 9 }
 * zoneBehind('12:00 Z', 5) // => null
 * zoneBehind('12:00 [CET] cart', 5) // => { minutes: 60, end: 11 }
 * zoneBehind('12:00 Europe/Berlin', 5)!.end // => 19
 */
export function zoneBehind(text: string, at: number): ZoneHit | null {
  const code = text.charCodeAt(at);
  const gap = code === spaceCode ? 1 : 0;
  const first = gap === 0 ? code : text.charCodeAt(at + 1);
  if (first === openBracketCode || first === openParenCode) return enclosedZone(text, at + gap);
  const third = text.charCodeAt(at + 3);
  if (gap === 1 && (isLower(third) || third === slashCode)) return isUpper(first) ? placeAt(text, at + 1) : null;
  if (first !== plusCode && first !== minusCode && !isUpper(first)) return null;
  const zone = scanZone(text, at + gap);
  // Behind a space, `-1` and `-100` are numbers and `Z` is a word.
  if (zone === null || (gap === 1 && (zone.end < at + 4 || (zone.end === at + 5 && !isUpper(first))))) return null;
  return zone;
}

/** A zone alone in a bracket: `[Europe/Berlin]`, `(CET)`. */
function enclosedZone(text: string, at: number): ZoneHit | null {
  if (!isUpper(text.charCodeAt(at + 1))) return null;
  const closing = text.charCodeAt(at) === openParenCode ? closeParenCode : closeBracketCode;
  let end = at + 2;
  while (end < at + 7 && isUpper(text.charCodeAt(end))) end++;
  const last = text.charCodeAt(end - 1);
  const found =
    text.charCodeAt(end) !== closing
      ? placeAt(text, at + 1)
      : last === upperT || last === upperC || last === upperK
        ? scanZone(text, at + 1)
        : null;
  return found !== null && text.charCodeAt(found.end) === closing ? { ...found, end: found.end + 1 } : null;
}

/** The zone of a place, `Europe/Berlin`, at `at`; null for no area of the world or none that the platform knows. */
function placeAt(text: string, at: number): ZoneHit | null {
  let slash = at + 1;
  while (slash < at + longestArea && isLetter(text.charCodeAt(slash))) slash++;
  if (text.charCodeAt(slash) !== slashCode || !areas.has(text.slice(at, slash))) return null;
  let end = slash + 1;
  while (end < at + maxZoneName && isPlaceCode(text.charCodeAt(end))) end++;
  const name = text.slice(at, end);
  let clock = places.get(name);
  if (clock === undefined) {
    try {
      clock = ianaClock(name);
    } catch {
      return null;
    }
    places.set(name, clock);
  }
  return { minutes: 0, end, clock };
}

const isPlaceCode = (code: number): boolean =>
  isWordCode(code) || code === slashCode || code === underscoreCode || code === minusCode || code === plusCode;

/** Clocks of places that were met; a platform knows a few hundred. */
const places = new Map<string, WallClock>();
const areas = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US'.split(
    ' ',
  ),
);
const longestArea = 11;

/** An offset may be followed by the name of the zone: ` CST`, `[Asia/Shanghai]`. */
function named(text: string, offset: ZoneHit | null): ZoneHit | null {
  if (offset === null) return null;
  const { minutes, end } = offset;
  if (text.charCodeAt(end) === spaceCode && isUpper(text.charCodeAt(end + 1))) {
    let stop = end + 1;
    while (stop - end <= 5 && isUpper(text.charCodeAt(stop))) stop++;
    if (!isWordCode(text.charCodeAt(stop)) && abbreviations.has(text.slice(end + 1, stop)))
      return { minutes, end: stop };
  }
  if (text.charCodeAt(end) !== openBracketCode) return offset;
  const stop = text.slice(end, end + maxZoneName).indexOf(']') + 1;
  return stop > 0 && text.slice(end, end + stop).includes('/') ? { minutes, end: end + stop } : offset;
}

/** `+2` at `at`. */
function shortOffset(text: string, at: number): ZoneHit | null {
  const hours = digits(text, at + 1, 1);
  if (hours < 0 || isWordCode(text.charCodeAt(at + 2))) return null;
  return { minutes: (text.charCodeAt(at) === plusCode ? 60 : -60) * hours, end: at + 2 };
}

/** `+hh`, `+hhmm`, `+hh:mm`, or three digits that are minutes, as DB2 writes them. */
function scanOffset(text: string, at: number, sign: 1 | -1): ZoneHit | null {
  const inMinutes = digits(text, at + 1, 3);
  if (inMinutes >= 0 && inMinutes <= mostMinutes && !isDigit(text.charCodeAt(at + 4)))
    return { minutes: sign * inMinutes, end: at + 4 };
  const hours = digits(text, at + 1, 2);
  if (hours < 0 || hours > 18) return null;
  const colon = text.charCodeAt(at + 3) === colonCode;
  const minutes = digits(text, at + (colon ? 4 : 3), 2);
  if (minutes < 0 || minutes > 59) {
    return colon || isDigit(text.charCodeAt(at + 3)) ? null : { minutes: sign * hours * 60, end: at + 3 };
  }
  const end = at + (colon ? 6 : 5);
  return isDigit(text.charCodeAt(end)) ? null : { minutes: sign * (hours * 60 + minutes), end };
}

/** Offsets by rule of the platform's zone data; asked once a quarter of wall time, because asking is slow. */
function ianaClock(zone: string): WallClock {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    const expected = "'UTC', an offset such as '+02:00', or an IANA name such as 'Europe/Berlin'";
    throw new MillraceError(
      'OPTION_INVALID',
      { option: 'timezone', owner: 'logParser', got: `'${zone}'`, expected },
      { cause: error },
    );
  }
  const offsetAt = (instant: number): number => {
    const text = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')!.value;
    return text === 'GMT' ? 0 : (scanZone(text, 3)?.minutes ?? 0) * 60_000;
  };
  let quarter = Number.NaN;
  let offset = 0;
  /** The offsets of both passes, where this quarter of an hour comes twice. */
  let twice: readonly [first: number, second: number] | undefined;
  return (wall, taken) => {
    const asked = Math.floor(wall / quarterMs);
    if (asked !== quarter) {
      quarter = asked;
      const isDate = Math.abs(wall) <= maxDateMs;
      offset = isDate ? offsetAt(wall - offsetAt(wall)) : 0;
      twice = isDate ? passesOf(wall, { about: wall - offset, offsetAt }) : undefined;
    }
    if (twice === undefined) return wall - offset;
    const [first, second] = twice;
    // A line that was taken in before it was written was read by a clock that says nothing.
    if (!(taken >= wall - first - clockSlackMs)) return wall - offset;
    return wall - (taken < wall - second - clockSlackMs ? first : second);
  };
}

/** The offsets before and after clocks were put back, if a wall clock came under both. */
function passesOf(
  wall: number,
  { about, offsetAt }: { readonly about: number; readonly offsetAt: (instant: number) => number },
): readonly [number, number] | undefined {
  const [before, after] = [offsetAt(about - mostBackMs), offsetAt(about + mostBackMs)];
  const isTwice = before > after && offsetAt(wall - before) === before && offsetAt(wall - after) === after;
  return isTwice ? [before, after] : undefined;
}

/** Clocks are put back by less. */
const mostBackMs = 4 * 3_600_000;
/** By how much a writer's clock may be ahead of the clock where lines are taken in. */
const clockSlackMs = 300_000;
const maxZoneName = 40;
const mostMinutes = 18 * 60;
const [upperA, upperC, upperK, upperT, upperZ] = ['A', 'C', 'K', 'T', 'Z'].map(codeOf) as [
  number,
  number,
  number,
  number,
  number,
];
/** Zones change their offset at whole quarter hours. */
const quarterMs = 900_000;
/** A day inside the range that the platform can date, so that an offset added stays in it. */
const maxDateMs = 8_639_900_000_000_000;

const abbreviations: ReadonlyMap<string, number> = new Map([
  ...['UTC', 'GMT', 'WET', 'UT'].map((name) => [name, 0] as const),
  ...['CET', 'MEZ', 'BST', 'WEST'].map((name) => [name, 60] as const),
  ...['CEST', 'MESZ', 'EET', 'SAST'].map((name) => [name, 120] as const),
  ...['EEST', 'MSK'].map((name) => [name, 180] as const),
  ...['SGT', 'HKT', 'AWST'].map((name) => [name, 480] as const),
  ...['JST', 'KST'].map((name) => [name, 540] as const),
  ['IST', 330],
  ...['PHT', 'MYT', 'WITA'].map((name) => [name, 480] as const),
  ...['ICT', 'WIB'].map((name) => [name, 420] as const),
  ...['TRT', 'IDT'].map((name) => [name, 180] as const),
  ['MET', 60],
  ['MEST', 120],
  ['GST', 240],
  ['PKT', 300],
  ['NPT', 345],
  ['ACST', 570],
  ['ACDT', 630],
  ['NDT', -150],
  ['ADT', -180],
  ['AKDT', -480],
  ['AKST', -540],
  ['HST', -600],
  ['AEST', 600],
  ['AEDT', 660],
  ['NZST', 720],
  ['NZDT', 780],
  ['BRT', -180],
  ['EDT', -240],
  ['EST', -300],
  ['CDT', -300],
  ['CST', -360],
  ['MDT', -360],
  ['MST', -420],
  ['PDT', -420],
  ['PST', -480],
]);
/** For each first letter a bit for each length of an abbreviation. */
const lengthsOf = new Int32Array(26);
for (const name of abbreviations.keys()) lengthsOf[codeOf(name) - upperA]! |= 1 << name.length;
