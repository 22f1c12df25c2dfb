/**
 * What `watch` and `demo` show on a terminal: a few lines that are written over once a second. What is wrong stands
 * first; what the screen can't know is said, so that a calm one can be believed. Names and summaries come from logs, so
 * control characters are made visible.
 */
import { cutText } from '../../codecs/utf8.ts';
import { span } from '../../console/format.ts';
import { inReadingOrder } from '../../console/incident-order.ts';
import { lastMinute, type Minute } from '../../console/rates.ts';
import { learningNote, quietNote, setAsideNote } from '../../console/reading.ts';
import type { Incident, Service, Snapshot } from '../../console/snapshot.ts';
import { minutes } from '../../time/duration.ts';
import { printable } from '../terminal.ts';

/** The space that there is. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

const mostIncidents = 8;
/** So many incidents or fewer are shown with services beside the first, whose sentence is the summary. */
const fewIncidents = 3;
const mostMembers = 3;
/** Lines are read in bursts; their rate is that of so many seconds. */
const rateSeconds = 5;
/** Event time further behind the clock than this is said to be. */
const behindAfter = minutes(2);

/** The view as at most `rows` lines no wider than `columns`. */
export function viewLines(snapshot: Snapshot, { columns, rows }: Screen): readonly string[] {
  const above = [...standing(snapshot), '', ...incidentLines(snapshot), ''];
  const lines = [...above, ...serviceLines(snapshot, rows - above.length)];
  return lines.slice(0, rows).map((line) => cutText(line, columns));
}

/** How far reading is, and what of it is in doubt. */
function standing({ throughput, services, linesTotal, now, reading }: Snapshot): readonly string[] {
  const isKnown = now > 0 && Number.isFinite(now);
  const behind = isKnown && reading.at - now > behindAfter ? `, ${span(reading.at - now)} behind the clock` : '';
  const time = isKnown ? new Date(now).toISOString().slice(0, 19) : '–';
  const rate = Math.round(mean(throughput.perSecond.slice(-rateSeconds))).toLocaleString('en');
  const quiet = quietNote(reading);
  return [
    `${rate} lines/s   ${linesTotal.toLocaleString('en')} lines   event time ${time}${behind}`,
    [setAsideNote(reading), learningNote(services)].filter((note) => note !== null).join('; '),
    ...(quiet === null ? [] : [`nothing is being read: ${quiet}`]),
  ];
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Incidents that are open, the worst first, and those that a rule holds back, with the rule. */
function incidentLines({ incidents }: Snapshot): readonly string[] {
  const current = inReadingOrder(incidents).filter(({ status }) => status !== 'resolved');
  const open = current.filter(({ status }) => status === 'open').length;
  const held = current.length - open;
  const shown = current.slice(0, mostIncidents);
  return [
    `${open === 0 ? 'no' : open} open incident${open === 1 ? '' : 's'}${held === 0 ? '' : `, ${held} suppressed`}`,
    ...shown.flatMap((i) => [
      incidentLine(i),
      ...reasonLines(i),
      ...(current.length > fewIncidents ? [] : memberLines(i)),
    ]),
    ...(current.length > shown.length ? [`  and ${current.length - shown.length} more`] : []),
  ];
}

const indent = ' '.repeat(21);

function incidentLine({ status, severity, score, summary }: Incident): string {
  const word = status === 'suppressed' ? status : severity;
  return `  ${word.padEnd(10)} ${score.toFixed(1).padStart(6)}  ${printable(summary)}`;
}

/** Why an incident is held back, on a line of its own: behind the summary it would be cut off. */
const reasonLines = ({ status, reason }: Incident): readonly string[] =>
  status === 'suppressed' && reason !== null ? [`${indent}${printable(`suppressed by ${reason}`)}`] : [];

/** How the other services of an incident are now, how they were at the peak, or since when they are well. */
const memberLines = ({ evidence }: Incident): readonly string[] =>
  evidence.slice(1, mostMembers).flatMap(({ service, text }) => {
    return text === undefined ? [] : [`${indent}${printable(`${service}: ${text}`)}`];
  });

interface Row extends Minute {
  readonly name: string;
  readonly isHit: boolean;
}

/** The last minute of each service: those of open incidents first, then those with the most unexpected errors. */
function serviceLines({ services, incidents, countedTo }: Snapshot, rows: number): readonly string[] {
  const hit = new Set(incidents.flatMap((i) => (i.status === 'open' ? i.services : [])));
  const row = ({ name, series }: Service): Row => ({ name, isHit: hit.has(name), ...lastMinute(series, countedTo) });
  const all = services.map(row).toSorted(byUrgency);
  const room = all.length < rows ? all.length : Math.max(0, rows - 2);
  return [
    `${'service'.padEnd(28)} ${'lines/min'.padStart(10)} ${'errors/min'.padStart(11)} ${'expected'.padStart(9)}`,
    ...all.slice(0, room).map(serviceLine),
    ...(room < all.length ? [`and ${all.length - room} more services`] : []),
  ];
}

const excess = ({ errors, expected }: Row): number => errors - (expected ?? 0);
const byUrgency = (a: Row, b: Row): number => Number(b.isHit) - Number(a.isHit) || excess(b) - excess(a);

const serviceLine = ({ name, total, errors, expected }: Row): string =>
  `${cutText(printable(name), 28).padEnd(28)} ${String(total).padStart(10)} ${String(errors).padStart(11)} ${(expected?.toFixed(1) ?? '–').padStart(9)}`;

/** All incidents of a run that is over, the earliest first: a screen at the end shows only those that are not over. */
export function incidentsFound({ incidents }: Snapshot): readonly string[] {
  if (incidents.length === 0) return ['no incidents were found'];
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  const line = ({ status, startedAt, severity, summary, reason }: Incident) => {
    const why = status === 'suppressed' && reason !== null ? ` (${reason})` : '';
    return `  ${time(startedAt)}  ${status.padEnd(10)} ${severity.padEnd(8)} ${printable(`${summary}${why}`)}`;
  };
  const found = incidents.toSorted((a, b) => a.startedAt - b.startedAt);
  return [`${found.length} incident${found.length === 1 ? ' was' : 's were'} found`, ...found.map(line)];
}

/** Draws the view over its last drawing. */
export class LiveView {
  #drawn = 0;

  draw(snapshot: Snapshot): void {
    const { columns = 80, rows = 24 } = process.stdout;
    const lines = viewLines(snapshot, { columns, rows: rows - 1 }).map(printable);
    const up = this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A`;
    process.stdout.write(`${up}\x1b[J${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }
}
