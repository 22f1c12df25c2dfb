/**
 * Sets of characters that a piece reads over. What the test of a set says of ASCII is asked once and then looked up: a
 * call for each character of each name is most of what a layout costs.
 */

/** Whether a character, by its code, is of a set; false for NaN, past the end of a text. */
export type Accept = (code: number) => boolean;

/** A test, and what it says of ASCII. */
export interface CharSet {
  readonly accept: Accept;
  readonly ascii: Uint8Array;
}

/** The set of the characters that `accept` takes. */
export const charSet = (accept: Accept): CharSet => ({
  accept,
  ascii: Uint8Array.from({ length: asciiLength }, (_, code) => (accept(code) ? 1 : 0)),
});

/**
 * Where characters of a set end that begin at `at`, not behind `limit`.
 *
 * @example
 * endOf('cart-7: no stock', 0, charSet((code) => code > 44)) // => 7
 */
// hot: called for every name in every line.
export function endOf(text: string, at: number, { accept, ascii }: CharSet, limit = text.length): number {
  let end = at;
  for (; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (!(code < asciiLength ? ascii[code] === 1 : accept(code))) break;
  }
  return end;
}

const asciiLength = 128;
