/** Reads a screen as a person does: the head, the table of services, the list of open incidents. */

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
  readonly services: number;
  readonly rows: readonly ServiceRow[];
  /** The number it gives; 0 for `no open incidents`. */
  readonly open: number;
  readonly incidents: readonly string[];
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
  const head = /([\d,.]+) lines\/s +([\d,]+) lines +event time (\S+) +(\d+) services?/.exec(text);
  const open = lines.findIndex((line) => /^(no|\d+) open incidents?\b/.test(line));
  if (head === null || open < 0) return undefined;
  const rows = lines.slice(0, open).flatMap((line) => rowOf(line) ?? []);
  const [, perSecond, total, time, services] = head;
  const now = Date.parse(`${time}Z`);
  return {
    perSecond: number(perSecond!),
    lines: number(total!),
    now: Number.isNaN(now) ? null : now,
    services: Number(services),
    rows,
    open: /^no/.test(lines[open]!) ? 0 : Number.parseInt(lines[open]!, 10),
    incidents: lines.slice(open + 1).filter((line) => /^ +(info|warning|error|critical) +[\d.,]+ /.test(line)),
  };
}

/** A row begins with a name in a column of its own and goes on with at least two numbers. */
function rowOf(line: string): ServiceRow | undefined {
  const found = /^(\S.{0,27}?) +([\d,]+) +([\d,]+)(?: +([\d.,]+|–|-))?(?: .*)?$/.exec(line);
  if (found === null || /lines\/s/.test(line)) return undefined;
  const [, service, lines, errors, expected] = found;
  return {
    service: service!.trim(),
    lines: number(lines!),
    errors: number(errors!),
    expected: expected === undefined || /[–-]/.test(expected) ? null : number(expected),
    text: line.trim().replace(/ +/g, ' '),
  };
}
