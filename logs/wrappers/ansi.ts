/**
 * Takes colours and other control sequences of terminals out of a text (ECMA-48 §5.4: `ESC [`, parameters, one final
 * letter; `ESC ]` up to a bell), so that what is left reads like the output of a program that writes to a file.
 *
 * The escape character gets spelled out or lost on the way: `\u001b[31m` in JSON, `#033[31m` in rsyslog, `^[[31m` in
 * pagers, and a bare `[31m`. A bare one counts where the text also ends a colour: `rate[5m]` is no colour.
 */
import {
  backslashCode,
  closeBracketCode,
  codeOf,
  isDigit,
  openBracketCode,
  openParenCode,
  questionCode,
  semicolonCode,
  spaceCode,
} from '../text.ts';

/**
 * The text without control sequences; a text that has none is returned as it is. Linear.
 *
 * @example
 * plainText('\u001b[31mERROR\u001b[0m no stock') // => 'ERROR no stock'
 * plainText('[31mERROR[0m no stock') // => 'ERROR no stock'
 * plainText('rate(errors[5m])') // => 'rate(errors[5m])'
 */
export function plainText(text: string): string {
  if (text.includes(escapeSign)) text = withoutEscapes(text);
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1))
    if (mayFollow[text.charCodeAt(at + 1)] === 1 && sequenceEnd(text, at) > 0) return withoutSpelled(text, at);
  return text;
}

/** Cuts out what follows escape characters, and these. */
function withoutEscapes(text: string): string {
  let plain = '';
  let from = 0;
  for (let at = text.indexOf(escapeSign); at >= 0; at = text.indexOf(escapeSign, from)) {
    plain += text.slice(from, at);
    const kind = text.charCodeAt(at + 1);
    if (kind === openBracketCode) from = controlEnd(text, at + 2);
    else if (kind === closeBracketCode) from = commandEnd(text, at + 2);
    else from = at + (kind === openParenCode ? 3 : 2);
  }
  return plain + text.slice(from);
}

/** Behind parameters and the final letter of a control sequence; what is no sequence after all is left. */
function controlEnd(text: string, at: number): number {
  for (let code = text.charCodeAt(at); code >= spaceCode && code < firstFinal; ) code = text.charCodeAt(++at);
  return text.charCodeAt(at) <= lastFinal ? at + 1 : at;
}

/** Behind a command to the terminal, which a bell or `ESC \` ends; if nothing near does, what it says is left. */
function commandEnd(text: string, at: number): number {
  const near = text.slice(at, at + longestCommand);
  const bell = near.indexOf(bellSign);
  const ended = near.indexOf(`${escapeSign}\\`);
  if (ended >= 0 && (bell < 0 || ended < bell)) return at + ended + 2;
  return at + bell + 1;
}

/** Cuts out sequences whose escape character is spelled out, and bare ones if one of them ends a colour. */
function withoutSpelled(text: string, first: number): string {
  let [opened, closed] = [false, false];
  for (let at = first; at >= 0; at = text.indexOf('[', at + 1)) {
    if (sequenceEnd(text, at) < 0 || spellingStart(text, at, 0) < at) continue;
    if (isClosing(text, at + 1)) closed ||= opened;
    else opened = true;
  }
  let plain = '';
  let from = 0;
  for (let at = first; at >= 0; at = text.indexOf('[', at + 1)) {
    const end = sequenceEnd(text, at);
    if (end < 0) continue;
    const start = spellingStart(text, at, from);
    if (start === at && !closed) continue;
    plain += text.slice(from, start);
    from = end;
  }
  return from === 0 ? text : plain + text.slice(from);
}

/** Behind `[31m`, `[1;38;5;9m`, `[m`, `[2K` or `[?25l` at `at`; -1 for other brackets. */
function sequenceEnd(text: string, at: number): number {
  let end = at + 1;
  if (text.charCodeAt(end) === questionCode) end++;
  const limit = end + longest;
  for (let code = text.charCodeAt(end); end < limit && (isDigit(code) || code === semicolonCode); )
    code = text.charCodeAt(++end);
  const final = text.charCodeAt(end);
  const known =
    final === letterM ? end > at + 1 || isSpelled(text, at) : eraseLetters.has(final) && isSpelled(text, at);
  return known && text.charCodeAt(end + 1) !== closeBracketCode ? end + 1 : -1;
}

/** Whether a colour or an attribute ends: `[0m`, `[39m`, `[22m`. */
function isClosing(text: string, at: number): boolean {
  const value = Number.parseInt(text.slice(at, at + 3), 10);
  return value === 0 || (value >= 21 && value <= 29) || value === 39 || value === 49;
}

const isSpelled = (text: string, at: number): boolean => spellingStart(text, at, 0) < at;

/** Where the spelled-out escape character before the bracket at `at` begins, not before `from`; `at` if none does. */
function spellingStart(text: string, at: number, from: number): number {
  if (at === 0 || !spellingEnds.includes(text.charAt(at - 1))) return at;
  for (let i = 0; i < spellings.length; i++) {
    const spelling = spellings[i]!;
    let start = at - spelling.length;
    if (start < from || !text.startsWith(spelling, start)) continue;
    // Records inside of records double the backslash.
    if (spelling.charCodeAt(0) !== backslashCode) return start;
    while (start > from && text.charCodeAt(start - 1) === backslashCode) start--;
    return start;
  }
  return at;
}

const [escapeSign, bellSign] = ['\u001b', '\u0007'];
const spellings = ['\\u001b', '\\u001B', '\\x1b', '\\x1B', '\\033', '\\e', '#033', '^['];
/** What spellings end in. */
const spellingEnds = 'bB3e[';
const letterM = codeOf('m');
/** Erasing, moving, showing and hiding the cursor. */
const eraseLetters = new Set(Array.from('ABCDGHJKhl', codeOf));
/** 1 for what may stand behind the bracket of a sequence: hardly any bracket of a log has it. */
const mayFollow = Uint8Array.from({ length: 128 }, (_, code) =>
  isDigit(code) || code === questionCode || code === semicolonCode || code === letterM || eraseLetters.has(code)
    ? 1
    : 0,
);
/** Codes of the first and the last letter that ends a control sequence. */
const [firstFinal, lastFinal] = [0x40, 0x7e];
/** Parameters of one sequence: two colours of three parts each, and attributes. */
const longest = 40;
/** The address of a link is longer than any other command. */
const longestCommand = 2_048;
