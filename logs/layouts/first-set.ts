/**
 * FIRST sets, as predictive parsers have them (Aho, Lam, Sethi, Ullman, "Compilers", §4.4.2): what a text can begin
 * with if a piece of a layout reads it. A line is tried only on the layouts that its first character, or the time it
 * begins with, allows. A set may be too large, never too small.
 */

/** What the text that a piece reads can begin with. */
export interface FirstSet {
  /** 1 for each character that may come first, by its code; one entry for all beyond ASCII and the end of the text. */
  readonly codes: Uint8Array;
  /** Whether it may begin with a time. */
  readonly time: boolean;
  /** Whether the piece may read nothing, so that what follows it comes first. */
  readonly empty: boolean;
}

const beyondAscii = 128;
/** The length of `codes`. */
export const firstSetLength = beyondAscii + 1;

/** The index in `codes` of the character at `at`. */
export function firstSetIndex(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0 && code < beyondAscii ? code : beyondAscii;
}

/** Characters that `accept` takes, and one more. Every character beyond ASCII may be among them. */
export function firstIs(accept: (code: number) => boolean, other = -1): FirstSet {
  const codes = Uint8Array.from({ length: firstSetLength }, (_, code) => (code === other || accept(code) ? 1 : 0));
  codes[beyondAscii] = 1;
  return { codes, time: false, empty: false };
}

/** The set of a time. */
export const firstIsTime: FirstSet = { codes: new Uint8Array(firstSetLength), time: true, empty: false };

/** The set of a piece that may read anything, or nothing. */
export const firstIsAnything: FirstSet = { ...firstIs(() => true), empty: true };

/** The set of a piece that reads nothing. */
export const firstIsNothing: FirstSet = { codes: new Uint8Array(firstSetLength), time: false, empty: true };

/** The set of a choice: what any of its members can begin with. */
export function firstOfAny(sets: readonly FirstSet[]): FirstSet {
  return {
    codes: new Uint8Array(firstSetLength).map((_, i) => (sets.some(({ codes }) => codes[i] === 1) ? 1 : 0)),
    time: sets.some(({ time }) => time),
    empty: sets.some(({ empty }) => empty),
  };
}

/** The set of a sequence: of its members up to the first that must read something. */
export function firstOfSequence(sets: readonly FirstSet[]): FirstSet {
  const required = sets.findIndex(({ empty }) => !empty);
  const first = required < 0 ? sets : sets.slice(0, required + 1);
  return { ...firstOfAny(first), empty: required < 0 };
}
