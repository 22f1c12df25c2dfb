import {
  CLOSE,
  COLON,
  COMMA,
  DOT,
  isBlank,
  isDigit,
  isHex,
  isLetter,
  MINUS,
  OPEN,
  QUOTE,
  SPACE,
  skipBlanks,
  trimmedEnd,
} from '../text.ts';
import { startingNowhere, startingWith } from './first-set.ts';
import { keep, type Piece } from './layout.ts';

/**
 * Pieces of layouts beside the basic ones: addresses, words out of a list, things read over, CSV. Like all pieces they
 * go forwards only.
 */

/** Seconds with decimals, kept as whole nanoseconds, or `-` for none. */
export function seconds(name: string): Piece {
  return {
    opening: startingWith(isDigit, MINUS),
    make: (capture) => {
      const slot = capture(name, 'nanoseconds');
      return (text, at, match) => {
        if (text.charCodeAt(at) === MINUS) return at + 1;
        let end = at;
        while (isDigit(text.charCodeAt(end))) end++;
        if (end === at || text.charCodeAt(end) !== DOT) return -1;
        do end++;
        while (isDigit(text.charCodeAt(end)));
        return keep(match, slot, at, end);
      };
    },
  };
}

/** What stands in square brackets, which may nest; blanks inside them are padding. */
export function bracketed(name: string): Piece {
  return {
    opening: startingWith((code) => code === OPEN),
    make: (capture) => {
      const slot = capture(name);
      return (text, at, match) => {
        if (text.charCodeAt(at) !== OPEN) return -1;
        let depth = 1;
        let end = at + 1;
        for (; end < text.length; end++) {
          const code = text.charCodeAt(end);
          if (code === OPEN) depth++;
          else if (code === CLOSE && --depth === 0) break;
        }
        if (depth > 0) return -1;
        const start = skipBlanks(text, at + 1);
        let last = end;
        while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
        if (last > start) keep(match, slot, start, last);
        return end + 1;
      };
    },
  };
}

/** One of the given words, the first that fits. */
export function among(name: string, words: readonly string[]): Piece {
  return {
    opening: startingWith((code) => words.some((word) => word.charCodeAt(0) === code)),
    make: (capture) => {
      const slot = capture(name);
      return (text, at, match) => {
        for (let i = 0; i < words.length; i++) {
          if (text.startsWith(words[i]!, at)) return keep(match, slot, at, at + words[i]!.length);
        }
        return -1;
      };
    },
  };
}

/** Reads over characters that `accept` takes, one at least. */
export function skipped(accept: (code: number) => boolean): Piece {
  return {
    opening: startingWith(accept),
    make: () => (text, at) => {
      let end = at;
      while (accept(text.charCodeAt(end))) end++;
      return end > at ? end : -1;
    },
  };
}

/** Reads over a word. */
export const skippedWord: Piece = skipped((code) => code > SPACE);

/** Reads nothing, where none of the given beginnings stands. */
export function unless(...beginnings: readonly string[]): Piece {
  return {
    opening: startingNowhere,
    make: () => (text, at) => (beginnings.some((word) => text.startsWith(word, at)) ? -1 : at),
  };
}

/** Reads nothing, where `text` stands somewhere ahead: spares a line without it what would be read in vain. */
export function ahead(expected: string): Piece {
  return { opening: startingNowhere, make: () => (text, at) => (text.includes(expected, at) ? at : -1) };
}

/** Any blanks, or none. */
export const blanks: Piece = {
  opening: { ...startingWith(isBlank), empty: true },
  make: () => (text, at) => skipBlanks(text, at),
};

/** The end of a line and blanks at the start of the next. */
export const newline: Piece = {
  make: () => (text, at) => {
    let end = skipBlanks(text, at);
    if (text.charCodeAt(end) === 13) end++;
    return text.charCodeAt(end) === 10 ? skipBlanks(text, end + 1) : -1;
  },
};

/** The whole event from its start, wherever the piece stands; reads on from where it stands. */
export function whole(name: string): Piece {
  return {
    opening: startingNowhere,
    make: (capture) => {
      const slot = capture(name);
      return (text, at, match) => {
        keep(match, slot, 0, trimmedEnd(text, 0));
        return at;
      };
    },
  };
}

/**
 * An address with or without a port behind it: `10.0.0.7:80`, `[::1]:80`, `::1`, `::1:80` where a port must follow.
 */
export function endpoint(ip: string, port: string): Piece {
  return {
    opening: startingWith((code) => isHex(code) || code === COLON || code === DOT || code === OPEN),
    make: (capture) => {
      const ipSlot = capture(ip);
      const portSlot = capture(port, 'integer');
      return (text, at, match) => {
        const bracketed = text.charCodeAt(at) === OPEN;
        const start = bracketed ? at + 1 : at;
        let end = start;
        while (isHex(text.charCodeAt(end)) || text.charCodeAt(end) === COLON || text.charCodeAt(end) === DOT) end++;
        if (end - start < 2) return -1;
        if (bracketed) {
          if (text.charCodeAt(end) !== CLOSE) return -1;
          keep(match, ipSlot, start, end);
          return text.charCodeAt(end + 1) === COLON ? readPort(text, end + 2, match, portSlot) : end + 1;
        }
        const colon = text.lastIndexOf(':', end - 1);
        const dotted = text.lastIndexOf('.', end - 1) > start;
        if (colon > start && dotted) {
          keep(match, ipSlot, start, colon);
          readPort(text, colon + 1, match, portSlot);
        } else keep(match, ipSlot, start, end);
        return end;
      };
    },
  };
}

/** The columns of a line of comma-separated values; quotes inside quotes stay doubled. */
export function csv(columns: readonly (string | null)[], integers: ReadonlySet<string>): Piece {
  return {
    make: (capture) => {
      const slots = columns.map((name) =>
        name === null ? -1 : capture(name, integers.has(name) ? 'integer' : 'text'),
      );
      return (text, at, match) => {
        let column = 0;
        for (; ; column++) {
          const quoted = text.charCodeAt(at) === QUOTE;
          const end = quoted ? closingCsvQuote(text, at + 1) : columnEnd(text, at);
          if (end < 0) return -1;
          const start = quoted ? at + 1 : at;
          const slot = slots[column];
          if (slot !== undefined && slot >= 0 && end > start) keep(match, slot, start, end);
          at = quoted ? end + 1 : end;
          if (text.charCodeAt(at) !== COMMA) break;
          at++;
        }
        return column + 1 >= columns.length / 2 ? at : -1;
      };
    },
  };
}

/**
 * A dotted name such as a logger's: letters, digits, `.`, `_`, `$`, `-`, `:`.
 */
export const isNameCode = (code: number): boolean =>
  isLetter(code) || isDigit(code) || code === DOT || code === 95 || code === 36 || code === 45 || code === COLON;

function readPort(text: string, at: number, match: Parameters<typeof keep>[0], slot: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end > at ? keep(match, slot, at, end) : -1;
}

function columnEnd(text: string, at: number): number {
  while (text.charCodeAt(at) !== COMMA && at < text.length && text.charCodeAt(at) !== 10) at++;
  return at;
}

function closingCsvQuote(text: string, at: number): number {
  for (let end = text.indexOf('"', at); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text.charCodeAt(end + 1) !== QUOTE) return end;
  }
  return -1;
}
