/**
 * The rules by which lines are joined to events: whether a line begins an event or continues the one before it.
 * `LineJoiner` describes them. What is known of a source is a plain object beside the rules, so that one set of rules
 * serves many sources and that knowledge can be stored.
 */
import { goesOnExported, isExported } from '../envelopes/journal-export.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { plainText } from '../wrappers/ansi.ts';
import { type Beginning, beginningOf } from './beginning.ts';
import { LineContent } from './content.ts';
import type { Joining, TraceState } from './joining-state.ts';
import { PlainLines } from './plain-lines.ts';
import { beginRecord, beginsRow, tableOf } from './rows.ts';

/** The rules. Keeps nothing between two calls. */
export class LineJoining {
  readonly #maxLines: number;
  readonly #maxLength: number;
  readonly #scanner = new TimestampScanner('UTC');
  readonly #content = new LineContent(this.#scanner);
  readonly #plain = new PlainLines(this.#scanner);

  /** `maxLines` and `maxLength` (characters) bound an event. */
  constructor({ maxLines, maxLength }: { readonly maxLines: number; readonly maxLength: number }) {
    this.#maxLines = maxLines;
    this.#maxLength = maxLength;
  }

  /**
   * Whether an event begins with the next line of a source; changes what is known of the source in place. `event` holds
   * the lines of the open event.
   */
  begins(line: string, joining: Joining, event: readonly string[]): boolean {
    const { length } = line;
    line = plainText(line);
    const content = this.#content;
    content.read(line);
    const apart = joining.lines === 0 || content.stream !== joining.stream;
    let begins = apart || !this.#mustContinue(line, joining);
    if (begins) begins = this.#opens(line, joining, apart ? [] : event) || apart;
    if (!begins && (joining.lines >= this.#maxLines || joining.length + length > this.#maxLength)) {
      begins = true;
      joining.layout = 'unknown';
      joining.quoted = joining.csv = joining.block = false;
      joining.trace = 'none';
    }
    if (joining.csv) joining.quoted = joining.quoted !== oddQuotes(line);
    joining.cut = content.cut;
    joining.lines = begins ? 1 : joining.lines + 1;
    joining.length = begins ? length : joining.length + length;
    if (begins) joining.stream = content.stream;
    return begins;
  }

  /**
   * Notes that the next line begins an event, where a parser has found that it is a whole one, like the open event and
   * of the same stream; false if that has to be looked at: behind parts of lines, in fields that may still be open and
   * for the first events of a source.
   */
  beginsAlike(line: string, joining: Joining): boolean {
    const { lines, layout, record, cut, stream, csv, remarks } = joining;
    if (
      lines === 0 ||
      (layout === 'unknown' && !record) ||
      cut !== 'no' ||
      stream !== '' ||
      csv ||
      remarks ||
      isExported(line)
    )
      return false;
    joining.lines = 1;
    joining.length = line.length;
    joining.trace = 'none';
    joining.block = false;
    return true;
  }

  /** The open event of a source is over, whatever may come. */
  end(joining: Joining): void {
    joining.lines = joining.length = 0;
    joining.cut = 'no';
    joining.quoted = joining.csv = joining.remarks = joining.block = false;
    joining.trace = 'none';
  }

  /** Whether the line before was cut or ended inside quotes. Where a cut is only likely, a time proves it wrong. */
  #mustContinue(line: string, { csv, quoted, cut }: Joining): boolean {
    if (csv && quoted) return !this.#beginsCsv(line);
    return cut === 'yes' || (cut === 'likely' && !this.#scanner.scan(line, this.#content.start));
  }

  /** Whether a line begins as those do whose fields may go on in the next: quotes that nothing closes end there. */
  #beginsCsv(line: string): boolean {
    const { start, end } = this.#content;
    return beginningOf({ line, start, end, layout: 'time', scanner: this.#scanner }) === 'csv';
  }

  /** Whether the line looks like the beginning of an event. */
  #opens(line: string, joining: Joining, event: readonly string[]): boolean {
    const { start, end } = this.#content;
    if (isExported(line)) return beginRecord(joining);
    if (event.length > 0 && isExported(event[0]!) && goesOnExported(line, event)) return false;
    if (joining.table !== undefined && (beginsRow(line, joining) || beginsRow(line.slice(start, end), joining)))
      return true;
    const beginning = beginningOf({ line, start, end, layout: joining.layout, scanner: this.#scanner });
    if (beginning === 'other' || beginning === 'remark') {
      const isNew = joining.layout === 'unknown' || joining.layout === 'remark' || joining.table !== undefined;
      const table = isNew ? tableOf(line.slice(start, end)) : null;
      if (table !== null) joining.table = table;
      if (table !== null && beginning === 'other') return beginRecord(joining);
    }
    let isBehindReport = false;
    if (joining.trace === 'sanitizer' && event.length > 0) {
      const isPlain = beginning === 'other' || beginning === 'comment' || beginning === 'sanitizer';
      if (isPlain ? this.#plain.isOfReport({ line, start, end }, event) : !endsReports.has(beginning)) return false;
      joining.trace = 'none';
      isBehindReport = true;
    }
    const begins = this.#begins(beginning, line, joining, event) || this.#plain.isTimedApart(line, start, event);
    if (!begins && !isBehindReport) {
      if (beginning !== 'remark') joining.remarks = false;
      return false;
    }
    joining.csv = beginning === 'csv';
    joining.quoted = joining.block = false;
    joining.remarks = beginning === 'remark';
    joining.indented = beginning === 'indented time';
    joining.record = beginning === 'record' || beginning === 'request';
    joining.trace = traces[beginning] ?? 'none';
    return true;
  }

  // hot: one object less per line
  #begins(beginning: Beginning, line: string, joining: Joining, event: readonly string[]): boolean {
    switch (beginning) {
      case 'time':
        if (joining.layout !== 'epoch') joining.layout = 'time';
        return true;
      case 'csv':
        joining.layout = this.#scanner.epoch ? 'epoch' : 'time';
        return true;
      case 'epoch':
        if (joining.layout === 'unknown') joining.layout = 'epoch';
        return true;
      case 'request':
        if (joining.layout === 'unknown') joining.layout = 'inner';
        return true;
      case 'inner time':
        joining.layout = 'inner';
        return true;
      case 'indented time':
        return joining.indented || joining.layout === 'unknown';
      case 'record':
      case 'crash':
      case 'announcement':
        return true;
      case 'sanitizer':
        joining.trace = 'sanitizer';
        return !this.#plain.isInReport(event, '=====');
      case 'report':
        return !this.#plain.isInReport(event, '#');
      case 'remark':
        if (joining.layout === 'unknown') joining.layout = 'remark';
        return !joining.remarks;
      case 'frame':
        return joining.layout === 'unknown' && joining.trace !== 'go';
      case 'traceback':
        return this.#plain.beginTraceback(joining, event);
      case 'group':
        return this.#plain.beginGroup(joining, event);
      case 'inside':
        if (event.length > 1 || joining.trace !== 'none') return false;
    }
    const { start, end } = this.#content;
    if (beginning === 'comment') return this.#plain.beginRemark({ line, start, end }, joining, event);
    if (beginning === 'other' || beginning === 'inside') return this.#plain.begin({ line, start, end }, joining, event);
    if (beginning === 'link') joining.trace = 'python, linked';
    if (beginning === 'goroutine') joining.trace = 'go';
    return false;
  }
}

/** What is no part of a sanitizer's report: whatever has a beginning of its own. */
const endsReports: ReadonlySet<Beginning> = new Set([
  ...(['time', 'epoch', 'csv', 'inner time', 'indented time', 'record', 'request', 'remark', 'report'] as const),
  ...(['crash', 'announcement', 'traceback', 'group'] as const),
]);

/** The traces that lines open. */
const traces: Partial<Record<Beginning, TraceState>> = {
  traceback: 'python',
  crash: 'go',
  announcement: 'announced',
  sanitizer: 'sanitizer',
};

function oddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
