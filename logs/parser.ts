/**
 * From a line to a ParsedLog. Colours and envelopes come off first. What is inside is read as a JSON record, as logfmt,
 * by a format that its source has used lately, by any format, or by the fallback, in this order. At the end the parser
 * decides whose time and service count: the line's, the envelope's, or those of the moment and the place of taking in.
 */
import { newWrapping, resetWrapping, type Wrapping } from './envelopes/envelope.ts';
import { type Content, isExported, openLines, unwrap } from './envelopes/index.ts';
import { noteReading } from './explained/reading.ts';
import { syslog } from './formats/syslog.ts';
import { userFormat } from './formats/user-format.ts';
import { Fallback } from './headers/fallback.ts';
import { Learning } from './learning.ts';
import { isTrusted, newMoment, noteMoment } from './moment.ts';
import type { ParsedLog } from './parsed-log.ts';
import type { LogParser, LogParserOptions } from './parser-options.ts';
import { findBracketedTime } from './readers/bracketed-time.ts';
import { DescribedLines, isTabular } from './readers/described-lines.ts';
import { settleLevel } from './readers/evidence.ts';
import { HostEvidence } from './readers/host-evidence.ts';
import { isLogfmt, kindOf, logfmt } from './readers/kinds.ts';
import { readLogfmt } from './readers/logfmt.ts';
import { RecordReader } from './readers/records.ts';
import { noteServed } from './readers/requests.ts';
import { noteCry, noteTrace } from './readers/stack-trace.ts';
import { StickyFormats } from './readers/sticky-formats.ts';
import { noteTraceIds } from './readers/trace-ids.ts';
import { byteOrderMarkCode, isLetter, openBraceCode, skipBlanks, trimmedEnd } from './text.ts';
import { isoText } from './times/calendar.ts';
import { TimestampScanner } from './times/timestamps.ts';
import { plainText } from './wrappers/ansi.ts';
import { maxDepth } from './wrappers/index.ts';
import { isService, isTelling, mayHoldLine } from './wrappers/inner.ts';

/**
 * Makes a parser. Throws OPTION_INVALID for an unknown zone or a format that can't be compiled.
 *
 * @example
 * const parser = logParser({ service: 'cart' });
 * const log = parser.parse('2026-01-29 08:51:24,967 - shop - ERROR - no stock', 'pod-1', 0);
 * log.level // => 'ERROR'
 * log.message // => 'no stock'
 * log.format // => 'python'
 */
export function logParser(options: LogParserOptions): LogParser {
  return new Parser(options);
}

class Parser implements LogParser {
  readonly learning: Learning;
  readonly #options: LogParserOptions;
  readonly #scanner: TimestampScanner;
  readonly #sticky: StickyFormats;
  readonly #records: RecordReader;
  readonly #fallback: Fallback;
  readonly #described: DescribedLines;
  /** Names of the user's own formats. */
  readonly #own: ReadonlySet<string>;
  readonly #hosts = new HostEvidence();
  readonly #wrapping: Wrapping;
  readonly #moment = newMoment();
  /** The line that is being read. */
  #line = '';
  /** Whether the service of the log that was read last, if it has one, is a word of its text. */
  #isWord = false;
  readonly #content: Content = { text: '', record: null };

