/**
 * Entries of systemd's journal as `journalctl -o export` writes them: a field a line, the cursor first, a blank line
 * behind the last. A value with line feeds or other bytes stands behind the name alone on its line, after its length in
 * eight bytes.
 */
import { equalsCode, isDigit, isUpper, spaceCode, underscoreCode } from '../text.ts';
import { noteTime, type TextEnvelope } from './envelope.ts';
import { journald } from './journald.ts';

/** Whether a text is such an entry, or begins one. */
export const isExported = (text: string): boolean =>
  text.charCodeAt(0) === underscoreCode && text.startsWith('__CURSOR=');

/** Whether a line goes on with an entry: a field, the blank line behind the last, or text of a value under its name. */
export function goesOnExported(line: string, entry: readonly string[]): boolean {
  if (isField(line)) return true;
  const last = entry.findLastIndex(isField);
  if (last < entry.length - 1 && entry.at(-1)!.trim() === '' && nameEnd(entry[last]!) < entry[last]!.length)
    return false;
  const isUnderName = last >= 0 && nameEnd(entry[last]!) === entry[last]!.trimEnd().length;
  return isUnderName ? entry.length - last < mostOfValue : line.trim() === '';
}

/** `NAME=value`, or a name alone. */
function isField(line: string): boolean {
  const end = nameEnd(line);
  return end > 0 && (line.charCodeAt(end) === equalsCode || end === line.trimEnd().length);
}

export const journalExport: TextEnvelope = {
  name: 'journal_export',
  open: (text, wrapping) => {
    if (!isExported(text)) return null;
    const fields = fieldsOf(text);
    // The cursor knows the time as well, in hexadecimal microseconds.
    fields['__REALTIME_TIMESTAMP'] ??= cursorTime(fields['__CURSOR'] ?? '');
    const message = journald.open({ MESSAGE: '', ...fields }, wrapping);
    if (message === null) noteTime(fields['__REALTIME_TIMESTAMP'], wrapping);
    return typeof message === 'string' ? message : '';
  },
};

/** The fields of an entry; of several with one name the last. */
function fieldsOf(text: string): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  let name = '';
  for (const line of text.split('\n')) {
    const end = nameEnd(line);
    if (end > 0 && line.charCodeAt(end) === equalsCode) {
      name = '';
      fields[line.slice(0, end)] = line.slice(end + 1).trimEnd();
    } else if (end > 0 && end === line.trimEnd().length) {
      name = line.slice(0, end);
      fields[name] = '';
    } else if (name !== '') {
      const before = fields[name]!;
      fields[name] = before === '' ? withoutLength(line) : `${before}\n${line}`;
    }
  }
  for (const key in fields) fields[key] = fields[key]!.trimEnd();
  return fields;
}

/** Where a field's name ends, or 0. */
function nameEnd(line: string): number {
  let at = 0;
  for (let code = line.charCodeAt(at); isUpper(code) || isDigit(code) || code === underscoreCode; )
    code = line.charCodeAt(++at);
  return at <= longestName ? at : 0;
}

/** A value without the eight bytes in front of it, of which one may have been taken for the end of a line. */
function withoutLength(line: string): string {
  let at = 0;
  while (
    at < 8 &&
    at < line.length &&
    (line.charCodeAt(at) <= spaceCode ||
      line.charCodeAt(at) > lastAscii ||
      (at === 0 && line.charCodeAt(1) < spaceCode))
  )
    at++;
  return line.slice(at);
}

/** `t=` of `s=…;i=…;t=5f3c…;x=…` as microseconds, or ''. */
function cursorTime(cursor: string): string {
  const [, hex] = /;t=([\da-f]{1,15})(?:;|$)/.exec(cursor) ?? [];
  return hex === undefined ? '' : String(Number.parseInt(hex, 16));
}

const longestName = 64;
/** Lines of one value. */
const mostOfValue = 100;
const lastAscii = 126;
