/**
 * The shape of a text, in which texts of one kind are alike: a run of letters is `a`, one of digits `0`, what stands in
 * quotes is left out, words of prose in a row are one. So it shows the signs by which a line could be read, and hardly
 * anything of what it says.
 */
import { apostropheCode, isBlank, isDigit, isLetter, isWordCode, quoteCode, spaceCode } from '../text.ts';

/**
 * The shape of a text's first line.
 *
 * @example
 * lineShape('[7] cart-12 took 30ms: "no stock" for order 81') // => '[0] a-0 a 0a: "…" a… 0'
 */
export function lineShape(text: string): string {
  const limit = Math.min(text.length, longest);
  let shape = '';
  let at = 0;
  while (at < limit && shape.length < longestShape) {
    const code = text.charCodeAt(at);
    if (code === lineFeedCode) return shape.trimEnd();
    const end = runEnd(text, at, limit);
    if (isLetterLike(code)) shape += 'a';
    else if (isDigit(code)) shape += '0';
    else if (isBlank(code)) shape = joinWords(shape);
    else if (code < spaceCode) shape += '?';
    else shape += end - at > 1 ? `${text.charAt(at)}…${text.charAt(at)}` : text.charAt(at);
    at = end;
  }
  shape = joinWords(shape).trimEnd();
  return at < text.length && text.charCodeAt(at) !== lineFeedCode ? `${shape} …` : shape;
}

/** Where the run that begins at `at` ends: letters, digits, blanks, or a text in quotes; else one character. */
function runEnd(text: string, at: number, limit: number): number {
  const code = text.charCodeAt(at);
  const isQuote = code === quoteCode || (code === apostropheCode && !isWordCode(text.charCodeAt(at - 1)));
  if (isQuote) {
    const close = text.indexOf(text.charAt(at), at + 1);
    return close < 0 || close >= limit ? at + 1 : close + 1;
  }
  const isLike = isLetterLike(code) ? isLetterLike : isDigit(code) ? isDigit : isBlank(code) ? isBlank : undefined;
  let end = at + 1;
  while (isLike !== undefined && end < limit && isLike(text.charCodeAt(end))) end++;
  return end;
}

/** A shape with a blank behind it; a word behind words joins them. */
function joinWords(shape: string): string {
  const isPlain = shape.endsWith(' a') || shape === 'a';
  if (!isPlain) return `${shape} `;
  const before = shape.slice(0, -1).trimEnd();
  if (before.endsWith(' a…') || before === 'a…') return `${before} `;
  return before.endsWith(' a') || before === 'a' ? `${before}… ` : `${shape} `;
}

/** Letters of any script. */
const isLetterLike = (code: number): boolean => isLetter(code) || code > lastAscii;

const [lineFeedCode, lastAscii] = [10, 127];
/** How much of a line is looked at, and how much of a shape is kept. */
const [longest, longestShape] = [400, 100];
