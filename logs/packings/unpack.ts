/**
 * Takes lines apart that pack several records, before anything is read: each record becomes a line of its own. Packed
 * are a JSON list of records, records one after the other, and the batches of batches.ts; also inside a batch, a list
 * or the line of an envelope (Docker's, CRI's, a shipper's). A record keeps what its batch says of it, and its source
 * is the stream that the batch names.
 *
 * Reading a packed line gives what reading its records one a line gives. What stands between records and is none, such
 * as the rest of a line that was cut, is an event that says so. So are the records beyond a bound together. Where each
 * record with all of its batch would be more than a process can hold, records keep only whose they are, and say so.
 */
import { newWrapping, type Wrapping } from '../envelopes/envelope.ts';
import { opened, takeCut } from '../envelopes/index.ts';
import { LineContent } from '../lines/content.ts';
import { podNameIn } from '../lines/pod-name.ts';
import { serviceOfSource } from '../lines/source-name.ts';
import { byteOrderMarkCode, lineFeedCode, openBraceCode, openBracketCode, trimmedEnd } from '../text.ts';
import { TimestampScanner } from '../times/timestamps.ts';
import { type Batch, batchKeys, batchOf, isObject, type Json, listIn, type Origin } from './batches.ts';
import { piecesIn } from './json-pieces.ts';
import { mayPack, separatorCode } from './may-pack.ts';

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

