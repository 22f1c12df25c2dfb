/**
 * Whether a line may pack several records, told by its first characters; if those are a record's, by what is between
 * its brackets. Nothing is decoded.
 */
import { byteOrderMarkCode, commaCode, isBlank, isDigit, openBraceCode, openBracketCode, spaceCode } from '../text.ts';
import { skipSpace } from './json-pieces.ts';

/** In front of each record of a JSON text sequence (RFC 7464). */
export const separatorCode = 0x1e;

/**
 * Whether a line looks as if it packed records. An ordinary line costs a look at its beginning.
 *
 * @example
 * mayPack('[{"msg":"a"}]') // => true
 * mayPack('[main] ready') // => false
 */
export function mayPack(line: string): boolean {
  const first = line.charCodeAt(0);
  if (first === openBraceCode) return holdsObjects(line, 1);
  if (first === openBracketCode) return line.charCodeAt(skipOpened(line, 1)) === openBraceCode;
  if (first === byteOrderMarkCode || first === separatorCode) return true;
  const content = isDigit(first) ? criContent(line) : -1;
  const code = line.charCodeAt(content);
  return (code === openBraceCode || code === openBracketCode) && holdsObjects(line, content);
}

/** Where the text of a line as container runtimes write it begins: behind the time, its stream, and a tag; or -1. */
function criContent(line: string): number {
  for (let at = 20; at < 36; at++)
    if (line.charCodeAt(at) === spaceCode) return line.startsWith('std', at + 1) ? at + 10 : -1;
  return -1;
}

/** Whether a list of objects is in a text, or an object behind another, or either inside of a quoted text. */
function holdsObjects(line: string, from: number): boolean {
  for (let at = line.indexOf('[', from); at >= 0; at = line.indexOf('[', at + 1)) {
    const next = line.charCodeAt(skipSpace(line, at + 1));
    if (next === openBraceCode || next === openBracketCode) return true;
  }
  for (let at = line.indexOf('}', from); at >= 0; at = line.indexOf('}', at + 1)) {
    let next = skipSpace(line, at + 1);
    if (line.charCodeAt(next) === commaCode) next = skipSpace(line, next + 1);
    if (line.charCodeAt(next) === openBraceCode) return true;
  }
  return false;
}

/** The first position from `at` that holds neither a blank nor a list's beginning. */
function skipOpened(line: string, at: number): number {
  while (isBlank(line.charCodeAt(at)) || line.charCodeAt(at) === openBracketCode) at++;
  return at;
}
