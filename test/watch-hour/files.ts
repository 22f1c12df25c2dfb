/** Writes the entries of a run into real files as their time comes, rotates the files, and counts what it writes. */
import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, seconds, type Time } from '../../time/duration.ts';
import { files, type Plan, type Rotation } from './plan.ts';
import { type Entry, Traffic } from './traffic.ts';
import { count, type Truth } from './truth.ts';

/** A file is left alone for this long before it is emptied, so that its reader has come to its end. */
const quiet = seconds(4);

/** The files of a run in `directory`. */
export class LogFiles {
  readonly #directory: string;
  readonly #plan: Plan;
  readonly #truth: Truth;
  readonly #traffic: Traffic;
  readonly #waiting: Entry[] = [];
  /** Files whose last line was cut off. */
  readonly #open = new Set<string>();
  #drawnUntil: Duration;
  #writtenUntil: Duration;

  constructor(directory: string, { plan, truth }: { readonly plan: Plan; readonly truth: Truth }) {
    this.#directory = directory;
    this.#plan = plan;
    this.#truth = truth;
    this.#drawnUntil = this.#writtenUntil = -plan.history;
    this.#traffic = new Traffic(plan, truth);
    for (const file of files) writeFileSync(join(directory, file), '');
  }

  /** Writes everything that is due at `time`; returns whether the run is over. */
  writeUntil(time: Time): boolean {
    const until = Math.min(time - this.#truth.start, this.#plan.length);
    while (this.#drawnUntil < until) {
      this.#waiting.push(...this.#traffic.next());
      this.#drawnUntil += seconds(1);
    }
    const turns = this.#plan.rotations.filter(({ at }) => this.#writtenUntil < at && at <= until);
    for (const rotation of turns) {
      this.#append(rotation.at);
      this.rotate(rotation);
    }
    this.#append(until);
    this.#writtenUntil = until;
    return until >= this.#plan.length;
  }

  /** Rotates a file now. */
  rotate({ file, how }: Pick<Rotation, 'file' | 'how'>): void {
    const path = join(this.#directory, file);
    let number = 1;
    while (existsSync(`${path}.${number}`)) number++;
    if (how === 'rename') {
      renameSync(path, `${path}.${number}`);
      writeFileSync(path, '');
    } else {
      copyFileSync(path, `${path}.${number}`);
      truncateSync(path);
    }
  }

  #append(until: Duration): void {
    const texts = new Map<string, string>();
    const later: Entry[] = [];
    for (const entry of this.#waiting) {
      const isDue = entry.time < this.#truth.start + until;
      if (!isDue || this.#isQuiet(entry.file, until)) later.push(entry);
      else texts.set(entry.file, (texts.get(entry.file) ?? '') + this.#textOf(entry));
    }
    this.#waiting.splice(0, Number.POSITIVE_INFINITY, ...later);
    for (const [file, text] of texts) appendFileSync(join(this.#directory, file), text);
  }

  #textOf(entry: Entry): string {
    const { file, text, isCut } = entry;
    count(this.#truth, entry, { continues: this.#open.has(file) });
    if (isCut) this.#open.add(file);
    else this.#open.delete(file);
    return isCut ? text : `${text}\n`;
  }

  #isQuiet(file: string, until: Duration): boolean {
    return this.#plan.rotations.some(
      ({ how, file: rotated, at }) => how === 'copy' && rotated === file && at - quiet < until && until <= at,
    );
  }
}
