/**
 * Whether a line that is twice as long takes more than twice the time. Time is the process's own CPU time, not the
 * clock's; because even that is noisy, a suspicion is looked at again, with the best of several readings, before it is
 * believed.
 */
import { LineJoiner } from '../../logs/lines/line-joiner.ts';
import { logParser } from '../../logs/parser.ts';
import { Templates } from '../../logs/templates/templates.ts';
import type { Broken } from './broken.ts';
import type { Repetition } from './cases.ts';

type Work = (text: string) => void;

const works: Readonly<Record<string, Work>> = {
  parse: (text) => void logParser({}).parse(text, 'source', 0),
  join: (text) => {
    const joiner = new LineJoiner();
    for (const line of text.split('\n')) joiner.push(line);
  },
  template: (text) => void new Templates().add(text),
};

/** A line of about `length` characters. */
export function repeated({ head, piece, tail }: Repetition, length: number): string {
  return head + piece.repeat(Math.max(1, Math.ceil(length / piece.length))) + tail;
}

/** Checks that all that is done with a line is done in linear time. */
export function checkSpeed(repetition: Repetition): Broken | undefined {
  const short = repeated(repetition, shortLength);
  const long = repeated(repetition, 2 * shortLength);
  for (const [name, work] of Object.entries(works)) {
    if (isLinear(work, { short, long, readings: 1 })) continue;
    if (isLinear(work, { short, long, readings: 5 })) continue;
    const longest = repeated(repetition, 4 * shortLength);
    if (isLinear(work, { short: long, long: longest, readings: 5 })) continue;
    const [first, second] = [cost(work, long, 3), cost(work, longest, 3)];
    const reason = `${name} takes ${first} µs for ${long.length} characters and ${second} µs for ${longest.length}`;
    return { claim: 'time is linear', reason };
  }
  return undefined;
}

interface Lines {
  readonly short: string;
  readonly long: string;
  readonly readings: number;
}

function isLinear(work: Work, { short, long, readings }: Lines): boolean {
  return cost(work, long, readings) <= 3 * cost(work, short, readings) + slack;
}

/** The least CPU time in microseconds of several readings. */
function cost(work: Work, text: string, readings: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < readings; i++) {
    const before = process.cpuUsage();
    work(text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

const shortLength = 50_000;
/** Microseconds that the machine may take for itself. */
const slack = 4_000;
