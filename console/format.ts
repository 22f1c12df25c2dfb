/**
 * Numbers, times and log text as people read them. All times are UTC, because that is what the logs of many services
 * have in common.
 */

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/**
 * A count or rate in at most five characters or so.
 * @example
 * short(48_210)  // => '48.2K'
 * short(0.3412)  // => '0.34'
 */
export function short(value: number): string {
  if (Math.abs(value) < 10) return fine.format(value);
  return Math.abs(value) < 1000 ? whole.format(value) : compact.format(value);
}

/**
 * @example
 * full(1_234_567)  // => '1,234,567'
 */
export function full(value: number): string {
  return whole.format(value);
}

/**
 * How many times the expected was observed.
 * @example
 * ratio(90, 3)  // => '30×'
 * ratio(7, 0)   // => 'none expected'
 */
export function ratio(observed: number, expected: number): string {
  return expected > 0 ? `${short(observed / expected)}×` : 'none expected';
}

/**
 * A power of ten, rounded up to a whole exponent.
 * @example
 * power(-30.4)  // => '10⁻³⁰'
 */
export function power(log10: number): string {
  const exponent = Math.ceil(log10);
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/**
 * @example
 * clock(1_769_676_684_967)  // => '08:51:24'
 */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/**
 * @example
 * day(1_769_676_684_967)  // => '2026-01-29'
 */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * A span in its one or two largest units.
 * @example
 * span(38_400)     // => '38 s'
 * span(4_320_000)  // => '1 h 12 min'
 */
export function span(ms: number): string {
  const s = Math.round(Math.abs(ms) / 1000);
  if (s < 120) return `${s} s`;
  const min = Math.round(s / 60);
  if (min < 60) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h >= 48) return `${Math.round(h / 24)} d`;
  return min % 60 === 0 ? `${h} h` : `${h} h ${min % 60} min`;
}

/** Controls, and the marks that make text read in another order than it is stored. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it must find
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Log text with nothing hidden in it: a control character becomes its picture, an invisible or reordering mark its
 * code point, and what is longer than `max` ends with how much was left out.
 * @example
 * visible('\u001b[31mred')         // => '␛[31mred'
 * visible('a\u202eb')              // => 'a⟨U+202E⟩b'
 * visible('abcdef', 4)             // => 'abcd … 2 more characters'
 */
export function visible(text: string, max = 4000): string {
  const kept =
    text.length > max ? `${text.slice(0, max).toWellFormed()} … ${full(text.length - max)} more characters` : text;
  return kept.replace(hidden, (mark) => {
    const code = mark.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}
