/**
 * Layouts of log lines as values: a list of literals and pieces that is compiled once and then read over a line from
 * left to right. A piece decides from the characters under it how far it reaches and never gives back what it took,
 * so that there is no backtracking beyond leaving out an `optional` part: a line is looked at a bounded number of
 * times whatever it holds. Nothing is cut out of the line before the whole layout has matched; captures are kept as
 * offsets.
 */
import type { Level } from '../levels.ts';
import { isBlank, skipBlanks, spaceCode, trimmedEnd } from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import {
  type FirstSet,
  firstIs,
  firstIsAnything,
  firstIsNothing,
  firstIsTime,
  firstOfAny,
  firstOfSequence,
  firstSetIndex,
  firstSetLength,
} from './first-set.ts';

/** Reads on from `at`: the offset behind what was read, or -1. */
export type Step = (text: string, at: number, match: Match) => number;

/** How the text of a capture becomes a value. */
export type CaptureKind = 'text' | 'integer' | 'decimal' | 'nanoseconds';

/**
 * A named place of a layout. Names are ECS fields; `message`, `log.level`, `service.name`, `trace.id`, `span.id`
 * count as such.
 */
export interface Capture {
  readonly name: string;
  readonly kind: CaptureKind;
  /** Whether its value is a field of the log: its name is none of the above, nor ''. */
  readonly isField: boolean;
}

/** A part of a layout: literal text, in which a space stands for any run of blanks, or a piece. */
export type Part = string | Piece;

export interface Piece {
  /** Makes the step; `capture` reserves a place for a value and says which. */
  readonly make: (capture: (name: string, kind?: CaptureKind) => number) => Step;
  /** What it reads begins with; anything, or nothing, unless said. */
  readonly first?: FirstSet;
}

/** A compiled layout. */
export interface Layout {
  /** What a line must begin with to be of this layout. */
  readonly first: FirstSet;
  /** What must stand behind the time, and blanks, of a layout that begins with one. */
  readonly afterTime: FirstSet;
  readonly step: Step;
  readonly captures: readonly Capture[];
}

/** What a match found: offsets of captures, time and level. One is used over and over. */
export interface Match {
  readonly scanner: TimestampScanner;
  /** Start and end of capture i at 2i and 2i+1; start -1 means not there. */
  readonly spans: Int32Array;
  level: Level | null;
  timed: boolean;
}

/** Makes one step of the parts of a layout. */
export function layout(...parts: readonly Part[]): Layout {
  const captures: Capture[] = [];
  const capture = (name: string, kind: CaptureKind = 'text'): number =>
    captures.push({ name, kind, isField: name !== '' && !ownPlaces.has(name) }) - 1;
  const step = sequence(parts, capture);
  return { first: firstSetOf(parts), afterTime: firstSetAfterTime(parts), step, captures };
}

/** Whether the whole of `text` reads as `layout`; if so, `match` says how. */
export function matches(layout: Layout, text: string, match: Match): boolean {
  clear(match, 0, layout.captures.length - 1);
  match.level = null;
  match.timed = false;
  const end = layout.step(text, 0, match);
  return end >= 0 && trimmedEnd(text, end) === end;
}

/** Parts that may be missing, all together. */
export function optional(...parts: readonly Part[]): Piece {
  return oneOf(parts, []);
}

/** The first of several sequences that fits; what follows does not make it choose again. */
export function oneOf(...choices: readonly (readonly Part[])[]): Piece {
  return {
    first: firstOfAny(choices.map(firstSetOf)),
    make: (capture) => {
      const ways = choices.map((parts) => wayOf(parts, capture));
      return (text, at, match) => {
        const first = firstSetIndex(text, at);
        for (let i = 0; i < ways.length; i++) {
          const { may, step, low, high } = ways[i]!;
          if (may[first] !== 1) continue;
          const end = step(text, at, match);
          if (end >= 0) return end;
          clear(match, low, high);
        }
        return -1;
      };
    },
  };
}

/** A sequence to choose, what it may begin with (1 at an index in FIRST sets), and its first and last group. */
interface Way {
  readonly may: Uint8Array;
  readonly step: Step;
  readonly low: number;
  readonly high: number;
}

function wayOf(parts: readonly Part[], capture: (name: string, kind?: CaptureKind) => number): Way {
  const groups: number[] = [];
  const step = sequence(parts, (name, kind) => {
    const group = capture(name, kind);
    groups.push(group);
    return group;
  });
  const { codes, time, empty } = firstSetOf(parts);
  const may = time || empty ? new Uint8Array(firstSetLength).fill(1) : codes;
  return { may, step, low: groups[0] ?? 0, high: groups.at(-1) ?? -1 };
}

/** Notes a capture and returns where it ends. */
// hot: called for every capture of every line.
export function keep(match: Match, group: number, start: number, end: number): number {
  match.spans[group * 2] = start;
  match.spans[group * 2 + 1] = end;
  return end;
}

/** Forgets captures; a loop, because there are few and filling costs a call. */
function clear({ spans }: Match, low: number, high: number): void {
  for (let group = low; group <= high; group++) spans[group * 2] = -1;
}

function firstSetOf(parts: readonly Part[]): FirstSet {
  return firstOfSequence(
    parts.map((part) => (typeof part === 'string' ? firstSetOfText(part) : (part.first ?? firstIsAnything))),
  );
}

/** What comes behind the time that a layout begins with, and behind any blanks there. */
function firstSetAfterTime([first, ...parts]: readonly Part[]): FirstSet {
  if (typeof first !== 'object' || first.first !== firstIsTime) return firstIsAnything;
  const sets = parts.map((part) => {
    if (typeof part === 'string') return firstSetOfText(part.replace(/^[ \t]+/, ''));
    // A piece that takes blanks may take anything after them.
    return part.first === undefined || part.first.codes[spaceCode] === 1 ? firstIsAnything : part.first;
  });
  return firstOfSequence(sets);
}

/** Of literal text. */
function firstSetOfText(text: string): FirstSet {
  if (text === '') return firstIsNothing;
  const first = text.charCodeAt(0);
  return firstIs((code) => code === first || (first === spaceCode && isBlank(code)));
}

function sequence(parts: readonly Part[], capture: (name: string, kind?: CaptureKind) => number): Step {
  const steps = parts.map((part) => (typeof part === 'string' ? literal(part) : part.make(capture)));
  return (text, at, match) => {
    for (let i = 0; i < steps.length && at >= 0; i++) at = steps[i]!(text, at, match);
    return at;
  };
}

function literal(expected: string): Step {
  const codes = Uint16Array.from(expected, (char) => char.charCodeAt(0));
  return (text, at) => {
    for (let i = 0; i < codes.length; i++) {
      const code = text.charCodeAt(at);
      if (codes[i] === spaceCode) {
        if (!isBlank(code)) return -1;
        at = skipBlanks(text, at + 1);
      } else if (code === codes[i]) at++;
      else return -1;
    }
    return at;
  };
}

/** Captures that are parts of the log itself; a level is a field, too. */
const ownPlaces = new Set(['message', 'service.name', 'trace.id', 'span.id']);
