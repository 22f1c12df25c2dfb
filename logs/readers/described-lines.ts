/**
 * Reads the lines of sources that name their columns (headings.ts): each cell goes by the name of its column, and what
 * that means the table of keys says. A line with another number of cells, or without a time where the columns promise
 * one, is left to the other readers; a new heading replaces the old one.
 *
 * State: per source its columns.
 */
import type { Dialect } from '../formats/format.ts';
import { finishW3c } from '../formats/iis.ts';
import { finishFlow } from '../formats/vpc-flow.ts';
import { cellsIn } from '../layouts/cells.ts';
import { newLog, type ParsedLog, type Value } from '../parsed-log.ts';
import { SourceMemory } from '../source-memory.ts';
import { hashSignCode, integer, isDigit, trimmedEnd, zeroCode } from '../text.ts';
import { columnNames, columnRoles } from './column-names.ts';
import { type Heading, headingOf } from './headings.ts';
import { hints } from './keys.ts';
import type { RecordReader } from './records.ts';
import { type Rules, rulesOf } from './roles.ts';

/** Reads described lines; keeps per source how its columns are called. */
export class DescribedLines {
  /** Whether the last line that was read had a time; if so, the scanner holds it. */
  timed = false;

  readonly #records: RecordReader;
  readonly memory = new SourceMemory<Columns>();

  constructor(records: RecordReader) {
    this.#records = records;
  }

  /** Whether a source has named its columns. */
  knows(source: string): boolean {
    return !this.memory.isEmpty && this.memory.get(source)?.heading != null;
  }

  /**
   * The log of a line of a source that has named its columns, or of a heading; null for others. An established source,
   * whose lines other readers have read, does not begin to name them: any program may write what looks like a heading.
   */
  read(text: string, source: string, isEstablished = false): ParsedLog | null {
    if (isEstablished && !this.knows(source)) return null;
    const heading = headingOf(text);
    if (heading !== null || text.charCodeAt(0) === hashSignCode) this.#note(text, source, heading);
    if (heading !== null) {
      this.timed = false;
      return newLog(heading.kind, text.slice(0, trimmedEnd(text, 0)));
    }
    if (this.memory.isEmpty) return null;
    const memory = this.memory.get(source);
    if (memory === undefined || memory.heading === null) return null;
    const log = this.#readRow(text, memory, memory.heading);
    if (log === null || memory.misfits > 0) this.memory.hasLearnt = true;
    memory.misfits = log === null ? memory.misfits + 1 : 0;
    if (memory.misfits >= mostMisfits) memory.heading = null;
    return log;
  }

  /** Keeps what a heading or another directive says of the lines behind it. */
  #note(text: string, source: string, heading: Heading | null): void {
    const memory = this.memory.get(source) ?? { heading: null, date: '', zone: 'Z', misfits: 0 };
    const date = directive(text, '#Date: ').slice(0, 10);
    if (date !== '') memory.date = date;
    if (directive(text, '#Time Format: ').startsWith('Local')) memory.zone = '';
    if (heading !== null) memory.heading = heading;
    if (heading === null && memory.date === '' && memory.zone !== '') return;
    this.memory.set(source, memory);
    this.memory.hasLearnt = true;
  }

  #readRow(text: string, memory: Columns, heading: Heading): ParsedLog | null {
    if (text.length > maxLine) return null;
    const record = recordOf(text, memory, heading);
    if (record === null) return null;
    const kind = kinds[heading.kind];
    const log = this.#records.read(record, kind, text.slice(0, trimmedEnd(text, 0)));
    this.timed = this.#records.timed;
    if (!this.timed && (hasTime(heading, kind.rules) || (isTabular(log) && log.level === null))) return null;
    for (const name in log.parsed_fields) log.parsed_fields[name] = numeric(log.parsed_fields[name]!);
    kind.finish?.(log);
    return log;
  }
}

