/**
 * Whether a line that does not begin with a time is an event all the same, because a format reads it, as in
 * `7:M 29 Jan 2026 08:51:24.967 # low`, or because a level stands right behind the time further on, as in
 * `web-1 2026-01-29 08:51:24 ERROR low`. What is told of an error has neither.
 */
import { textFormats } from '../formats/index.ts';
import { firstSetIndex } from '../layouts/first-set.ts';
import { type Match, matches } from '../layouts/layout.ts';
import { isLower, isWordCode, openBracketCode, skipBlanks, spaceCode } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import type { Part } from './content.ts';
import { leadingLevel } from './evidence.ts';

/** Knows lines. Keeps nothing between two calls. */
export class KnownLines {
  readonly #match: Match;

  constructor(scanner: TimestampScanner) {
    const widest = Math.max(...layouts.map(({ captures }) => captures.length));
    this.#match = { scanner, spans: new Int32Array(2 * widest), level: null, timed: false };
  }

  /** Whether a line has a time and a level, or is of a format. */
  has(part: Part): boolean {
    return hasTimeAndLevel(part, this.#match.scanner) || this.#isOfFormat(part);
  }

  #isOfFormat({ line, start, end }: Part): boolean {
    const first = firstSetIndex(line, start);
    let text: string | null = null;
    for (let i = 0; i < layouts.length; i++) {
      const layout = layouts[i]!;
      if (layout.first.codes[first] !== 1) continue;
      text ??= line.slice(start, end);
      if (matches(layout, text, this.#match)) return true;
    }
    return false;
  }
}

/** Whether a date stands behind a name or a few words with signs, and a level right behind it. */
function hasTimeAndLevel({ line, start, end }: Part, scanner: TimestampScanner): boolean {
  let at = start;
  for (let words = 0; words < mostWords && at < end; words++) {
    const from = line.charCodeAt(at) === openBracketCode ? at + 1 : at;
    if (scanner.scan(line, from) && scanner.dated && !scanner.epoch) {
      const behind = isSign(line.charCodeAt(scanner.end)) ? scanner.end + 1 : scanner.end;
      return leadingLevel({ line, start: skipBlanks(line, behind), end }) !== null;
    }
    let stop = at;
    let signs = 0;
    while (stop < end && stop < at + longestWord && line.charCodeAt(stop) > spaceCode)
      if (!isLower(line.charCodeAt(stop++))) signs++;
    if ((signs === 0 && words > 0) || stop === at + longestWord) return false;
    at = skipBlanks(line, stop);
  }
  return false;
}

const isSign = (code: number): boolean => code > spaceCode && !isWordCode(code) && code !== openBracketCode;

const layouts = textFormats.flatMap((format) => format.layouts);
/** A header has no more before its time. */
const mostWords = 5;
const longestWord = 80;
