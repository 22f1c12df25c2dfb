/**
 * Inputs beside lines as sources: a record of a topic, or a line of a file, holds one element or many. What of it can't
 * be read becomes a dead letter of the source, with a code and the reason; the others are read.
 */
import { type RecordCodec, type SourceSpec, type Time, topic } from 'millrace';
import { firstTime, Intake } from '../signals/inputs/intake.ts';
import type { InputKind } from '../signals/inputs/kinds.ts';
import { type Batch, mapBatches } from './map-batches.ts';

/** A record or a line, and when it came. */
export interface InputBody {
  readonly body: Uint8Array | string;
  readonly time: Time;
}

/** The elements of the topic that is called as its kind. */
export const inputTopic = <T extends { readonly time: Time }>(kind: InputKind<T>): SourceSpec<T> =>
  elementsOf(
    topic<InputBody>(kind.name, { codec: bodies, place: (found, { timestamp: time }) => ({ ...found, time }) }),
    kind,
  );

const bodies: RecordCodec<InputBody> = {
  name: 'bodies',
  // hot: the codec's contract, called per record.
  decode: (bytes, start, end) => ({ body: bytes.subarray(start, end), time: Number.NaN }),
  encode: ({ body }) => (typeof body === 'string' ? Buffer.from(body) : body),
};

/** The elements in the bodies of a source. */
export const elementsOf = <T extends { readonly time: Time }>(
  source: SourceSpec<InputBody>,
  kind: InputKind<T>,
): SourceSpec<T> => mapBatches(source, (batch) => ({ ...batch, ...elements(batch, kind) }));

function elements<T extends { readonly time: Time }>(
  { values: bodies, refused: unread }: Batch<InputBody>,
  { name, read, ahead }: InputKind<T>,
): Pick<Batch<T>, 'values' | 'times' | 'refused'> {
  const values: T[] = [];
  const refused = [...unread];
  for (const { body, time } of bodies) {
    // Who sends does not always say when; then no time is too far ahead.
    const intake = new Intake<T>(name, time >= firstTime ? time : Number.POSITIVE_INFINITY, ahead);
    read(body, intake);
    for (const record of intake.records) values.push(record);
    for (const { reason, count } of intake.refused) {
      const alike = count === 1 ? '' : `; ${count} elements alike`;
      refused.push({ reason: `${reason}${alike}`, sample: sampleOf(body), time });
    }
  }
  return { values, times: Float64Array.from(values, ({ time }) => time), refused };
}

const mostSampled = 1_024;
const sampleOf = (body: Uint8Array | string): string =>
  (typeof body === 'string'
    ? body.slice(0, mostSampled)
    : Buffer.from(body.subarray(0, mostSampled)).toString('utf8')
  ).toWellFormed();
