/**
 * TLS for our own connections and for librdkafka's: the same authorities, a broker always verified, and whether a
 * failure was the broker's refusal or ours.
 */
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, rootCertificates, type TLSSocket } from 'node:tls';
import { MillraceError, reasonOf } from '../../errors.ts';
import type { KafkaOptions } from './options.ts';

/** Whether connections can be made with these texts, before the first is tried. Errors: OPTION_INVALID. */
export function checkTls(tls: KafkaOptions['tls']): void {
  if (typeof tls !== 'object') return;
  const refuse = (got: string, cause?: unknown) => {
    const detail = { option: 'tls', owner: 'the connection to Kafka', got };
    return new MillraceError('OPTION_INVALID', { ...detail, expected: 'certificates and their key in PEM' }, { cause });
  };
  if ((tls.cert === undefined) !== (tls.key === undefined)) throw refuse('a certificate or a key without the other');
  // An authority that can't be read would be passed over, and every broker distrusted.
  if (tls.ca !== undefined && !isCertificate(tls.ca)) throw refuse('authorities without a certificate in them');
  try {
    createSecureContext({ ...tls });
  } catch (cause) {
    throw refuse(`unusable (${reasonOf(cause)})`, cause);
  }
}

/** Whether a text in PEM holds a certificate. */
export function isCertificate(text: string): boolean {
  return text.includes('-----BEGIN CERTIFICATE-----');
}

/** What a socket to `host` needs. A name is sent to the broker beforehand (SNI), an address must not be (RFC 6066). */
export function socketOptions(tls: KafkaOptions['tls'], host: string): ConnectionOptions {
  return { ...(typeof tls === 'object' ? tls : {}), ...(isIP(host) === 0 ? { servername: host } : {}) };
}

/** The same for librdkafka. It would look for the system's authorities, which images of containers often lack. */
export function nativeTls(tls: KafkaOptions['tls']): Readonly<Record<string, string>> {
  if (!tls) return {};
  const { ca = rootCertificates.join('\n'), cert, key, passphrase } = typeof tls === 'object' ? tls : {};
  return {
    'ssl.ca.pem': ca,
    ...(cert === undefined ? {} : { 'ssl.certificate.pem': cert }),
    ...(key === undefined ? {} : { 'ssl.key.pem': key }),
    ...(passphrase === undefined ? {} : { 'ssl.key.password': passphrase }),
  };
}

/** What a failure of a socket means that no repetition cures; undefined for all others. */
export function tlsRefusal(broker: string, socket: TLSSocket, error: NodeJS.ErrnoException): MillraceError | undefined {
  // Set when this side ended the connection, after it checked the certificate.
  if (socket.authorizationError) {
    return new MillraceError('KAFKA_UNTRUSTED', { broker, reason: distrust(error) }, { cause: error });
  }
  if (!/^ERR_SSL_.*ALERT.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/.test(error.code ?? '')) return undefined;
  const reason = `${error.code}; does it ask for a client certificate of an authority that it knows?`;
  return new MillraceError('KAFKA_REFUSED', { broker, request: 'the TLS handshake', reason }, { cause: error });
}

const unknownSigners = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function distrust({ code = '', message }: NodeJS.ErrnoException): string {
  if (unknownSigners.has(code)) return `its certificate is signed by an authority that is not known here (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another host (${message})`;
  return `its certificate is not valid (${message})`;
}
