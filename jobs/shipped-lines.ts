/** Lines as shippers leave them in a topic, for both jobs. */
import { type Place, type RecordCodec, type SourceSpec, text, topic } from 'millrace';
import { isRawLine, type RawLine } from '../logs/lines/raw-line.ts';
import { shippedLine } from '../logs/lines/shipped-line.ts';

/** The topic that shippers fill. */
export const logTopic = { name: 'logs', comment: 'Log lines as their shippers send them' } as const;

/** A line with its place in a topic, which identifies it however often it is read. */
export interface PlacedLine extends RawLine {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Its number within its record. */
  readonly index: number;
}

/**
 * The lines of a topic, whatever ships them: a record holds one or many, each a line as a program wrote it, a shipper's
 * JSON around one, or `{ "line", "source", "time" }`. Where a line does not say what stream it is from, the record's
 * key does, or else its partition; where it does not say when it was taken in, the record's timestamp.
 */
export function shippedLines(name: string): SourceSpec<PlacedLine> {
  return topic<PlacedLine>(name, { codec: lines, packed: true, place: placed });
}

const lines: RecordCodec<PlacedLine> = {
  name: 'shipped lines',
  // hot: the codec's contract, called per record.
  decode(bytes, start, end, ascii) {
    const line = text.decode(bytes, start, end, ascii);
    return { line, source: '', time: Number.NaN, topic: '', partition: 0, offset: 0, index: 0 };
  },
  encode: ({ line, source, time }) => text.encode(JSON.stringify({ line, source, time })),
};

function placed(
  { line }: PlacedLine,
  { topic: name, partition, offset, line: index, key, timestamp }: Place,
): PlacedLine {
  const raw = line.startsWith(rawBeginning) ? rawLine(line) : undefined;
  const origin = `${name}-${partition}`;
  const source = key === null ? origin : Buffer.from(key).toString('utf8');
  const from = raw ?? shippedLine({ line, source, time: timestamp });
  return { line: from.line, source: from.source, time: from.time, origin, topic: name, partition, offset, index };
}

const rawBeginning = '{"line":';

/** A line that was wrapped as Millrace wraps them; undefined for anything else. */
function rawLine(text: string): RawLine | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isRawLine(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
