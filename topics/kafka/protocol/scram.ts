/**
 * The client's side of SCRAM (RFC 5802, with SHA-256 by RFC 7677): both sides prove that they know the password, and
 * neither sends it. There is no channel binding, which Kafka lacks.
 *
 * Names and passwords are taken as UTF-8 just as they are given. SASLprep (RFC 4013), which would first make equal what
 * only looks equal, is not applied: Kafka's tools and librdkafka do not apply it either, and would send other bytes
 * than we do.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** One exchange, from the first message to the server's proof. */
export interface ScramOptions {
  readonly hash: 'sha256' | 'sha512';
  readonly username: string;
  readonly password: string;
  /** What makes this exchange another than all before: unpredictable, printable, without commas. */
  readonly nonce: string;
  /** The error to be thrown when the server sends what an honest one would not. */
  distrust(reason: string): Error;
}

/** What the client answers, and the one message of the server that proves that it knows the password as well. */
export interface ScramAnswer {
  readonly message: Buffer;
  readonly proof: Buffer;
}

/** RFC 7677 asks for no fewer; an attacker that poses as the server would choose a number that makes guessing cheap. */
const fewestIterations = 4_096;
/** Kafka stores at most 16,384; more than this would only keep this machine busy. */
const mostIterations = 1_000_000;

const derive = promisify(pbkdf2);

/** The client's first message. */
export function scramFirst({ username, nonce }: Pick<ScramOptions, 'username' | 'nonce'>): Buffer {
  return Buffer.from(`n,,${bare(username, nonce)}`);
}

/** The answer to the server's first message. Errors: those of `distrust`. */
export async function scramAnswer(options: ScramOptions, serverFirst: Buffer): Promise<ScramAnswer> {
  const { hash, username, password, nonce, distrust } = options;
  const text = serverFirst.toString('utf8');
  const { theirs, salt, iterations } = challengeOf(text, distrust);
  if (!theirs.startsWith(nonce) || theirs.length === nonce.length) throw distrust('its nonce does not go on from ours');
  if (iterations < fewestIterations || iterations > mostIterations) {
    throw distrust(`it asks for ${iterations} iterations, not ${fewestIterations} to ${mostIterations}`);
  }
  const length = hash === 'sha256' ? 32 : 64;
  const salted = await derive(password, salt, iterations, length, hash);
  const sign = (key: Buffer, what: string) => createHmac(hash, key).update(what).digest();
  const withoutProof = `c=${Buffer.from('n,,').toString('base64')},r=${theirs}`;
  const all = `${bare(username, nonce)},${text},${withoutProof}`;
  const clientKey = sign(salted, 'Client Key');
  const signature = sign(createHash(hash).update(clientKey).digest(), all);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64');
  return { message: Buffer.from(`${withoutProof},p=${proof}`), proof: sign(sign(salted, 'Server Key'), all) };
}

/** Looks at the server's last message. Errors: those of `distrust`, unless it holds the proof. */
export function checkScramProof(serverFinal: Buffer, proof: Buffer, distrust: ScramOptions['distrust']): void {
  const [, given = ''] = /^v=([^,]*)/.exec(serverFinal.toString('utf8')) ?? [];
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length !== proof.length || !timingSafeEqual(bytes, proof)) {
    throw distrust('it could not prove that it knows the password');
  }
}

function challengeOf(
  text: string,
  distrust: ScramOptions['distrust'],
): { readonly theirs: string; readonly salt: Buffer; readonly iterations: number } {
  // An attribute before these, `m=`, would be one that must be understood.
  const [, theirs, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d{1,10})(?:,|$)/.exec(text) ?? [];
  if (theirs === undefined) throw distrust('its challenge is not one of SCRAM');
  return { theirs, salt: Buffer.from(salt!, 'base64'), iterations: Number(iterations) };
}

function bare(username: string, nonce: string): string {
  return `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
}