const usualBounds: UnpackBounds = { maxRecords: 1 << 16, maxCharacters: 1 << 26 };
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
  const first = line.charCodeAt(0);
  const text = first === byteOrderMarkCode || first === separatorCode ? line.slice(1) : line;
  try {
    const records = apart({ line: text, source }, bounds);
    return records === null && first === separatorCode ? [{ line: text, source }] : records;
  } catch (error) {
    if (error instanceof BeyondBounds) return [{ line: keptTogether(line, error.message), source }];
    // JSON nested so deep that it can't be written out again.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The records with all that their batch says; with little of it if that were too much. */
function apart(from: SourcedLine, bounds: UnpackBounds): readonly SourcedLine[] | null {
  try {
    return new Unpacking(bounds, false).all(from);
  } catch (error) {
    if (error instanceof BeyondBounds) return new Unpacking(bounds, true).all(from);
    throw error;
  }
}

/** One line being taken apart: counts what comes out of it. */
class Unpacking {
  readonly #bounds: UnpackBounds;
  #records = 0;
  #characters = 0;
  /** Records beyond the bound. */
  readonly #beyond: string[] = [];
  /** Whether records keep little of their batch. */
  readonly #isBrief: boolean;

  constructor(bounds: UnpackBounds, isBrief: boolean) {
    this.#bounds = bounds;
    this.#isBrief = isBrief;
  }

  /** The records of a line; those beyond the bound are one that says so. */
  all(from: SourcedLine): readonly SourcedLine[] | null {
    const records = this.apart(from, 0);
    if (records === null || this.#beyond.length === 0) return records;
    const reason = `${this.#beyond.length} records beyond the ${this.#bounds.maxRecords} that are read of a line`;
    return [...records, { line: keptTogether(this.#beyond.join(','), reason), source: from.source }];
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
    const pieces = piecesIn(line, at);
    if (pieces === null) return null;
    return pieces.flatMap(({ text, isRecord }) => {
      if (!isRecord) return this.#leaf({ line: keptTogether(text, notWhole), source });
      const pod = text.charCodeAt(0) === openBracketCode ? undefined : podNameIn(text);
      return this.#each({ line: text, source: pod ?? source }, depth);
    });
  }

  /** A batch, or an envelope around a packed line. */
  #object(from: SourcedLine, depth: number): readonly SourcedLine[] | null {
    // Most records with lists of objects in them are an application's.
    const found = batchWords.some((word) => from.line.includes(word)) ? parsed(from.line) : null;
    if (found === null) return null;
    const { hits } = found;
    const object = isObject(hits) ? hits : found;
    const batch = batchOf(object);
    return batch === null ? this.#enveloped(object, from, depth) : this.#batch(object, batch, { ...from, depth });
  }

  #batch(object: Json, batch: Batch, { source, depth }: { source: string; depth: number }) {
    const records: SourcedLine[] = [];
    const walk = (at: Json, level: number, around: Around): boolean => {
      const key = listIn(at, batch.path[level]!);
      // An object on the way without a list has no records; one with something else under the name is no batch.
      if (key === undefined) return batch.path[level]!.every((name) => (at[name] ?? null) === null);
      const { [key]: list, ...beside } = at;
      const inner = within(around, this.#isBrief ? (batch.brief?.(at) ?? beside) : beside, {
        key,
        origin: batch.origin?.(at) ?? null,
      });
      if (level < batch.path.length - 1)
        return (list as readonly unknown[]).every((item) => isObject(item) && walk(item, level + 1, inner));
      for (const item of list as readonly unknown[]) records.push(...this.#item(item, batch, { ...inner, depth }));
      return true;
    };
    if (!walk(object, 0, { before: '', behind: '', source }) || records.length === 0) return null;
    return records;
  }

  /** An element of a batch's list; where its line is packed, the records in that. */
  #item(item: unknown, batch: Batch, { before, behind, source, depth }: Around & { depth: number }) {
    if (!batch.hulled) {
      const line = JSON.stringify(item);
      return isObject(item)
        ? this.#each({ line, source }, depth)
        : this.#leaf({ line: keptTogether(line, notWhole), source });
    }
    const content = batch.line?.of(item);
    const inner =
      typeof content === 'string'
        ? this.apart({ line: content.slice(0, trimmedEnd(content, 0)), source }, depth + 1)
        : null;
    const hulled = (record: unknown): string => before + JSON.stringify(record) + behind;
    if (inner === null) return this.#leaf({ line: hulled(item), source });
    return inner.map((record) => this.#wrapped({ ...record, line: hulled(batch.line!.with(item, record.line)) }));
  }

  /** Inside of an envelope around text: each record gets the envelope for its own. */
  #enveloped(object: Json, { source }: SourcedLine, depth: number): readonly SourcedLine[] | null {
    const around = scratch();
    const content = opened(object, around);
    // The rest of a line that the runtime cut is in the next one.
    if (typeof content !== 'string' || takeCut(around.fields)) return null;
    const line = content.slice(0, trimmedEnd(content, 0));
    const key = Object.keys(object).find((name) => object[name] === content || object[name] === `${content}\n`);
    const records = key === undefined ? null : this.apart({ line, source }, depth + 1);
    if (key === undefined || records === null) return null;
    const { [key]: text, ...beside } = object;
    const isEnded = (text as string).charCodeAt((text as string).length - 1) === lineFeedCode;
    if (key === 'log' && !isEnded && 'stream' in object && !('kubernetes' in object)) return null;
    const behind = `,${JSON.stringify(beside).slice(1)}`;
    return records.map((record) => {
      const wrapped = `{${JSON.stringify(key)}:${JSON.stringify(isEnded ? `${record.line}\n` : record.line)}${behind}`;
      return this.#wrapped({ line: wrapped, source: record.source });
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

  /** A record that may be packed itself. */
  #each(record: SourcedLine, depth: number): readonly SourcedLine[] {
    return this.apart(record, depth + 1) ?? this.#leaf(record);
  }

  /** A record that is not packed, or nothing when there are too many. */
  #leaf(record: SourcedLine): readonly SourcedLine[] {
    if (++this.#records > this.#bounds.maxRecords) {
      this.#beyond.push(record.line);
      return [];
    }
    return [this.#wrapped(record)];
  }

  /** A record with what is around it. */
  #wrapped(record: SourcedLine): SourcedLine {
    const { maxCharacters } = this.#bounds;
    this.#characters += record.line.length;
    if (this.#characters > maxCharacters) {
      throw new BeyondBounds(`records of more than ${maxCharacters} characters on one line`);
    }
    return record;
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

/** Why a piece between records is an event without a level. */
const notWhole = 'no whole record';

/** A line that is not taken apart, as one event. */
const keptTogether = (line: string, reason: string): string =>
  JSON.stringify({ message: line, 'event.reason': reason });

/** Where an envelope notes what is not asked for here. */
const scratch = (): Wrapping => newWrapping(new TimestampScanner('UTC'));

/** More came out of a line than may. */
class BeyondBounds extends Error {}

/** One of these is in every batch and in every envelope around a packed line. */
const batchWords = [...batchKeys.map((key) => `"${key}"`), '"{', '"['];
