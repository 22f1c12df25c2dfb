/** What counts as nothing: the control sequences of a console, and values that are empty. */
import {
  commaCode,
  equalsCode,
  isWordCode,
  minusCode,
  semicolonCode,
  spaceCode,
  underscoreCode,
  zeroCode,
} from '../text.ts';
import { charKinds, chars } from './lexemes.ts';

export const escapeCode = 27;
const bellCode = 7;

/** Where a control sequence ends that begins at `at`: `ESC [ 31 m`, `ESC ] title BEL`. */
export function afterEscape(line: string, at: number): number {
  const kind = line[at + 1];
  if (kind === '[') {
    at += 2;
    while (at < line.length && line.charCodeAt(at) >= spaceCode && line.charCodeAt(at) < 64) at++;
    return Math.min(at + 1, line.length);
  }
  if (kind !== ']') {
    for (at++; line.charCodeAt(at) >= spaceCode && line.charCodeAt(at) < zeroCode; at++);
    return Math.min(at + 1, line.length);
  }
  for (at += 2; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === bellCode) return at + 1;
    if (code === escapeCode) return Math.min(at + 2, line.length);
  }
  return at;
}

/**
 * Whether nothing stands behind a key and its `=`: the line ends, a sign closes what it is in, or the next key comes.
 *
 * @example
 * isEmptyAt('a= b=7', 2) // => true
 * isEmptyAt('a= 7', 2) // => false
 */
export function isEmptyAt(line: string, at: number): boolean {
  const start = at;
  while (at < line.length && line.charCodeAt(at) <= spaceCode) at++;
  if (at >= line.length) return true;
  if (at === start) return isCloser(line.charCodeAt(at));
  const key = at;
  while (isKeyCode(line.charCodeAt(at))) at++;
  return at > key && line.charCodeAt(at) === equalsCode;
}

function isCloser(code: number): boolean {
  return code === commaCode || code === semicolonCode || code === 41 || code === 93 || code === 125;
}

function isKeyCode(code: number): boolean {
  return (
    isWordCode(code) || code === underscoreCode || code === minusCode || (code < 128 && charKinds[code] === chars.dot)
  );
}
