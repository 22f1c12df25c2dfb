/**
 * What `watch` and `demo` show on a terminal: a few lines that are written over once a second. Names and summaries come
 * from logs, so control characters are made visible.
 */
import type { Service, Snapshot } from '../../console/snapshot.ts';
import { printable } from '../terminal.ts';
import { openIncidents } from './console-feed.ts';

const mostServices = 12;
const mostIncidents = 8;

/** The view as lines no wider than `columns`. */
export function viewLines(snapshot: Snapshot, columns: number): readonly string[] {
  const { throughput, services, linesTotal, now } = snapshot;
  const time = now > 0 && Number.isFinite(now) ? new Date(now).toISOString().slice(0, 19) : '–';
  const rate = (throughput.perSecond.at(-1) ?? 0).toLocaleString('en');
  const open = openIncidents(snapshot);
  const lines = [
    `${rate} lines/s   ${linesTotal.toLocaleString('en')} lines   event time ${time}   ${services.length} services`,
    '',
    `${'service'.padEnd(28)} ${'lines/min'.padStart(10)} ${'errors/min'.padStart(11)} ${'expected'.padStart(9)}`,
    ...services.map(lastMinute).toSorted(byExcess).slice(0, mostServices).map(serviceLine),
    '',
    open.length === 0 ? 'no open incidents' : `${open.length} open incident${open.length === 1 ? '' : 's'}`,
    ...open
      .slice(0, mostIncidents)
      .map((i) => `  ${i.severity.padEnd(8)} ${i.score.toFixed(1).padStart(6)}  ${printable(i.summary)}`),
  ];
  return lines.map((line) => line.slice(0, columns));
}

interface Minute {
  readonly name: string;
  readonly lines: number;
  readonly errors: number;
  readonly expected: number;
}

/** The last six panes of ten seconds. */
function lastMinute({ name, series }: Service): Minute {
  const sum = (values: readonly (number | null)[]): number =>
    values.slice(-6).reduce<number>((total, value) => total + (value ?? 0), 0);
  return { name, lines: sum(series.total), errors: sum(series.errors), expected: sum(series.expected) };
}

const byExcess = (a: Minute, b: Minute): number => b.errors - b.expected - (a.errors - a.expected);

const serviceLine = ({ name, lines, errors, expected }: Minute): string =>
  `${printable(name).slice(0, 28).padEnd(28)} ${String(lines).padStart(10)} ${String(errors).padStart(11)} ${expected.toFixed(1).padStart(9)}`;

/** Draws the view over its last drawing. */
export class LiveView {
  #drawn = 0;

  draw(snapshot: Snapshot): void {
    const { columns = 80, rows = 24 } = process.stdout;
    const lines = viewLines(snapshot, columns).slice(0, rows - 1);
    const up = this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A`;
    process.stdout.write(`${up}\x1b[J${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }
}
