/**
 * Where the application's own text begins in a line as a container runtime or a shipper wrote it, found by looking for
 * the wrappers in front of lines (wrappers/) and the few envelopes that hold bare lines (Docker's json-file, CRI,
 * Fluent Bit around either or none). Nothing is
 * decoded: joining lines needs only to see how their content begins and whether the runtime cut it.
 */
import {
  backslashCode,
  closingQuote,
  codeOf,
  digits,
  equalsCode,
  isDigit,
  openBraceCode,
  quoteCode,
  spaceCode,
} from '../text.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { maxDepth, wrapperAt } from '../wrappers/index.ts';
import { type Mark, newMark } from '../wrappers/mark.ts';

/** Where the content of a line lies in it. */
export interface Part {
  readonly line: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds where the content of a line lies, whether it was cut, and its stream.
 *
 * State: the results of the line read last.
 *
 * @example
 * const content = new LineContent();
 * content.read('2026-01-29T08:51:24.967Z stdout P first half')
 * content.start // => 34
 * content.cut // => 'yes'
 */
export class LineContent {
  /** Offset of the first character of the content. */
  start = 0;
  /** Offset behind its last character. */
  end = 0;
  /** Whether the rest of the content is in the next line: the runtime says so, or the length and a missing end do. */
  cut: 'no' | 'likely' | 'yes' = 'no';
  /** Which stream of several in one file the line is from; '' when the line does not say. */
  stream = '';

  readonly #mark: Mark;

  constructor(scanner = new TimestampScanner('UTC')) {
    this.#mark = newMark(scanner);
  }

  read(line: string): void {
    this.start = 0;
    this.end = line.length;
    this.cut = 'no';
    this.stream = '';
    if (line.charCodeAt(0) !== openBraceCode) this.#readText(line);
    else this.#readRecord(line, 0);
  }

  /** What is put in front of a line, and then what it is put in. */
  #readText(line: string): void {
    this.#readCri(line, 0);
    for (let depth = 0; depth < maxDepth; depth++) {
      const { start } = this;
      if (wrapperAt(line, start, this.#mark) === null) break;
      const { nameStart, nameEnd, end } = this.#mark;
      this.start = end;
      this.stream += line.slice(nameStart, nameEnd);
      this.#readCri(line, end);
    }
    if (this.start > 0 && line.charCodeAt(this.start) === openBraceCode) this.#readRecord(line, this.start);
    else if (line.charCodeAt(this.start) === equalsCode) this.#readProcess(line, this.start);
  }

  /** `==42== `, with which a tool that runs another program marks each of its own lines among those of the program. */
  #readProcess(line: string, from: number): void {
    let at = from + 2;
    while (isDigit(line.charCodeAt(at))) at++;
    if (
      at === from + 2 ||
      !line.startsWith('==', from) ||
      !line.startsWith('==', at) ||
      line.charCodeAt(at + 2) > spaceCode
    )
      return;
    // A sanitizer marks the first line of its report only.
    if (line.slice(at, at + 60).indexOf('Sanitizer: ') >= 0) return;
    this.stream += line.slice(from, at);
    this.start = Math.min(at + 3, this.end);
  }

  #readRecord(line: string, from: number): void {
    if (line.startsWith('{"log":"', from)) this.#readDocker(line, from + 8, '"');
    else this.#readFluentBit(line, from);
  }

  #readCri(line: string, from: number): void {
    if (digits(line, from, 4) < 0) return;
    const head = line.slice(from, from + 46);
    const stream = head.indexOf(' std');
    if (stream < 20 || stream > 35) return;
    const tag = head.charCodeAt(stream + 8);
    const known = head.startsWith('out ', stream + 4) || head.startsWith('err ', stream + 4);
    if (!known || (tag !== fullTag && tag !== partialTag)) return;
    this.stream += head.slice(stream + 4, stream + 7);
    this.start = Math.min(from + stream + 10, this.end);
    this.cut = tag === partialTag ? 'yes' : 'no';
  }

  /** `quote` is a quote as the nesting escapes it. */
  #readDocker(line: string, start: number, quote: string): void {
    this.start = start;
    const stream = line.lastIndexOf(`${quote},${quote}stream${quote}:${quote}`);
    if (stream < start) return;
    this.end = stream;
    this.stream += line.slice(stream + 9 + quote.length * 3, stream + 12 + quote.length * 3);
    const ended = line.charCodeAt(stream - 1) === feedLetter && line.charCodeAt(stream - 2) === backslashCode;
    if (ended) this.end -= quote.length + 1;
    this.cut = !ended && line.length >= dockerCut ? 'likely' : 'no';
  }

  #readFluentBit(line: string, from: number): void {
    const pod = line.indexOf('"pod_name":"', from);
    const stream = pod < 0 ? Math.max(line.indexOf('"stream":"std', from), line.indexOf('"source":"std', from)) : -1;
    if (pod < 0 && stream < 0) return;
    const log = line.indexOf('"log":"', from);
    if (log < 0) return;
    if (pod >= 0) this.stream = line.slice(pod + 12, line.indexOf('"', pod + 12));
    const start = log + 7;
    this.start = start;
    if (line.startsWith('{\\"log\\":\\"', start)) this.#readDocker(line, start + 11, '\\"');
    else {
      this.#readCri(line, start);
      this.end = closingQuote(line, start);
      if (this.end < 0) this.end = line.length;
    }
    if (line.charCodeAt(this.start) === quoteCode) this.end = this.start;
  }
}

const feedLetter = codeOf('n');
/** Tags of CRI: a whole line, a part of one. */
const [fullTag, partialTag] = [codeOf('F'), codeOf('P')];
/** Docker cuts at 16 KiB, which are at least so many characters. */
const dockerCut = 4096;
