/**
 * Lines that name the columns of the lines behind them: `#Fields:` of the W3C's extended format (IIS, Windows'
 * firewall, Exchange, content delivery networks), `#fields` of Zeek, the header of AWS' flow logs, and the first line of
 * a CSV or TSV file. The last is one only where its names are known keys of logs: a time, and a level or a message.
 */
import { cellsIn, type Separator } from '../layouts/cells.ts';
import {
  closeBracketCode,
  closeParenCode,
  commaCode,
  dotCode,
  hashSignCode,
  isDigit,
  isLetter,
  minusCode,
  openBracketCode,
  openParenCode,
  quoteCode,
  returnCode,
  slashCode,
  spaceCode,
  tabCode,
  underscoreCode,
} from '../text.ts';
import { type Rule, rulesOf } from './roles.ts';

/** The columns that a source has named. */
export interface Heading {
  readonly kind: 'w3c' | 'zeek' | 'vpc_flow' | 'csv' | 'tsv';
  readonly names: readonly string[];
  readonly separator: Separator;
  /** The number of the column that takes what stands behind the last separator that the columns need, or -1. */
  readonly rest: number;
}

/**
 * The columns that a line names, or one of the lines of an event that begins with `#`; null for all others, which costs
 * a look at their beginning.
 *
 * @example
 * headingOf('#Version: 1.0\n#Fields: date time c-ip')?.names // => ['date', 'time', 'c-ip']
 * headingOf('Level;Date and Time;Source;Event ID')?.separator // => ';'
 * headingOf('Not found, giving up') // => null
 */
export function headingOf(text: string): Heading | null {
  const first = text.charCodeAt(0);
  if (first === hashSignCode) return directiveIn(text);
  if (!isLetter(first) && first !== quoteCode && first !== atCode && first !== underscoreCode) return null;
  const separator = text.length > maxHeader ? null : separatorOf(text);
  if (separator === null) return null;
  const names = cellsIn(text, separator)?.map(plainName) ?? [];
  if (separator === ' ') return isFlow(names) ? { kind: 'vpc_flow', names, separator, rest: -1 } : null;
  return isTable(names) ? { kind: separator === '\t' ? 'tsv' : 'csv', names, separator, rest: restOf(names) } : null;
}

/** `#Fields: …` or `#fields …`, as the first line or behind other directives; the last one counts. */
function directiveIn(text: string): Heading | null {
  let found: Heading | null = null;
  for (let at = 0; text.charCodeAt(at) === hashSignCode; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    if (text.startsWith('#Fields:', at)) found = fieldsOf(text.slice(at + 8, end)) ?? found;
    else if (text.startsWith('#fields', at)) found = zeekFieldsOf(text.slice(at + 7, end)) ?? found;
    if (feed < 0) break;
    at = feed + 1;
  }
  return found;
}

/** Columns between blanks, whose lines have blanks or tabs, or between commas, as Exchange has them. */
function fieldsOf(list: string): Heading | null {
  const separator = list.includes(',') ? ',' : ' ';
  const names = cellsIn(list.trim(), separator)?.map((name) => name.trim()) ?? [];
  return names.length > 1 ? { kind: 'w3c', names, separator, rest: -1 } : null;
}

/** What stands behind the directive's name separates the names and the cells. */
function zeekFieldsOf(list: string): Heading | null {
  const [sign = ''] = list;
  const separator = separators.find((known) => known === sign);
  const names = separator === undefined ? [] : (cellsIn(list.slice(1), separator) ?? []);
  return names.length > 1 ? { kind: 'zeek', names, separator: separator!, rest: -1 } : null;
}

/** The separator of a line that consists of names and it alone, or null. */
function separatorOf(text: string): Separator | null {
  let found: Separator | null = null;
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === spaceCode || text.charCodeAt(end - 1) === returnCode)) end--;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    // A number behind a blank is a time's or a text's, not a name's.
    if (isLetter(code) || (isDigit(code) && text.charCodeAt(at - 1) !== spaceCode)) continue;
    if (code === commaCode || code === tabCode || code === semicolonCode || code === barCode) {
      const separator = text[at] as Separator;
      if (found !== null && found !== separator) return null;
      found = separator;
    } else if (!isNameSign(code)) return null;
    else if (found === null && at > longestName) return text.startsWith(flowStart) ? ' ' : null;
  }
  return found ?? (text.startsWith(flowStart) ? ' ' : null);
}

/** A name without what is said of its unit or zone: `TimeGenerated [UTC]`. */
function plainName(name: string): string {
  const bracket = name.search(/[[(]/);
  return (bracket > 0 ? name.slice(0, bracket) : name).trim();
}

function isTable(names: readonly string[]): boolean {
  if (names.length < 2 || names.some((name) => name === '' || name.length > longestName)) return false;
  const rules = names.map((name) => usual(name));
  const plays = (role: Rule['role']): boolean => rules.some((rule) => rule.role === role);
  if (!plays('time')) return plays('level') && plays('message');
  if (plays('message') || rules.some(({ role, loose }) => role === 'level' && !loose)) return true;
  const known = rules.filter((rule, i) => rule.role !== null || rule.requestName !== '' || rule.name !== names[i]);
  return known.length > 2 && known.length * 2 >= names.length;
}

/** A message that comes last may hold separators. Windows' event viewer does not even name its column. */
function restOf(names: readonly string[]): number {
  const at = names.findIndex((name) => usual(name).role === 'message');
  return at < 0 ? names.length : at === names.length - 1 ? at : -1;
}

const isFlow = (names: readonly string[]): boolean => names.includes('srcaddr') && names.includes('dstaddr');

const isNameSign = (code: number): boolean =>
  code === underscoreCode ||
  code === minusCode ||
  code === spaceCode ||
  code === dotCode ||
  code === atCode ||
  code === quoteCode ||
  code === slashCode ||
  code === openBracketCode ||
  code === closeBracketCode ||
  code === openParenCode ||
  code === closeParenCode ||
  code === hashSignCode;

const usual = rulesOf(null);
const separators: readonly Separator[] = ['\t', ',', ';', '|', ' '];
const flowStart = 'version ';
const [atCode, semicolonCode, barCode] = [64, 59, 124];
const longestName = 48;
const maxHeader = 4096;
