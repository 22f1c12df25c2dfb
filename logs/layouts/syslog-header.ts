/**
 * The pieces of a syslog header: the host, and the program with its process id. A word is one of them by its shape
 * only: a level, a number, a quoted word, a pair, an address on the web or a path is none, and a program without a
 * process id is followed by a blank.
 */
import { levelOf, mayBeLevel, plainLevelOf } from '../levels.ts';
import {
  closeBracketCode,
  codeOf,
  colonCode,
  dotCode,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBracketCode,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { firstIs } from './first-set.ts';
import { keep, type Piece } from './layout.ts';

/** A host's name or address. */
export function host(): Piece {
  return {
    first: firstIs((code) => hostCodes[code] === 1),
    make: (capture) => {
      const group = capture('host.hostname');
      return (text, at, match) => {
        let end = at;
        while (hostCodes[text.charCodeAt(end)] === 1) end++;
        if (end === at || namesLevel(text, at, end)) return -1;
        return keep(match, group, at, end);
      };
    },
  };
}

/**
 * `name[pid]:` or `name:`; a name with blanks counts only with a process id, and macOS puts a subsystem behind it.
 * `alone` is for lines that name no host, where a name counts only behind a time or a priority as syslog writes them.
 */
export function program(alone = false): Piece {
  return {
    make: (capture) => {
      const name = capture('process.name');
      const pid = capture('process.pid', 'integer');
      return (text, at, match) => {
        const end = nameEnd(text, at);
        if (end < 0) return -1;
        if (text.charCodeAt(end) === colonCode) {
          if (alone && !hasSyslogTime(text)) return -1;
          return isProgram(text, at, end) ? keep(match, name, at, end) + 1 : -1;
        }
        let close = end + 1;
        while (isDigit(text.charCodeAt(close))) close++;
        if (close === end + 1 || text.charCodeAt(close) !== closeBracketCode) return -1;
        keep(match, name, at, end);
        keep(match, pid, end + 1, close);
        const after = text.startsWith(' (', close + 1) ? text.indexOf('):', close) + 1 : close + 1;
        return text.charCodeAt(after) === colonCode ? after + 1 : -1;
      };
    },
  };
}

/** Whether a line begins as syslog writes it, with a priority or the name of a month: other logs hardly ever do. */
export const hasSyslogTime = (text: string): boolean => text.charCodeAt(0) === lessCode || isLetter(text.charCodeAt(0));

/** The bracket or the colon that ends a program's name; -1 if there is none near, or what stands there is no name. */
function nameEnd(text: string, at: number): number {
  const limit = Math.min(text.length, at + maxName);
  let letters = 0;
  for (let end = at; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code === openBracketCode || code === colonCode) return letters > 0 ? end : -1;
    if (code > lastAscii || isLetter(code)) letters++;
    else if (noName[code] === 1) return -1;
  }
  return -1;
}

/** Whether the text between two positions, and the colon behind it, can name a program without a process id. */
function isProgram(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(end + 1) > spaceCode || namesLevel(text, start, end)) return false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code <= spaceCode || code === slashCode) return false;
  }
  return true;
}

function namesLevel(text: string, start: number, end: number): boolean {
  if (!mayBeLevel(text, start, end)) return false;
  const word = text.slice(start, end);
  // `log` and `system` are good names for a host, and `LOG` is a level.
  return isUpper(text.charCodeAt(start)) ? levelOf(word) !== null : plainLevelOf(word) !== null;
}

/** No program has a longer name. */
const maxName = 80;
const lastAscii = 127;
/** 1 for what names and addresses of hosts are made of. */
const hostCodes = Uint8Array.from({ length: lastAscii + 1 }, (_, code) =>
  isWordCode(code) || [minusCode, dotCode, colonCode, underscoreCode].includes(code) ? 1 : 0,
);
/** What no name of a program has. */
const noName = new Uint8Array(lastAscii + 1);
for (const sign of '"\'`=,;{}#|*?!&\\') noName[codeOf(sign)] = 1;
