/**
 * The level of an event that names none: what else there is tells. A request that the server failed is an error even
 * where its logger calls every request information; a stack trace, a program that ended with a code other than 0 or by
 * a signal are errors; the caller's fault is a warning.
 */
import { failsUnit } from '../codes.ts';
import { isMild, type Level, levelOfStatus } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import {
  closeParenCode,
  colonCode,
  digits,
  equalsCode,
  isLower,
  isWordCode,
  lowered,
  minusCode,
  openParenCode,
  skipBlanks,
  spaceCode,
  underscoreCode,
} from '../text.ts';

/**
 * Gives a log the level that its status, its trace or its exit code means if it names none, or one that is too mild
 * for a request that the server failed. `wrapped` is what its envelope says, which counts where nothing else does;
 * `served` says that its text is the end of a request.
 */
export function settleLevel(log: ParsedLog, wrapped: Level | null, served = false): void {
  const { level, parsed_fields: fields } = log;
  const status = fields['http.response.status_code'];
  if (typeof status === 'number' && status >= 400) {
    if (level === null || (status >= 500 && isMild(level) && (served || isServed(fields))))
      log.level = levelOfStatus(status);
    return;
  }
  if (level !== null) return;
  const failed = fields['error.stack_trace'] !== undefined || fields['error.type'] !== undefined;
  if (failed || endedBadly(log.message) || (log.service === 'systemd' && failsUnit(log.message)))
    log.level = wrapped === null || isMild(wrapped) ? 'ERROR' : wrapped;
  else log.level = wrapped ?? (typeof status === 'number' ? levelOfStatus(status) : null);
}

/** Whether the fields are of a request, not of a status that something else has. */
function isServed(fields: ParsedLog['parsed_fields']): boolean {
  const { 'http.request.method': method, 'url.original': url, 'url.path': path } = fields;
  return method !== undefined || url !== undefined || path !== undefined;
}

/**
 * Whether a text says that a program ended with a code other than 0 or by a signal.
 *
 * @example
 * endedBadly('worker exited with code 137') // => true
 * endedBadly('build: signal: killed') // => true
 * endedBadly('Out of memory: Killed process 42 (cart)') // => true
 * endedBadly('cart.service: Main process exited, code=killed, status=9/KILL') // => true
 * endedBadly('Task timed out after 3.00 seconds') // => true
 * endedBadly('exit status 0') // => false
 */
export function endedBadly(text: string): boolean {
  for (let at = text.indexOf('exit'); at >= 0; at = text.indexOf('exit', at + 4)) {
    const code = exitCode(text, at);
    if (code !== null) return code !== 0;
  }
  if (isDeath(text)) return true;
  if (isTimedOut(text)) return true;
  const ended = text.indexOf('code=killed, status=');
  if (ended >= 0) return deadly.some((word) => startsWithWord(text, ended + 20, word));
  if (text.includes('code=dumped, status=')) return true;
  const signal = text.indexOf('signal');
  if (signal < 0) return false;
  const at = skipBlanks(text, text.charCodeAt(signal + 6) === colonCode ? signal + 7 : signal + 6);
  return deadly.some((word) => startsWithWord(text, at, word));
}

/** What Lambda says of a call that it ended. */
const isTimedOut = (text: string): boolean => text.endsWith(' seconds') && text.includes('Task timed out after ');

/** What a kernel says of a program that it ended, or of its own end: looked for only where such lines may begin. */
function isDeath(text: string): boolean {
  const first = text.charAt(0);
  if (first === 'O' || first === 'M') return text.includes('emory: Killed process ');
  if (first === 'K') return text.startsWith('Killed process ') || text.startsWith('Kernel panic');
  if (text.charCodeAt(text.length - 1) === closeParenCode && text.endsWith('core dumped)')) return true;
  return isLower(text.charCodeAt(0)) && text.startsWith(']: segfault at ', text.indexOf(']'));
}

/**
 * The number behind `exit code`, `exited with status`, `exited (`, `exit_code=` or `exited, status=` at `at`; null for
 * none.
 */
function exitCode(text: string, at: number): number | null {
  let end = at + 4;
  for (let words = 0; words < maxBetween; words++) {
    while (isSeparator(text.charCodeAt(end))) end++;
    // Behind a comma the number has a name.
    if (text.startsWith(', status', end) || text.startsWith(', code', end)) end += 2;
    const start = end;
    while (isLower(text.charCodeAt(end)) && end - start < maxWord) end++;
    if (end === start) break;
    if (!between.has(text.slice(start, end))) return null;
  }
  if (text.charCodeAt(end) === minusCode) end++;
  for (let width = 3; width > 0; width--) {
    const value = digits(text, end, width);
    if (value >= 0) return isWordCode(text.charCodeAt(end + width)) ? null : value;
  }
  return null;
}

const isSeparator = (code: number): boolean =>
  code === spaceCode || code === colonCode || code === equalsCode || code === underscoreCode || code === openParenCode;

function startsWithWord(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++)
    if (lowered(text.charCodeAt(at + i)) !== lowered(word.charCodeAt(i))) return false;
  return !isWordCode(text.charCodeAt(at + word.length));
}

/** What may stand between `exit` and its code. */
const between = new Set(['ed', 'with', 'code', 'status', 'value', 'unexpectedly', 'is', 'was']);
const maxBetween = 5;
const maxWord = 13;
/** Signals that end a program because something is wrong, by name and number. */
const deadly = [
  'killed',
  'sigkill',
  'sigsegv',
  'sigabrt',
  'sigbus',
  'sigill',
  'aborted',
  'segmentation',
  '9',
  '11',
  '6',
];
