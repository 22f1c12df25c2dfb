/**
 * The two streams of a command: data on stdout, words on stderr. Nothing else in the command writes to them.
 */
import { once } from 'node:events';

/** Says a line to the person who started the command. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Text that is written to stdout once this much of it has gathered. */
const writeAt = 64 * 1024;

/** Lines for stdout, gathered into large writes; waits while the reader is slow. */
export class Output {
  #text = '';
  #isLost = false;

  constructor() {
    process.stdout.once('error', () => {
      this.#isLost = true;
    });
  }

  /** Adds a line, printable where a terminal shows it; data that is piped on stays as it is. Call `drain` now and then. */
  line(text: string): void {
    this.#text += `${process.stdout.isTTY ? printableLines(text) : text}\n`;
  }

  /** Writes what has gathered if it is much. */
  async drain(): Promise<void> {
    if (this.#text.length >= writeAt) await this.flush();
  }

  /** Writes everything that has gathered; nothing where stdout is lost, which the command is told by itself. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.#isLost || process.stdout.write(text)) return;
    await once(process.stdout, 'drain').catch(() => undefined);
  }

  /** Whether stdout takes nothing more: its reader has gone, or its disk is full. */
  get isLost(): boolean {
    return this.#isLost;
  }
}

/** How far a long work is, on one line of stderr that is written over; says nothing where that is no terminal. */
export class Progress {
  readonly #label: string;
  readonly #clock: { now(): number };
  #shown = Number.NEGATIVE_INFINITY;

  constructor(label: string, clock: { now(): number }) {
    this.#label = label;
    this.#clock = clock;
  }

  /** Shows that `part` of 1 is done, at most ten times a second. */
  at(part: number, words = ''): void {
    if (!process.stderr.isTTY || this.#clock.now() - this.#shown < 100) return;
    this.#shown = this.#clock.now();
    const done = Math.round(Math.min(1, Math.max(0, part)) * 30);
    const bar = `${'█'.repeat(done)}${'░'.repeat(30 - done)}`;
    process.stderr.write(`\r\x1b[K${printable(`${this.#label} ${bar} ${Math.floor(part * 100)} % ${words}`)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}

/**
 * Text as it may be shown on a terminal, on one line: control characters, which could move the cursor or rename the
 * window, marks that turn the direction of writing or can't be seen, and halves of characters become visible signs.
 * Log text, names of files and what servers answer are written by strangers.
 *
 * @example
 * printable('a\x1b]0;owned\x07b') // => 'a·]0;owned·b'
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '·');

/** The same of several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');
