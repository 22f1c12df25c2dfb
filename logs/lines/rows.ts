/**
 * Lines of sources that name their columns, for joining: a line with as many cells is an event however it begins. In
 * quotes a cell may go on over several lines.
 */
import { cellsIn, hasOpenQuote } from '../layouts/cells.ts';
import { headingOf } from '../readers/headings.ts';
import { hashSignCode, spaceCode } from '../text.ts';
import type { Joining } from './joining-state.ts';

/** How the rows look of a source whose columns `text` names, or null. */
export function tableOf(text: string): Exclude<Joining['table'], undefined> | null {
  const heading = headingOf(text);
  if (heading === null) return null;
  return { separator: heading.separator, cells: heading.names.length, isOpen: heading.rest >= 0 };
}

/** Whether a text is a row, or begins one, of a source that has named its columns; if so, an event begins with it. */
export function beginsRow(text: string, joining: Joining): boolean {
  const { separator, cells, isOpen } = joining.table!;
  // A directive may have as many words as a row.
  if (text.length > maxLine || (separator !== ',' && text.charCodeAt(0) === hashSignCode)) return false;
  // Those of the W3C stand between tabs where a server says so, though blanks are between their names.
  const found = cellsIn(text, separator === ' ' && text.includes('\t') ? '\t' : separator);
  const goesOn = found === null && hasOpenQuote(text, separator);
  const count = found?.length ?? 0;
  if (!goesOn && count !== cells && !(isOpen && count > cells && text.charCodeAt(0) > spaceCode)) return false;
  beginRecord(joining);
  joining.csv = goesOn;
  return true;
}

/** Notes that an event begins that is a record. */
export function beginRecord(joining: Joining): true {
  joining.csv = joining.quoted = joining.block = joining.remarks = joining.indented = false;
  joining.record = true;
  joining.trace = 'none';
  return true;
}

const maxLine = 65_536;
