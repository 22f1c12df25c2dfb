/**
 * A random walk over the life of files: it writes, renames, cuts, copies, removes and replaces files of a real
 * directory, stops the reader with and without a commit, and keeps a model of what can be read. The reader is the real
 * one, behind `Reading`, which is what a task has. Each line is written once and names itself, so that a line that is
 * lost, or read twice, is known by its text.
 *
 * The model excuses what no reader can read: lines of a file that was cut, or was removed while it was not open, and of
 * files that had no name asked for when it was looked. Open files are told by the descriptors of the process.
 */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  fstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type FileLine, sourceOf } from '../../connectors/files/files.ts';
import { openFiles } from '../../connectors/files/reader.ts';
import { splitOf } from '../../connectors/files/set.ts';
import type { Ports } from '../../graph/connector.ts';
import type { Stage } from '../../graph/plan.ts';
import type { Positions } from '../../runtime/commit/committer.ts';
import { Reading } from '../../runtime/task/reading.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { seconds } from '../../time/duration.ts';

/** More than `headBytes`, so that files that begin with it are not told apart by their heads. */
const banner = `${'='.repeat(299)}`;
const shown = ['a.log', 'b.log', 'c.log'];
const hidden = ['a.log.1', 'a.log.2', 'b.log.1'];

/** A file as it was written since it was made or cut. */
interface Written {
  /** Lines that end, and that nothing excuses yet, in the pieces in which they were written. */
  readonly lines: (readonly string[])[];
  /** Pieces of a line that does not end yet. */
  begun: string[];
}

/** Walks `steps` steps in a directory of its own; returns how often each kind of step was taken. Throws at a fault. */
export async function walkFiles(directory: string, random: () => number, steps: number): Promise<Map<string, number>> {
  const walk = new FileWalk(directory, random);
  await walk.start();
  try {
    for (let i = 0; i < steps; i++) {
      await walk.step();
      if (i % 400 === 399) await walk.settle();
    }
    await walk.settle();
  } catch (error) {
    throw new Error([String(error), ...walk.told.slice(-400)].join('\n'), { cause: error });
  }
  await walk.end();
  return walk.taken;
}

class FileWalk {
  readonly taken = new Map<string, number>();
  /** What happened, for the words of a fault. */
  readonly told: string[] = [];
  readonly #directory: string;
  readonly #random: () => number;
  readonly #clock = new ManualClock();
  readonly #files = new Map<string, Written>();
  /** Removed files that are still open. */
  #removed: Written[] = [];
  /** Lines of the epochs that were committed, and of the present one. */
  readonly #committed = new Set<string>();
  #pending = new Set<string>();
  #positions: Positions = {};
  readonly #births = new Map<string, bigint>();
  #reading!: Reading;
  #line = 0;

  constructor(directory: string, random: () => number) {
    this.#directory = directory;
    this.#random = random;
  }

