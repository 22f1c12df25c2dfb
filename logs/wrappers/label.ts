/**
 * Which of several programs a line is of that write into one stream: `(Cart pid=42, ip=10.0.0.7) `, `[1] `, `[api] `.
 * In brackets it counts only before a record; else it is part of the line's header.
 */
import { closeBracketCode, isDigit, isWordCode, minusCode, openBraceCode, openParenCode, spaceCode } from '../text.ts';
import { speaksForItself } from './speaking.ts';
import type { Wrapper } from './wrapper.ts';

export const label: Wrapper = {
  name: 'label',
  find: (line, at, mark) => {
    if (line.charCodeAt(at) === openParenCode) return behindProcess(line, at, mark);
    let end = at + 1;
    const limit = at + longestName;
    while (end < limit && isNameCode(line.charCodeAt(end))) end++;
    if (end === at + 1 || line.charCodeAt(end) !== closeBracketCode || line.charCodeAt(end + 1) !== spaceCode)
      return -1;
    if (line.charCodeAt(end + 2) !== openBraceCode || !speaksForItself(line, end + 2, mark.scanner)) return -1;
    mark.nameStart = at + 1;
    mark.nameEnd = end;
    return end + 2;
  },
  note: (line, { nameStart, nameEnd }, wrapping) => {
    const name = line.slice(nameStart, nameEnd);
    const pid = /^(.*?) ?pid=(\d{1,10})/.exec(name);
    if (pid === null) wrapping.fields.push('log.label', name);
    else wrapping.fields.push('process.pid', Number(pid[2]));
    if (pid !== null && pid[1] !== '') wrapping.fields.push('process.name', pid[1]!);
  },
};

/** Behind `(Cart pid=42, ip=10.0.0.7) `, or -1. */
function behindProcess(line: string, at: number, mark: { nameStart: number; nameEnd: number }): number {
  const near = line.slice(at, at + longestProcess);
  const close = near.indexOf(') ');
  const pid = near.indexOf('pid=');
  if (close < 0 || pid < 1 || pid > close || !isDigit(near.charCodeAt(pid + 4))) return -1;
  if (near.charCodeAt(pid - 1) !== spaceCode && near.charCodeAt(pid - 1) !== openParenCode) return -1;
  if (near.lastIndexOf('(', close) !== 0 || near.indexOf(')') !== close) return -1;
  mark.nameStart = at + 1;
  mark.nameEnd = at + close;
  return at + close + 2;
}

const isNameCode = (code: number): boolean => isWordCode(code) || code === minusCode;
const [longestName, longestProcess] = [32, 96];
