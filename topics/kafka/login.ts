/** Logging in to a broker by SASL, on a connection that has just been opened. */
import { randomBytes } from 'node:crypto';
import { MillraceError } from '../../errors.ts';
import type { Sasl, SaslMechanism } from './options.ts';
import type { Api } from './protocol/api.ts';
import { code, nameOf } from './protocol/codes.ts';
import { plainMessage, saslAuthenticate, saslHandshake } from './protocol/sasl.ts';
import { checkScramProof, type ScramOptions, scramAnswer, scramFirst } from './protocol/scram.ts';

const hashes = { 'scram-sha-256': 'sha256', 'scram-sha-512': 'sha512' } as const;

/** What logging in needs of a connection. */
interface Broker {
  readonly address: string;
  request<Q, R>(api: Api<Q, R>, request: Q): Promise<R>;
}

/** The mechanism's registered name. */
export function registeredName(mechanism: SaslMechanism): string {
  return mechanism.toUpperCase();
}

/** Errors name the user, never the password: KAFKA_REFUSED, KAFKA_UNTRUSTED, KAFKA_UNREACHABLE. */
export async function login(connection: Broker, { mechanism, username, password }: Sasl): Promise<void> {
  const broker = connection.address;
  const refusal = (reason: string) => {
    const request = `the login of user '${username}' by ${registeredName(mechanism)}`;
    return new MillraceError('KAFKA_REFUSED', { broker, request, reason });
  };
  const { error, mechanisms } = await connection.request(saslHandshake, { mechanism: registeredName(mechanism) });
  if (error !== code.none) throw refusal(`it offers ${mechanisms.join(', ')}`);
  const exchange = async (bytes: Buffer) => {
    const answer = await connection.request(saslAuthenticate, { bytes });
    if (answer.error !== code.none) throw refusal(answer.message ?? nameOf(answer.error));
    return answer.bytes;
  };
  if (mechanism === 'plain') {
    await exchange(plainMessage(username, password));
    return;
  }
  const nonce = randomBytes(24).toString('base64');
  const distrust = (reason: string) => new MillraceError('KAFKA_UNTRUSTED', { broker, reason });
  const options: ScramOptions = { hash: hashes[mechanism], username, password, nonce, distrust };
  const { message, proof } = await scramAnswer(options, await exchange(scramFirst(options)));
  checkScramProof(await exchange(message), proof, distrust);
}
