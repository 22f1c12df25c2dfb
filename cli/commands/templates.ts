/**
 * `millrace templates`: the template of each line of a file, as one JSON object per line. The file holds messages only,
 * without times and levels. Ids and texts are those that the templates have at the end of the file, so that lines of
 * one kind share one id; until then a number per line is all that is kept.
 */
import { isAscii } from 'node:buffer';
import { openFiles } from '../../connectors/files/reader.ts';
import { Templates } from '../../logs/templates/templates.ts';
import { systemClock } from '../../time/clock.ts';
import { Output, say } from '../terminal.ts';

const limit = { maxRecords: 16_384, maxBytes: 4 << 20 };
/** Every line gets an answer, also one that would be refused elsewhere. */
const maxLineBytes = 64 << 20;
/** Far more than a file of one service has; a file is mined as a whole. */
const mostTemplates = 50_000;

/** How much merging is done, in forms looked at: real logs take up to 14 a line. */
const mergeStep = 1_000;
const mergePerLine = 200;
const mergeBase = 1_000_000;

/** Prints one object per line, in order. */
export async function execute([path]: readonly string[], _options: object): Promise<void> {
  const templates = new Templates({ limit: mostTemplates });
  const ids: string[] = [];
  const numbers = new Map<string, number>();
  const ofLines: number[] = [];
  const learn = (line: string): void => {
    const id = templates.add(line);
    let number = numbers.get(id);
    if (number === undefined) {
      number = ids.push(id) - 1;
      numbers.set(id, number);
    }
    ofLines.push(number);
    if (templates.isDue) merge();
  };
  /** Forms that merges have looked at. Hostile lines could keep a merge busy for hours; it stops, and goes on later. */
  let looked = 0;
  const merge = (): boolean => {
    while (looked < mergeBase + mergePerLine * ofLines.length) {
      if (templates.step(mergeStep)) return true;
      looked += mergeStep;
    }
    return false;
  };
  await readLines(path!, learn);
  // A merge that was under way may have passed what was added since.
  if (!(merge() && merge())) say(`millrace: ${path} is too various: not all templates that could be were merged`);
  const output = new Output();
  const ends = ids.map((id) => {
    const template_id = templates.resolve(id);
    return JSON.stringify({ template_id, template: templates.text(template_id) ?? '' }).slice(1);
  });
  for (let i = 0; i < ofLines.length; i++) {
    output.line(`{"line":${i + 1},${ends[ofLines[i]!]!}`);
    await output.drain();
  }
  await output.flush();
}

async function readLines(path: string, learn: (line: string) => void): Promise<void> {
  const reader = openFiles({ patterns: [path], follow: false, clock: systemClock, maxLineBytes });
  for (const split of await reader.splits()) {
    for (let position = reader.start(split); !position.ended; ) {
      const batch = await reader.poll(split, position, limit);
      if (batch === undefined) break;
      const { bytes, starts, ends } = batch;
      const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
      for (let i = 0; i < batch.length; i++) learn(bytes.toString(encoding, starts[i]!, ends[i]!));
      for (const { reason, offset, bytes: length } of batch.refused) {
        say(`millrace: ${path}, byte ${offset}: left out, ${reason} (${length} bytes)`);
      }
      position = batch.next;
    }
  }
  await reader.close();
}
