/**
 * Kinds of records: the dialects of JSON loggers, JSON of none of them, and logfmt.
 */
import { dialects, textFormats } from '../formats/index.ts';
import { barCode, equalsCode, lessCode, skipBlanks, spaceCode } from '../text.ts';
import { dialectTest } from './records.ts';
import { rulesOf } from './roles.ts';

/** The dialect of a JSON record; the last is for all. */
export function kindOf(record: object): Kind {
  let i = 0;
  while (!kinds[i]!.matches(record)) i++;
  return kinds[i]!;
}

const kinds = dialects.map((dialect) => ({
  name: dialect.name,
  matches: dialectTest(dialect),
  rules: rulesOf(dialect),
  finish: dialect.finish,
}));

/** What reading a record of a kind needs. */
export type Kind = Pick<(typeof kinds)[number], 'name' | 'rules' | 'finish'>;
/** Lines of pairs. */
export const logfmt: Kind = { name: 'logfmt', rules: rulesOf(null), finish: undefined };

/** Whether a line begins as logfmt does, and not as a format that looks like it. */
export const isLogfmt = (text: string): boolean => startsWithKey(text) && !isOtherThanLogfmt(text);

/** Whether a line that begins as logfmt does is of a format all the same. */
function isOtherThanLogfmt(text: string): boolean {
  for (let i = 0; i < likeLogfmt.length; i++) if (likeLogfmt[i]!(text)) return true;
  return false;
}

/** Whether a line begins with `key=`: logfmt does. */
function startsWithKey(text: string): boolean {
  const start = skipBlanks(text, 0);
  if (!text.includes('=', start)) return false;
  let at = start;
  for (let code = text.charCodeAt(at); code > spaceCode && at - start < 64; code = text.charCodeAt(++at)) {
    if (code === equalsCode) return at > start;
    // The header of ArcSight's format, whose extension is such pairs, and a priority.
    if (code === barCode || code === lessCode) return false;
  }
  return false;
}

const likeLogfmt = textFormats.flatMap(({ beginsAsLogfmt }) => beginsAsLogfmt ?? []);
