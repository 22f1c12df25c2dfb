/**
 * Texts that come again and again, such as names and levels, made once. A text is found by a hash of its bytes, word by
 * word (FNV-1a's steps); a text whose hash picks the same entry reentries it, so that the pool keeps its size.
 */
export class TextPool {
  readonly #texts = new Array<string | undefined>(entries).fill(undefined);

  /** The text of these bytes, or undefined where they reach beyond ASCII. `view` is of the same memory. */
  // hot: once per text of a record.
  take(bytes: Buffer, view: DataView, from: number, to: number): string | undefined {
    let hash = to - from;
    let all = 0;
    let at = from;
    for (; at + 4 <= to; at += 4) {
      const word = view.getInt32(at, true);
      all |= word;
      hash = Math.imul(hash ^ word, prime);
    }
    for (; at < to; at++) {
      all |= bytes[at]!;
      hash = Math.imul(hash ^ bytes[at]!, prime);
    }
    if ((all & 0x80808080) !== 0) return undefined;
    // A long text hardly comes again, and would be kept for nothing.
    if (to - from > longest) return bytes.toString('latin1', from, to);
    const entry = (hash ^ (hash >>> 15)) & (entries - 1);
    const known = this.#texts[entry];
    if (known !== undefined && isText(known, bytes, from, to)) return known;
    const text = bytes.toString('latin1', from, to);
    this.#texts[entry] = text;
    return text;
  }
}

const prime = 0x01000193;
const entries = 1_024;
const longest = 64;

/** Whether the bytes are this text of ASCII. */
// hot: once per text of a record.
function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
