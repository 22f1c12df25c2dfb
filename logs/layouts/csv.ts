/**
 * Lines of comma-separated values as a piece of a layout (RFC 4180): one capture a column. It is apart from the other
 * pieces because a single format needs it.
 */
import { commaCode, lineFeedCode, quoteCode } from '../text.ts';
import { keep, type Piece } from './layout.ts';

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
