/**
 * Takes lines apart that pack several records, before anything is read: each record becomes a line of its own. Packed
 * are a JSON list of records, records one after the other, and the batches of batches.ts; also inside a batch, a list
 * or the line of an envelope (Docker's, CRI's, a shipper's). A record keeps what its batch says of it, and its source
 * is the stream that the batch names.
 *
 * Reading a packed line gives what reading its records one a line gives. A line that is not packed through and through
 * stays as it is. So does one beyond the bounds, as one event that says so: the records of a hostile line would be
 * more than a process can hold.
 */
import type { Wrapping } from '../envelopes/envelope.ts';
import { opened } from '../envelopes/index.ts';
import { LineContent } from '../lines/content.ts';
import { podNameIn } from '../lines/pod-name.ts';
import { serviceOfSource } from '../lines/source-name.ts';
import {
  byteOrderMarkCode,
  closeBraceCode,
  closeBracketCode,
  isDigit,
  lineFeedCode,
  openBraceCode,
  openBracketCode,
  quoteCode,
  skipBlanks,
  spaceCode,
  trimmedEnd,
} from '../text.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { type Batch, batchKeys, batchOf, isObject, type Json, listIn, type Origin } from './batches.ts';
import { objectsIn } from './json-pieces.ts';

/** A line and the stream it is from. */
export interface SourcedLine {
  readonly line: string;
  readonly source: string;
}

/** Bounds of what is taken out of one line. */
export interface UnpackBounds {
  readonly maxRecords: number;
  /** Characters of all records together, with what each keeps of its batch. */
  readonly maxCharacters: number;
}

const usualBounds: UnpackBounds = { maxRecords: 1 << 16, maxCharacters: 1 << 24 };
/** Batches in lists in envelopes: shippers pack so deep. */
const maxDepth = 4;

/**
 * The records of a line, each a line of its own; null for a line that packs none, which is almost every line and costs
 * a look at its two ends.
 *
 * @example
 * unpack({ line: '[{"msg":"a"},{"msg":"b"}]', source: 'cart' })?.map(({ line }) => line) // => ['{"msg":"a"}', '{"msg":"b"}']
 * unpack({ line: '2026-01-29 08:51:24 INFO [main] ready', source: 'cart' }) // => null
 */
