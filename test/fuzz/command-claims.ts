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

/** Nothing is printed for lines without a visible character that belong to no event; all others are in one. */
function misfit(lines: readonly Line[], events: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  let at = 0;
  let before: unknown;
  for (const { offset, lines: count, record } of events) {
    // Further records of a packed line stand on the line of the first, which may go on with the event before; only
    // lines behind it are theirs.
    if (offset === before || (Number(record) > 0 && lines[at - 1]?.offset === offset)) {
      at += Number(count);
      continue;
    }
    before = offset;
    while (lines[at]?.blank === true && lines[at]!.offset !== offset) at++;
    if (lines[at]?.offset !== offset) return `an event begins at byte ${offset}, a line at byte ${lines[at]?.offset}`;
    at += Number(count);
  }
  if (at > lines.length) return `${lines.length} lines in the file, ${at} in events`;
  while (lines[at]?.blank === true) at++;
  return at === lines.length ? undefined : `the line at byte ${lines[at]!.offset} was not printed`;
}
