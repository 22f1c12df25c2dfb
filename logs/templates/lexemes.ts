/**
 * What a lexeme is: a word, a value, or a word that ends in a value. A lexeme is a text without blanks and delimiters.
 * The rules stand in a table and are tried in order; the first that fits decides. A rule is asked only when the lexeme
 * holds a character it needs, so that most words cost no rule at all.
 */
import { wideKindOf } from './scripts.ts';
import { calendar, constants } from './words.ts';

/** Kinds of characters, as flags. */
export const chars = {
  digit: 1,
  lower: 2,
  upper: 4,
  /** A letter that is no hexadecimal digit. */
  beyondHex: 8,
  dot: 16,
  colon: 32,
  slash: 64,
  dash: 128,
  underscore: 256,
  /** `@` and `#` */
  at: 512,
  backslash: 1024,
  /** `!` and `?` */
  ending: 2048,
  /** `+` and `%` */
  numeric: 4096,
  other: 8192,
  /** Always a token of its own. */
  delimiter: 16384,
  /** Of a script that puts no blanks between words, or one of its signs. */
  unspaced: 32768,
} as const;

const letters = chars.lower | chars.upper;
const any = -1;

/** Kinds of the characters below 128. */
export const charKinds = new Uint16Array(128).map((_, code) => charKind(String.fromCharCode(code)));

function charKind(char: string): number {
  if (char >= '0' && char <= '9') return chars.digit;
  if (char >= 'a' && char <= 'z') return chars.lower | (char > 'f' ? chars.beyondHex : 0);
  if (char >= 'A' && char <= 'Z') return chars.upper | (char > 'F' ? chars.beyondHex : 0);
  if ('()[]{}<>"\'`,;=|'.includes(char)) return chars.delimiter;
  const single: Readonly<Record<string, number>> = {
    '.': chars.dot,
    ':': chars.colon,
    '/': chars.slash,
    '-': chars.dash,
    _: chars.underscore,
    '@': chars.at,
    '#': chars.at,
    '\\': chars.backslash,
    '!': chars.ending,
    '?': chars.ending,
    '+': chars.numeric,
    '%': chars.numeric,
  };
  return single[char] ?? chars.other;
}

/** Kinds of the characters of a part of a text, together. Characters beyond ASCII count as letters. */
export function kindsIn(text: string, from: number, to: number): number {
  let flags = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    flags |= code < 128 ? charKinds[code]! : wideKind(code);
  }
  return flags;
}

/** Kinds of a character beyond ASCII. */
export function wideKind(code: number): number {
  const kind = wideKindOf(code);
  if (kind === 'letter') return chars.lower | chars.beyondHex;
  if (kind === 'sign' && code < 0x3000) return chars.other;
  return kind === 'unspaced' ? chars.unspaced | chars.lower | chars.beyondHex : chars.unspaced | chars.other;
}

/** With none of these and no digit, a lexeme is a word or stands in a list of words. */
export const unusual =
  chars.digit | chars.dot | chars.colon | chars.slash | chars.backslash | chars.ending | chars.at | chars.unspaced;

/** With only these, behind a digit, a lexeme is a number of some kind. */
export const numberLike =
  chars.digit |
  letters |
  chars.beyondHex |
  chars.dot |
  chars.colon |
  chars.slash |
  chars.dash |
  chars.underscore |
  chars.numeric;

/**
 * What a lexeme is: a word, a value, a value shown as written while it does not change (soft), a word that ends in a
 * value (stem), or two lexemes with a colon between.
 */
export type Meaning = 'word' | 'value' | 'soft' | 'stem' | 'pair';

/** What follows a lexeme: nothing in particular, `=`, or `:` behind the first word of a line. */
export type Follower = 'any' | 'equals' | 'colon';

interface Rule {
  readonly name: string;
  /** The lexeme holds one of these kinds of characters at least. */
  readonly needs: number;
  /** It holds none of these. */
  readonly lacks?: number;
  readonly fits: (lexeme: string, follower: Follower) => boolean;
  readonly meaning: Meaning;
}

/** A function and how far into it, with or without its length. */
const placeInCode = /^[A-Za-z_$.!:@~?][\w$.!:@~?]*\+0x[\da-fA-F]+(?:\/0x[\da-fA-F]+)?$/;

/**
 * Each is described by an example. Addresses and paths would mostly be found by merging, too; known at once, they make
 * no template that looks new until then.
 */
