/**
 * A form: the tokens that a kind of lines has in common, with holes for values. A template has one form, and more when
 * lines of different shape turned out to be of one kind. Forms that have become equal are one; `into` then leads from
 * the one that was given up to the one that stays.
 */
import { hashA, hashB, keyOf, kindOf, kinds, type Tokens, wide } from './tokens.ts';

/** A form as it is stored; plain JSON. */
export interface FormRecord {
  readonly tokens: readonly string[];
  /** The places of the tokens that no blank precedes. */
  readonly glued: readonly number[];
  /** Values that never changed so far, by place: they are shown as written. */
  readonly written: readonly (readonly [number, string])[];
  /** The places that were made holes because what stood there looked like values. */
  readonly opened: readonly number[];
}

/** The tokens of one kind of lines. `Owner` is what it belongs to. */
export class Form<Owner> {
  owner: Owner;
  into: Form<Owner> | undefined;
  /** The places that were made holes, or words with a hole: any word that fits may stand there. */
  readonly opened = new Set<number>();
  readonly tokens: string[];
  readonly kinds: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly written: Map<number, string>;
  key: number;
  #sumA = 0;
  #sumB = 0;

  constructor(owner: Owner, tokens: readonly string[], blanks: (i: number) => boolean) {
    this.owner = owner;
    this.tokens = [...tokens];
    this.kinds = Uint8Array.from(tokens, (token, i) => kindOf(token) | (blanks(i) ? kinds.blank : 0));
    this.a = Int32Array.from(tokens, (token) => hashA(token));
    this.b = Int32Array.from(tokens, (token) => hashB(token));
    this.written = new Map();
    this.key = 0;
    this.#count();
  }

  get length(): number {
    return this.tokens.length;
  }

  /** Makes place `i` a hole, or a word with a hole in it. */
  open(i: number, pattern: string): void {
    this.tokens[i] = pattern;
    this.kinds[i] = kindOf(pattern) | (this.kinds[i]! & kinds.blank);
    this.a[i] = hashA(pattern);
    this.b[i] = hashB(pattern);
    this.written.delete(i);
    this.opened.add(i);
    this.#count();
  }

  /** What the form is known by when places `i` and `j` are left out. */
  keyWithout(i: number, j = -1): number {
    let sumA = this.#sumA - placed(this.a[i]!, i);
    let sumB = this.#sumB - placed(this.b[i]!, i);
    if (j >= 0) {
      sumA -= placed(this.a[j]!, j);
      sumB -= placed(this.b[j]!, j);
    }
    return wide(sumA, sumB);
  }

  /** Keeps what is shown as written only where the line has the same there. */
  compare(tokens: Tokens, line: string): void {
    for (const [i, text] of this.written) {
      const start = tokens.start[i]!;
      const same =
        tokens.kind[i]! & kinds.soft && tokens.end[i] === start + text.length && line.startsWith(text, start);
      if (!same) this.written.delete(i);
    }
  }

  /** Takes over what is known of another form with the same tokens. */
  agree(other: Form<Owner>): void {
    for (const place of other.opened) this.opened.add(place);
    for (const [i, text] of this.written) if (other.written.get(i) !== text) this.written.delete(i);
  }

  /** Whether any word may stand in a place because those that did looked like values. */
  isFree(i: number): boolean {
    return this.opened.has(i) && (this.kinds[i]! & kinds.value) !== 0;
  }

  /** The template as people read it. */
  text(): string {
    let text = '';
    for (let i = 0; i < this.tokens.length; i++) {
      if (i > 0 && this.kinds[i]! & kinds.blank) text += ' ';
      text += this.written.get(i) ?? this.tokens[i]!;
    }
    return text;
  }

  record(): FormRecord {
    const glued = this.tokens.map((_, i) => i).filter((i) => (this.kinds[i]! & kinds.blank) === 0);
    return { tokens: [...this.tokens], glued, written: [...this.written], opened: [...this.opened] };
  }

  #count(): void {
    this.key = keyOf(this.a, this.b, this.length);
    this.#sumA = 0;
    this.#sumB = 0;
    for (let i = 0; i < this.length; i++) {
      this.#sumA = (this.#sumA + placed(this.a[i]!, i)) | 0;
      this.#sumB = (this.#sumB + placed(this.b[i]!, i)) | 0;
    }
  }
}

/** The form a line was read into. */
export function formOf<Owner>(owner: Owner, tokens: Tokens, line: string): Form<Owner> {
  const texts = Array.from({ length: tokens.length }, (_, i) => tokens.text(line, i));
  const form = new Form(owner, texts, (i) => (tokens.kind[i]! & kinds.blank) !== 0);
  for (let i = 0; i < texts.length; i++) {
    if (tokens.kind[i]! & kinds.soft) form.written.set(i, line.slice(tokens.start[i], tokens.end[i]));
  }
  return form;
}

/** The form of a record. */
export function formFrom<Owner>(owner: Owner, { tokens, glued, written, opened }: FormRecord): Form<Owner> {
  const without = new Set(glued);
  const form = new Form(owner, tokens, (i) => !without.has(i));
  for (const [i, text] of written) form.written.set(i, text);
  for (const place of opened) form.opened.add(place);
  return form;
}

/** The form that stays of those that became equal. */
export function staying<Owner>(form: Form<Owner>): Form<Owner> {
  while (form.into !== undefined) form = form.into;
  return form;
}

/** A hash that depends on where it stands; murmur3's finaliser. */
function placed(hash: number, place: number): number {
  hash = Math.imul(hash ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
