/**
 * What a line is made of, as columns that are filled again for every line: no object per token, and no text either.
 * A token is known by two 32-bit hashes of its text; the text itself is cut out of the line only when it is
 * kept. The hash steps are those of FNV-1a and a multiplicative hash.
 */
import {
  ampersandCode,
  barCode,
  colonCode,
  commaCode,
  minusCode,
  plusCode,
  semicolonCode,
  slashCode,
} from '../text.ts';
import { wideKindOf } from './scripts.ts';

/** How a value is written in a template. */
export const hole = '<*>';

/** Flags of a token. */
export const kinds = {
  /** Stands for a value and nothing else. */
  value: 1,
  /** Holds a place for a value, all of it or its end: `<*>`, `eth<*>`. */
  hole: 2,
  /** Has a letter and is not a mere value. */
  word: 4,
  /** A value that is shown as it is written as long as it is always the same. */
  soft: 8,
  /** A blank stands before it. */
  blank: 16,
  /** A sign that may stand between the parts of one value. */
  joint: 32,
} as const;

/** Tokens of one line that are looked at; what follows counts as one value. */
export const maxTokens = 256;

const seedA = 0x811c9dc5 | 0;
const seedB = 0x2c1b3c6d;

/** Takes one more character into the first hash. */
export const stepA = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
/** Takes one more character into the second hash. */
export const stepB = (hash: number, code: number): number => Math.imul((hash << 5) - hash + code, 0x9e3779b1);

/** The hashes of no text. */
export const seeds = { a: seedA, b: seedB } as const;

/** The first hash of a part of a text, going on from `hash`. */
// hot: called for every token.
export function hashA(text: string, from = 0, to = text.length, hash: number = seedA): number {
  for (let i = from; i < to; i++) hash = stepA(hash, text.charCodeAt(i));
  return hash;
}

/** The second hash of a part of a text, going on from `hash`. */
// hot: called for every token.
export function hashB(text: string, from = 0, to = text.length, hash: number = seedB): number {
  for (let i = from; i < to; i++) hash = stepB(hash, text.charCodeAt(i));
  return hash;
}

const holeA = hashA(hole);
const holeB = hashB(hole);

/** Whether a sign joins values to one: `,` `:` `|` `;` `-` `/` `+` `&` */
export function isJoint(code: number): boolean {
  return (
    code === commaCode ||
    code === colonCode ||
    code === barCode ||
    code === semicolonCode ||
    code === minusCode ||
    code === slashCode ||
    code === plusCode ||
    code === ampersandCode
  );
}

/** Flags of a token that is kept as text. */
export function kindOf(token: string): number {
  if (token === hole) return kinds.value | kinds.hole;
  if (token.length === 1 && isJoint(token.charCodeAt(0))) return kinds.joint;
  return (token.includes(hole) ? kinds.hole : 0) | (hasLetter(token) ? kinds.word : 0);
}

function hasLetter(token: string): boolean {
  if (/[A-Za-z]/.test(token)) return true;
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    if (code >= 128 && (code < 0x0e00 || !/sign|blank/.test(wideKindOf(code)))) return true;
  }
  return false;
}

/** Tokens in columns. The text of token i is the line from `start` to `cut`, and a hole if it holds one. */
export class Tokens {
  length = 0;
  readonly a = new Int32Array(maxTokens + 8);
  readonly b = new Int32Array(maxTokens + 8);
  readonly kind = new Uint8Array(maxTokens + 8);
  /** Where the token begins in the line. */
  readonly start = new Int32Array(maxTokens + 8);
  /** Where its constant part ends. */
  readonly cut = new Int32Array(maxTokens + 8);
  /** Where it ends. */
  readonly end = new Int32Array(maxTokens + 8);

  /** Adds a token whose hashes are known. */
  // hot: called for every token.
  literal(kind: number, start: number, end: number, a: number, b: number): void {
    const i = this.length++;
    this.kind[i] = kind;
    this.start[i] = start;
    this.cut[i] = end;
    this.end[i] = end;
    this.a[i] = a;
    this.b[i] = b;
  }

  /** Adds a value; `kind` adds flags. */
  value(kind: number, start: number, end: number): void {
    this.literal(kind | kinds.value | kinds.hole, start, end, holeA, holeB);
    this.cut[this.length - 1] = start;
  }

  /** Adds a word whose end, from `cut` on, is a value. */
  stem(
    line: string,
    place: { readonly kind: number; readonly start: number; readonly cut: number; readonly end: number },
  ): void {
    const { kind, start, cut, end } = place;
    const a = hashA(hole, 0, hole.length, hashA(line, start, cut));
    const b = hashB(hole, 0, hole.length, hashB(line, start, cut));
    this.literal(kind | kinds.hole | kinds.word | kinds.soft, start, end, a, b);
    this.cut[this.length - 1] = cut;
  }

  /** Copies token `from` to the place `to`. */
  move(from: number, to: number): void {
    this.kind[to] = this.kind[from]!;
    this.start[to] = this.start[from]!;
    this.cut[to] = this.cut[from]!;
    this.end[to] = this.end[from]!;
    this.a[to] = this.a[from]!;
    this.b[to] = this.b[from]!;
  }

  /** Whether tokens i and j have the same text. */
  same(i: number, j: number): boolean {
    return this.a[i] === this.a[j] && this.b[i] === this.b[j];
  }

  /** The text of token i of `line`. */
  text(line: string, i: number): string {
    const constant = line.slice(this.start[i], this.cut[i]);
    return this.kind[i]! & kinds.hole ? constant + hole : constant;
  }

  /** What all tokens together are known by: a whole number below 2^53. */
  key(): number {
    return keyOf(this.a, this.b, this.length);
  }
}

/** One number for the first `length` of two columns of hashes. */
export function keyOf(a: Int32Array, b: Int32Array, length: number): number {
  let x = seedA;
  let y = seedB;
  for (let i = 0; i < length; i++) {
    x = Math.imul(x ^ a[i]!, 0x9e3779b1);
    x ^= x >>> 15;
    y = Math.imul(y ^ b[i]!, 0x85ebca6b);
    y ^= y >>> 13;
  }
  return wide(x, y);
}

/** Two hashes in one whole number below 2^53. */
export function wide(x: number, y: number): number {
  return (x >>> 0) * 0x200000 + (y >>> 11);
}
