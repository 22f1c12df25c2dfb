/**
 * The file and the number of the line that a search writes before what it found: `logs/app.log:412:2026-01-29 …`,
 * `app.log:{"msg":…}`, `412:2026-…`; with dashes before lines around it. It counts only directly before a line with a
 * header of its own.
 */
import {
  colonCode,
  dotCode,
  isDigit,
  isWordCode,
  minusCode,
  openBraceCode,
  slashCode,
  underscoreCode,
} from '../text.ts';
import type { Mark } from './mark.ts';
import { speaksForItself } from './speaking.ts';
import type { Wrapper } from './wrapper.ts';

export const file: Wrapper = {
  name: 'file',
  find: (line, at, mark) => {
    if (isDigit(line.charCodeAt(at))) return behindNumber(line, at, { sign: colonCode, mark });
    let isPath = false;
    for (let end = at; end < at + longestPath; end++) {
      const code = line.charCodeAt(end);
      if (isWordCode(code) || code === underscoreCode) continue;
      if (code === dotCode || code === slashCode) isPath = true;
      else if (code !== colonCode && code !== minusCode) return -1;
      else if (isPath) {
        mark.nameEnd = end;
        const content = behindNumber(line, end + 1, { sign: code, mark });
        if (content > 0) return content;
        if (code === colonCode) return isLine(line, end + 1, mark) ? end + 1 : -1;
      } else if (code === colonCode) return -1;
    }
    return -1;
  },
  note: (line, { start, nameEnd, end }, wrapping) => {
    if (nameEnd > start) wrapping.fields.push('log.file.path', line.slice(start, nameEnd));
    const number = Number.parseInt(line.slice(nameEnd > start ? nameEnd + 1 : start, end - 1), 10);
    if (number > 0) wrapping.fields.push('log.file.line', number);
  },
};

/** Where the line begins behind its number at `at` and a sign, or -1. */
function behindNumber(line: string, at: number, { sign, mark }: { sign: number; mark: Mark }): number {
  let end = at;
  while (end < at + longestNumber && isDigit(line.charCodeAt(end))) end++;
  return end > at && line.charCodeAt(end) === sign && isLine(line, end + 1, mark) ? end + 1 : -1;
}

/** Whether a record or a date with its year begins here. */
function isLine(line: string, at: number, { scanner }: Mark): boolean {
  const code = line.charCodeAt(at);
  if (
    code !== openBraceCode &&
    !(isDigit(code) && isDigit(line.charCodeAt(at + 2)) && isDigit(line.charCodeAt(at + 3)))
  )
    return false;
  return speaksForItself(line, at, scanner);
}

const [longestPath, longestNumber] = [160, 8];
