/**
 * Regions of a form that may hold one value, however many tokens they are: what stands in brackets or quotes, or behind
 * a key. All are found in one pass over the tokens, none is longer than a few tokens, so that a long line costs no more
 * per token than a short one.
 */
import { isIn } from './columns.ts';
import type { TemplateForm } from './template.ts';
import { kinds, wide } from './tokens.ts';

/** Tokens from `start` up to, not including, `end`. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

const longestRegion = 16;
const closers: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '"': '"',
  "'": "'",
  '`': '`',
};
const quotes = '"\'`';
/** Signs that a region can't hold: it would be more than one value. */
const inner = '()[]{}<>"\'`=';
const element = kinds.word | kinds.value;

/** The values of keys: a word or value behind `=` or `:`, or what stands in quotes there. */
export function fieldsOf(form: TemplateForm): Region[] {
  const { tokens, kinds: kind } = form;
  const fields: Region[] = [];
  for (let i = 1; i < tokens.length; i++) {
    if (!isIn('=:', tokens[i - 1])) continue;
    if (kind[i]! & element) fields.push({ start: i, end: i + 1 });
    else if (isIn(quotes, tokens[i])) {
      const end = closing(form, i);
      if (end > i + 1 && tokens[end + 1] !== ':') fields.push({ start: i + 1, end });
    }
  }
  return fields;
}

/** What stands in brackets or quotes, and what is glued to a `=`: several tokens, mere signs, or nothing. */
export function spansOf(form: TemplateForm): Region[] {
  const { tokens } = form;
  const spans: Region[] = [];
  for (let i = 1; i < tokens.length; i++) {
    const sign = tokens[i - 1]!;
    if (sign.length > 1) continue;
    const end = sign === '=' ? glued(form, i) : closers[sign] === undefined ? -1 : closing(form, i - 1);
    const isOne = end === i + 1 && (form.kinds[i]! & element) !== 0;
    if (end > i ? !isOne : end === i && sign !== '=') spans.push({ start: i, end });
  }
  return spans;
}

/** Whether a value at `place` stands where a region could. */
export function isRegionStart({ tokens }: TemplateForm, place: number): boolean {
  return isIn('([{<"\'`=', tokens[place - 1]);
}

/** Where the sign stands that closes the one at `open`, if little and nothing of another kind is between; else -1. */
function closing({ tokens, kinds: kind }: TemplateForm, open: number): number {
  const closer = closers[tokens[open]!]!;
  for (let i = open + 1; i < tokens.length && i <= open + longestRegion + 1; i++) {
    const token = tokens[i]!;
    if (token === closer) return i;
    if (isIn(inner, token) || (token === ':' && kind[i + 1]! & kinds.blank)) return -1;
  }
  return -1;
}

/** Where what is glued together from `start` on ends. */
function glued({ tokens, kinds: kind }: TemplateForm, start: number): number {
  let end = start;
  while (
    end < tokens.length &&
    end - start <= longestRegion &&
    (kind[end]! & kinds.blank) === 0 &&
    !isIn(inner, tokens[end]) &&
    !isIn(',;', tokens[end])
  )
    end++;
  return end - start > longestRegion ? -1 : end;
}

/** One number for the tokens of a form with a mark in place of each region. */
export function keyAround({ a, b }: TemplateForm, regions: readonly Region[]): number {
  let x = regions.length;
  let y = 0;
  let next = 0;
  for (let i = 0; i < a.length; i++) {
    const region = regions[next];
    const isMark = region?.start === i;
    if (isMark) {
      i = region.end - 1;
      next++;
    }
    x = stepLeft(x, isMark ? mark : a[i]!);
    y = stepLeft(y, isMark ? mark : Math.imul(b[i]!, 0x85ebca6b));
  }
  return wide(x, y);
}

/** Finds forms by all but one region, at the cost of one step a token: what is before it, and what is behind it. */
export class Surroundings {
  readonly #before: Int32Array;
  readonly #behind: Int32Array;

  constructor({ a, b }: TemplateForm) {
    this.#before = new Int32Array(a.length + 1);
    this.#behind = new Int32Array(b.length + 1);
    for (let i = 0; i < a.length; i++) this.#before[i + 1] = stepLeft(this.#before[i]!, a[i]!);
    for (let i = b.length - 1; i >= 0; i--) this.#behind[i] = stepLeft(this.#behind[i + 1]!, b[i]!);
  }

  /** One number for all but a region. */
  key({ start, end }: Region): number {
    return wide(this.#before[start]!, this.#behind[end]!);
  }
}

const mark = 0x2545f491;

function stepLeft(hash: number, next: number): number {
  hash = Math.imul(hash ^ next, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
