import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { elasticsearch } from '../../../connectors/elasticsearch/elasticsearch.ts';
import type { Ports } from '../../../graph/connector.ts';
import { gateway } from '../../support/search-gateway.ts';
import { actionsIn, byId, chunksFor, gatewayTo, lane, orders } from '../../support/search-workplace.ts';

const chunkOf = chunksFor('shop', byId('http://127.0.0.1:9'));
const refusing = async (url: string) => {
  const writer = elasticsearch('shop', { node: url, document: () => ({}) }).open({} as Ports);
  return writer.insert(chunkOf(orders(1)), { rows: 1, token: 'chunk' }).catch((error: unknown) => error);
};

test('a password is sent, and one that is wrong is an error that says where', async () => {
  const seen: (string | undefined)[] = [];
  const url = await gatewayTo('', ({ request }) => {
    seen.push(request.headers.authorization);
    return new Response('{"error":{"type":"security_exception","reason":"no"},"status":401}', { status: 401 });
  });
  for (const auth of [{ username: 'mira', password: 'secret' }, { apiKey: 'a2V5' }]) {
    const writer = elasticsearch('shop', { node: url, auth, document: () => ({}) }).open({} as Ports);
    const sent = writer.insert(chunkOf(orders(1)), { rows: 1, token: 'chunk' });
    await expect(sent).rejects.toMatchObject({ code: 'SEARCH_REFUSED', detail: { address: new URL(url).host } });
  }
  expect(seen).toEqual([`Basic ${Buffer.from('mira:secret').toString('base64')}`, 'ApiKey a2V5']);
});

test('documents that are refused one by one become dead letters, once, also when told twice', async () => {
  const url = await gatewayTo('', ({ body }) => {
    const error = {
      type: 'mapper_parsing_exception',
      reason: 'failed to parse',
      caused_by: { type: 'x', reason: 'y' },
    };
    const items = actionsIn(body).map((_, i) => ({ index: i % 2 === 0 ? { status: 201 } : { status: 400, error } }));
    return Response.json({ errors: true, items });
  });
  const writer = elasticsearch('shop', byId(url)).open({} as Ports);
  const { deliver, letters } = await lane(writer);
  for (const n of [1, 2]) {
    await deliver(chunkOf(orders(5)), 'chunk');
    expect([n, (await letters()).map(({ id }) => id)]).toEqual([n, ['chunk.1', 'chunk.3']]);
  }
  expect(await letters()).toMatchObject(Array(2).fill({ detail: 'mapper_parsing_exception: failed to parse (y)' }));
});

test('no server, too much at once and a failing gateway leave the outcome unknown', async () => {
  expect(await refusing('http://127.0.0.1:9')).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  for (const status of [429, 502, 503]) {
    const url = await gatewayTo('', () => new Response('{}', { status }));
    expect([status, await refusing(url)]).toEqual([status, expect.objectContaining({ code: 'OUTCOME_UNKNOWN' })]);
  }
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
test.skipIf(!hasOpenssl)('over https only a server of the given authority is trusted', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-search-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
    stdio: 'ignore',
  });
  const ca = readFileSync(cert, 'utf8');
  const well = () => Response.json({ errors: false, items: [] });
  const { port, close } = await gateway('', well, (listener) =>
    createSecureServer({ key: readFileSync(key), cert: ca }, listener),
  );
  onTestFinished(close);
  const node = `https://127.0.0.1:${port}`;
  const write = (tls?: { readonly ca: string }) => {
    const options = { node, document: () => ({}), ...(tls === undefined ? {} : { tls }) };
    const writer = elasticsearch('shop', options).open({} as Ports);
    return writer.insert(chunkOf(orders(1)), { rows: 1, token: 'chunk' });
  };
  await expect(write()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  expect(await write({ ca })).toEqual([]);
});