const rules: readonly Rule[] = [
  { name: 'true, null', needs: letters, lacks: chars.digit, fits: (w) => constants.has(w), meaning: 'value' },
  { name: 'cafebabe', needs: letters, lacks: chars.digit | chars.beyondHex, fits: isHexWord, meaning: 'value' },
  {
    name: 'bea45530',
    needs: chars.digit,
    lacks: chars.beyondHex,
    fits: (w) => /^[\da-fA-F]{8,}$/.test(w),
    meaning: 'value',
  },
  {
    name: '10.5ms, 0x1f, 10.0.0.1:80',
    needs: chars.digit,
    fits: (w) => /^[-+#~$]?\d[\w.:%+\-/]*$/.test(w),
    meaning: 'value',
  },
  { name: 'fe80::1, 0a:1b:2c', needs: chars.colon, fits: isHexGroups, meaning: 'value' },
  { name: 'do_fork+0x1f/0x40', needs: chars.numeric, fits: (w) => placeInCode.test(w), meaning: 'stem' },
  { name: 'eth0', needs: chars.digit, fits: (w) => /^[A-Za-z]+\d{1,3}$/.test(w), meaning: 'stem' },
  { name: 'node-12, task#7, job-3fa9c', needs: chars.dash | chars.at, fits: isNumbered, meaning: 'stem' },
  { name: 'http://host/x', needs: chars.colon, fits: (w) => w.includes('://'), meaning: 'value' },
  { name: '/var/log, ./x, C:\\x', needs: chars.slash | chars.backslash, fits: isPath, meaning: 'value' },
  { name: 'joe@host.org', needs: chars.at, fits: isMailAddress, meaning: 'value' },
  { name: 'joe@desk', needs: chars.at, fits: (w) => /^[\w.+-]+@[\w-]+$/.test(w), meaning: 'soft' },
  {
    name: 'com.shop/Cart',
    needs: chars.slash,
    fits: (w) => /^[A-Za-z_]\w*\.[\w.]+\/[\w.$]+$/.test(w),
    meaning: 'value',
  },
  { name: 'host.org:80', needs: chars.colon, fits: isHostAndPort, meaning: 'value' },
  { name: 'key:rest', needs: chars.colon, fits: (w) => w.indexOf(':') > 0, meaning: 'pair' },
  { name: 'lot_77', needs: chars.digit, fits: () => true, meaning: 'value' },
  { name: 'com.shop.cart', needs: chars.dot, fits: (w, next) => next === 'any' && isDotted(w), meaning: 'soft' },
  { name: 'a/b/c', needs: chars.slash, fits: (w) => w.indexOf('/') !== w.lastIndexOf('/'), meaning: 'value' },
  {
    name: 'Jan, Monday',
    needs: letters,
    lacks: ~(letters | chars.beyondHex),
    fits: (w) => calendar.has(w),
    meaning: 'soft',
  },
  { name: 'anything else', needs: any, fits: () => true, meaning: 'word' },
];

/**
 * What a lexeme of text means.
 *
 * @example
 * meaningOf('eth0', 'any') // => 'stem'
 * meaningOf('10.0.0.7', 'any') // => 'value'
 * meaningOf('starting', 'any') // => 'word'
 */
export function meaningOf(lexeme: string, follower: Follower, flags = kindsIn(lexeme, 0, lexeme.length)): Meaning {
  for (let i = 0; i < rules.length; i++) {
    const { needs, lacks, fits, meaning } = rules[i]!;
    if ((flags & needs) === 0 || (lacks !== undefined && (flags & lacks) !== 0)) continue;
    if (fits(lexeme, follower)) return meaning;
  }
  return 'word';
}

/** Where the constant part of a word that ends in a value stops. */
export function stemEnd(lexeme: string): number {
  const offset = lexeme.indexOf('+0x');
  if (offset > 0) return offset + 1;
  const sign = Math.max(lexeme.lastIndexOf('-'), lexeme.lastIndexOf('#'), lexeme.lastIndexOf('@'));
  return sign >= 0 ? sign + 1 : lexeme.search(/\d/);
}

function isHexWord(word: string): boolean {
  const { length } = word;
  if (length !== 8 && length !== 16 && length !== 32 && length !== 40 && length !== 64) return false;
  return /^[a-f]+$/.test(word) || (length <= 32 && /^[A-F]+$/.test(word));
}

/** Whether a lexeme is an address of hexadecimal groups with two colons or more, also with a zone, port or length. */
export function isHexGroups(lexeme: string): boolean {
  return (
    /^[\da-fA-F:.]+(?:[%#/]\w+)?$/.test(lexeme) && /\d/.test(lexeme) && lexeme.indexOf(':') !== lexeme.lastIndexOf(':')
  );
}

function isNumbered(lexeme: string): boolean {
  const end = stemEnd(lexeme);
  const tail = lexeme.slice(end);
  const numbered =
    /^\d[\d.]*$/.test(tail) || (tail.length >= 5 && tail.length <= 16 && /^[\da-f]+$/.test(tail) && /\d/.test(tail));
  return numbered && /^[A-Za-z](?:[A-Za-z_-]*[A-Za-z])?[-#@]$/.test(lexeme.slice(0, end));
}

function isPath(lexeme: string): boolean {
  return /^(?:~|\.{1,2})?\/[^/]/.test(lexeme) || /^(?:[A-Za-z]:)?[\\/][^/]/.test(lexeme);
}

function isMailAddress(lexeme: string): boolean {
  const at = lexeme.indexOf('@');
  return at > 0 && /^[\w.+-]+$/.test(lexeme.slice(0, at)) && /^[\w-]+\.[\w.-]+$/.test(lexeme.slice(at + 1));
}

function isHostAndPort(lexeme: string): boolean {
  const colon = lexeme.indexOf(':');
  const host = lexeme.slice(0, colon);
  if (!/^\d+$/.test(lexeme.slice(colon + 1))) return false;
  return host === 'localhost' || (/[.\d]/.test(host) && !/^\w+\.[a-z]+[A-Z]\w*$/.test(host));
}

function isDotted(lexeme: string): boolean {
  return /^[\w$-]+(?:\.[\w$-]+){2,}$/.test(lexeme) && !/(?:Exception|Error|Throwable)$/.test(lexeme);
}
