/**
 * The name in front of a bar that `docker compose logs` and `docker service logs` write: `web-1  | `,
 * `shop_cart.1.x7k2@node-1    | `. The names are padded to one width. A name that is not, and has no number, counts
 * only in front of a line with a header of its own: tables look the same.
 */
import { levelOf } from '../levels.ts';
import {
  atCode,
  barCode,
  dotCode,
  isDigit,
  isLetter,
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
    if (!isLetter(line.charCodeAt(at))) return -1;
    const limit = at + longestName;
    let end = at;
    while (end < limit && isNameCode(line.charCodeAt(end))) end++;
    if (line.charCodeAt(end) !== spaceCode) return -1;
    let bar = end;
    while (bar < limit && line.charCodeAt(bar) === spaceCode) bar++;
    if (line.charCodeAt(bar) !== barCode || line.charCodeAt(bar + 1) > spaceCode) return -1;
    if (levelOf(line.slice(at, end)) !== null) return -1;
    const content = Math.min(bar + 2, line.length);
    const isTold = bar - end > 1 || numberStart(line, at, end) < end;
    if (!isTold && !speaksForItself(line, content, mark.scanner) && !speaksBehindRuntime(line, content)) return -1;
    mark.nameStart = at;
    mark.nameEnd = end;
    return content;
  },
  note: (line, { start: at, nameEnd }, wrapping) => {
    wrapping.fields.push('container.name', line.slice(at, nameEnd));
    if (wrapping.service === '') wrapping.service = line.slice(at, numberStart(line, at, nameEnd));
  },
};

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
const longestName = 128;
