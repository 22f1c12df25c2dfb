/**
 * Names of months and weekdays as logs write them: English, French, German, Spanish, Italian, Portuguese and Dutch, in
 * full or short, in any case, with a dot behind or not (`janv. 29` of a French `date`).
 */
import { commaCode, dotCode, isLetter, lowered } from '../text.ts';

/**
 * The month (1…12) whose English three-letter name stands at `at` in any case, or 0.
 *
 * @example
 * monthAt('10/Oct/2000', 3) // => 10
 */
export function monthAt(text: string, at: number): number {
  return english.get(letters(text, at)) ?? 0;
}

/**
 * Where an English weekday that stands at `at` ends, in three letters or in full, with the comma behind it; -1 for
 * none.
 *
 * @example
 * weekdayEnd('Mon Dec 26', 0) // => 3
 * weekdayEnd('Thursday, 29 Jan', 0) // => 9
 * weekdayEnd('Monitor', 0) // => -1
 */
export function weekdayEnd(text: string, at: number): number {
  if (!weekdays.has(letters(text, at))) return -1;
  let end = at + 3;
  while (end - at < longestName && isLetter(text.charCodeAt(end))) end++;
  if (end > at + 3 && !text.startsWith('day', end - 3)) return -1;
  return text.charCodeAt(end) === commaCode ? end + 1 : end;
}

/** The month (1…12) of a name in any of the languages, or 0. */
export const monthNamed = (name: string): number => months.get(name) ?? months.get(name.toLowerCase()) ?? 0;

/**
 * Where the name of a month that may stand at `at` ends, without a dot; `at` where none can stand.
 *
 * @example
 * monthNameEnd('29 févr. 2026', 3) // => 7
 * monthNameEnd('29 ready', 3) // => 3
 */
export function monthNameEnd(text: string, at: number): number {
  if (!beginnings.has(letters(text, at))) return at;
  let end = at + 3;
  while (end - at < longestName && isNameLetter(text.charCodeAt(end))) end++;
  return isNameLetter(text.charCodeAt(end)) ? at : end;
}

/** The offset behind the dot of a short name that ends at `at`, if there is one. */
export const behindDot = (text: string, at: number): number => (text.charCodeAt(at) === dotCode ? at + 1 : at);

const isNameLetter = (code: number): boolean => isLetter(code) || (code >= firstAccented && code <= lastAccented);

/** Three letters as one number, case folded. */
function letters(text: string, at: number): number {
  return (
    (lowered(text.charCodeAt(at)) << 16) | (lowered(text.charCodeAt(at + 1)) << 8) | lowered(text.charCodeAt(at + 2))
  );
}

const [firstAccented, lastAccented] = [0xc0, 0xff];
const longestName = 10;

const english = new Map(
  'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').map((name, i) => [letters(name, 0), i + 1]),
);
const weekdays = new Set('mon tue wed thu fri sat sun'.split(' ').map((name) => letters(name, 0)));

/** January first. */
const names = [
  'jan january janv janvier januar jän jänner ene enero gen gennaio janeiro januari',
  'feb february févr fév février fevr fev fevrier februar febrero febbraio fevereiro februari',
  'mar march mars mär märz maerz mrz marzo março maart mrt',
  'apr april avr avril abr abril aprile',
  'may mai mayo mag maggio maio mei',
  'jun june juin juni junio giu giugno junho',
  'jul july juil juillet juli julio lug luglio julho',
  'aug august août aoû aout ago agosto augustus',
  'sep sept september septembre septiembre setiembre set settembre setembro',
  'oct october octobre okt oktober octubre ott ottobre out outubro',
  'nov november novembre noviembre novembro',
  'dec december déc décembre decembre dez dezember dic diciembre dicembre dezembro',
];
const months = new Map(names.flatMap((line, i) => line.split(' ').map((name) => [name, i + 1] as const)));
const beginnings = new Set(Array.from(months.keys(), (name) => letters(name, 0)));