export function unpack(
  { line, source }: SourcedLine,
  bounds: UnpackBounds = usualBounds,
): readonly SourcedLine[] | null {
  if (!mayPack(line)) return null;
  const text = line.charCodeAt(0) === byteOrderMarkCode ? line.slice(1) : line;
  try {
    return new Unpacking(bounds).apart({ line: text, source }, 0);
  } catch (error) {
    if (error instanceof BeyondBounds) return [{ line: keptTogether(line, error.message), source }];
    // JSON nested so deep that it can't be written out again.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether a line looks as if it packed records: by its ends, and if those are a record's, by what is between. */
export function mayPack(line: string): boolean {
  let last = line.charCodeAt(line.length - 1);
  if (last <= spaceCode) last = line.charCodeAt(trimmedEnd(line, 0) - 1);
  if (last !== closeBraceCode && last !== closeBracketCode) return false;
  const first = line.charCodeAt(0);
  if (first === openBraceCode) return last === closeBraceCode && holdsObjects(line);
  if (first === openBracketCode) return line.charCodeAt(skipBlanks(line, 1)) === openBraceCode;
  return first === byteOrderMarkCode ? mayPack(line.slice(1)) : isCri(line) && holdsObjects(line);
}

/** Whether a line begins as container runtimes write it: behind the time, its stream. */
function isCri(line: string): boolean {
  if (!isDigit(line.charCodeAt(0))) return false;
  for (let at = 20; at < 36; at++) if (line.charCodeAt(at) === spaceCode) return line.startsWith('std', at + 1);
  return false;
}

/** Whether a list of objects is in a text, or an object behind another, or either inside of a quoted text. */
function holdsObjects(line: string): boolean {
  for (let at = line.indexOf('[', 1); at >= 0; at = line.indexOf('[', at + 1)) {
    const next = line.charCodeAt(skipBlanks(line, at + 1));
    if (next === openBraceCode || next === openBracketCode) return true;
  }
  for (let at = line.indexOf('}', 1); at >= 0; at = line.indexOf('}', at + 1)) {
    if (line.charCodeAt(skipBlanks(line, at + 1)) === openBraceCode) return true;
  }
  return false;
}

/** One line being taken apart: counts what comes out of it. */
class Unpacking {
  readonly #bounds: UnpackBounds;
  #records = 0;
  #characters = 0;

  constructor(bounds: UnpackBounds) {
    this.#bounds = bounds;
  }

  /** The records of a line, or null if it is one. Throws BeyondBounds, and RangeError on nesting. */
  apart(from: SourcedLine, depth: number): readonly SourcedLine[] | null {
    if (depth >= maxDepth || !mayPack(from.line)) return null;
    switch (from.line.charCodeAt(0)) {
      case openBracketCode:
        return this.#pieces(from, 1, depth);
      case openBraceCode: {
        const pieces = this.#pieces(from, 0, depth);
        return pieces ?? this.#object(from, depth);
      }
      default:
        return this.#cri(from, depth);
    }
  }

  /** A list (`at` is 1) or objects one after the other; a single object is neither. */
  #pieces({ line, source }: SourcedLine, at: number, depth: number): readonly SourcedLine[] | null {
    const pieces = objectsIn(line, at, Number.POSITIVE_INFINITY);
    if (pieces === null || (at === 0 && (pieces.length < 2 || !pieces.every(isRecord)))) return null;
    return this.#each(
      pieces.map((piece) => ({ line: piece, source: podNameIn(piece) ?? source })),
      depth,
    );
  }

  /** A batch, or an envelope around a packed line. */
  #object(from: SourcedLine, depth: number): readonly SourcedLine[] | null {
    // Most records with lists of objects in them are an application's.
    const object = batchWords.some((word) => from.line.includes(word)) ? parsed(from.line) : null;
    if (object === null) return null;
    const batch = batchOf(object);
    return batch === null ? this.#enveloped(object, from, depth) : this.#batch(object, batch, { ...from, depth });
  }

  #batch(object: Json, batch: Batch, { source, depth }: { source: string; depth: number }) {
    const records: SourcedLine[] = [];
    const walk = (at: Json, level: number, around: Around): boolean => {
      const key = listIn(at, batch.path[level]!);
      // An object on the way without a list has no records; one with something else under the name is no batch.
      if (key === undefined) return batch.path[level]!.every((name) => !(name in at));
      const { [key]: list, ...beside } = at;
      const inner = within(around, beside, { key, origin: batch.origin?.(at) ?? null });
      if (level < batch.path.length - 1)
        return (list as readonly unknown[]).every((item) => isObject(item) && walk(item, level + 1, inner));
      for (const item of list as readonly unknown[]) {
        if (!batch.hulled && !isObject(item)) return false;
        const text = JSON.stringify(item);
        const line = batch.hulled ? inner.before + text + inner.behind : text;
        this.#count(line);
        records.push({ line, source: inner.source });
      }
      return true;
    };
    if (!walk(object, 0, { before: '', behind: '', source }) || records.length === 0) return null;
    return batch.hulled ? records : this.#each(records, depth);
  }

  /** Inside of an envelope around text: each record gets the envelope for its own. */
  #enveloped(object: Json, { source }: SourcedLine, depth: number): readonly SourcedLine[] | null {
    const content = opened(object, scratch());
    if (typeof content !== 'string') return null;
    const line = content.slice(0, trimmedEnd(content, 0));
    const key = Object.keys(object).find((name) => object[name] === content || object[name] === `${content}\n`);
    const records = key === undefined ? null : this.apart({ line, source }, depth + 1);
    if (key === undefined || records === null) return null;
    const { [key]: text, ...beside } = object;
    const isEnded = (text as string).charCodeAt((text as string).length - 1) === lineFeedCode;
    // The rest of a line that Docker cut is in the next one.
    if (key === 'log' && !isEnded && 'stream' in object && !('kubernetes' in object)) return null;
    const behind = `,${JSON.stringify(beside).slice(1)}`;
    return records.map((record) => {
      const wrapped = `{${JSON.stringify(key)}:${JSON.stringify(isEnded ? `${record.line}\n` : record.line)}${behind}`;
      this.#count(wrapped);
      return { line: wrapped, source: record.source };
    });
  }

  /** A line of a container's log: each record gets the time and the stream that stand before it. */
  #cri({ line, source }: SourcedLine, depth: number): readonly SourcedLine[] | null {
    const content = new LineContent();
    content.read(line);
    if (content.start === 0 || content.cut !== 'no') return null;
    const head = line.slice(0, content.start);
    const records = this.apart({ line: line.slice(content.start), source }, depth + 1);
    return records?.map((record) => ({ line: head + record.line, source: record.source })) ?? null;
  }

  /** Records that may be packed themselves. */
  #each(records: readonly SourcedLine[], depth: number): readonly SourcedLine[] {
    return records.flatMap((record) => {
      const inner = this.apart(record, depth + 1);
      if (inner === null) this.#count(record.line);
      return inner ?? record;
    });
  }

  #count(line: string): void {
    const { maxRecords, maxCharacters } = this.#bounds;
    if (++this.#records > maxRecords) throw new BeyondBounds(`more than ${maxRecords} records on one line`);
    this.#characters += line.length;
    if (this.#characters > maxCharacters) {
      throw new BeyondBounds(`records of more than ${maxCharacters} characters on one line`);
    }
  }
}

/** What stands around a record, as text, and the stream it is from. */
interface Around {
  readonly before: string;
  readonly behind: string;
  readonly source: string;
}

interface List {
  readonly key: string;
  readonly origin: Origin | null;
}

/** One level further in: the object that has the list, without what is in the list. */
function within({ before, behind, source }: Around, beside: Json, { key, origin }: List): Around {
  const hull = JSON.stringify({ ...beside, [key]: [] });
  return { before: before + hull.slice(0, -2), behind: `]}${behind}`, source: sourceOf(origin, source) };
}

/** The source that a batch names; of a stream alone, it belongs to the service of the line's source. */
function sourceOf(origin: Origin | null, source: string): string {
  if (origin === null || (origin.service === undefined && origin.stream === undefined)) return source;
  return `${origin.service ?? serviceOfSource(source)}/${origin.stream ?? source}`;
}

function parsed(line: string): Json | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a piece begins as a record does; braces alone are common in text. */
const isRecord = (piece: string): boolean => piece.charCodeAt(skipBlanks(piece, 1)) === quoteCode;

/** A line that is not taken apart, as one event. */
const keptTogether = (line: string, reason: string): string =>
  JSON.stringify({ message: line, 'event.reason': reason });

/** Where an envelope notes what is not asked for here. */
const scratch = (): Wrapping => ({
  ms: Number.NaN,
  nanos: 0,
  service: '',
  level: null,
  fields: [],
  scanner: new TimestampScanner('UTC'),
});

/** More came out of a line than may. */
class BeyondBounds extends Error {}

/** One of these is in every batch and in every envelope around a packed line. */
const batchWords = [...batchKeys.map((key) => `"${key}"`), '"{', '"['];
