/**
 * Scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer; and Korean, which glues
 * endings to numbers and names. A row of their letters is taken for one word; what is of another script in it, a number
 * or a name, is a word of its own.
 */

/** What a character beyond ASCII is. */
export type WideKind = 'letter' | 'unspaced' | 'digit' | 'sign' | 'blank';

const ideographicBlank = 0x3000;

/** First and last codes of characters that are no letters, where they stand among those of scripts without blanks. */
const signs = [0x2000, 0x206f, 0x3001, 0x3004, 0x3008, 0x3020, 0x30fb, 0x30fb, 0xfe30, 0xfe4f, 0xff01, 0xff0f] as const;
const moreSigns = [0xff1a, 0xff20, 0xff3b, 0xff40, 0xff5b, 0xff65] as const;
const digits = [0x0e50, 0x0e59, 0x0ed0, 0x0ed9, 0x1040, 0x1049, 0x17e0, 0x17e9, 0xff10, 0xff19] as const;
const unspaced = [
  0x0e00, 0x0eff, 0x1000, 0x109f, 0x1780, 0x17ff, 0x2e80, 0xd7ff, 0xf900, 0xfaff, 0xff00, 0xffef,
] as const;

/** What a character beyond ASCII is. */
export function wideKindOf(code: number): WideKind {
  if (code < 0x0e00) return 'letter';
  if (code === ideographicBlank) return 'blank';
  if (isIn(signs, code) || isIn(moreSigns, code)) return 'sign';
  if (isIn(digits, code)) return 'digit';
  return isIn(unspaced, code) ? 'unspaced' : 'letter';
}

/** Whether a text has a letter of a script without blanks. */
export function isUnspaced(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x0e00 && wideKindOf(code) === 'unspaced') return true;
  }
  return false;
}

/** Letters above which a row of them is more than a name; accents of Thai and its neighbours are letters here. */
const longestName = { ideographic: 8, alphabetic: 14 } as const;
const firstIdeographic = 0x2e80;

/**
 * Whether a word is a clause: too long for a name, in a script without blanks.
 *
 * @example
 * isClause('库存同步任务已经完成') // => true
 * isClause('李四') // => false
 */
export function isClause(word: string): boolean {
  const { ideographic, alphabetic } = longestName;
  if (word.length <= ideographic || !isUnspaced(word)) return false;
  return word.length > alphabetic || word.charCodeAt(0) >= firstIdeographic;
}

function isIn(ranges: readonly number[], code: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (code >= ranges[i]! && code <= ranges[i + 1]!) return true;
  return false;
}
