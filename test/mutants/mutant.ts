/**
 * A mutant is the project with one line broken: a rule is switched off, and the tests that hold it must fail. One that
 * no test notices shows a rule that a change may break unseen. The list lies beside this file, a file a room.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One rule, broken. */
export interface Mutant {
  /** The rule, in words; its name. */
  readonly rule: string;
  /** The file that holds it, from the root. */
  readonly file: string;
  /** A text that stands in the file exactly once, within one line or over a few. */
  readonly from: string;
  /** What is written in its place. The file must still load. */
  readonly to: string;
  /** The test files of which one must fail. */
  readonly killedBy: readonly [string, ...string[]];
}

/** Why a mutant can't be made of the project below `root`; undefined if it can. */
export function whyNot({ file, from, to }: Mutant, root: string): string | undefined {
  const found = textOf(root, file).split(from).length - 1;
  if (found !== 1) return `its text is there ${found} times`;
  return from === to ? 'it changes nothing' : undefined;
}

/** The file of a mutant as it is when the rule is broken. */
export function broken({ file, from, to }: Mutant, root: string): string {
  // A function, because `$` would mean something in a text.
  return textOf(root, file).replace(from, () => to);
}

function textOf(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return '';
  }
}
