/**
 * How record bytes become values and back. A decoder is handed the whole columnar batch's buffer and a range, so that
 * nothing is copied for records that are skipped or read in place.
 */
import { jsonText } from '../../codecs/json-text.ts';

/** Reads one record's bytes. Throws on bytes it can't read; the record then becomes a dead letter. */
export interface Decoder<T> {
  readonly name: string;
  /** `ascii`: the whole buffer is ASCII, so latin1 reads it right and faster. */
  // hot: once per record.
  decode(bytes: Buffer, start: number, end: number, ascii: boolean): T;
}

/** Writes one record's bytes. */
export interface Encoder<T> {
  encode(value: T): Uint8Array;
}

/** Both ways. */
export interface RecordCodec<T> extends Decoder<T>, Encoder<T> {}

/** Text in UTF-8; malformed bytes become U+FFFD. */
export const text: RecordCodec<string> = {
  name: 'text',
  // hot: once per record.
  decode(bytes, start, end, ascii) {
    return bytes.toString(ascii ? 'latin1' : 'utf8', start, end);
  },
  encode: (value) => Buffer.from(value, 'utf8'),
};

/** JSON in UTF-8. The type is the author's word: what was parsed is not checked. */
export function jsonRecord<T>(): RecordCodec<T> {
  return {
    name: 'json',
    // hot: once per record.
    decode(bytes, start, end, ascii) {
      return JSON.parse(text.decode(bytes, start, end, ascii)) as T;
    },
    encode(value) {
      const text = jsonText(value, 'a record of JSON');
      if (text === undefined) throw new TypeError(`JSON has nothing for ${typeof value}`);
      return Buffer.from(text, 'utf8');
    },
  };
}
