/**
 * Pieces of access logs: who asked, through which proxies, and what.
 */
import { looksLikeAddress } from '../addresses.ts';
import { closingQuote, commaCode, isUpper, quoteCode, skipBlanks, spaceCode } from '../text.ts';
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
  return {
    make: (capture) => {
      const method = capture('http.request.method');
      const url = capture('url.original');
      const version = capture('http.version');
      const whole = capture('http.request.line');
      return (text, at, match) => {
        const end = text.charCodeAt(at) === quoteCode ? closingQuote(text, at + 1) : -1;
        if (end < 0) return -1;
        let gap = at + 1;
        while (isUpper(text.charCodeAt(gap))) gap++;
        if (gap === at + 1 || text.charCodeAt(gap) !== spaceCode) {
          keep(match, whole, at + 1, end);
          return end + 1;
        }
        keep(match, method, at + 1, gap);
        const last = text.lastIndexOf(' ', end);
        const versioned = last > gap && text.startsWith('HTTP/', last + 1);
        keep(match, url, gap + 1, versioned ? last : end);
        if (versioned) keep(match, version, last + 6, end);
        return end + 1;
      };
    },
  };
}

/** The end of the word at `at`. */
export function wordEnd(text: string, at: number): number {
  while (text.charCodeAt(at) > spaceCode) at++;
  return at;
}
