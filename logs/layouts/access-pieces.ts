/**
 * Pieces of access logs: who asked, through which proxies, and what.
 */
import { looksLikeAddress } from '../addresses.ts';
import { closingQuote, commaCode, isBlank, isUpper, quoteCode, skipBlanks, spaceCode, trimmedEnd } from '../text.ts';
import { firstIsNothing } from './first-set.ts';
import { keep, type Piece } from './layout.ts';
import { chars } from './pieces.ts';

/** The address of who asked, or what stands for it. */
export function address(): Piece {
  return chars('source.address', (code) => code > spaceCode && code !== commaCode);
}

/** A name in front of the client's address: only when an address follows it. */
export function virtualHost(): Piece {
  return {
    make: (capture) => {
      const group = capture('destination.domain');
      return (text, at, match) => {
        const end = wordEnd(text, at);
        if (end === at || text.charCodeAt(end - 1) === commaCode) return -1;
        const gap = skipBlanks(text, end);
        const next = text.charCodeAt(gap) === quoteCode ? gap + 1 : gap;
        return looksLikeAddress(text, next, wordEnd(text, next)) ? keep(match, group, at, end) : -1;
      };
    },
  };
}

/** Reads over the words of a list that have a comma behind them. */
export const tried: Piece = {
  first: firstIsNothing,
  make: () => (text, at) => {
    for (let end = wordEnd(text, at); text.charCodeAt(end - 1) === commaCode && end > at; end = wordEnd(text, at))
      at = skipBlanks(text, end);
    return at;
  },
};

/** Further addresses, separated by commas. */
export function forwarded(name: string): Piece {
  return {
    make: (capture) => {
      const group = capture(name);
      return (text, at, match) => {
        let end = at;
        let next = wordEnd(text, at);
        // Nothing need stand behind a comma: the loop ends where it gets no further.
        while (next > end) {
          end = next;
          if (text.charCodeAt(end - 1) === commaCode) next = wordEnd(text, skipBlanks(text, end));
        }
        return end > at ? keep(match, group, at, end) : -1;
      };
    },
  };
}

/** `"GET /path HTTP/1.1"`; what is no request (a TLS hello, an empty line) is kept whole. */
export function request(): Piece {
  return requestBetween((text, at) => (text.charCodeAt(at) === quoteCode ? closingQuote(text, at + 1) : -1), 1);
}

/** The same without quotes, up to `stop`, which is not read, or the end of the text. */
export function requestUpTo(stop: string | null): Piece {
  if (stop === null) return requestBetween((text, at) => trimmedEnd(text, at), 0);
  if (stop.startsWith('"')) return requestBetween((text, at) => closingQuote(text, at), 0);
  if (!isBlank(stop.charCodeAt(0))) return requestBetween((text, at) => text.indexOf(stop, at), 0);
  // A request has blanks itself, the last before its version.
  return requestBetween((text, at) => {
    const last = text.indexOf(' HTTP/', at);
    return last < 0 ? -1 : wordEnd(text, last + 1);
  }, 0);
}

/** A request that ends where `find` says, with so many signs around it. */
function requestBetween(find: (text: string, at: number) => number, around: number): Piece {
  return {
    make: (capture) => {
      const method = capture('http.request.method');
      const url = capture('url.original');
      const version = capture('http.version');
      const whole = capture('http.request.line');
      return (text, at, match) => {
        const end = find(text, at);
        if (end < 0) return -1;
        const start = at + around;
        let gap = start;
        while (isUpper(text.charCodeAt(gap))) gap++;
        if (gap === start || gap >= end || text.charCodeAt(gap) !== spaceCode) {
          keep(match, whole, start, end);
          return end + around;
        }
        keep(match, method, start, gap);
        const last = text.lastIndexOf(' ', end - 1);
        const versioned = last > gap && text.startsWith('HTTP/', last + 1);
        keep(match, url, gap + 1, versioned ? last : end);
        if (versioned) keep(match, version, last + 6, end);
        return end + around;
      };
    },
  };
}

/** The end of the word at `at`. */
export function wordEnd(text: string, at: number): number {
  while (text.charCodeAt(at) > spaceCode) at++;
  return at;
}
