/**
 * What a layout string of another tool is made of, and the layout that comes of it: text as it stands, and values. A
 * value that may be anything reaches to the text behind it, so that nothing is ever tried twice.
 */

import { keep, oneOf, type Part, type Piece } from '../../layouts/layout.ts';
import { blanks, decimal, int, level, rest, time } from '../../layouts/pieces.ts';
import { closingQuote, isBlank, skipBlanks } from '../../text.ts';

/** Text as it stands, or a value. */
export type Token = string | Value;

/** A place for a value. */
export interface Value {
  /** As it was written, for messages. */
  readonly written: string;
  /** What reads it: `stop` is the text behind it, '' before another value, null at the end. Null where it can't end. */
  readonly piece: (stop: string | null) => Piece | null;
}

/** What a layout string is made of that is not understood: what it is, and what would be. */
export class NotUnderstood extends Error {
  readonly got: string;
  readonly expected: string;

  constructor(got: string, expected: string) {
    super(`${got}, not ${expected}`);
    this.got = got;
    this.expected = expected;
  }
}

/** The parts of a layout behind which `stop` stands. Throws NotUnderstood for a value whose end nothing shows. */
export function partsOf(tokens: readonly Token[], stop: string | null): Part[] {
  const merged = tokens.reduce<Token[]>((list, token) => {
    const last = list.at(-1);
    if (typeof token !== 'string') list.push(token);
    else if (typeof last === 'string') list[list.length - 1] = last + token;
    else if (token !== '') list.push(token);
    return list;
  }, []);
  // Nothing stands at the end of a line.
  const last = merged.at(-1);
  if (typeof last === 'string' && stop === null) merged[merged.length - 1] = last.trimEnd();
  const kept = merged
    .filter((token) => token !== '')
    .map((token) => (typeof token === 'string' ? spaced(token) : token));
  if (!kept.some((token) => typeof token !== 'string'))
    throw new NotUnderstood('no value', 'values with text between them');
  return kept.map((token, i) => {
    if (typeof token === 'string') return token;
    const next = kept[i + 1];
    const piece = token.piece(next === undefined ? stop : typeof next === 'string' ? next : '');
    if (piece !== null) return piece;
    throw new NotUnderstood(
      `${token.written} with another value right behind it`,
      'text between them, which ends the first',
    );
  });
}

/** One blank for each run of them. */
const spaced = (text: string): string => text.replaceAll(/[ \t]+/g, ' ');

/** A time of any shape. */
export const timeValue = (written: string): Value => padded(written, time);
/** A level, as a word or as its first letter. */
export const levelValue = (written: string): Value => padded(written, level);
export const intValue = (written: string, name: string): Value => padded(written, int(name));
export const decimalValue = (written: string, name: string): Value => padded(written, decimal(name));

/** Any text up to what stands behind it, perhaps none; blanks around it are padding. */
export function textValue(written: string, name: string): Value {
  return { written, piece: (stop) => (stop === null ? rest(name) : stop === '' ? null : upTo(name, stop)) };
}

/** A value that `piece` reads, filled up with blanks or not. */
export function padded(written: string, piece: Piece): Value {
  return {
    written,
    // Blanks that the text behind it begins with are read there.
    piece: (stop) => oneOf(stop !== null && isBlank(stop.charCodeAt(0)) ? [blanks, piece] : [blanks, piece, blanks]),
  };
}

/** Text before `stop`, which is not read. */
export function upTo(name: string, stop: string): Piece {
  return {
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        const end = endBefore(text, at, stop);
        if (end < 0) return -1;
        const start = Math.min(skipBlanks(text, at), end);
        let last = end;
        while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
        if (last > start) keep(match, group, start, last);
        return end;
      };
    },
  };
}

/** Where `stop` stands behind `at`; a quote behind a backslash does not stop. */
export function endBefore(text: string, at: number, stop: string): number {
  return stop.startsWith('"') ? closingQuote(text, at) : text.indexOf(stop, at);
}

/** The name of a field for a value with a name of the user's own. */
export function fieldOf(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (plain.endsWith('traceid')) return 'trace.id';
  if (plain.endsWith('spanid') && !plain.includes('parent')) return 'span.id';
  return name;
}
