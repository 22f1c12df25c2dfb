/** What must hold for what `millrace parse` prints of any file at all; see claims.ts. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace, objects } from '../support/command.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import type { Broken } from './broken.ts';
import { bytesOf } from './mutations.ts';

const claim = 'the command prints every line once';

/** Runs the command over the text as a file: by offset and number of lines its events are the file's lines. */
export async function commandClaims(text: string): Promise<Broken | undefined> {
  const folder = emptyDirectory();
  const bytes = bytesOf(text);
  writeFileSync(join(folder, 'case.log'), bytes);
  const { code, out, err } = await millrace(['parse', join(folder, 'case.log')]);
  rmSync(folder, { recursive: true });
  if (code !== 0 || err !== '') return { claim, reason: `it ended with ${code} and said ${err.slice(0, 500)}` };
  const reason = misfit(linesOf(bytes), objects(out));
  return reason === undefined ? undefined : { claim, reason };
}

interface Line {
  readonly offset: number;
  readonly blank: boolean;
}

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(10, offset);
    const end = newline < 0 ? bytes.length : newline;
    lines.push({ offset, blank: bytes.toString('utf8', offset, end).trim() === '' });
    offset = end + 1;
  }
  return lines;
}

/**
 * Nothing is printed for lines without a visible character that belong to no event; all others are in one. Lines of a
 * trace may alternate with others, so that of its lines only the first is known by its place.
 */
function misfit(lines: readonly Line[], events: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const starts = new Set(lines.map(({ offset }) => offset));
  let before = -1;
  let printed = 0;
  for (const { offset, lines: count, record = 0 } of events) {
    // Records of one line are told apart by their numbers, which are added.
    if (!starts.has(Number(offset) - Number(record))) return `an event begins at byte ${offset}, where no line does`;
    if (Number(offset) < before) return `an event at byte ${offset} is printed behind one at byte ${before}`;
    before = Number(offset);
    printed += Number(count);
  }
  const visible = lines.filter(({ blank }) => !blank).length;
  return printed >= visible && printed <= lines.length
    ? undefined
    : `${lines.length} lines in the file, of which ${visible} are visible, ${printed} in events`;
}
