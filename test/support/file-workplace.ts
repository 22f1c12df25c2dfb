/** What tests of reading files share: a directory with a log of its own, readers that are closed, and draining. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  type FileOptions,
  type FilePosition,
  type FileReader,
  type LineBatch,
  openFiles,
} from '../../connectors/files/reader.ts';
import { ManualClock } from '../../testing/manual-clock.ts';

export const limit = { maxRecords: 10_000, maxBytes: 1 << 16 };

export const coded = (code: string) => expect.objectContaining({ code });

/** A directory for one test, the path of a log in it, and a maker of readers, which read that log by default. */
export function workplace() {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const log = join(directory, 'app.log');
  const clock = new ManualClock();
  const reader = (options: Partial<FileOptions> = {}): FileReader => {
    const opened = openFiles({ patterns: [log], follow: false, clock, ...options });
    onTestFinished(() => opened.close());
    return opened;
  };
  return { directory, log, clock, reader };
}

export const textsOf = ({ length, bytes, starts, ends }: LineBatch) =>
  Array.from({ length }, (_, i) => bytes.toString('utf8', starts[i], ends[i]));

/** Polls until there is nothing more: the lines, and where reading stands. */
export async function drain(from: FileReader, split: string, position = from.start(split), step = limit) {
  const lines: string[] = [];
  const refused: LineBatch['refused'][number][] = [];
  let ended = false;
  for (;;) {
    const batch = await from.poll(split, position, step);
    if (batch === undefined) break;
    lines.push(...textsOf(batch));
    refused.push(...batch.refused);
    // A position is stored as JSON.
    position = JSON.parse(JSON.stringify(batch.next)) as FilePosition;
    ended = batch.ended;
    if (ended) break;
  }
  return { lines, refused, position, ended };
}

export const only = async (from: FileReader): Promise<string> => {
  const [split, ...others] = await from.splits();
  expect(others).toEqual([]);
  return split!;
};
