/**
 * Levels as tools of the command line and runners of jobs write them: `npm error code E404`, `error Command failed`,
 * `shop:cart:error no stock`, `error[E0308]: mismatch`, `::error file=cart.ts::no stock`, `##vso[… type=error]no stock`.
 */
import { levelOfField, mayBeLevel, plainLevelOf } from '../levels.ts';
import {
  closeBracketCode,
  closeParenCode,
  colonCode,
  isLetter,
  isLower,
  isUpper,
  minusCode,
  openBracketCode,
  openParenCode,
  spaceCode,
} from '../text.ts';
import { letterEnd } from './levels.ts';

/**
 * The level with which a tool's line begins, or '' for none: a word in small letters with a capital behind it, as none
 * stands inside of a sentence, or one that ends a name with colons, or the second word of npm and its like.
 *
 * @example
 * levelOfTool('error Command failed', 0) // => 'error'
 * levelOfTool('error handling is on', 0) // => ''
 * levelOfTool('shop:cart:warn low', 0) // => 'warn'
 */
// hot: called for every line that shows no level; most begin with a capital or have a blank behind their first word.
export function levelOfTool(text: string, start: number): string {
  if (!isLower(text.charCodeAt(start))) return '';
  let at = behindTool(text, start);
  const isNamed = at > start;
  let end = letterEnd(text, at, at + longestPart);
  while (!isNamed && end > at && joins(text.charCodeAt(end)) && isLetter(text.charCodeAt(end + 1))) {
    if (text.charCodeAt(end) === colonCode) at = end + 1;
    end = letterEnd(text, end + 1, end + longestPart);
    if (end - start > longestName) return '';
  }
  if (!mayBeLevel(text, at, end)) return '';
  const next = text.charCodeAt(end);
  const isLevel =
    next === openBracketCode || next === openParenCode
      ? isCode(text, end)
      : next === spaceCode && (at > start || (isUpper(text.charCodeAt(end + 1)) && isLower(text.charCodeAt(end + 2))));
  const word = isLevel ? text.slice(at, end) : '';
  return plainLevelOf(word) === null ? '' : word;
}

/** Where the level stands that a manager of packages writes behind its own name; `start` for other lines. */
function behindTool(text: string, start: number): number {
  for (let i = 0; i < tools.length; i++) if (text.startsWith(tools[i]!, start)) return start + tools[i]!.length;
  return start;
}

const tools = ['npm ', 'pnpm ', 'yarn ', 'lerna ', 'gyp '];

/** `[E0308]:`, the code of what is wrong, or `(cart):`, where it is. */
function isCode(text: string, open: number): boolean {
  const close = letterEnd(text, open + 1, open + longestPart);
  const partner = text.charCodeAt(open) === openParenCode ? closeParenCode : closeBracketCode;
  return close > open + 1 && text.charCodeAt(close) === partner && text.charCodeAt(close + 1) === colonCode;
}

/** A command to the runner of a job. */
export interface RunnerCommand {
  /** The level that it names, as it stands there. */
  readonly word: string;
  /** Where what it says begins. */
  readonly end: number;
}

/**
 * The command at `at` if it names a level: `::error file=cart.ts,line=7::no stock`, `##vso[task.logissue type=error]no
 * stock`, `##teamcity[message text='no stock' status='ERROR']`; else null.
 *
 * @example
 * runnerCommand('::error file=a.ts::no stock', 0) // => { word: 'error', end: 19 }
 * runnerCommand('::group::Build', 0) // => null
 */
export function runnerCommand(text: string, at: number): RunnerCommand | null {
  const head = text.slice(at, at + longestCommand);
  const found = /^::([a-z]{4,8})(?: [^:]*(?::(?!:)[^:]*)*)?::/.exec(head);
  if (found !== null) return plainLevelOf(found[1]!) === null ? null : { word: found[1]!, end: at + found[0].length };
  const [all, command, content] = /^##([a-z]{1,16})\[([^\]]*)\]/.exec(head) ?? [];
  if (all === undefined) return null;
  const word =
    /\b(?:type|status|level|severity)='?(\w{1,12})/.exec(content!)?.[1] ?? /\.(\w{1,12})$/.exec(content!)?.[1];
  if (word === undefined || levelOfField(word) === null) return null;
  // What it says stands inside, unless something stands behind.
  return { word, end: command === 'teamcity' || at + all.length === text.length ? at : at + all.length };
}

const joins = (code: number): boolean => code === colonCode || code === minusCode;
const longestPart = 24;
const longestName = 64;
const longestCommand = 300;
