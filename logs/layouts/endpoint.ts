/**
 * Network endpoints as a piece of a layout: an internet address, of either version, and perhaps its port.
 */
import { closeBracketCode, colonCode, dotCode, isDigit, isHex, openBracketCode } from '../text.ts';
import { firstIs } from './first-set.ts';
import { keep, type Match, type Piece } from './layout.ts';

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

// hot: called for every endpoint of every line.
function readPort(text: string, at: number, match: Match, group: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end > at ? keep(match, group, at, end) : -1;
}
