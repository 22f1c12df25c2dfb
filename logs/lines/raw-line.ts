/**
 * Reads lines as shippers deliver them, with their source and the time at which they were taken in. A line that names
 * no service has that of its source. A line that has no time of its own takes the time of the last line of its source
 * that had one.
 */
import { minutes, type Time } from '../../time/duration.ts';
import type { Learnt } from '../learning.ts';
import { levelOf } from '../levels.ts';
import { type SourcedLine, unpack } from '../packings/unpack.ts';
import { newLog, type ParsedLog } from '../parsed-log.ts';
import { logParser } from '../parser.ts';
import type { LogParser, LogParserOptions } from '../parser-options.ts';
import { isDigit, isUpper, openBracketCode, skipBlanks, spaceCode } from '../text.ts';
import { nameService } from './source-name.ts';

/** A line as a shipper delivers it. */
export interface RawLine {
  readonly line: string;
  /** The stream it is from: a pod, a file. */
  readonly source: string;
  /** When it was taken in, in milliseconds. */
  readonly time: Time;
  /** What it came through, if that is not its source: a file or a partition of a topic that carries many sources. */
  readonly origin?: string;
}

/**
 * Whether a value is a line as a shipper delivers it, and its time one that a date can have. Records of JSON may be
 * anything.
 */
export function isRawLine(value: unknown): value is RawLine {
  if (typeof value !== 'object' || value === null) return false;
  const { line, source, time, origin } = value as Readonly<Record<keyof RawLine, unknown>>;
  const isSourced = typeof source === 'string' && (origin === undefined || typeof origin === 'string');
  return typeof line === 'string' && isSourced && isDate(time);
}

/** A line as a job goes on with it that takes every line for an event. */
export interface TimedLog extends ParsedLog {
  /** Whether the time is the line's own, or that of a source which never tells times; others are only assumed. */
  timeIsSure: boolean;
}

/** A line that is not yet known to be an event of its own. */
export interface ReadLine {
  readonly raw: RawLine;
  /** What it came through with others: its source, or where that is one of many, what carries them all. */
  readonly origin: string;
  /** When it happened, as far as it can tell alone. */
  readonly time: Time;
  readonly timeIsSure: boolean;
  /** Whether its time is one that a line told: this one, or one before it in the file. */
  readonly isTold: boolean;
  /** What it says if it is an event; null where its look says that it goes on with the line before. */
  readonly log: ParsedLog | null;
}

/** Where is stored what was learnt of sources. */
export interface LearntStore {
  /** What was stored of a source when this process first hears of it; undefined ever after. */
  begin(source: string): SourceLearnt | undefined;
  store(source: string, learnt: Learnt): void;
  /** Stores the last time that a line of a source told. */
  storeTold(source: string, told: Time): void;
}

/** What is stored of a source. */
export interface SourceLearnt extends Learnt {
  /** The last time that one of its lines told; lines without one have it, too. */
  readonly told?: Time | undefined;
}

/** Reads lines, and events made of several. */
export interface LineReader {
  /** Reads a line for what it can tell alone. */
  read(raw: RawLine): ReadLine;
  /**
   * Reads a line, or the records of a packed one one by one; the list is valid until the next call. What is no line has
   * no time. What was learnt of its source is taken from `learnt` and put there.
   */
  readRecords(raw: RawLine, learnt?: LearntStore): readonly ReadLine[];
  /** Reads an event: lines separated by line feeds. Source and time are those of the first. */
  readEvent(lines: string, first: { readonly source: string; readonly taken: Time; readonly time: Time }): ParsedLog;
}

/**
 * A function that parses lines, and names the services of those that do not say theirs after their source. It returns a
 * line's event, or those of a packed line, in a list that is valid until the next call. A line without a time happened
 * with the line before it; at the head of a source its time is assumed. What is no line gives a log without a time.
 */
export function lineParser(options: LogParserOptions): (raw: RawLine) => readonly TimedLog[] {
  const parse = namingParser(logParser(options));
  const times = new SourceTimes();
  const read = ({ line, source }: SourcedLine, time: Time): TimedLog => {
    const log = parse(line, source, time) as TimedLog;
    log.timeIsSure = times.note(log, source, time);
    log.timestamp = times.time;
    return log;
  };
  const one: TimedLog[] = [];
  return (raw) => {
    if (!isRawLine(raw)) return [{ ...newLog('text', ''), timeIsSure: false }];
    const records = unpack(raw);
    if (records !== null) return records.map((record) => read(record, raw.time));
    one[0] = read(raw, raw.time);
    return one;
  };
}

/**
 * A reader for a job that joins lines to events. An indented line is read with its event only, unless it begins as a
 * header does.
 */
