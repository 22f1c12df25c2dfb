/**
 * Pieces of layouts beside the basic ones: addresses, words out of a list, things read over, CSV. Like all pieces they
 * go forwards only.
 */
import {
  closeBracketCode,
  colonCode,
  commaCode,
  dollarCode,
  dotCode,
  isBlank,
  isDigit,
  isHex,
  isLetter,
  lineFeedCode,
  minusCode,
  openBracketCode,
  quoteCode,
  returnCode,
  skipBlanks,
  spaceCode,
  trimmedEnd,
  underscoreCode,
} from '../text.ts';
import { firstIs, firstIsNothing } from './first-set.ts';
import { keep, type Piece } from './layout.ts';

/** Seconds with decimals, kept as whole nanoseconds, or `-` for none. */
export function seconds(name: string): Piece {
  return {
    first: firstIs(isDigit, minusCode),
    make: (capture) => {
      const group = capture(name, 'nanoseconds');
      return (text, at, match) => {
        if (text.charCodeAt(at) === minusCode) return at + 1;
        let end = at;
        while (isDigit(text.charCodeAt(end))) end++;
        if (end === at || text.charCodeAt(end) !== dotCode) return -1;
        do end++;
        while (isDigit(text.charCodeAt(end)));
        return keep(match, group, at, end);
      };
    },
  };
}

/** What stands in square brackets, which may nest; blanks inside them are padding. */
export function bracketed(name: string): Piece {
  return {
    first: firstIs((code) => code === openBracketCode),
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        if (text.charCodeAt(at) !== openBracketCode) return -1;
        let depth = 1;
        let end = at + 1;
        for (; end < text.length; end++) {
          const code = text.charCodeAt(end);
          if (code === openBracketCode) depth++;
          else if (code === closeBracketCode && --depth === 0) break;
        }
        if (depth > 0) return -1;
        const start = skipBlanks(text, at + 1);
        let last = end;
        while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
        if (last > start) keep(match, group, start, last);
        return end + 1;
      };
    },
  };
}

/** One of the given words, the first that fits. */
export function among(name: string, words: readonly string[]): Piece {
  return {
    first: firstIs((code) => words.some((word) => word.charCodeAt(0) === code)),
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        for (let i = 0; i < words.length; i++) {
          if (text.startsWith(words[i]!, at)) return keep(match, group, at, at + words[i]!.length);
        }
        return -1;
      };
    },
  };
}

/** Reads over characters that `accept` takes, one at least. */
export function skipped(accept: (code: number) => boolean): Piece {
  return {
    first: firstIs(accept),
    make: () => (text, at) => {
      let end = at;
      while (accept(text.charCodeAt(end))) end++;
      return end > at ? end : -1;
    },
  };
}

/** Reads over a word. */
export const skippedWord: Piece = skipped((code) => code > spaceCode);

/** Reads nothing, where none of the given beginnings stands. */
export function unless(...beginnings: readonly string[]): Piece {
  return {
    first: firstIsNothing,
    make: () => (text, at) => (beginnings.some((word) => text.startsWith(word, at)) ? -1 : at),
  };
}

/** Reads nothing, where `text` stands somewhere ahead: spares a line without it what would be read in vain. */
export function ahead(expected: string): Piece {
  return { first: firstIsNothing, make: () => (text, at) => (text.includes(expected, at) ? at : -1) };
}

/** Any blanks, or none. */
export const blanks: Piece = {
  first: { ...firstIs(isBlank), empty: true },
  make: () => (text, at) => skipBlanks(text, at),
};

/** The end of a line and blanks at the start of the next. */
export const newline: Piece = {
  make: () => (text, at) => {
    let end = skipBlanks(text, at);
    if (text.charCodeAt(end) === returnCode) end++;
    return text.charCodeAt(end) === lineFeedCode ? skipBlanks(text, end + 1) : -1;
  },
};

/** The whole event from its start, wherever the piece stands; reads on from where it stands. */
export function whole(name: string): Piece {
  return {
    first: firstIsNothing,
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        keep(match, group, 0, trimmedEnd(text, 0));
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
    first: firstIs((code) => isHex(code) || code === colonCode || code === dotCode || code === openBracketCode),
    make: (capture) => {
      const ipGroup = capture(ip);
      const portGroup = capture(port, 'integer');
      return (text, at, match) => {
        const bracketed = text.charCodeAt(at) === openBracketCode;
        const start = bracketed ? at + 1 : at;
        let end = start;
        while (isHex(text.charCodeAt(end)) || text.charCodeAt(end) === colonCode || text.charCodeAt(end) === dotCode)
          end++;
        if (end - start < 2) return -1;
        if (bracketed) {
          if (text.charCodeAt(end) !== closeBracketCode) return -1;
          keep(match, ipGroup, start, end);
          return text.charCodeAt(end + 1) === colonCode ? readPort(text, end + 2, match, portGroup) : end + 1;
        }
        const colon = text.lastIndexOf(':', end - 1);
        const dotted = text.lastIndexOf('.', end - 1) > start;
        if (colon > start && dotted) {
          keep(match, ipGroup, start, colon);
          readPort(text, colon + 1, match, portGroup);
        } else keep(match, ipGroup, start, end);
        return end;
      };
    },
  };
}

/** The columns of a line of comma-separated values; quotes inside quotes stay doubled. */
export function csv(columns: readonly (string | null)[], integers: ReadonlySet<string>): Piece {
  return {
    make: (capture) => {
      const groups = columns.map((name) =>
        name === null ? -1 : capture(name, integers.has(name) ? 'integer' : 'text'),
      );
      return (text, at, match) => {
        let column = 0;
        for (; ; column++) {
          const quoted = text.charCodeAt(at) === quoteCode;
          const end = quoted ? closingCsvQuote(text, at + 1) : columnEnd(text, at);
          if (end < 0) return -1;
          const start = quoted ? at + 1 : at;
          const group = groups[column];
          if (group !== undefined && group >= 0 && end > start) keep(match, group, start, end);
          at = quoted ? end + 1 : end;
          if (text.charCodeAt(at) !== commaCode) break;
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
  isLetter(code) ||
  isDigit(code) ||
  code === dotCode ||
  code === underscoreCode ||
  code === dollarCode ||
  code === minusCode ||
  code === colonCode;

function readPort(text: string, at: number, match: Parameters<typeof keep>[0], group: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end > at ? keep(match, group, at, end) : -1;
}

function columnEnd(text: string, at: number): number {
  while (text.charCodeAt(at) !== commaCode && at < text.length && text.charCodeAt(at) !== lineFeedCode) at++;
  return at;
}

function closingCsvQuote(text: string, at: number): number {
  for (let end = text.indexOf('"', at); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text.charCodeAt(end + 1) !== quoteCode) return end;
  }
  return -1;
}
