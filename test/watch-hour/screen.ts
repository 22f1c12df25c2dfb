/** Reads a screen as a person does: the head, the list of incidents, the table of services. */

/** A row of the table of services. */
export interface ServiceRow {
  readonly service: string;
  readonly lines: number;
  readonly errors: number;
  readonly expected: number | null;
  readonly text: string;
}

/** What stands on a screen. */
export interface Screen {
  /** Lines a second, and lines in all. */
  readonly perSecond: number;
  readonly lines: number;
  /** Event time in ms; null while there is none. */
  readonly now: number | null;
  /** Lines that it says are in no pane: dead letters, and those of them that are late. */
  readonly setAside: readonly [dead: number, late: number];
  /** How many of how many services it says are still being learned; null where it says nothing. */
  readonly learning: readonly [learning: number, all: number] | null;
  /** What it says where nothing is being read. */
  readonly quiet: string | null;
  readonly rows: readonly ServiceRow[];
  /** Whether there is no room for more rows. */
  readonly hasMoreRows: boolean;
  /** The numbers it gives; 0 for `no open incidents`. */
  readonly open: number;
  readonly suppressed: number;
  /** The incidents that it lists, by the word before them. */
  readonly incidents: readonly ListedIncident[];
}

/** An incident as it stands on the screen: a line, and those below it that are about it. */
export interface ListedIncident {
  readonly isSuppressed: boolean;
  /** What is said of its first service, and of each other that has a line of its own. */
  readonly sentences: readonly string[];
  /** Why it is suppressed. */
  readonly reason: string | null;
  readonly text: string;
}

const number = (text: string): number => Number(text.replaceAll(',', ''));

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /\x1b\[[0-9;?]*[A-Za-z]|\r/g;

/** The last whole drawing in what was written to a terminal: the view is erased before it is drawn. */
export function lastDrawing(output: string): string {
  const drawings = output.split('\x1b[J');
  // The last may be half written; the one before it is whole.
  const whole = drawings.length > 2 ? drawings.at(-2)! : drawings.length > 1 ? drawings.at(-1)! : '';
  return whole.replace(control, '');
}

/** What stands on a screen, or undefined if it is none. */
export function readScreen(text: string): Screen | undefined {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const head = /([\d,.]+) lines\/s +([\d,]+) lines +event time (\S+?)(?:,| |$)/m.exec(text);
  const counted = /^(no|\d+) open incidents?(?:, (\d+) suppressed)?$/m.exec(text);
  const table = lines.findIndex((line) => /^service +lines\/min/.test(line));
  if (head === null || counted === null || table < 0) return undefined;
  const [, perSecond, total, time] = head;
  const aside = /(\d[\d,]*) set aside as dead letters, (\d[\d,]*) of them late/.exec(text);
  const learning = /(\d[\d,]*) of (\d[\d,]*) services still being learned/.exec(text);
  const now = Date.parse(`${time}Z`);
  return {
    perSecond: number(perSecond!),
    lines: number(total!),
    now: Number.isNaN(now) ? null : now,
    setAside: aside === null ? [0, 0] : [number(aside[1]!), number(aside[2]!)],
    learning: learning === null ? null : [number(learning[1]!), number(learning[2]!)],
    quiet: /^nothing is being read: (.*)$/m.exec(text)?.[1] ?? null,
    rows: lines.slice(table + 1).flatMap((line) => rowOf(line) ?? []),
    hasMoreRows: /^and \d+ more services/m.test(text),
    open: counted[1] === 'no' ? 0 : Number(counted[1]),
    suppressed: Number(counted[2] ?? 0),
    incidents: lines.flatMap((_, at) => incidentOf(lines.slice(at, table)) ?? []),
  };
}

/** The incident that begins with the first of the lines, if one does. */
function incidentOf(lines: readonly string[]): ListedIncident | undefined {
  const found = /^ +(info|warning|error|critical|suppressed) +[\d.,]+ +(.*)$/.exec(lines[0] ?? '');
  if (found === null) return undefined;
  const end = lines.findIndex((line, i) => i > 0 && !/^ {21}\S/.test(line));
  const below = lines.slice(1, end < 0 ? undefined : end).map((line) => line.trim());
  const because = 'suppressed by ';
  return {
    isSuppressed: found[1] === 'suppressed',
    sentences: [found[2]!, ...below.filter((line) => !line.startsWith(because))],
    reason: below.find((line) => line.startsWith(because))?.slice(because.length) ?? null,
    text: [lines[0]!, ...below].join(' ').trim().replace(/ +/g, ' '),
  };
}

/** A row begins with a name in a column of its own and goes on with at least two numbers. */
function rowOf(line: string): ServiceRow | undefined {
  const found = /^(\S.{0,27}?) +([\d,]+) +([\d,]+)(?: +([\d.,]+|–))?$/.exec(line);
  if (found === null) return undefined;
  const [, service, lines, errors, expected] = found;
  return {
    service: service!.trim(),
    lines: number(lines!),
    errors: number(errors!),
    expected: expected === undefined || expected === '–' ? null : number(expected),
    text: line.trim().replace(/ +/g, ' '),
  };
}
