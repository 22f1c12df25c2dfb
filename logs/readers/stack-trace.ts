/**
 * Finds the stack trace in the lines behind the first of an event and says what was thrown: ECS has `error.type`,
 * `error.message` and `error.stack_trace` for that. Java, .NET, Node.js and Ruby name the error before its frames,
 * Python behind them.
 */
import type { ParsedLog } from '../parsed-log.ts';
import { dollarCode, dotCode, isDigit, isLetter, returnCode, skipBlanks, spaceCode, underscoreCode } from '../text.ts';

/** Notes the error whose trace is in the message of `log`, or in `tail`, the text behind a record. */
export function noteTrace(log: ParsedLog, tail: string): void {
  const fields = log.parsed_fields;
  const text = tail === '' ? log.message : tail;
  const from = tail === '' ? text.indexOf('\n') + 1 : 0;
  if (from === 0 && tail === '') return;
  if (tail !== '' && tail.trim() !== '') fields['error.stack_trace'] ??= tail.trimEnd();
  const python = text.indexOf('Traceback (most recent call last)', 0);
  const start = python >= 0 ? python : firstFrame(text, from) >= 0 ? errorLine(text, from) : -1;
  if (start < 0) return;
  fields['error.stack_trace'] ??= text.slice(start).trimEnd();
  const named = python >= 0 ? lastPlainLine(text, python) : start;
  const end = lineEnd(text, named);
  const line = text.slice(named, end);
  const name = nameEnd(line);
  if (name === 0) return;
  fields['error.type'] ??= line.slice(0, name);
  if (line.startsWith(': ', name)) fields['error.message'] ??= line.slice(name + 2).trim();
}

/** The first line that is a frame: `at …`, `from …`, indented. */
function firstFrame(text: string, from: number): number {
  for (let at = from; at < text.length; at = lineEnd(text, at) + 1) {
    const word = skipBlanks(text, at);
    if (word > at && (text.startsWith('at ', word) || text.startsWith('from ', word))) return at;
  }
  return -1;
}

/** The line that names the error: the last that is not indented before the first frame. */
function errorLine(text: string, from: number): number {
  let found = -1;
  for (let at = from; at < text.length; at = lineEnd(text, at) + 1) {
    const word = skipBlanks(text, at);
    if (word > at && (text.startsWith('at ', word) || text.startsWith('from ', word))) return found < 0 ? at : found;
    const name = nameEnd(text.slice(at, Math.min(at + maxName, lineEnd(text, at))));
    if (word === at && name > 0 && found < 0) found = at;
  }
  return found;
}

function lastPlainLine(text: string, from: number): number {
  let found = from;
  for (let at = lineEnd(text, from) + 1; at < text.length; at = lineEnd(text, at) + 1) {
    const code = text.charCodeAt(at);
    if (code > spaceCode && nameEnd(text.slice(at, Math.min(at + maxName, lineEnd(text, at)))) > 0) found = at;
  }
  return found;
}

/** The length of a name such as `java.lang.IllegalStateException` before a colon or the end of the line, or 0. */
function nameEnd(line: string): number {
  let end = 0;
  for (
    let code = line.charCodeAt(0);
    isLetter(code) || isDigit(code) || code === dotCode || code === underscoreCode || code === dollarCode;
  ) {
    code = line.charCodeAt(++end);
  }
  return end === line.length || line.startsWith(': ', end) || line.charCodeAt(end) === returnCode ? end : 0;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

const maxName = 200;
