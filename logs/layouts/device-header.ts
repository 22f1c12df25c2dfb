/**
 * The header of network devices: `208: sw1: 000204: *Jan 29 2026 08:51:24.989: %LINK-3-UPDOWN: `. The mnemonic at its end
 * tells facility, severity and event, and is what it is known by; before it stand in any order a number of the line,
 * times, those of relays among them, and the names of the device and of relays.
 */
import { levelOfSyslog } from '../levels.ts';
import {
  closeBracketCode,
  codeOf,
  colonCode,
  digits,
  dotCode,
  isBlank,
  isDigit,
  isUpper,
  isWordCode,
  minusCode,
  openBracketCode,
  percentCode,
  skipBlanks,
  slashCode,
  spaceCode,
  underscoreCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import { firstIs } from './first-set.ts';
import { keep, type Match, type Piece } from './layout.ts';
import { facilityLevel, isHostCode } from './syslog-header.ts';

/** The header, with the mnemonic and the colon behind it; the severity is the level. */
export function deviceHeader(): Piece {
  return {
    first: { ...firstIs((code) => isWordCode(code) || isDecoration(code) || code === percentCode), time: true },
    make: (capture) => {
      const groups: Groups = {
        host: capture('host.hostname'),
        sequence: capture('event.sequence', 'integer'),
        process: capture('process.name'),
        pid: capture('process.pid', 'integer'),
      };
      const code = capture('event.code');
      return (text, at, match) => {
        const start = mnemonicStart(text, at);
        if (start < 0 || !readPrefix({ text, at, end: start, match }, groups)) return -1;
        const end = mnemonicEnd(text, start);
        match.level = levelOfSyslog(severityAt(text, start, end));
        keep(match, code, start + 1, end);
        return skipBlanks(text, end) + 1;
      };
    },
  };
}

/** What stands before a mnemonic. */
interface Prefix {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  readonly match: Match;
}

/** Where the parts of it are kept. */
interface Groups {
  readonly host: number;
  readonly sequence: number;
  readonly process: number;
  readonly pid: number;
}

/** Reads what stands before the mnemonic: of several times and names the last is the device's own. */
function readPrefix({ text, at, end, match }: Prefix, groups: Groups): boolean {
  const { scanner } = match;
  let timeAt = -1;
  let names = 0;
  for (let tokens = 0; ; tokens++) {
    while (at < end && isBetween(text.charCodeAt(at))) at++;
    if (at >= end) break;
    if (tokens === mostTokens) return false;
    if (isTimeIn(text, at, scanner) && scanner.end <= end) {
      if (scanner.dated) timeAt = at;
      at = scanner.end;
      continue;
    }
    const close = tokenEnd(text, at, end);
    if (digits(text, at, close - at) >= 0) keep(match, groups.sequence, at, close);
    else if (!isUptime(text, at, close) && facilityLevel(text, at, close) === null) {
      const open = numberStart(text, at, close);
      if (!isName(text, at, open) || ++names > mostNames) return false;
      keep(match, open < close ? groups.process : groups.host, at, open);
      if (open < close) keep(match, groups.pid, open + 1, close - 1);
    }
    at = close;
  }
  match.timed = timeAt >= 0 && scanner.scan(text, timeAt);
  return true;
}

/** A time that is not just a number; a clock alone may be how long the device is up. */
const isTimeIn = (text: string, at: number, scanner: TimestampScanner): boolean =>
  isWordCode(text.charCodeAt(at)) && scanner.scan(text, at) && !scanner.epoch;

/** The next `%` from `at` on with which a mnemonic begins, or -1. */
function mnemonicStart(text: string, at: number): number {
  for (let start = text.indexOf('%', at), tries = 0; tries < mostTries; start = text.indexOf('%', start + 1), tries++) {
    if (start < 0 || start - at > longestPrefix) return -1;
    if (isUpper(text.charCodeAt(start + 1)) && mnemonicEnd(text, start) > 0) return start;
  }
  return -1;
}

/** Where a mnemonic ends, before its colon; -1 if there is none. */
function mnemonicEnd(text: string, start: number): number {
  let end = start + 1;
  while (end - start < longestMnemonic && isMnemonicCode(text.charCodeAt(end))) end++;
  return text.charCodeAt(skipBlanks(text, end)) === colonCode && severityAt(text, start, end) >= 0 ? end : -1;
}

/** The digit from 0 to 7 that stands alone between dashes, or behind the last one; -1 for none. */
function severityAt(text: string, start: number, end: number): number {
  for (let at = text.indexOf('-', start); at > 0 && at < end; at = text.indexOf('-', at + 1)) {
    const severity = digits(text, at + 1, 1);
    const isAlone = at + 2 === end || text.charCodeAt(at + 2) === minusCode;
    if (severity >= 0 && severity <= 7 && isAlone) return severity;
  }
  return -1;
}

/** The end of a token: before a blank or a colon with a blank, a capital or a sign behind it. */
function tokenEnd(text: string, at: number, limit: number): number {
  let end = at;
  for (; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code <= spaceCode || (code === colonCode && !isHostCode(text.charCodeAt(end + 1)))) break;
    if (code === colonCode && isUpper(text.charCodeAt(end + 1))) break;
  }
  return end;
}

/** Where the bracket of `ifmgr[226]` opens; the token's end if it has none. */
function numberStart(text: string, at: number, end: number): number {
  let open = end - 1;
  if (text.charCodeAt(open) !== closeBracketCode) return end;
  while (open > at && isDigit(text.charCodeAt(open - 1))) open--;
  return open < end - 1 && text.charCodeAt(open - 1) === openBracketCode ? open - 1 : end;
}

/** `1w2d`, `3d04h`, `00:00:46`. */
function isUptime(text: string, at: number, end: number): boolean {
  if (!isDigit(text.charCodeAt(at))) return false;
  for (let i = at; i < end; i++) if (!isUptimeCode(text.charCodeAt(i))) return false;
  return true;
}

function isName(text: string, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (!isHostCode(text.charCodeAt(i)) && text.charCodeAt(i) !== slashCode) return false;
  return end > at;
}

const isDecoration = (code: number): boolean => code === dotCode || code === colonCode || code === asteriskCode;
const isBetween = (code: number): boolean => isBlank(code) || isDecoration(code);
const isMnemonicCode = (code: number): boolean => isWordCode(code) || code === minusCode || code === underscoreCode;
const isUptimeCode = (code: number): boolean => isDigit(code) || code === colonCode || uptimeUnits.has(code);

const asteriskCode = codeOf('*');
const uptimeUnits = new Set(Array.from('ywdhms', codeOf));
const [mostTokens, mostNames, mostTries] = [8, 2, 3];
const [longestPrefix, longestMnemonic] = [160, 80];
