/**
 * What a piece of a line's header looks like, told by its characters alone: a number, an id, a place in a source file,
 * a logger's name. Nothing here knows a program; every look costs one pass over at most two hundred characters.
 */
import { looksLikeAddress } from '../addresses.ts';
import {
  atCode,
  colonCode,
  dollarCode,
  dotCode,
  equalsCode,
  hashSignCode,
  isBlank,
  isDigit,
  isHex,
  isLetter,
  isLower,
  isUpper,
  isWordCode,
  minusCode,
  slashCode,
  underscoreCode,
  zeroCode,
} from '../text.ts';

/**
 * `word` is letters alone, as prose is made of; `name` has something that prose lacks: a digit, `-`, `_`, `/` or a
 * capital inside. `dotted` are loggers' names, `place` is `file.go:42`, `Class#7` or `add@7`, `pair` is `key=value`,
 * `phrase` has blanks, `other` holds quotes or other signs.
 */
export type Shape =
  | 'empty'
  | 'number'
  | 'hex'
  | 'id'
  | 'address'
  | 'place'
  | 'pair'
  | 'dotted'
  | 'name'
  | 'word'
  | 'phrase'
  | 'other';

/**
 * The shape of the text between two positions.
 *
 * @example
 * shapeOf('com.example.Cart', 0, 16) // => 'dotted'
 * shapeOf('cart.go:42', 0, 10) // => 'place'
 * shapeOf('pool-1', 0, 6) // => 'name'
 * shapeOf('declined', 0, 8) // => 'word'
 */
export function shapeOf(text: string, start: number, end: number): Shape {
  const length = end - start;
  if (length === 0) return 'empty';
  if (length > longest) return 'other';
  let [numerals, hexes, dots, signs, humps, others] = [0, 0, 0, 0, 0, 0];
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) numerals++;
    if (isHex(code)) hexes++;
    else if (code === dotCode) dots++;
    else if (code === equalsCode && i > start)
      return hasBlank(text, i, end) ? 'phrase' : isKey(text, start, i) ? 'pair' : 'other';
    else if (isBlank(code)) return 'phrase';
    else if (isNameSign(code)) signs++;
    else if (!isLetter(code)) others++;
    if (isUpper(code) && i > start && isLower(text.charCodeAt(i - 1))) humps++;
  }
  if (numerals + dots + signs + others === 0) return humps > 0 ? 'name' : 'word';
  if (numerals === length) return 'number';
  if (looksLikeAddress(text, start, end) && numerals > 0) return 'address';
  if (isAddressWithPort(text, start, end)) return 'address';
  if (text.startsWith('0x', start) && hexes >= length - 1) return 'hex';
  if (numerals > 0 && hexes >= length - 4 && isId(text.slice(start, end), hexes)) return length >= 16 ? 'id' : 'hex';
  if (others > 0) return 'other';
  const place = numberBehind(text, start, end);
  if (place > start && isSource(text.slice(start, place - 1))) return 'place';
  if (text.slice(start, end).includes('//')) return 'other';
  if (!isLetter(text.charCodeAt(start)) && text.charCodeAt(start) !== underscoreCode) return 'other';
  if (!isWordCode(text.charCodeAt(end - 1)) && text.charCodeAt(end - 1) !== dollarCode) return 'other';
  if (dots > 0 || text.slice(start, end).includes('::')) return isDotted(text, start, end) ? 'dotted' : 'other';
  return numerals > 0 || signs > 0 || humps > 0 ? 'name' : 'word';
}

/**
 * The start of the number that ends a place (`file.go:42`, `Class#42`, `add@42`), or -1.
 *
 * @example
 * numberBehind('cart.go:42', 0, 10) // => 8
 */
export function numberBehind(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isDigit(text.charCodeAt(at - 1))) at--;
  const sign = text.charCodeAt(at - 1);
  return at < end && at > start + 1 && (sign === colonCode || sign === hashSignCode || sign === atCode) ? at : -1;
}

/**
 * Whether a name or a phrase is a thread's: `http-nio-8080-exec-1`, `MainThread`, `worker 7`, `Controller Boot Thread`.
 *
 * @example
 * isThreadName('Controller Boot Thread') // => true
 * isThreadName('connection refused') // => false
 */
export function isThreadName(text: string): boolean {
  return threadWords.test(text) || isNumbered(text);
}

/** `pool-1`, `worker#3`, `qtp#42-18`: a name and a number behind a sign. */
function isNumbered(text: string): boolean {
  let at = text.length;
  while (isDigit(text.charCodeAt(at - 1))) at--;
  const sign = text.charCodeAt(at - 1);
  return at < text.length && at > 1 && (sign === minusCode || sign === hashSignCode) && isLetter(text.charCodeAt(0));
}

/** `a.b.C`, `crate::module`, without two signs in a row but the colons. */
function isDotted(text: string, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === dotCode && !isWordCode(text.charCodeAt(i + 1)) && text.charCodeAt(i + 1) !== underscoreCode)
      return false;
    if (code === colonCode && text.charCodeAt(i - 1) !== colonCode && text.charCodeAt(i + 1) !== colonCode)
      return false;
  }
  return true;
}

/**
 * Whether what stands before the number of a place is a source file, a class or a function, and no host with its port.
 */
function isSource(name: string): boolean {
  if (!isLetter(name.charCodeAt(0)) && name.charCodeAt(0) !== slashCode) return false;
  const colon = name.indexOf(':');
  if (colon > 0 && name.charCodeAt(colon + 1) !== slashCode) return true;
  const dot = name.lastIndexOf('.');
  if (dot > 0 && sources.has(name.slice(dot + 1))) return true;
  return isUpper(name.charCodeAt(dot + 1));
}

const sources = new Set(
  'go py java kt scala rs js ts jsx tsx mjs cjs c cc cpp cxx h hpp m mm rb php cs fs vb swift lua pl pm ex exs erl hs dart groovy clj sh'.split(
    ' ',
  ),
);

/** A UUID, 16 hexadecimal digits or more, or 8 of them that begin with zeros, as Windows and IBM write thread ids. */
function isId(token: string, hexes: number): boolean {
  if (token.length === 36 && hexes === 32 && token.charCodeAt(8) === minusCode) return true;
  return hexes === token.length && (token.length >= 16 || (token.length === 8 && token.charCodeAt(0) === zeroCode));
}

/** `10.0.0.7:4242`. */
function isAddressWithPort(text: string, start: number, end: number): boolean {
  let dots = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === dotCode) dots++;
    else if (code === colonCode) return dots === 3 && i + 1 < end;
    else if (!isDigit(code)) return false;
  }
  return false;
}

function hasBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isBlank(text.charCodeAt(i))) return true;
  return false;
}

function isKey(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isWordCode(code) && code !== dotCode && !isNameSign(code)) return false;
  }
  return isLetter(text.charCodeAt(start)) || text.charCodeAt(start) === underscoreCode;
}

const isNameSign = (code: number): boolean =>
  code === minusCode ||
  code === underscoreCode ||
  code === slashCode ||
  code === dollarCode ||
  code === colonCode ||
  code === hashSignCode ||
  code === atCode;

const longest = 200;
const threadWords = /thread|exec|worker|pool|scheduler|dispatcher|eventloop|^main$/i;
