/**
 * What readers have learnt of a source that changes how its further lines are read: its columns, which of two numbers
 * is the day, where its level stands, its host. A job stores it with the source, so that the rest of a file is read as
 * in one run. Which formats a source writes is not part of it: that is learnt again from any line.
 */
import type { Fallback } from './headers/fallback.ts';
import type { LevelVotes } from './headers/level-columns.ts';
import type { Columns, DescribedLines } from './readers/described-lines.ts';
import type { HostEvidence, KnownHost } from './readers/host-evidence.ts';
import type { StickyFormats } from './readers/sticky-formats.ts';
import { type DateOrder, slashedDates } from './times/date-order.ts';

/** What is known of a source. Plain JSON, which readers go on changing in place; what is not known is not there. */
export interface Learnt {
  readonly columns?: Columns | undefined;
  /** Dates that had the day first, less those that had the month first; and the same of dates with slashes. */
  readonly dates?: number | undefined;
  readonly slashedDates?: number | undefined;
  readonly levels?: LevelVotes | undefined;
  readonly host?: KnownHost | undefined;
  /** How many lines it has written, up to where it does not begin to name columns any more. */
  readonly lines?: number | undefined;
}

/** The readers that learn. */
export interface Learners {
  readonly described: DescribedLines;
  readonly fallback: Fallback;
  readonly hosts: HostEvidence;
  readonly sticky: StickyFormats;
}

/** The columns, unless their names are longer than people write them. */
function storableColumns(columns: Columns | undefined): Columns | undefined {
  const names = columns?.heading?.names ?? [];
  return names.reduce((sum, { length }) => sum + length, names.length) > mostColumnText ? undefined : columns;
}

/** The host, unless no host has so long a name. */
const storableHost = (host: KnownHost | undefined): KnownHost | undefined =>
  host === undefined || host.sure.length + host.guess.length > mostHostText ? undefined : host;

const [mostColumnText, mostHostText] = [16_384, 512];

/** Takes what a parser's readers have learnt from them, and gives it back to them. Keeps nothing itself. */
export class Learning {
  readonly #order: DateOrder;
  readonly #learners: Learners;

  constructor(order: DateOrder, learners: Learners) {
    this.#order = order;
    this.#learners = learners;
  }

  /** Whether anything was learnt since `take`. */
  get isNew(): boolean {
    const { described, fallback, hosts, sticky } = this.#learners;
    return (
      described.memory.hasLearnt ||
      this.#order.memory.hasLearnt ||
      fallback.columns.memory.hasLearnt ||
      hosts.memory.hasLearnt ||
      sticky.memory.hasLearnt
    );
  }

  /** What is known of a source. */
  take(source: string): Learnt {
    const { described, fallback, hosts, sticky } = this.#learners;
    for (const { memory } of [described, this.#order, fallback.columns, hosts, sticky]) memory.hasLearnt = false;
    return {
      columns: storableColumns(described.memory.get(source)),
      dates: this.#order.memory.get(source),
      slashedDates: this.#order.memory.get(slashedDates(source)),
      levels: fallback.columns.memory.get(source),
      host: storableHost(hosts.memory.get(source)),
      lines: sticky.linesOf(source),
    };
  }

  /** Makes known of a source what was stored of it, and nothing else. */
  give(source: string, { columns, dates, slashedDates: slashed, levels, host, lines }: Learnt): void {
    const { described, fallback, hosts, sticky } = this.#learners;
    described.memory.put(source, columns);
    this.#order.memory.put(source, dates);
    this.#order.memory.put(slashedDates(source), slashed);
    fallback.columns.memory.put(source, levels);
    hosts.memory.put(source, host);
    sticky.begin(source, lines);
  }
}
