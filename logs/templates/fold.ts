/**
 * Makes one of what only repeats: values side by side or joined by a sign are one value, and a group of tokens that
 * follows itself stands once. So lists of any length have the same form. One pass from left to right, in place.
 */
import { hashA, kinds, type Tokens } from './tokens.ts';

const longestGroup = 6;
const longestBracket = 48;
const comma = hashA(',');
const [paren, bracket, brace] = [')', ']', '}'].map((sign) => hashA(sign)) as [number, number, number];

/** Folds the tokens; those that stay keep the place of the first they stand for. */
export function fold(tokens: Tokens): void {
  const { kind, a } = tokens;
  let made = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (kind[i]! & kinds.value) {
      const isBetween = made > 1 && (kind[made - 1]! & kinds.joint) !== 0 && (kind[made - 2]! & kinds.value) !== 0;
      // A comma and a blank part two values: `eth0, 10.0.0.1`.
      const joined = isBetween && (a[made - 1] !== comma || (kind[i]! & kinds.blank) === 0);
      if (joined) made--;
      if (joined || (made > 0 && kind[made - 1]! & kinds.value)) {
        extend(tokens, made - 1, i);
        continue;
      }
    }
    if (made !== i) tokens.move(i, made);
    made = withoutRepetition(tokens, made + 1);
  }
  tokens.length = made;
}

/** The value at `at` now reaches to the end of the one at `from`; several values are no constant. */
function extend(tokens: Tokens, at: number, from: number): void {
  tokens.end[at] = tokens.end[from]!;
  tokens.kind[at]! &= ~kinds.soft;
}

/** How many tokens are left when the last group is dropped if it equals the one before it and holds a value. */
function withoutRepetition(tokens: Tokens, length: number): number {
  // A bracket may close more than a few tokens: `{"n":1,"of":2}, {"n":3,"of":4}`.
  const longest = isCloser(tokens.a[length - 1]!) ? longestBracket : longestGroup;
  for (let size = 2; size <= longest && size * 2 <= length; size++) {
    if (tokens.same(length - 1, length - 1 - size) && repeats(tokens, length, size)) {
      for (let i = length - 2 * size; i < length - size; i++) tokens.kind[i]! &= ~kinds.soft;
      return length - size;
    }
  }
  return length;
}

function repeats(tokens: Tokens, length: number, size: number): boolean {
  let holes = 0;
  for (let i = length - size; i < length; i++) {
    if (!tokens.same(i, i - size)) return false;
    holes |= tokens.kind[i]! & kinds.hole;
  }
  return holes !== 0;
}

function isCloser(hash: number): boolean {
  return hash === brace || hash === bracket || hash === paren;
}
