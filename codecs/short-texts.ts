/**
 * Texts in bytes of UTF-8. Short ones, as names and labels are, come again and again; those read lately are kept by a
 * hash of their bytes, which is quicker than to make them again.
 */

/**
 * The text between two positions.
 *
 * @example
 * textBetween(Buffer.from('a label'), 2, 7) // => 'label'
 */
export function textBetween(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > longestKept) return bytes.toString('utf8', start, end);
  let hash = length;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  const slot = (hash ^ (hash >>> 15)) & (kept.length - 1);
  const known = kept[slot]!;
  if (known.length === length) {
    let i = 0;
    // Characters above 127 could look like the bytes of others.
    while (i < length && bytes[start + i]! < 128 && known.charCodeAt(i) === bytes[start + i]) i++;
    if (i === length) return known;
  }
  return (kept[slot] = bytes.toString('utf8', start, end));
}

const longestKept = 40;
const kept: string[] = new Array(4_096).fill('');
