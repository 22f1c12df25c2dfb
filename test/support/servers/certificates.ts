/**
 * Certificates for tests, made here because no tool that makes them is sure to be there: X.509 version 3 (RFC 5280) in
 * DER (X.690), with keys on the curve P-256.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate for these hosts, names or IPv4 addresses; none are needed for a client's. */
  issue(name: string, hosts?: readonly string[]): Certificate;
}

/** A new authority, which no client trusts yet. */
export function authority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = { issuer: name, signingKey: keys.privateKey };
  const isAuthority = extension('2.5.29.19', der(0x30, der(0x01, Buffer.of(0xff))));
  return {
    ...certificate({ ...signer, subject: name, keys, extensions: [isAuthority] }),
    issue(subject, hosts = []) {
      const names = hosts.map((host) =>
        isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
      );
      const extensions = hosts.length === 0 ? [] : [extension('2.5.29.17', der(0x30, ...names))];
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return certificate({ ...signer, subject, keys: own, extensions });
    },
  };
}

let serial = 0;

function certificate({
  issuer,
  signingKey,
  subject,
  keys,
  extensions,
}: {
  readonly issuer: string;
  readonly signingKey: KeyObject;
  readonly subject: string;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly extensions: readonly Buffer[];
}): Certificate {
  const algorithm = der(0x30, oid('1.2.840.10045.4.3.2'));
  const times = ['200101000000Z', '491231235959Z'].map((time) => der(0x17, Buffer.from(time)));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(++serial)),
    algorithm,
    nameOf(issuer),
    der(0x30, ...times),
    nameOf(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, der(0x30, ...extensions))]),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', body, signingKey));
  const base64 = der(0x30, body, algorithm, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

const nameOf = (commonName: string): Buffer =>
  der(0x30, der(0x31, der(0x30, oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));

const extension = (id: string, value: Buffer): Buffer => der(0x30, oid(id), der(0x04, value));

/** A tag, the length of what it holds, and that. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const sevens = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return der(0x06, Buffer.of(first! * 40 + second!, ...bytes));
}
