/**
 * How runtimes name what was thrown, at the start of a line: `java.lang.IllegalStateException: none left`,
 * `Error [E_STOCK]: none left`, `NoMethodError (undefined method 'add'):`, `MapperParsingException[bad field]`,
 * `System.IO.IOException: gone ---> …`, `** (RuntimeError) none left`. A name is known by its last word, or by standing
 * in packages when a trace around it says that something was thrown.
 */
import {
  backslashCode,
  closeParenCode,
  colonCode,
  dollarCode,
  dotCode,
  isBlank,
  isUpper,
  isWordCode,
  openBracketCode,
  openParenCode,
  plusCode,
  skipBlanks,
  spaceCode,
  underscoreCode,
} from '../text.ts';

/**
 * The offset behind the name of something thrown with which `text` goes on at `at`, or -1. Without `around`, a trace
 * in which it stands, the name must end as such names do.
 *
 * @example
 * thrownEnd('KeyError: 1', 0, false) // => 8
 * thrownEnd('shop.errors.Worse: 1', 0, false) // => -1
 * thrownEnd('shop.errors.Worse: 1', 0, true) // => 17
 * thrownEnd('SEVERE: no stock', 0, true) // => -1
 */
export function thrownEnd(text: string, at: number, around: boolean): number {
  let last = at;
  let end = at;
  for (const limit = at + maxName; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (isWordCode(code) || code === underscoreCode || code === dollarCode) continue;
    const next = text.charCodeAt(end + 1);
    if (code === colonCode && next === colonCode) end++;
    else if (!isJoint(code) || !isWordCode(next)) break;
    last = end + 1;
  }
  if (end === last || !isUpper(text.charCodeAt(last))) return -1;
  const name = text.slice(last, end);
  const isKnown = thrownSuffixes.some((suffix) => name.endsWith(suffix));
  if (!isKnown && !(around && (last > at || !isAllUpper(name)))) return -1;
  return isNameOver(text, end) ? end : -1;
}

/** What joins the words of a qualified name: of packages, PHP's namespaces and .NET's nested classes. */
const isJoint = (code: number): boolean => code === dotCode || code === backslashCode || code === plusCode;

/** Whether a name ends at `at` as it does before what it says: with the line, a colon, or something in brackets. */
function isNameOver(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (!(code >= spaceCode)) return true;
  const next = text.charCodeAt(at + 1);
  if (code === colonCode) return !(next > spaceCode);
  if (code === openBracketCode || code === closeParenCode) return true;
  if (!isBlank(code)) return false;
  return next === openParenCode || next === openBracketCode || text.startsWith('--->', at + 1) || isLineOver(text, at);
}

const isLineOver = (text: string, at: number): boolean => !(text.charCodeAt(skipBlanks(text, at)) >= spaceCode);

function isAllUpper(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (!isUpper(name.charCodeAt(i))) return false;
  return true;
}

/**
 * What is said of something thrown whose name ends at `at`, up to the end of its line.
 *
 * @example
 * thrownMessage('KeyError: 1\n', 8, 11) // => '1'
 * thrownMessage('Error [E_STOCK]: none', 5, 21) // => 'none'
 * thrownMessage('NoMethodError (no add):', 13, 23) // => 'no add'
 */
export function thrownMessage(text: string, at: number, end: number): string {
  const rest = text.slice(at, end).trim();
  const code = rest.charCodeAt(0);
  if (code === colonCode || code === closeParenCode) return outer(rest.slice(1));
  if (code === openParenCode) {
    const closing = rest.lastIndexOf(')');
    return closing >= rest.length - 2 ? rest.slice(1, closing) : rest;
  }
  if (code !== openBracketCode) return '';
  const closing = rest.indexOf(']');
  return rest.charCodeAt(closing + 1) === colonCode ? outer(rest.slice(closing + 2)) : rest.slice(1, closing);
}

/** Without what .NET writes behind a message: the exception inside. And without the object that Node.js opens there. */
function outer(message: string): string {
  const inner = message.indexOf(' ---> ');
  const text = (inner < 0 ? message : message.slice(0, inner)).trim();
  return text.endsWith(' {') ? text.slice(0, -2) : text;
}

/** A line of Go's traces such as `main.(*Cart).add(0xc000012345, {0x1, 0x2})`: a name in front of its arguments. */
export function isGoFrame(line: string, start: number, end: number): boolean {
  if (line.charCodeAt(end - 1) !== closeParenCode) return false;
  for (let at = start; at < end && at - start < maxName; at++) {
    const code = line.charCodeAt(at);
    if (isBlank(code)) return false;
    if (code === openParenCode && at > start) return true;
  }
  return false;
}

const maxName = 200;

/** How the names of what can be thrown end. */
const thrownSuffixes = [
  ...['Exception', 'Error', 'Throwable', 'Failure', 'Fault', 'ExceptionGroup', 'Interrupt', 'SystemExit'],
  ...['NotFound', 'StopIteration', 'Panic'],
];
