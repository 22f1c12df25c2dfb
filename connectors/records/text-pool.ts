/**
 * Texts that come again and again, such as names and levels, made once. A text is found by a hash of its bytes, word by
 * word (FNV-1a's steps); what takes its place in the pool pushes it out, so that the pool stays as small as it is.
 */
export class TextPool {
  readonly #texts = new Array<string | undefined>(places).fill(undefined);

  /** The text of these bytes, or undefined where they reach beyond ASCII. `view` is of the same memory. */
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
    const place = (hash ^ (hash >>> 15)) & (places - 1);
    const known = this.#texts[place];
    if (known !== undefined && isText(known, bytes, from, to)) return known;
    const text = bytes.toString('latin1', from, to);
    this.#texts[place] = text;
    return text;
  }
}

const prime = 0x01000193;
const places = 1_024;
const longest = 64;

/** Whether the bytes are this text of ASCII. */
export function isText(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
