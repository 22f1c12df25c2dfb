/**
 * What share of the lines is understood, and by which formats: of the events of a run, for a sentence at its end.
 */
import type { ParsedLog } from '../parsed-log.ts';

/**
 * Whether time and level of an event are known. A format may have no level, which is then known not to be there.
 *
 * @example
 * isUnderstood({ ...newLog('text', 'slow'), timestampSource: 'line' }) // => false
 * isUnderstood({ ...newLog('nats', 'slow'), timestampSource: 'line' }) // => true
 */
export const isUnderstood = ({ timestampSource, level, format }: ParsedLog): boolean =>
  timestampSource !== 'ingest' && (level !== null || !isFallback(format));

/** Counts lines by format. State: a number per format. */
export class UnderstoodLines {
  #lines = 0;
  #understood = 0;
  #timed = 0;
  #levelled = 0;
  readonly #byFormat = new Map<string, number>();

  /** Adds an event of so many lines. */
  add(log: ParsedLog, lines: number): void {
    this.#lines += lines;
    if (log.timestampSource !== 'ingest') this.#timed += lines;
    if (log.level !== null) this.#levelled += lines;
    if (!isUnderstood(log)) return;
    this.#understood += lines;
    this.#byFormat.set(log.format, (this.#byFormat.get(log.format) ?? 0) + lines);
  }

  /** Lines that were not understood. */
  get missing(): number {
    return this.#lines - this.#understood;
  }

  /**
   * `reads 99.2 % of 1,200 lines: json 80 %, syslog 12.2 %, by their header 7 %`; where it reads none, what they lack.
   * Null before the first line.
   */
  get sentence(): string | null {
    if (this.#lines === 0) return null;
    if (this.#understood === 0) {
      const lines = this.#lines.toLocaleString('en');
      return notUnderstood(`none of ${lines} line${this.#lines === 1 ? '' : 's'}`, this.#timed, this.#levelled);
    }
    const formats = [...this.#byFormat].sort(([, a], [, b]) => b - a);
    const named = formats.slice(0, mostNamed).map(([format, lines]) => `${nameOf(format)} ${this.#share(lines)}`);
    const rest = formats.slice(mostNamed).reduce((sum, [, lines]) => sum + lines, 0);
    if (rest > 0) named.push(`others ${this.#share(rest)}`);
    const by = named.length === 0 ? '' : `: ${named.join(', ')}`;
    return `reads ${this.#share(this.#understood)} of ${this.#lines.toLocaleString('en')} lines${by}`;
  }

  #share(lines: number): string {
    return percent(lines, this.#lines);
  }
}

/**
 * What is said where nothing is understood, of so many things of which `timed` have a time and `levelled` a level.
 *
 * @example
 * notUnderstood('none of 3 lines', 0, 0) // => 'none of 3 lines has a time or a level: …'
 */
export function notUnderstood(none: string, timed: number, levelled: number): string {
  if (timed > 0 && levelled > 0) return `${none} has both a time and a level`;
  if (timed > 0) return `${none} has a level: only traces and failed requests count as errors`;
  if (levelled > 0) return `${none} has a time: each happened when it was taken in`;
  return `${none} has a time or a level: this looks like what a command prints, not like a log`;
}

/**
 * A share of a hundred with one decimal at most; never 100 or 0 unless it is all or nothing.
 *
 * @example
 * percent(1_999, 2_000) // => '99.9 %'
 * percent(2_000, 2_000) // => '100 %'
 */
export function percent(part: number, whole: number): string {
  const tenths = Math.round((1_000 * part) / Math.max(1, whole));
  const bounded = part < whole ? Math.min(999, part > 0 ? Math.max(1, tenths) : 0) : 1_000;
  return `${bounded / 10} %`;
}

/** Whether it is what the parser calls the format of lines that no format knows. */
export const isFallback = (format: string): boolean => format === 'text';
const nameOf = (format: string): string => (isFallback(format) ? 'by their header' : format);
const mostNamed = 5;
