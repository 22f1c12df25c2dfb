/**
 * What a text must begin with for a piece of a layout to read it: the FIRST sets of predictive parsers (Aho, Lam,
 * Sethi, Ullman, "Compilers", §4.4.2). A line is then tried only on the layouts that its first character, or the time
 * it begins with, allows. A set may be too large, never too small.
 */
export interface Opening {
  /** 1 for each character that may come first, by its code; one place for all beyond ASCII and the end of the text. */
  readonly codes: Uint8Array;
  /** Whether a time may. */
  readonly time: boolean;
  /** Whether the piece may read nothing, so that what follows it comes first. */
  readonly empty: boolean;
}

const BEYOND = 128;
/** The length of `codes`. */
export const PLACES = BEYOND + 1;

/** The place in `codes` of the character at `at`. */
export function placeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0 && code < BEYOND ? code : BEYOND;
}

/** Characters that `accept` takes, and one more. Whatever stands beyond ASCII may be among them. */
export function startingWith(accept: (code: number) => boolean, other = -1): Opening {
  const codes = Uint8Array.from({ length: PLACES }, (_, code) => (code === other || accept(code) ? 1 : 0));
  codes[BEYOND] = 1;
  return { codes, time: false, empty: false };
}

/** A time. */
export const startingWithTime: Opening = { codes: new Uint8Array(PLACES), time: true, empty: false };

/** Anything, or nothing. */
export const startingAnyhow: Opening = { ...startingWith(() => true), empty: true };

/** Of pieces that read nothing. */
export const startingNowhere: Opening = { codes: new Uint8Array(PLACES), time: false, empty: true };

/** What comes first where one of several may. */
export function anyOf(openings: readonly Opening[]): Opening {
  return {
    codes: new Uint8Array(PLACES).map((_, i) => (openings.some(({ codes }) => codes[i] === 1) ? 1 : 0)),
    time: openings.some(({ time }) => time),
    empty: openings.some(({ empty }) => empty),
  };
}

/** What comes first where all follow one another. */
export function sequenceOf(openings: readonly Opening[]): Opening {
  const full = openings.findIndex(({ empty }) => !empty);
  const first = full < 0 ? openings : openings.slice(0, full + 1);
  return { ...anyOf(first), empty: full < 0 };
}
