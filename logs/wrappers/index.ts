/**
 * Every wrapper in front of a line. The first that is there comes off, and what is behind it is looked at again by who
 * asks, up to a bound; no wrapper is looked for twice at one place.
 */
import { dotCode, isDigit, isLetter, openBracketCode, openParenCode, slashCode } from '../text.ts';
import { compose } from './compose.ts';
import { file } from './file.ts';
import { label } from './label.ts';
import type { Mark } from './mark.ts';
import { pod } from './pod.ts';
import { takenIn } from './taken-in.ts';
import type { Wrapper } from './wrapper.ts';

/** By what a line begins with: a letter, a digit, a bracket, the sign of a path or a parenthesis. */
const [byLetter, byDigit, byBracket, bySign, byParen]: readonly (readonly Wrapper[])[] = [
  [compose, pod, takenIn, file],
  [takenIn, compose, file],
  [pod, takenIn, label],
  [file],
  [label],
];
const none: readonly Wrapper[] = [];

function bySigns(first: number): readonly Wrapper[] {
  switch (first) {
    case openBracketCode:
      return byBracket!;
    case openParenCode:
      return byParen!;
    case slashCode:
    case dotCode:
      return bySign!;
  }
  return none;
}

/** What is looked at for wrappers inside of wrappers: more is not a pipeline but a trick. */
export const maxDepth = 6;

/** The wrapper that a line has at `at`, or null; `mark.end` then says where the line goes on behind it. */
export function wrapperAt(line: string, at: number, mark: Mark): Wrapper | null {
  const first = line.charCodeAt(at);
  const may = isLetter(first) ? byLetter! : isDigit(first) ? byDigit! : bySigns(first);
  for (let i = 0; i < may.length; i++) {
    mark.start = mark.nameStart = mark.nameEnd = at;
    mark.end = may[i]!.find(line, at, mark);
    if (mark.end > at) return may[i]!;
  }
  return null;
}
