import { describe, expect, test } from 'vitest';
import { checkScramProof, type ScramOptions, scramAnswer, scramFirst } from '../../../topics/kafka/protocol/scram.ts';

const distrust = (reason: string) => new Error(reason);

/** The example of RFC 7677, section 3. */
const rfc: ScramOptions = {
  hash: 'sha256',
  username: 'user',
  password: 'pencil',
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  distrust,
};
const theirs = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const challenge = `r=${theirs},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const serverFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

const answer = (text: string, rest: Partial<ScramOptions> = {}) => scramAnswer({ ...rfc, ...rest }, Buffer.from(text));

describe('SCRAM', () => {
  test('says what the example of RFC 7677 says, and takes its server for honest', async () => {
    expect(scramFirst(rfc).toString()).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    const { message, proof } = await answer(challenge);
    expect(message.toString()).toBe(`c=biws,r=${theirs},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`);
    expect(() => checkScramProof(Buffer.from(serverFinal), proof, distrust)).not.toThrow();
  });

  test.each([
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95H4=',
    'v=6rriTRBi23WpRR',
    'v=',
    '',
    'e=other-error',
    `x=1,${serverFinal}`,
  ])('a server that says %j at the end is refused', async (said) => {
    const { proof } = await answer(challenge);
    const check = () => checkScramProof(Buffer.from(said), proof, distrust);
    expect(check).toThrow('it could not prove that it knows the password');
  });

  test('the proof of a server that knows another password is refused', async () => {
    const { proof } = await answer(challenge, { password: 'pencils' });
    expect(() => checkScramProof(Buffer.from(serverFinal), proof, distrust)).toThrow('could not prove');
  });

  test.each([
    ['of another exchange', challenge.replace('rOprNGfwEbeRWgbNEkqO', 'rOprNGfwEbeRWgbNEkqP'), 'its nonce'],
    ['without a nonce of its own', challenge.replace(theirs, rfc.nonce), 'its nonce'],
    ['of cheap iterations', challenge.replace('4096', '4095'), 'it asks for 4095 iterations'],
    ['of endless iterations', challenge.replace('4096', '1000001'), 'it asks for 1000001 iterations'],
    ['of no number', challenge.replace('4096', '1e9'), 'its challenge'],
    ['of a number without bounds', challenge.replace('4096', '9'.repeat(40)), 'its challenge'],
    ['with an extension that must be understood', `m=x,${challenge}`, 'its challenge'],
    ['without salt', challenge.replace('s=W22ZaJ0SNY7soEsUEjb6gQ==,', ''), 'its challenge'],
    ['that is an error', 'e=unknown-user', 'its challenge'],
    ['of nothing', '', 'its challenge'],
  ])('a challenge %s is refused before anything is derived', async (_, text, reason) => {
    await expect(answer(text)).rejects.toThrow(reason);
  });

  test('an extension behind the iterations is passed over, and signed', async () => {
    const [plain, extended] = [await answer(challenge), await answer(`${challenge},x=1`)];
    expect(extended.proof).not.toEqual(plain.proof);
  });

  test('commas and equals signs of a name are written so that they end nothing', () => {
    expect(scramFirst({ username: 'a=b,c=2C', nonce: 'n' }).toString()).toBe('n,,n=a=3Db=2Cc=3D2C,r=n');
  });

  test('SHA-512 proves with 64 bytes', async () => {
    const { message, proof } = await answer(challenge, { hash: 'sha512' });
    expect(proof.length).toBe(64);
    expect(Buffer.from(message.toString().split(',p=')[1]!, 'base64').length).toBe(64);
  });
});
