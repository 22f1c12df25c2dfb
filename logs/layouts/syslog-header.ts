/**
 * The pieces of a syslog header: the priority, a level in words, the host, and the program with its process id. A word
 * is one of them by its shape only: a level, a number, a quoted word, a pair, an address on the web or a path is none,
 * and a program without a process id is followed by a blank.
 */
import { type Level, levelOf, mayBeLevel, plainLevelOf } from '../levels.ts';
import {
  closeBracketCode,
  codeOf,
  colonCode,
  dotCode,
  greaterCode,
  isBlank,
  isDigit,
  isLetter,
  isUpper,
  isWordCode,
  lessCode,
  minusCode,
  openBracketCode,
  skipBlanks,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import { firstIs } from './first-set.ts';
import { keep, type Piece } from './layout.ts';

/** `<13>`, with a blank behind it only where a time follows. */
export function priority(): Piece {
  return {
    first: firstIs((code) => code === lessCode),
    make: (capture) => {
      const group = capture('log.syslog.priority', 'integer');
      return (text, at, match) => {
        if (text.charCodeAt(at) !== lessCode) return -1;
        let end = at + 1;
        while (end - at < 4 && isDigit(text.charCodeAt(end))) end++;
        if (end === at + 1 || text.charCodeAt(end) !== greaterCode) return -1;
        if (Number(text.slice(at + 1, end)) > highestPriority) return -1;
        keep(match, group, at + 1, end);
        const behind = skipBlanks(text, end + 1);
        return behind === end + 1 || match.scanner.scan(text, behind) ? behind : -1;
      };
    },
  };
}

/**
 * `err `, `user.err `, `<err> ` or `[err] `, in lines with a time as syslog writes it: elsewhere a program's own header
 * looks the same. With `isDotted` the facility must be there.
 */
export function severity(isDotted = false): Piece {
  return {
    first: firstIs((code) => isLetter(code) || code === lessCode || code === openBracketCode),
    make: (capture) => {
      const group = capture('log.level');
      return (text, from, match) => {
        const opening = text.charCodeAt(from);
        const closing = opening === lessCode ? greaterCode : opening === openBracketCode ? closeBracketCode : spaceCode;
        const at = closing === spaceCode ? from : from + 1;
        let end = at;
        let dot = -1;
        for (let code = text.charCodeAt(end); isWordCode(code) || code === dotCode; code = text.charCodeAt(++end)) {
          if (code === dotCode) dot = end;
          if (end - at > longestSeverity) return -1;
        }
        if (text.charCodeAt(end) !== closing || !(dot > 0 || mayBeLevel(text, at, end))) return -1;
        const level = dot > 0 ? facilityLevel(text, at, end) : plainLevelOf(text.slice(at, end));
        if (isDotted && dot < 0) return -1;
        if (level === null || !(hasSyslogTime(text) || hasTimeOfRelay(text))) return -1;
        match.level = level;
        keep(match, group, dot > 0 ? dot + 1 : at, end);
        return skipBlanks(text, end + 1);
      };
    },
  };
}

/** The level of `user.err`, a facility and a severity, between two positions; null for anything else. */
export function facilityLevel(text: string, at: number, end: number): Level | null {
  const dot = text.slice(at, end).indexOf('.');
  return dot > 0 && facilities.has(text.slice(at, at + dot)) ? plainLevelOf(text.slice(at + dot + 1, end)) : null;
}

/** A host's name or address; `telling` is for lines with nothing behind it: it has a digit, a dot or a dash. */
export function host(telling = false): Piece {
  return {
    first: firstIs((code) => hostCodes[code] === 1),
    make: (capture) => {
      const group = capture('host.hostname');
      return (text, at, match) => {
        let end = at;
        while (hostCodes[text.charCodeAt(end)] === 1) end++;
        if (end === at || namesLevel(text, at, end)) return -1;
        if (telling && !(looksLikeHost(text, at, end) && text.charCodeAt(end) === spaceCode)) return -1;
        return keep(match, group, at, end);
      };
    },
  };
}

/**
 * `name[pid]:`, `name[web.1]:` or `name:`; a name with blanks counts only with a process id, and macOS puts a subsystem behind it.
 * `alone` is for lines that name no host, where a name counts only behind a time or a priority as syslog writes them.
 */
export function program(alone = false): Piece {
  return {
    make: (capture) => {
      const name = capture('process.name');
      const pid = capture('process.pid', 'integer');
      const instance = capture('process.entity_id');
      return (text, at, match) => {
        const end = nameEnd(text, at);
        if (end < 0) return -1;
        if (text.charCodeAt(end) === colonCode) {
          if (alone && !hasSyslogTime(text)) return -1;
          return isProgram(text, at, end) ? keep(match, name, at, end) + 1 : -1;
        }
        // What is padded is a column.
        if (isBlank(text.charCodeAt(end - 1))) return -1;
        let close = end + 1;
        while (isDigit(text.charCodeAt(close))) close++;
        const isNumber = close > end + 1;
        if (!isNumber) close = instanceEnd(text, close);
        if (text.charCodeAt(close) !== closeBracketCode || (!isNumber && close === end + 1)) return -1;
        if (beginsWithLevel(text, at, end) || (!isNumber && !(hasSyslogTime(text) || hasTimeOfRelay(text)))) return -1;
        keep(match, name, at, end);
        keep(match, isNumber ? pid : instance, end + 1, close);
        const after = text.startsWith(' (', close + 1) ? text.indexOf('):', close) + 1 : close + 1;
        if (text.charCodeAt(after) === colonCode) return after + 1;
        return text.charCodeAt(after) === spaceCode && isNumber && hasSyslogTime(text) ? after : -1;
      };
    },
  };
}

/** Whether a line begins as syslog writes it, with a priority or the name of a month: other logs hardly ever do. */
export const hasSyslogTime = (text: string): boolean =>
  text.charCodeAt(0) === lessCode || (isLetter(text.charCodeAt(0)) && isLetter(text.charCodeAt(1)));

/** Whether a line begins with a time as rsyslog writes it to files: with a `T` but without a `Z`. */
export function hasTimeOfRelay(text: string): boolean {
  if (text.charCodeAt(10) !== letterT) return false;
  const end = text.indexOf(' ');
  return end > 19 && end < 36 && text.charCodeAt(end - 1) !== letterZ;
}

/**
 * Whether a word has a digit, a dot or a dash inside, as few words of prose do and most names of hosts.
 *
 * @example
 * looksLikeHost('web-1', 0, 5) // => true
 * looksLikeHost('Started', 0, 7) // => false
 */
export function looksLikeHost(text: string, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || code === dotCode || code === minusCode) return true;
  }
  return false;
}

