/** Counts against the truth: the rows of panes, and what became of every line. */
import { seconds } from '../../time/duration.ts';
import type { PaneRow, Recording } from './recording.ts';
import { linesUntil, type Truth, written } from './truth.ts';
import { clock, type Verdict } from './verdict.ts';

const pane = seconds(10);

/** Every pane of every service must hold what was written; `panes` lack those without lines. */
export function judgePanes(truth: Truth, panes: readonly PaneRow[]): Verdict[] {
  const rows = new Map(panes.map((row) => [`${row.service} ${row.start}`, row]));
  const verdicts: Verdict[] = [];
  const end = truth.start + truth.length;
  const judge = (service: string, start: number) => {
    const row = rows.get(`${service} ${start}`);
    rows.delete(`${service} ${start}`);
    const span = { service, from: start, to: start + pane };
    const [events, errors] = [written(truth, 'events', span), written(truth, 'errors', span)];
    if (row === undefined && events === 0) return;
    verdicts.push({
      kind: 'panes in the table',
      at: start,
      isTrue: (row?.lines ?? 0) === events && (row?.errors ?? 0) === errors,
      said: `${service} from ${clock(start)}: ${row?.lines ?? 'no'} lines, ${row?.errors ?? 'no'} errors`,
      truth: `${events} lines, ${errors} errors`,
    });
  };
  for (let start = Math.floor(truth.from / pane) * pane; start + pane <= end; start += pane) {
    for (const service of Object.keys(truth.counts)) judge(service, start);
  }
  for (const { service, start } of [...rows.values()]) if (start + pane <= end) judge(service, start);
  return verdicts;
}

/** What a process said at its end of the lines; undefined if it said nothing. */
export interface LinesAtEnd {
  readonly read: number;
  readonly dead: number;
  readonly late: number;
  readonly unread: number;
}

/**
 * Reads what `watch` says at its end.
 *
 * @example
 * linesAtEnd('millrace: 1,204 lines read, 2 set aside as dead letters, 1 of them late')?.read // => 1204
 */
export function linesAtEnd(text: string): LinesAtEnd | undefined {
  const last = text.split('\n').findLast((line) => /lines? (?:were )?read/.test(line));
  if (last === undefined) return undefined;
  const find = (pattern: RegExp) => Number(pattern.exec(last)?.[1]?.replaceAll(',', '') ?? 0);
  return {
    read: find(/(\d[\d,]*) lines? (?:were )?read/),
    dead: find(/(\d[\d,]*)[^,;]* dead/),
    late: find(/(\d[\d,]*)[^,;]*? late/),
    unread: find(/(\d[\d,]*)[^,;]* (?:unread|not read)/),
  };
}

/** Lines read, and unread at the last end, must be the lines written; nothing may be late or dead. */
export function judgeLines(truth: Truth, { ends }: Pick<Recording, 'ends'>): Verdict[] {
  const at = truth.start + truth.length;
  const said = ends.map((text) => text.split('\n').findLast((line) => /millrace: .*lines?/.test(line)) ?? 'nothing');
  const counts = ends.map(linesAtEnd);
  const sum = (of: keyof LinesAtEnd) => counts.reduce((total, c) => total + (c?.[of] ?? 0), 0);
  const lines = linesUntil(truth, at + seconds(2));
  const unread = counts.at(-1)?.unread ?? 0;
  const isSaid = counts.every((c) => c !== undefined);
  // Whether those set aside stand apart from those read is for the words to say; both are counted once.
  const isAll = [sum('read'), sum('read') + sum('dead'), sum('read') + sum('dead') + sum('late')].some(
    (n) => n + unread === lines,
  );
  const verdict = (kind: string, isTrue: boolean, what: string): Verdict => ({
    kind,
    at,
    isTrue,
    said: said.join(' | '),
    truth: what,
  });
  return [
    verdict('lines at the end', isSaid && isAll, `${lines} lines were written`),
    verdict('lines set aside', sum('dead') + sum('late') === 0, 'no line was late or unreadable'),
  ];
}
