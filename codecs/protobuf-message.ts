/**
 * Descriptions of messages of Protocol Buffers: their fields by number, with the names that JSON has for them.
 */

/** What a field holds, and so how it is written. */
export type Scalar =
  | 'text'
  /** Bytes, as lower-case hexadecimal digits. */
  | 'hex'
  | 'bool'
  /** Of 64 bits, as text where a number can't hold it; also enumerations. */
  | 'int'
  /** Zigzag. */
  | 'sint'
  | 'double'
  /** A double; null for the bits with which Prometheus ends a series. */
  | 'sample'
  | 'fixed64'
  /** Nanoseconds in 64 bits without the last three digits, which a number can't hold. */
  | 'nanos'
  | 'sfixed64'
  | 'fixed32';

/** A field of a message. */
export interface Field {
  readonly name: string;
  readonly is: Scalar | (() => Message);
  /** It may come many times, and is a list. */
  readonly many: boolean;
  /** The same run of it comes with many messages. */
  readonly again: boolean;
}

/** A message: its fields by number. */
export interface Message {
  readonly fields: readonly (Field | undefined)[];
  /** It is read as what its last field holds. */
  readonly bare: boolean;
}

/** A message of fields by number. A name that ends in `[]` is a list, in `[]!` one of which the same run comes again. */
export function message(fields: Readonly<Record<number, readonly [string, Field['is']]>>, bare = false): Message {
  const list: (Field | undefined)[] = [];
  for (const [number, [name, is]] of Object.entries(fields)) {
    const cut = name.indexOf('[]');
    const many = cut > 0;
    list[Number(number)] = { name: many ? name.slice(0, cut) : name, is, many, again: name.endsWith('!') };
  }
  return { fields: Array.from(list), bare };
}

/** Which wire type a scalar has. */
export const wireOf: Readonly<Record<Scalar, number>> = {
  int: 0,
  bool: 0,
  sint: 0,
  double: 1,
  sample: 1,
  fixed64: 1,
  nanos: 1,
  sfixed64: 1,
  text: 2,
  hex: 2,
  fixed32: 5,
};