/** Whether names and addresses of hosts have a character. */
export const isHostCode = (code: number): boolean => hostCodes[code] === 1;

/** The end of what names one of several processes of a kind: `web.1`, `router`. */
function instanceEnd(text: string, at: number): number {
  let end = at;
  while (end - at < longestInstance && isHostCode(text.charCodeAt(end))) end++;
  return end;
}

/** Whether a name is a level, or one of several words, as macOS has them, with a level as the first or before them. */
function beginsWithLevel(text: string, start: number, end: number): boolean {
  let stop = start;
  while (stop < end && text.charCodeAt(stop) > spaceCode) stop++;
  if (stop === end) return namesLevel(text, start, end);
  const isOpen = text.charCodeAt(start) === lessCode;
  const isLevel = isOpen ? namesLevel(text, start + 1, stop - 1) : namesLevel(text, start, stop);
  if (isLevel || facilityLevel(text, start, stop) !== null) return true;
  return facilityLevel(text, text.lastIndexOf(' ', start - 2) + 1, start - 1) !== null;
}

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
const longestSeverity = 24;
const longestInstance = 40;
/** Of the last facility and the mildest severity. */
const highestPriority = 191;
const [letterT, letterZ] = [codeOf('T'), codeOf('Z')];
const facilities = new Set(
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  ),
);
const lastAscii = 127;
/** 1 for what names and addresses of hosts are made of. */
const hostCodes = Uint8Array.from({ length: lastAscii + 1 }, (_, code) =>
  isWordCode(code) || [minusCode, dotCode, colonCode, underscoreCode].includes(code) ? 1 : 0,
);
/** What no name of a program has. */
const noName = new Uint8Array(lastAscii + 1);
for (const sign of '"\'%`=,;{}#|*?!&\\') noName[codeOf(sign)] = 1;
