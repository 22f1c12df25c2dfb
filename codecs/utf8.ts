/**
 * How long a text is in bytes. Stores, topics and servers bound bytes, and a text's `length` counts UTF-16 units: one
 * for a Chinese character, which takes three bytes in UTF-8, and two for an emoji, which takes four. Every limit and
 * size in bytes is counted here.
 */

/**
 * The bytes of a text in UTF-8.
 *
 * @example
 * utf8Length('Zürich') // => 7
 * utf8Length('订单😀') // => 10
 */
export const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Whether a text takes more than `limit` bytes. A short text, of which no unit can take more than three bytes, is not
 * counted.
 *
 * @example
 * isLongerThan('订单', 5) // => true
 * isLongerThan('订单', 6) // => false
 */
export const isLongerThan = (text: string, limit: number): boolean =>
  text.length * 3 > limit && utf8Length(text) > limit;

/**
 * The first `units` UTF-16 units of a text, without half of a character at the end: a lone surrogate has no UTF-8 form,
 * and a table would refuse its row.
 *
 * @example
 * cutText('ab😀', 3) // => 'ab'
 */
export function cutText(text: string, units: number): string {
  const last = text.charCodeAt(units - 1);
  const isHalf = text.length > units && last >= 0xd800 && last < 0xdc00;
  return text.slice(0, isHalf ? units - 1 : units);
}
