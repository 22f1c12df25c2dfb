/** The report on how a source was read, as lines for people. Counts that may be too large stand behind a `≤`. */
import type { Counted, FormatUse, SourceReport } from '../../logs/explained/source-report.ts';
import { isFallback, notUnderstood, percent } from '../../logs/explained/understood.ts';

/** The lines, without colours; what stands in them is from logs. */
export function explainedLines(report: SourceReport): readonly string[] {
  const { source, lines, events, understood, formats, headers, peeled, shapes } = report;
  const of = (counted: readonly Counted[]) => counted.map(({ what, ...count }) => [...shareOf(count, events), what]);
  const missing = events - understood;
  const having = (where: Readonly<Record<string, number>>) => events - (where['none'] ?? 0);
  const known =
    understood === 0 && events > 0
      ? notUnderstood('none', having(report.time), having(report.level))
      : `time and level known of ${percent(understood, events)}`;
  return [
    `${source}: ${count(lines, 'line')}, ${count(events, 'event')}; ${known}`,
    ...table(
      'format',
      formats.map((use) => [...shareOf({ events: use.events, error: 0 }, events), said(use)]),
    ),
    ...table('header of lines that no format knows', of(headers)),
    ...table('taken off, the outermost first', of(peeled)),
    ...table('', [
      ['time', '', found(report.time, events, times)],
      ['level', '', found(report.level, events, levels)],
      ['service', '', found(report.service, events, services)],
    ]),
    ...table(`the commonest shapes of the ${count(missing, 'event')} that lack something`, of(shapes)),
  ];
}

function said({ format, first_line: line }: FormatUse): string {
  return `${isFallback(format) ? 'none: by the header’s shape' : format}, first in line ${line.toLocaleString('en')}`;
}

const shareOf = ({ events, error }: { events: number; error: number }, all: number): [string, string] => [
  `${error > 0 ? '≤ ' : ''}${events.toLocaleString('en')}`,
  percent(events, all),
];

/** Rows of three cells below a heading; nothing without rows. */
function table(heading: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cells = rows.map(([first, second, third]) => {
    const left = heading === '' ? first!.padEnd(widths[0]!) : first!.padStart(widths[0]!);
    return `  ${left}  ${widths[1] === 0 ? '' : `${second!.padStart(widths[1]!)}  `}${third}`;
  });
  return ['', ...(heading === '' ? [] : [heading]), ...cells];
}

/** Where something was found, the commonest place first. */
function found(counts: Readonly<Record<string, number>>, all: number, words: Readonly<Record<string, string>>): string {
  return Object.entries(counts)
    .filter(([, events]) => events > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([where, events]) => `${words[where]} ${percent(events, all)}`)
    .join(', ');
}

const count = (many: number, word: string): string => `${many.toLocaleString('en')} ${word}${many === 1 ? '' : 's'}`;

const times = { line: 'in the line', envelope: 'of the envelope', none: 'none', guessed: 'day or month guessed' };
const levels = {
  line: 'in the line',
  evidence: 'by a status, a trace or an exit code',
  envelope: 'of the envelope',
  none: 'none',
};
const services = {
  key: 'under a key',
  text: 'a word of the text',
  envelope: 'of the envelope',
  none: 'not named, so that of the source',
};