  async start(): Promise<void> {
    const patterns = [join(this.#directory, '*.log')];
    const clock = this.#clock;
    const open = async () =>
      sourceOf(openFiles({ patterns, follow: true, clock, mostOpen: 2 }), { decode: lineOf, timeOf: () => 0, clock });
    const source = { kind: 'files', label: 'files', replayable: true, open };
    const node = { uid: 'logs', body: { kind: 'source', source } };
    const stage = { nodes: [{ node }], controls: new Set() } as unknown as Stage;
    const ports = { clock } as unknown as Ports;
    this.#reading = await Reading.open(stage, ports, { stored: this.#positions, partition: undefined });
    await this.#reading.refresh();
  }

  async step(): Promise<void> {
    const steps: readonly [string, number, () => unknown][] = [
      ['append', 8, () => this.#append()],
      ['begin', 2, () => this.#begin()],
      ['create', 4, () => this.#create()],
      ['rename', 3, () => this.#rename()],
      ['remove', 2, () => this.#remove(this.#any(this.#files.keys()))],
      ['cut', 1, () => this.#cut()],
      ['replace', 2, () => this.#replace()],
      ['scan', 3, () => this.#reading.refresh()],
      ['pull', 10, () => this.#pull()],
      ['commit', 3, () => this.#commit()],
      ['wait', 1, () => this.#clock.advance(seconds(45))],
      ['stop', 0.3, () => this.#restart(true)],
      ['crash', 0.3, () => this.#restart(false)],
    ];
    let at = this.#random() * steps.reduce((sum, [, weight]) => sum + weight, 0);
    const [name, , act] = steps.find(([, weight]) => (at -= weight) < 0)!;
    this.told.push(name);
    this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
    await act();
  }

  end = (): Promise<void> => this.#reading.close();

  /** Reads all there is, and looks whether a line is missing that could be read. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await this.#reading.refresh();
      quiet = (await this.#pull()) ? 0 : quiet + 1;
    }
    for (const written of this.#removed) this.#mustHave(written);
    this.#removed = [];
    for (const [name, written] of this.#files) {
      const split = this.#reading.split('logs', splitOf(statSync(this.#path(name), { bigint: true })));
      // A split may still be known by an earlier file's inode; that a line was read shows that it is this one's.
      const isKnown = split !== undefined && split.state !== 'ended' && written.lines.some((line) => this.#has(line));
      if (isKnown || shown.includes(name)) this.#mustHave(written);
    }
    this.#commit();
  }

  #mustHave({ lines }: Written): void {
    for (const line of lines) if (!this.#has(line)) throw new Error(`${line.join('')} is lost`);
  }

  /** Whether a line was read: whole, or in two, where a file was long at its end before the line went on. */
  #has(pieces: readonly string[]): boolean {
    if (this.#wasRead(pieces.join(''))) return true;
    return pieces.some((_, i) => i > 0 && this.#wasRead(pieces.slice(0, i).join('')) && this.#has(pieces.slice(i)));
  }

  #wasRead(text: string): boolean {
    return this.#committed.has(text) || this.#pending.has(text);
  }

  async #pull(): Promise<boolean> {
    const limit = { maxRecords: 1 + this.#below(4), maxBytes: 1 + this.#below(200) };
    const pulled = await this.#reading.pull(new Set(['logs']), () => 0, limit);
    this.#reading.takeEnded();
    if (pulled === undefined) return false;
    pulled.split.position = pulled.batch.next;
    this.told.push(`read ${pulled.split.name}: ${JSON.stringify([pulled.batch, pulled.split.position])}`);
    for (const line of pulled.batch.values as string[]) {
      if (line === banner) continue;
      if (this.#wasRead(line)) throw new Error(`${line} is read twice`);
      this.#pending.add(line);
    }
    return true;
  }

  #commit(): void {
    this.#positions = JSON.parse(JSON.stringify(this.#reading.positions())) as Positions;
    for (const line of this.#pending) this.#committed.add(line);
    this.#pending = new Set();
  }

  /** What was open and has no name is gone with the process; what was not committed is read again, if it is there. */
  async #restart(isClean: boolean): Promise<void> {
    if (isClean) this.#commit();
    this.#pending = new Set();
    this.#removed = [];
    await this.end();
    for (let i = this.#below(4); i > 0; i--)
      this.#any([() => this.#append(), () => this.#rename(), () => this.#replace()])();
    await this.start();
  }

  #append(): void {
    const name = this.#any(this.#files.keys());
    if (name === undefined) return;
    const written = this.#files.get(name)!;
    let text = '';
    for (let i = 1 + this.#below(3); i > 0; i--) {
      const end = this.#newLine();
      text += `${end}\n`;
      written.lines.push([...written.begun, end]);
      written.begun = [];
    }
    this.told.push(`${name} gets ${text}`);
    appendFileSync(this.#path(name), text);
  }

  #begin(): void {
    const name = this.#any(this.#files.keys());
    if (name === undefined) return;
    const begun = this.#newLine();
    this.#files.get(name)!.begun.push(begun);
    appendFileSync(this.#path(name), begun);
  }

  #create(name = this.#any(shown.filter((free) => !this.#files.has(free)))): void {
    if (name === undefined) return;
    const path = this.#path(name);
    writeFileSync(path, '');
    this.#files.set(name, { lines: [], begun: [] });
    const { ino, birthtimeNs } = statSync(path, { bigint: true });
    // Made within the same tick of the clock as the one before, it could not be told from that.
    const isToldByBirth = this.#births.get(String(ino)) !== birthtimeNs;
    this.#births.set(String(ino), birthtimeNs);
    this.told.push(`${name} is made, inode ${ino}`);
    if (isToldByBirth && this.#below(2) === 0) appendFileSync(path, `${banner}\n`);
  }

  #rename(): void {
    const from = this.#any(this.#files.keys());
    const to = this.#any([...shown, ...hidden]);
    if (from === undefined || to === undefined || from === to) return;
    this.told.push(`${from} becomes ${to}`);
    this.#forget(to);
    renameSync(this.#path(from), this.#path(to));
    this.#files.set(to, this.#files.get(from)!);
    this.#files.delete(from);
  }

  #remove(name: string | undefined): void {
    if (name === undefined) return;
    this.#forget(name);
    rmSync(this.#path(name));
  }

  /** Removes a file and makes another one at once, to which many filesystems give the same inode. */
  #replace(): void {
    const name = this.#any([...this.#files.keys()].filter((file) => shown.includes(file)));
    if (name === undefined) return;
    this.#remove(name);
    this.#create(name);
    this.#append();
  }

  /** As a rotation does that copies. */
  #cut(): void {
    const name = this.#any(this.#files.keys());
    if (name === undefined) return;
    copyFileSync(this.#path(name), this.#path('copy'));
    truncateSync(this.#path(name));
    this.#files.set(name, { lines: [], begun: [] });
  }

  /** A file loses its last name: what is not read of it can be read if it is open. */
  #forget(name: string): void {
    const path = this.#path(name);
    const written = this.#files.get(name);
    if (written === undefined || !existsSync(path)) return;
    this.told.push(`${name} is removed, inode ${statSync(path).ino}, ${isOpen(path) ? 'open' : 'not open'}`);
    if (isOpen(path)) this.#removed.push(written);
    this.#files.delete(name);
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #newLine(): string {
    return `<${this.#line++}${'.'.repeat(this.#below(40))}>`;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #any<T>(from: Iterable<T>): T;
  #any<T>(from: Iterable<T>): T | undefined {
    const all = [...from];
    return all[this.#below(all.length)];
  }
}

const lineOf = ({ line }: FileLine): string => line;

/** Whether this process has the file at `path` open. */
function isOpen(path: string): boolean {
  const { dev, ino } = statSync(path);
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      const found = fstatSync(Number(fd));
      return found.dev === dev && found.ino === ino;
    } catch {
      return false;
    }
  });
}
