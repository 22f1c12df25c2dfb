/** SASL over Kafka's own framing (KIP-43, KIP-152). */
import type { Api } from './api.ts';

export const saslHandshake: Api<
  { readonly mechanism: string },
  { readonly error: number; readonly mechanisms: readonly string[] }
> = {
  key: 17,
  name: 'SaslHandshake',
  versions: [1, 1],
  rigid: true,
  write: (to, { mechanism }) => to.plainString(mechanism),
  read(from) {
    const error = from.int16();
    const mechanisms = Array.from({ length: from.int32() }, () => {
      const length = from.int16();
      from.at += length;
      return from.bytes.toString('utf8', from.at - length, from.at);
    });
    return { error, mechanisms };
  },
};

export const saslAuthenticate: Api<
  { readonly bytes: Uint8Array },
  { readonly error: number; readonly message: string | undefined; readonly bytes: Buffer }
> = {
  key: 36,
  name: 'SaslAuthenticate',
  versions: [2, 2],
  write: (to, { bytes }) => to.blob(bytes).tags(),
  read: (from) => ({ error: from.int16(), message: from.nullableString(), bytes: from.blob() }),
};

/** The one message of the mechanism PLAIN (RFC 4616): the password as it is. */
export function plainMessage(username: string, password: string): Buffer {
  return Buffer.from(`\0${username}\0${password}`, 'utf8');
}
