/**
 * How a source was read: by which formats and headers, what came off its lines, where time, level and service were
 * found, and the commonest shapes of lines that were not understood. State: counts, in bounded memory.
 */
import type { ParsedLog } from '../parsed-log.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { headerSketch } from './header-sketch.ts';
import { HeavyHitters } from './heavy-hitters.ts';
import { lineShape } from './line-shape.ts';
import type { Reading } from './reading.ts';
import { isFallback, isUnderstood } from './understood.ts';

/** The report, as `--json` prints it. */
export interface SourceReport {
  readonly source: string;
  readonly lines: number;
  readonly events: number;
  /** Events of which time and level are known. */
  readonly understood: number;
  readonly formats: readonly FormatUse[];
  /** Headers of lines that no format knows. */
  readonly headers: readonly Counted[];
  /** What came off together, the outermost first. */
  readonly peeled: readonly Counted[];
  readonly time: Readonly<Record<string, number>>;
  readonly level: Readonly<Record<string, number>>;
  readonly service: Readonly<Record<string, number>>;
  /** Shapes of events that were not understood; what they lack stands in front. */
  readonly shapes: readonly Counted[];
}

/** A format, and the line of the source on which it was first needed. */
export interface FormatUse {
  readonly format: string;
  readonly events: number;
  readonly first_line: number;
}

/** How often something was there; at most `error` too many. */
export interface Counted {
  readonly what: string;
  readonly events: number;
  readonly error: number;
}

/** Gathers the report of one source. */
export class SourceExplained {
  readonly #source: string;
  readonly #scanner: TimestampScanner;
  #lines = 0;
  #events = 0;
  #understood = 0;
  readonly #formats = new Map<string, { events: number; readonly firstLine: number }>();
  readonly #headers = new HeavyHitters(mostKept);
  readonly #peeled = new HeavyHitters(mostKept);
  readonly #shapes = new HeavyHitters(mostKept);
  readonly #time = { line: 0, envelope: 0, none: 0, guessed: 0 };
  readonly #level = { line: 0, evidence: 0, envelope: 0, none: 0 };
  readonly #service = { key: 0, text: 0, envelope: 0, none: 0 };

  constructor(source: string, timezone = 'UTC') {
    this.#source = source;
    this.#scanner = new TimestampScanner(timezone);
  }

  /** Adds an event of so many lines. */
  add(log: ParsedLog, reading: Reading, lines: number): void {
    this.#events++;
    this.#noteFormat(log, reading);
    this.#lines += lines;
    if (reading.peeled.length > 0) this.#peeled.add(reading.peeled.join(' > '));
    this.#time[log.timestampSource === 'ingest' ? 'none' : log.timestampSource]++;
    if (log.parsed_fields['timestamp.ambiguous'] === true) this.#time.guessed++;
    this.#level[reading.level]++;
    this.#service[reading.service]++;
    if (isUnderstood(log)) this.#understood++;
    else this.#shapes.add(`${lackOf(log)}: ${lineShape(reading.text)}`);
  }

  #noteFormat(log: ParsedLog, { text }: Reading): void {
    const known = this.#formats.get(log.format);
    if (known === undefined) this.#formats.set(log.format, { events: 1, firstLine: this.#lines + 1 });
    else known.events++;
    if (isFallback(log.format)) this.#headers.add(headerSketch(text, log, this.#scanner));
  }

  get report(): SourceReport {
    const formats = [...this.#formats].sort(([, a], [, b]) => b.events - a.events);
    return {
      source: this.#source,
      lines: this.#lines,
      events: this.#events,
      understood: this.#understood,
      formats: formats.map(([format, { events, firstLine }]) => ({ format, events, first_line: firstLine })),
      headers: countedOf(this.#headers),
      peeled: countedOf(this.#peeled),
      time: this.#time,
      level: this.#level,
      service: this.#service,
      shapes: countedOf(this.#shapes),
    };
  }
}

const countedOf = (hitters: HeavyHitters): readonly Counted[] =>
  hitters.top(mostShown).map(({ text, count, error }) => ({ what: text, events: count, error }));

function lackOf({ timestampSource, level }: ParsedLog): string {
  if (timestampSource !== 'ingest') return 'no level';
  return level === null ? 'no time, no level' : 'no time';
}

const [mostKept, mostShown] = [256, 10];
