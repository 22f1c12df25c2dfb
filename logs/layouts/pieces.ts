/**
 * The pieces that layouts are made of, besides literal text, `optional` and `oneOf` (layout.ts), `endpoint` and `csv`:
 * what an author of a format chooses from. Each reads forwards only and names its capture by an ECS field.
 */
import { levelOf } from '../levels.ts';
import {
  closeBracketCode,
  closingQuote,
  colonCode,
  dollarCode,
  dotCode,
  isBlank,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  lessCode,
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
import { type Accept, charSet, endOf } from './char-set.ts';
import { firstIs, firstIsNothing, firstIsTime } from './first-set.ts';
import { type CaptureKind, keep, type Piece } from './layout.ts';

/** A timestamp of any shape. */
export const time: Piece = {
  first: firstIsTime,
  make: () => (text, at, match) => {
    if (!match.scanner.scan(text, at)) return -1;
    match.timed = true;
    return match.scanner.end;
  },
};

/** A word that names a level. */
export const level: Piece = levelMadeOf(isWordCode);

/** A word in capitals that names a level. */
export const capitalLevel: Piece = levelMadeOf(isUpper);

/** All that is left, without white space around it; may be empty. */
export function rest(name: string): Piece {
  return {
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        const start = skipBlanks(text, at);
        return keep(match, group, start, trimmedEnd(text, start));
      };
    },
  };
}

/** What the line says: all that is left. */
export const message: Piece = rest('message');

/** Characters that are not blank, one at least. */
export function word(name: string): Piece {
  return chars(name, (code) => code > spaceCode);
}

/** Characters that `accept` takes, one at least; `begins` takes the first of them, too. */
export function chars(name: string, accept: Accept, begins: Accept = accept): Piece {
  return run(name, 'text', { accept, begins });
}

/** A whole number, or `-` for none. */
export function int(name: string): Piece {
  return run(name, 'integer', { accept: isDigit });
}

/** A number with or without decimals, or `-` for none. */
export function decimal(name: string): Piece {
  return run(name, 'decimal', { accept: (code) => isDigit(code) || code === dotCode });
}

/** Everything up to `stop`, which is read too; not empty. */
export function until(name: string, stop: string): Piece {
  return {
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        const end = text.indexOf(stop, at);
        if (end <= at) return -1;
        keep(match, group, at, end);
        return end + stop.length;
      };
    },
  };
}

/** A string in double quotes, with backslash escapes left as they are. */
export function quoted(name: string): Piece {
  return {
    first: firstIs((code) => code === quoteCode),
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        const end = text.charCodeAt(at) === quoteCode ? closingQuote(text, at + 1) : -1;
        if (end < 0) return -1;
        if (end > at + 1) keep(match, group, at + 1, end);
        return end + 1;
      };
    },
  };
}

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
        const end = closingBracket(text, at + 1);
        if (end < 0) return -1;
        const start = skipBlanks(text, at + 1);
        let last = end;
        while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
        if (last > start) keep(match, group, start, last);
        return end + 1;
      };
    },
  };
}

/** Where the bracket closes that is open at `at`, or -1. */
function closingBracket(text: string, at: number): number {
  const first = text.indexOf(']', at);
  const inner = text.indexOf('[', at);
  if (first < 0 || inner < 0 || inner > first) return first;
  let depth = 1;
  for (let end = inner; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === openBracketCode) depth++;
    else if (code === closeBracketCode && --depth === 0) return end;
  }
  return -1;
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

/** Reads over a word. */
export const skippedWord: Piece = {
  first: firstIs((code) => code > spaceCode),
  make: () => (text, at) => {
    let end = at;
    while (text.charCodeAt(end) > spaceCode) end++;
    return end > at ? end : -1;
  },
};

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

/** As `ahead`, where moreover neither a time nor the priority of a syslog header stands. */
export function bare(expected: string): Piece {
  return {
    first: firstIsNothing,
    make: () => (text, at, match) => {
      if (text.charCodeAt(at) === lessCode || match.scanner.scan(text, at)) return -1;
      return text.includes(expected, at) ? at : -1;
    },
  };
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

function levelMadeOf(accept: Accept): Piece {
  return {
    first: firstIs(accept),
    make: (capture) => {
      const group = capture('log.level');
      const set = charSet(accept);
      return (text, at, match) => {
        const end = endOf(text, at, set, at + longestLevel);
        const found = end === at ? null : levelOf(text.slice(at, end));
        if (found === null) return -1;
        match.level = found;
        return keep(match, group, at, end);
      };
    },
  };
}

/** Characters that `accept` takes, the first of which `begins` takes, too. */
function run(
  name: string,
  kind: CaptureKind,
  { accept, begins = accept }: { readonly accept: Accept; readonly begins?: Accept },
): Piece {
  return {
    first: firstIs(begins, kind === 'text' ? -1 : minusCode),
    make: (capture) => {
      const group = capture(name, kind);
      const set = charSet(accept);
      return (text, at, match) => {
        const end = begins(text.charCodeAt(at)) ? endOf(text, at, set) : at;
        if (end > at) return keep(match, group, at, end);
        return kind !== 'text' && text.charCodeAt(at) === minusCode ? at + 1 : -1;
      };
    },
  };
}

const longestLevel = 14;
