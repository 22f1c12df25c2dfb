/**
 * What tools say of how a run ended or what they found, in words that are no level of a logger: `FAILURE: Build failed`,
 * `[FAILED] Failed to start`, `make: *** [all] Error 2`, `not ok 7 - adds`, `==42== Invalid read of size 4`; and icons.
 */
import type { Level } from '../levels.ts';
import {
  codeOf,
  colonCode,
  equalsCode,
  greaterCode,
  isDigit,
  isLower,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
} from '../text.ts';

/**
 * Whether a text tells at `at` that something failed.
 *
 * @example
 * isFailure('BUILD FAILED in 7s', 0) // => true
 * isFailure('make[1]: *** [cart.o] Error 1', 0) // => true
 * isFailure('FAILED: 0', 0) // => false
 */
// hot: called for every line that shows no level.
export function isFailure(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  if (text.startsWith('e: /', at) || text.startsWith('e: file:', at)) return true;
  if (isLower(first)) return isStop(text, at) || (text.startsWith('not ok ', at) && isDigit(text.charCodeAt(at + 7)));
  if (first === equalsCode) return text.charCodeAt(at + 1) === equalsCode && isFound(text, at);
  // Gradle's.
  if (first === greaterCode) return text.startsWith('> Task ', at) && text.endsWith(' FAILED');
  if (first === starCode) return text.startsWith('*** Terminating app due to uncaught', at);
  if (isUpper(first) && !mayFail(text, at)) return text.startsWith('Error in ', at) && text.includes(' : ', at);
  if (text.startsWith('CMake Error', at)) return true;
  if (!isUpper(first) && first !== openBracketCode && first !== minusCode) return false;
  return outcome.test(text.slice(at, at + longestHead)) || isSummary(text, at);
}

/**
 * The level that an icon means which stands in a header or right behind it, between `start` and `end`; null for none.
 *
 * @example
 * levelOfIcon('✖ cart is gone', 0, 0) // => 'ERROR'
 * levelOfIcon('cart ✖ gone', 0, 0) // => null
 */
// hot: called for every line that shows no level.
export function levelOfIcon(text: string, start: number, end: number): Level | null {
  const limit = Math.min(end, start + longestHead) + 1;
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code < firstIcon) continue;
    const level = icons.get(text.codePointAt(at)!);
    if (level !== undefined) return level;
  }
  return null;
}

/** Whether a text that begins with a capital goes on with another, or with a word and a colon. */
function mayFail(text: string, at: number): boolean {
  if (isUpper(text.charCodeAt(at + 1))) return true;
  let end = at + 1;
  while (end < at + longestName && isLower(text.charCodeAt(end))) end++;
  return text.charCodeAt(end) === colonCode && text.charCodeAt(end + 2) === upperF;
}

/** `make: *** No rule to make target`, `make[1]: *** [cart.o] Error 1`: stars that nothing closes. */
function isStop(text: string, at: number): boolean {
  let end = at;
  while (end < at + longestName && isNameCode(text.charCodeAt(end))) end++;
  return text.startsWith(': *** ', end) && !/\*\*\*\s*$/.test(text.slice(end + 6, end + 6 + longestHead));
}

/** What valgrind reports behind the id of the process. */
function isFound(text: string, at: number): boolean {
  let end = at + 2;
  while (end < at + longestName && isDigit(text.charCodeAt(end))) end++;
  if (end === at + 2 || !text.startsWith('== ', end)) return false;
  return findings.some((words) => text.startsWith(words, end + 3));
}

/** `SUMMARY: UndefinedBehaviorSanitizer: …` */
function isSummary(text: string, at: number): boolean {
  return text.startsWith('SUMMARY: ', at) && /^[A-Z]\w{3,30}Sanitizer: /.test(text.slice(at + 9, at + 9 + longestHead));
}

const isNameCode = (code: number): boolean => isWordCode(code) || code === minusCode || brackets.has(code);

/** A word for a failure in capitals that begins a line, alone, in brackets, or behind one other word. */
const outcome =
  /^(?:\[ {0,4}|-{2,4} |[A-Z]{3,12} |[A-Z][a-z]{2,12}: )?(?:FAILED|FAILURE|FAIL|DEPEND(?=\]))(?![\w/.-]|:? ?\d)/;
const findings = [
  ...['Invalid read', 'Invalid write', 'Invalid free', 'Mismatched free', 'Conditional jump or move depends'],
  ...['Use of uninitialised', 'Syscall param', 'Source and destination overlap', 'Process terminating'],
  ...['Possible data race', 'Jump to the invalid address', 'Stack overflow'],
];
const brackets = new Set([openBracketCode, codeOf(']')]);
const icons = new Map<number, Level>();
for (const [level, signs] of [
  ['ERROR', '✖✗✘❌❎⛔🚨🛑💥🔥'],
  ['WARN', '⚠🚧'],
  ['INFO', '✔✓✅ℹ🎉🚀'],
] as const)
  for (const sign of signs) icons.set(sign.codePointAt(0)!, level);
const firstIcon = 0x2100;
const [starCode, upperF] = [codeOf('*'), codeOf('F')];
const [longestName, longestHead] = [32, 200];