  constructor(options: LogParserOptions) {
    this.#options = options;
    this.#scanner = new TimestampScanner(options.timezone ?? 'UTC');
    this.#sticky = new StickyFormats(this.#scanner, options.formats?.map(userFormat));
    this.#own = new Set(options.formats?.map(({ name }) => name));
    this.#records = new RecordReader(this.#scanner);
    this.#described = new DescribedLines(this.#records);
    this.#fallback = new Fallback(this.#scanner);
    const readers = { described: this.#described, fallback: this.#fallback, hosts: this.#hosts, sticky: this.#sticky };
    this.learning = new Learning(this.#scanner.dates.order, readers);
    this.#wrapping = newWrapping(this.#scanner, options.reading?.peeled);
  }

  parse(line: string, source: string, ingestTime: number): ParsedLog {
    if (line.charCodeAt(0) === byteOrderMarkCode) line = line.slice(1);
    const coloured = line;
    line = plainText(line);
    this.#scanner.now = this.#options.now ?? ingestTime;
    this.#scanner.source = source;
    this.#line = line;
    const wrapping = this.#wrapping;
    resetWrapping(wrapping);
    if (line !== coloured) wrapping.peeled?.push('colours');
    const lineEnd = line.indexOf('\n');
    const known = lineEnd < 0 ? this.#readKnown(line, source) : null;
    const tail =
      known !== null
        ? ''
        : lineEnd < 0 || isExported(line)
          ? this.#open(line)
          : openLines(line, lineEnd, { wrapping, content: this.#content });
    let log = known ?? this.#readOwn(line, this.#readContent(source));
    for (let depth = 0; depth < maxDepth; depth++) {
      const inner = this.#readInner(log, source);
      if (inner === null) break;
      log = inner;
    }
    this.#settle(log, ingestTime);
    const named = log.level;
    if (lineEnd >= 0) noteTrace(log, tail);
    if (log.level === null && (log.format === 'text' || log.format === syslog.name)) noteCry(log);
    const { text } = this.#content;
    const served = noteServed(log, log.format === 'text' ? text : log.message);
    if (served && log.timestampSource === 'ingest') findBracketedTime(log, text, this.#scanner);
    settleLevel(log, wrapping.level, served);
    const { reading } = this.#options;
    if (reading !== undefined)
      noteReading(reading, log, { text, named, envelopeLevel: wrapping.level, envelopeService: wrapping.service });
    return log;
  }

  /**
   * Reads a line of which its beginning or its source tells that nothing is around it: pairs, a row of a table, what a
   * settled source always writes.
   */
  #readKnown(line: string, source: string): ParsedLog | null {
    if (this.#described.knows(source)) return this.#readRow(line, source);
    if (isLetter(line.charCodeAt(0)) && isLogfmt(line)) {
      const pairs = this.#readPairs(line);
      if (pairs !== null) this.#whole(line);
      return pairs;
    }
    const log = this.#sticky.readSettled(line, source);
    if (log === null && !this.#sticky.isProse) return null;
    this.#whole(line);
    if (log === null) return this.#readProse(line, source);
    return this.#accepted(log, line, source);
  }

  /** Nothing is around a line, and it is no record. */
  #whole(line: string): void {
    this.#content.text = line;
    this.#content.record = null;
  }

  #readPairs(text: string): ParsedLog | null {
    const pairs = readLogfmt(text);
    if (pairs === null) return null;
    this.#isWord = false;
    return this.#timed(this.#records.read(pairs, logfmt, text), this.#records.timed);
  }

  /** Reads a line as a row of its source's table, whose first cells may look like a wrapper. */
  #readRow(line: string, source: string): ParsedLog | null {
    const row = this.#described.read(line, source, this.#sticky.isEstablished(source));
    this.#whole(line);
    this.#isWord = false;
    return row && this.#timed(row, this.#described.timed);
  }

  /** The log of a whole line by the user's formats if only a time came off that they may begin with, else `log`. */
  #readOwn(line: string, log: ParsedLog): ParsedLog {
    const { service, fields } = this.#wrapping;
    if (this.#own.size === 0 || this.#content.text === line || service !== '' || fields.length > 0) return log;
    const own = this.#own.has(log.format) ? null : this.#sticky.readOwn(line);
    if (own === null) return log;
    this.#content.text = line;
    this.#wrapping.ms = Number.NaN;
    this.#isWord = false;
    return this.#timed(own, this.#sticky.timed);
  }

  /** Reads what is in all envelopes, and notes its time. */
  #readContent(source: string): ParsedLog {
    const { text, record } = this.#content;
    return (record === null ? null : this.#readRecord(record, text)) ?? this.#readText(text, source);
  }

  /**
   * Reads what a log says as a line of its own, if it is one; null if not. Then its level, message and time count, and
   * those of `log` stand in.
   */
  #readInner(log: ParsedLog, source: string): ParsedLog | null {
    const { record, text } = this.#content;
    const { message } = log;
    const isWord = this.#isWord;
    const taken = this.#wrapping.peeled?.length;
    const isRecord = record !== null || isTabular(log);
    if (message === text || !mayHoldLine(log, isRecord, this.#scanner)) return null;
    const [wrapping, moment] = [this.#wrapping, this.#moment];
    const [outer, around] = [{ ...moment }, { ...wrapping, fields: [...wrapping.fields] }];
    if (moment.timed && this.#isTrusted()) Object.assign(wrapping, { ms: moment.ms, nanos: moment.nanos });
    this.#open(message);
    const inner = this.#readContent(source);
    if (!isTelling(inner, message, moment.timed)) {
      Object.assign(moment, outer);
      Object.assign(wrapping, around);
      Object.assign(this.#content, { record, text });
      this.#isWord = isWord;
      if (taken !== undefined) wrapping.peeled!.length = taken;
      return null;
    }
    if (taken !== undefined) wrapping.peeled!.splice(taken, 0, log.format);
    wrapping.level = log.level ?? wrapping.level;
    inner.trace_id ??= log.trace_id;
    inner.span_id ??= log.span_id;
    const isNamed = inner.service !== '';
    if (!isNamed) inner.service = log.service;
    this.#isWord = isNamed || isWord;
    if (inner.format === 'text') inner.format = log.format;
    for (const name in log.parsed_fields) inner.parsed_fields[name] ??= log.parsed_fields[name]!;
    return inner;
  }

  #open(line: string): string {
    unwrap(line, this.#wrapping, this.#content);
    return '';
  }

  #readRecord(record: object, text: string): ParsedLog | null {
    try {
      const kind = kindOf(record);
      const log = this.#records.read(record, kind, text.slice(0, trimmedEnd(text, 0)));
      kind.finish?.(log);
      this.#isWord = false;
      return this.#timed(log, this.#records.timed);
    } catch (error) {
      // JSON nested so deep that it can't be written out again is no record of a logger: read it as text.
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  #readText(text: string, source: string): ParsedLog {
    if (text.charCodeAt(skipBlanks(text, 0)) !== openBraceCode) {
      const row = this.#readRow(text, source);
      if (row !== null) return row;
      const pairs = isLogfmt(text) ? this.#readPairs(text) : null;
      if (pairs !== null) return pairs;
      const log = this.#sticky.read(text, source, text === this.#line);
      const accepted = log === null ? null : this.#accepted(log, text, source);
      if (accepted !== null) return accepted;
    }
    return this.#readProse(text, source);
  }

  #readProse(text: string, source: string): ParsedLog {
    const log = this.#fallback.read(text, source);
    this.#isWord = true;
    return this.#timed(noteTraceIds(log), this.#fallback.timed);
  }

  /** What a format made of a text, unless that is syslog by its look alone: then null. */
  #accepted(log: ParsedLog, text: string, source: string): ParsedLog | null {
    if (log.format === syslog.name && !this.#hosts.supports(log, text, source)) return null;
    // What a shipper knows of a container counts more than a word in its lines, unless the user says what that is.
    this.#isWord = this.#own.size === 0 || !this.#own.has(log.format);
    const { service } = this.#wrapping;
    if (service !== '' && this.#isWord) log.service = service;
    return this.#timed(noteTraceIds(log), this.#sticky.timed);
  }

  /** Notes the time of a log that was just read, which the scanner still holds if there is one. */
  #timed(log: ParsedLog, timed: boolean): ParsedLog {
    noteMoment(this.#moment, this.#scanner, timed);
    if (log.service !== '' && !isService(log.service)) {
      log.parsed_fields['service'] ??= log.service;
      log.service = '';
    }
    return log;
  }

  #isTrusted(): boolean {
    return isTrusted(this.#moment, this.#wrapping.ms, this.#options.timezone !== undefined);
  }

  /** Adds what the envelope knows, and decides whose time and service count. */
  #settle(log: ParsedLog, ingestTime: number): void {
    const wrapping = this.#wrapping;
    const fields = wrapping.fields;
    for (let i = 0; i < fields.length; i += 2) log.parsed_fields[fields[i] as string] ??= fields[i + 1]!;
    log.trace_id ??= wrapping.trace;
    // JSON may escape half of a character.
    log.message = log.message.toWellFormed();
    const outer = wrapping.service || this.#options.service || 'unknown';
    if (log.service === '') log.service = outer;
    else if (this.#isWord && log.service !== outer) log.outerService = outer;
    const moment = this.#moment;
    const lineWins = moment.timed && this.#isTrusted();
    const enveloped = !lineWins && !Number.isNaN(wrapping.ms);
    if (lineWins || enveloped) {
      const { ms, nanos } = enveloped ? wrapping : moment;
      log.timestamp = ms;
      log.timestampSource = enveloped ? 'envelope' : 'line';
      if (nanos !== 0) log.timestampText = isoText(ms, nanos);
      if (lineWins && moment.guessed) log.parsed_fields['timestamp.ambiguous'] = true;
    } else log.timestamp = ingestTime;
  }
}
