/**
 * The time at which a line was taken in, in front of one that has a header of its own: `kubectl logs --timestamps`,
 * `docker logs --timestamps`, and others that write a time before a record or a second time.
 */
import {
  barCode,
  closeBracketCode,
  codeOf,
  colonCode,
  digits,
  dotCode,
  equalsCode,
  isDigit,
  isLetter,
  isWordCode,
  openBracketCode,
  skipBlanks,
  spaceCode,
} from '../text.ts';
import { speaksBehindRuntime, speaksForItself } from './speaking.ts';
import type { Wrapper } from './wrapper.ts';

export const takenIn: Wrapper = {
  name: 'time',
  find: (line, at, { scanner }) => {
    const opens = line.charCodeAt(at) === openBracketCode;
    const start = opens ? at + 1 : at;
    if (isLetter(line.charCodeAt(start)) && !mayNameDate(line, start)) return -1;
    if (!scanner.scan(line, start)) return -1;
    let { end } = scanner;
    if (opens && line.charCodeAt(end++) !== closeBracketCode) return -1;
    const isRuntime = !opens && isRuntimeTime(line, start, end);
    // A runtime puts one blank behind its time; a second one is the line's.
    const behind = skipBlanks(line, end);
    if (behind === end && end < line.length) return -1;
    const sign = line.charCodeAt(behind);
    const divided = (sign === barCode || sign === colonCode) && line.charCodeAt(behind + 1) === spaceCode;
    const content = divided ? skipBlanks(line, behind + 1) : behind;
    if (speaksForItself(line, content, scanner)) return content;
    if (!isRuntime) return -1;
    // One blank more is how programs write a list, not what goes on with the line before.
    return behind - end === 2 && !speaksBehindRuntime(line, content) ? -1 : end + 1;
  },
  note: (line, { start: at, scanner }, wrapping) => {
    scanner.scan(line, line.charCodeAt(at) === openBracketCode ? at + 1 : at);
    wrapping.ms = scanner.ms;
    wrapping.nanos = scanner.nanos;
  },
};

/** `2026-01-29T08:51:24.946530606Z`: nine decimals, which runtimes always write. */
function isRuntimeTime(line: string, start: number, end: number): boolean {
  if (line.charCodeAt(start + 10) !== letterT || line.charCodeAt(start + 19) !== dotCode || end < start + 30)
    return false;
  return digits(line, start + 20, 9) >= 0 && !isDigit(line.charCodeAt(start + 29));
}

/** Whether a short word begins a line, as names of months and weekdays and klog's date are. */
function mayNameDate(line: string, at: number): boolean {
  for (let end = at + 3; end < at + 6; end++)
    if (!isWordCode(line.charCodeAt(end))) return line.charCodeAt(end) !== equalsCode;
  return false;
}

const letterT = codeOf('T');
