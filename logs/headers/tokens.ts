/**
 * Where the pieces of a header end: bare tokens, brackets, and the signs between them. All scans go forwards and stop
 * at `limit`.
 */
import {
  barCode,
  closeBraceCode,
  closeBracketCode,
  closeParenCode,
  colonCode,
  commaCode,
  greaterCode,
  isBlank,
  isDigit,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBraceCode,
  openBracketCode,
  openParenCode,
  quoteCode,
  semicolonCode,
  skipBlanks,
  spaceCode,
  tabCode,
} from '../text.ts';

/**
 * What stands between two pieces: nothing, one blank, a gap (a tab or several blanks: columns), or blanks around a
 * colon, a dash or arrow, a bar, a comma.
 */
export type Separator = 'none' | 'blank' | 'gap' | 'colon' | 'dash' | 'bar' | 'comma';

/**
 * Reads separators; one is used over and over.
 *
 * State: the kind of the separator read last.
 */
export class Separators {
  kind: Separator = 'none';

  /** The offset behind the separator that begins at `at`; several signs in a row count as one, the first names it. */
  // hot: called for every piece of every header.
  read(text: string, from: number): number {
    let at = skipBlanks(text, from);
    const wide = at - from > 1 || text.charCodeAt(from) === tabCode;
    this.kind = at === from ? 'none' : wide ? 'gap' : 'blank';
    for (let signs = 0; signs < 4; signs++) {
      const kind = this.#sign(text, at, from);
      if (kind === null) break;
      if (signs === 0 || this.kind === 'none') this.kind = kind;
      at = skipBlanks(text, this.#end);
    }
    return at;
  }

  #end = 0;

  #sign(text: string, at: number, from: number): Separator | null {
    const code = text.charCodeAt(at);
    this.#end = at + 1;
    switch (code) {
      case colonCode:
        while (text.charCodeAt(this.#end) === colonCode && this.#end < at + 2) this.#end++;
        return 'colon';
      case wideColonCode:
        return 'colon';
      case barCode:
        return 'bar';
      case commaCode:
      case semicolonCode:
        return 'comma';
      case closeBracketCode:
      case closeParenCode:
        return at === from ? 'none' : null;
      case minusCode:
        while (text.charCodeAt(this.#end) === minusCode && this.#end < at + 3) this.#end++;
        if (text.charCodeAt(this.#end) === greaterCode) this.#end++;
        return at > from && !(text.charCodeAt(this.#end) > spaceCode) ? 'dash' : null;
      case greaterCode:
        return !(text.charCodeAt(this.#end) > spaceCode) ? 'dash' : null;
    }
    // Arrows, long dashes, icons: signs beyond the alphabets, alone between blanks.
    if (code < firstSymbol || code > lastSymbol) return code > firstEmoji && code < lastEmoji ? this.#icon(text) : null;
    return this.#icon(text);
  }

  #icon(text: string): Separator | null {
    while (text.charCodeAt(this.#end) > lastLatin && text.charCodeAt(this.#end) !== replacement) {
      const code = text.charCodeAt(this.#end);
      if (!(code >= firstSymbol && code <= lastSymbol) && code < firstEmoji) return null;
      this.#end++;
    }
    return text.charCodeAt(this.#end) > spaceCode ? null : 'dash';
  }
}

/** A bracket's partner, for the code of one that opens; 0 for any other code. */
export function partnerOf(code: number): number {
  switch (code) {
    case openBracketCode:
      return closeBracketCode;
    case openParenCode:
      return closeParenCode;
    case lessCode:
      return greaterCode;
    case openBraceCode:
      return closeBraceCode;
    case wideBracketCode:
      return wideBracketCode + 1;
  }
  return 0;
}

/**
 * The offset of the bracket that closes the one at `at`, or -1.
 *
 * @example
 * closingOf('[a[1]] b', 0, 8) // => 5
 */
export function closingOf(text: string, at: number, limit: number): number {
  const opening = text.charCodeAt(at);
  const closing = partnerOf(opening);
  let depth = 0;
  for (let end = at; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code === opening) depth++;
    else if (code === closing && --depth === 0) return end;
    else if (code < spaceCode && code !== tabCode) return -1;
  }
  return -1;
}

/**
 * The end of a bare token: before a blank, a bar, a colon with a blank behind it, a bracket that opens behind a word,
 * or colons with a capital or a number behind them (`MainThread::ERROR::2026-…`).
 *
 * @example
 * bareEnd('Executor: failed', 0, 16) // => 8
 * bareEnd('cart[42]: failed', 0, 16) // => 4
 * bareEnd('http://shop', 0, 11) // => 11
 */
// hot: called for every bare token of every header.
export function bareEnd(text: string, at: number, limit: number): number {
  let end = at;
  for (; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code <= spaceCode || code === barCode) break;
    if (code === colonCode ? endsAtColon(text, end, limit) : code === wideColonCode) break;
    if (code === commaCode && !(text.charCodeAt(end + 1) > spaceCode)) break;
    if (code === closeBracketCode && !(text.charCodeAt(end + 1) > spaceCode)) break;
    const opens = code === openBracketCode || code === openParenCode || code === lessCode;
    if (opens && end > at && isWordCode(text.charCodeAt(end - 1))) break;
  }
  return end;
}

function endsAtColon(text: string, at: number, limit: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (at + 1 >= limit || next <= spaceCode || isBlank(next)) return true;
  if (next !== colonCode) return false;
  const code = text.charCodeAt(at + 2);
  return isDigit(code) || (isUpper(code) && isUpper(text.charCodeAt(at + 3)));
}

/** Whether a JSON object begins here. */
export function opensRecord(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== openBraceCode) return false;
  const next = text.charCodeAt(skipBlanks(text, at + 1));
  return next === quoteCode || next === closeBraceCode;
}

/** Arrows, dashes and dingbats of Unicode, and where pairs that write emoji begin and end. */
const [firstSymbol, lastSymbol, firstEmoji, lastEmoji] = [0x2010, 0x2bff, 0xd83b, 0xe000];
const [lastLatin, replacement] = [0x24f, 0xfffd];
/** The bracket that Chinese and Japanese put around a title; the one that closes it follows. */
const wideBracketCode = 0x3010;
/** The colon of Chinese and Japanese, which has no blank behind it. */
const wideColonCode = 0xff1a;