/** The columns of a source. Plain JSON. */
export interface Columns {
  heading: Heading | null;
  /** What `#Date` said, where lines have a clock alone. */
  date: string;
  /** The W3C's times are in UTC unless the source says that they are local. */
  zone: 'Z' | '';
  /** Lines in a row that the heading did not fit. */
  misfits: number;
}

/** Whether a log is of a table whose message may be a line of its own. */
export const isTabular = (log: ParsedLog): boolean => log.format === 'csv' || log.format === 'tsv';

/** The cells of a line by the names of their columns; null where their number is another. */
function recordOf(text: string, memory: Columns, heading: Heading): Record<string, string> | null {
  const { names, kind, rest } = heading;
  const separator = kind === 'w3c' && heading.separator === ' ' && text.includes('\t') ? '\t' : heading.separator;
  const cells = cellsIn(text, separator);
  if (cells === null || cells.length < names.length || (cells.length > names.length && rest < 0)) return null;
  const record = Object.create(null) as Record<string, string>;
  for (let i = 0; i < names.length; i++) noteCell(record, names[i]!, cells[i]!);
  if (cells.length > names.length) noteCell(record, names[rest] ?? 'message', cells.slice(rest).join(separator));
  if (kind === 'w3c') noteMoment(record, memory);
  return record;
}

/** Keeps what a cell says, unless it says that there is nothing. Kibana puts a sign between a date and a clock. */
function noteCell(record: Record<string, string>, name: string, cell: string): void {
  if (cell === '' || cell === '-' || cell === '(empty)') return;
  record[name] = cell.length < longestTime ? cell.replace(', 20', ' 20').replace(' @ ', ' ') : cell;
}

/** Makes one of a date and a clock. */
function noteMoment(record: Record<string, string>, { date, zone }: Columns): void {
  const { date: day = date, time } = record;
  if (time === undefined || day === '') return;
  record['time'] = `${day} ${time}${isDigit(time.charCodeAt(time.length - 1)) ? zone : ''}`;
  delete record['date'];
}

function hasTime({ names }: Heading, rules: Rules): boolean {
  return names.some((name) => rules(name).role === 'time');
}

/** What stands behind a directive at the start of a line, or ''. */
function directive(text: string, name: string): string {
  const at = text.startsWith(name) ? 0 : text.indexOf(`\n${name}`) + 1;
  if (at === 0 && !text.startsWith(name)) return '';
  const end = text.indexOf('\n', at);
  return text.slice(at + name.length, end < 0 ? text.length : end).trim();
}

/** The number that a cell spells as numbers are written, without zeros in front. */
function numeric(value: Value): Value {
  if (typeof value !== 'string' || value.length > 15 || value === '') return value;
  let dots = 0;
  for (let i = 0; i < value.length; i++) {
    if (isDigit(value.charCodeAt(i))) continue;
    if (value[i] !== '.' || i === 0 || i === value.length - 1 || ++dots > 1) return value;
  }
  if (value.charCodeAt(0) === zeroCode && value.length > 1 && value[1] !== '.') return value;
  return dots === 0 ? integer(value, 0, value.length) : Number(value);
}

function tableOf(name: Heading['kind'], finish?: (log: ParsedLog) => void): Table {
  const dialect: Dialect = { name, knownBy: [], roles: columnRoles[name], renames: columnNames[name], samples: [] };
  return { name, rules: rulesOf(dialect), finish };
}

interface Table {
  readonly name: string;
  readonly rules: Rules;
  readonly hints?: number;
  readonly finish: ((log: ParsedLog) => void) | undefined;
}

const kinds: Readonly<Record<Heading['kind'], Table>> = {
  w3c: tableOf('w3c', finishW3c),
  zeek: tableOf('zeek'),
  vpc_flow: tableOf('vpc_flow', finishFlow),
  csv: { ...tableOf('csv'), hints: hints.table },
  tsv: { ...tableOf('tsv'), hints: hints.table },
};

const maxLine = 65_536;
const longestTime = 36;
/** A source that has not written so many lines in a row as it said writes something else by now. */
const mostMisfits = 256;
