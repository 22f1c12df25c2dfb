import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ElasticsearchOptions, elasticsearch } from '../../../connectors/elasticsearch/elasticsearch.ts';
import type { Ports } from '../../../graph/connector.ts';
import { encodeRows } from '../../../runtime/commit/outputs.ts';
import type { Passing } from '../../support/search-gateway.ts';
import {
  actionsIn,
  byId,
  day,
  fresh,
  gatewayTo,
  html,
  lane,
  type Order,
  orders,
} from '../../support/search-workplace.ts';
import {
  ask,
  canHave,
  documentsOf,
  type Product,
  type SearchServer,
  searchServer,
} from '../../support/servers/elasticsearch.ts';

const products: readonly Product[] = ['elasticsearch', 'opensearch'];
describe.each(products)('on %s', (product) => {
  describe.skipIf(!canHave(product))('a real server', () => {
    let server: SearchServer;
    beforeAll(async () => {
      server = await searchServer(product);
    });
    afterAll(() => server?.stop());

    test('a chunk that is delivered twice is there once, with and without names of its own', async () => {
      const { id: _, ...unnamed } = byId(server.url);
      for (const options of [byId(server.url), unnamed]) {
        const { index, writer, chunkOf } = await fresh(options);
        const chunk = chunkOf(orders(250));
        for (const n of [1, 2]) expect([n, await writer.insert(chunk, { rows: 250, token: 'chunk' })]).toEqual([n, []]);
        expect(Object.keys(await documentsOf(server.url, index))).toHaveLength(250);
      }
    });

    test('a later revision replaces a document, an earlier one does not, and a retraction takes it away', async () => {
      const options = byId(server.url);
      const { index, writer, chunkOf } = await fresh(options);
      const write = (amount: number, first: number, deleted = false) =>
        writer.insert(chunkOf([{ id: 'o', amount }], { first, deleted }), { rows: 1, token: `${amount}/${first}` });
      await write(1, 7);
      await write(2, 9);
      expect(await write(3, 8)).toEqual([]);
      expect(await documentsOf(server.url, index)).toEqual({ o: { amount: 2 } });
      await write(2, 10, true);
      expect(await write(4, 9)).toEqual([]);
      expect(await write(2, 10, true)).toEqual([]);
      expect(await documentsOf(server.url, index)).toEqual({});
    });

    test('a document against the mapping becomes a dead letter with the reason, the others arrive', async () => {
      const options = byId(server.url);
      const { index, writer, chunkOf } = await fresh(options);
      const { deliver, letters } = await lane(writer);
      const values = orders(1_000).map((order, i) => (i === 400 ? { ...order, amount: 'many' } : order));
      const chunk = chunkOf(values);
      await deliver(chunk, 'chunk');
      await deliver(chunk, 'chunk');
      expect(Object.keys(await documentsOf(server.url, index))).toHaveLength(999);
      const [letter, ...others] = await letters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ id: 'chunk.400', detail: expect.stringContaining('many') });
      expect(letter!['sample']).toContain('"_id":"o400"');
    });

    test('of what is answered with 429 only that is sent again, with growing pauses', async () => {
      const requests: number[] = [];
      const pauses: number[] = [];
      const url = await gatewayTo(server.url, async ({ body, pass }) => {
        requests.push(actionsIn(body).length);
        if (requests.length <= 2) return new Response('{}', { status: 429 });
        return requests.length <= 4 ? everyTenthRefused(body, pass) : undefined;
      });
      const options = byId(url);
      const { index, writer, chunkOf } = await fresh(options);
      const { deliver, letters } = await lane(writer, (ms) => void pauses.push(ms));
      await deliver(chunkOf(orders(100)), 'chunk');
      expect(requests).toEqual([100, 100, 100, 10, 1]);
      expect(pauses).toEqual([100, 200, 400, 800]);
      expect(Object.keys(await documentsOf(server.url, index))).toHaveLength(100);
      expect(await letters()).toEqual([]);
    });

    test('an index that is blocked is waited for, one that is closed is an error', async () => {
      const options = byId(server.url);
      const { index, writer, chunkOf } = await fresh(options);
      const write = async (count: number) =>
        writer.insert(chunkOf(orders(count)), { rows: count, token: `chunk of ${count}` });
      const block = (on: boolean) =>
        ask(`${server.url}/${index}-2026.01.29/_settings`, 'PUT', { 'index.blocks.write': on });
      await write(1);
      await block(true);
      await expect(write(2)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
      await block(false);
      await write(2);
      await ask(`${server.url}/${index}-2026.01.29/_close`, 'POST');
      await expect(write(3)).rejects.toMatchObject({ code: 'SEARCH_REFUSED' });
    });

    test('a chunk goes in requests of a few megabytes, smaller ones before a gateway that takes less', async () => {
      const sizes: number[] = [];
      const url = await gatewayTo(server.url, ({ body }) => {
        sizes.push(actionsIn(body).length);
        return body.length > 2_500_000 ? new Response('<html>', { status: 413, headers: html }) : undefined;
      });
      const options: ElasticsearchOptions<Order> = { ...byId(url), template: { mappings: { dynamic: false } } };
      const { index, writer, chunkOf } = await fresh(options);
      const { deliver, letters } = await lane(writer);
      const values = [1, 1, 1, 3, 1].map((size, i) => ({ id: `o${i}`, amount: 'x'.repeat(size * 1_100_000) }));
      await deliver(chunkOf(values), 'chunk');
      expect(sizes).toEqual([3, 1, 2, 1, 1]);
      expect(Object.keys(await documentsOf(server.url, index))).toEqual(['o0', 'o1', 'o2', 'o4']);
      expect(await letters()).toMatchObject([{ id: 'chunk.3', detail: expect.stringContaining('larger') }]);
    });

    test('the past can be dropped: each day has an index, and all are found under one name', async () => {
      const { row, open } = elasticsearch<number>('days', { node: server.url, document: (n) => ({ n }) });
      const times = [day - 1, day, day + 1, Number.NaN, -1, 1e18];
      const rows = times.map((time, n) => ({ open: JSON.stringify(row(n, time)).slice(0, -1), deleted: false }));
      const writer = open({} as Ports);
      await writer.ensure();
      const how = { lane: 'search', task: 'all', generation: 1, epoch: 0, first: 0 };
      await writer.insert(encodeRows(rows, how), { rows: rows.length, token: 'chunk' });
      const indices = Object.keys(await ask(`${server.url}/days/_alias`)).sort();
      expect(indices).toEqual(['days-2026.01.28', 'days-2026.01.29', 'days-undated']);
      expect(Object.keys(await documentsOf(server.url, 'days'))).toHaveLength(6);
    });

    test('a server that goes away is waited for, and what it had been sent is there once', async (context) => {
      const { kill, start } = server;
      if (product !== 'elasticsearch' || kill === undefined || start === undefined) return context.skip();
      const options = byId(server.url);
      const { index, writer, chunkOf } = await fresh(options);
      let pauses = 0;
      const { deliver } = await lane(writer, async () => {
        if (++pauses === 3) await start();
      });
      await deliver(chunkOf(orders(100)), 'first');
      await kill();
      await deliver(chunkOf(orders(200), { first: 100 }), 'second');
      expect(pauses).toBeGreaterThanOrEqual(3);
      expect(Object.keys(await documentsOf(server.url, index))).toHaveLength(200);
    });
  });
});

/** Lets the server have nine of ten actions, and says of the others that there was no room for them. */
async function everyTenthRefused(body: string, pass: Passing['pass']): Promise<Response> {
  const actions = body.trimEnd().split(/\n(?=\{"index":)/);
  const passed = actions.filter((_, i) => i % 10 !== 0);
  const answer = passed.length === 0 ? { items: [] } : await (await pass(`${passed.join('\n')}\n`)).json();
  const { items } = answer as { readonly items: unknown[] };
  const error = { type: 'es_rejected_execution_exception', reason: 'rejected execution' };
  const all = actions.map((_, i) => (i % 10 === 0 ? { index: { status: 429, error } } : items.shift()));
  return Response.json({ errors: true, items: all });
}

test.each([
  ['Shop', {}, 'index'],
  ['shop*', {}, 'index'],
  ['shop', { deletes: () => true }, 'id'],
])('elasticsearch(%j, %o) is refused when the job is built', (index, more, option) => {
  const make = () => elasticsearch<number>(index, { node: 'http://127.0.0.1:9', document: (n) => ({ n }), ...more });
  expect(make).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', detail: expect.objectContaining({ option }) }),
  );
});