export function lineReader(options: LogParserOptions): LineReader {
  const parser = logParser(options);
  const { learning } = parser;
  const parse = namingParser(parser);
  const times = new SourceTimes();
  const read = (raw: RawLine, origin = originOf(raw)): ReadLine => {
    const { line, time } = raw;
    const log = line.charCodeAt(0) > spaceCode || mayTell(line) ? parse(line, raw.source, time) : null;
    const container = log === null ? undefined : containerOf(log);
    const timeIsSure = times.note(log, raw.source, time);
    const { isTold } = times;
    if (container !== undefined && !raw.source.endsWith(container)) raw = ofContainer(raw, container);
    if (log !== null) log.timestamp = times.time;
    return { raw, origin, time: times.time, timeIsSure, isTold, log };
  };
  const readLearnt = (raw: RawLine, origin: string, learnt?: LearntStore): ReadLine => {
    const known = learnt?.begin(raw.source);
    if (known !== undefined) {
      learning.give(raw.source, known);
      times.give(raw.source, known.told, raw.time);
    }
    const line = read(raw, origin);
    if (learnt !== undefined && times.isNew) learnt.storeTold(raw.source, times.time);
    if (learnt !== undefined && learning.isNew) learnt.store(raw.source, learning.take(raw.source));
    return line;
  };
  /** Used over and over: almost every line is one. */
  const one: ReadLine[] = [];
  return {
    read,
    readRecords(raw, learnt) {
      if (!isRawLine(raw)) return [{ raw, origin: '', time: Number.NaN, timeIsSure: false, isTold: false, log: null }];
      const records = unpack(raw);
      if (records !== null) {
        const { time, origin = raw.source } = raw;
        return records.map(({ line, source }) => readLearnt({ line, source, time, origin }, originOf(raw), learnt));
      }
      one[0] = readLearnt(raw, originOf(raw), learnt);
      return one;
    },
    readEvent(lines, { source, taken, time }) {
      const log = parse(lines, source, taken);
      if (log.timestampSource === 'ingest') log.timestamp = time;
      return log;
    },
  };
}

/** What carries the source of a line: a file may be called after its service and itself. */
export function originOf({ source, origin }: RawLine): string {
  return origin === undefined || source.endsWith(origin) ? source : origin;
}

/** The container or pod that a line says it is of: several may write into one file, line by line. */
function containerOf({ parsed_fields: fields }: ParsedLog): string | undefined {
  const name = fields['kubernetes.pod.name'] ?? fields['container.name'];
  return typeof name === 'string' ? name : undefined;
}

/** A line as one of the container's own stream, which came through the stream of all. */
function ofContainer({ line, source, time, origin = source }: RawLine, container: string): RawLine {
  return { line, source: `${source}/${container}`, time, origin };
}

/** Whether a line begins with a colour, or with a number, a bracket or a level behind blanks: its time may follow. */
function mayTell(line: string): boolean {
  if (line.charCodeAt(0) === escapeCode) return true;
  const at = skipBlanks(line, 0);
  const code = line.charCodeAt(at);
  if (isDigit(code) || code === openBracketCode) return true;
  return isUpper(code) && levelOf(/^\w{1,12}/.exec(line.slice(at, at + 12))![0]) !== null;
}

const escapeCode = 27;

function namingParser(parser: LogParser): (text: string, source: string, time: Time) => ParsedLog {
  return (text, source, time) => {
    const log = parser.parse(text, source, time);
    nameService(log, source);
    return log;
  };
}

/** What is known of a source's times. */
interface Known {
  /** Time of the last line that had one. */
  last: Time | undefined;
  /** When the source was first heard of. */
  readonly since: Time;
}

/** Finds the times of lines that do not tell theirs. */
class SourceTimes {
  /** The time of the line that was noted last. */
  time: Time = 0;
  /** Whether that is a time that a line told. */
  isTold = false;
  /** Whether the line that was noted last told a time other than the one before it. */
  isNew = false;
  readonly #sources = new Map<string, Known>();

  /** Makes known of a source the last time that was `told`, if any was, and nothing else. */
  give(source: string, told: Time | undefined, taken: Time): void {
    this.#sources.set(source, { last: told, since: taken });
  }

  /** Notes the next line of a source, null for one that tells no time; says whether its time is sure. */
  note(log: ParsedLog | null, source: string, taken: Time): boolean {
    let known = this.#sources.get(source);
    if (known === undefined) {
      if (this.#sources.size >= sourcesMax) this.#sources.clear();
      known = { last: undefined, since: taken };
      this.#sources.set(source, known);
    }
    if (log !== null && log.timestampSource !== 'ingest') {
      this.isNew = log.timestamp !== known.last;
      known.last = log.timestamp ?? undefined;
      this.time = log.timestamp ?? taken;
      this.isTold = true;
      return true;
    }
    this.isNew = false;
    this.time = known.last ?? taken;
    this.isTold = known.last !== undefined;
    return known.last === undefined && taken - known.since >= patience;
  }
}

/** The last millisecond that a date can have. */
const lastTime = 8.64e15;

const isDate = (time: unknown): time is Time => typeof time === 'number' && Math.abs(time) <= lastTime;

/** A source without a time for this long is one that never writes times: its lines happened when they were taken in. */
const patience = minutes(1);
const sourcesMax = 20_000;
