/**
 * The name in front of a bar that `docker compose logs` and `docker service logs` write: `web-1  | `,
 * `shop_cart.1.x7k2@node-1    | `, and other tools that run several programs, some with a number before it: `0|api  | `.
 * The names are padded to one width. A name that is not, and has no number, counts only in front of a line with a
 * header of its own, or with a level in capitals: tables look the same.
 */
import { levelOf, plainLevelOf } from '../levels.ts';
import {
  atCode,
  barCode,
  colonCode,
  dotCode,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  minusCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { speaksBehindRuntime, speaksForItself } from './speaking.ts';
import type { Wrapper } from './wrapper.ts';

export const compose: Wrapper = {
  name: 'compose',
  find: (line, at, mark) => {
    const begin = behindNumber(line, at);
    if (!isLetter(line.charCodeAt(begin))) return -1;
    const limit = begin + longestName;
    let end = begin;
    while (end < limit && isNameCode(line.charCodeAt(end))) end++;
    if (line.charCodeAt(end) !== spaceCode) return -1;
    let bar = end;
    while (bar < limit && line.charCodeAt(bar) === spaceCode) bar++;
    if (line.charCodeAt(bar) !== barCode || line.charCodeAt(bar + 1) > spaceCode) return -1;
    if (levelOf(line.slice(begin, end)) !== null) return -1;
    const content = Math.min(bar + 2, line.length);
    const isTold = begin > at || bar - end > 1 || numberStart(line, begin, end) < end || isLeveled(line, content);
    if (!isTold && !speaksForItself(line, content, mark.scanner) && !speaksBehindRuntime(line, content)) return -1;
    mark.nameStart = begin;
    mark.nameEnd = end;
    return content;
  },
  note: (line, { nameStart: at, nameEnd }, wrapping) => {
    wrapping.fields.push('container.name', line.slice(at, nameEnd));
    if (wrapping.service === '') wrapping.service = line.slice(at, numberStart(line, at, nameEnd));
  },
};

/** Behind `0|`, the number of a program that is kept running; `at` if there is none. */
function behindNumber(line: string, at: number): number {
  let end = at;
  while (end < at + 4 && isDigit(line.charCodeAt(end))) end++;
  return end > at && line.charCodeAt(end) === barCode ? end + 1 : at;
}

/** Whether a level in capitals begins what is said, of which no further column stands behind. */
function isLeveled(line: string, at: number): boolean {
  let end = at;
  while (end < at + longestLevel && isUpper(line.charCodeAt(end))) end++;
  const code = line.charCodeAt(end);
  if (end - at < 4 || (code !== spaceCode && code !== colonCode)) return false;
  return plainLevelOf(line.slice(at, end)) !== null && line.indexOf(' |', end) < 0;
}

/** Where the number of the container begins behind the service: `-1`, `_1`, `.1.x7k2@node-1`; else the name's end. */
function numberStart(line: string, start: number, end: number): number {
  const task = line.indexOf('.', start + 1);
  if (task > 0 && task < end && isDigit(line.charCodeAt(task + 1))) return task;
  let at = end;
  while (at > start && isDigit(line.charCodeAt(at - 1))) at--;
  const sign = line.charCodeAt(at - 1);
  return at < end && at - 1 > start && (sign === minusCode || sign === underscoreCode) ? at - 1 : end;
}

const isNameCode = (code: number): boolean =>
  isWordCode(code) || code === minusCode || code === underscoreCode || code === dotCode || code === atCode;
const [longestName, longestLevel] = [128, 12];
