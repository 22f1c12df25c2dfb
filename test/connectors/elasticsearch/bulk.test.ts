import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionsOf, type BulkItem, fateOf } from '../../../connectors/elasticsearch/bulk.ts';
import { elasticsearch } from '../../../connectors/elasticsearch/elasticsearch.ts';
import { encodeRows } from '../../../runtime/commit/outputs.ts';

const how = { lane: 'search', task: 'all', generation: 1, epoch: 3, first: 0 };
/** A chunk as the runtime makes it. */
const chunkOf = (rows: readonly unknown[], deleted = false) =>
  encodeRows(
    rows.map((row) => ({ open: JSON.stringify(row).slice(0, -1), deleted })),
    how,
  );

test('whatever a name and a document hold, they reach the request unharmed', () => {
  const traps = fc.constantFrom(',"document":', ',"revision":1,"is_deleted":1}', ',"_id":"x"', '"', '\\', '\n', '}');
  const text = fc.array(fc.oneof(traps, fc.string())).map((parts) => parts.join(''));
  const document = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.dictionary(text, text)));
  fc.assert(
    fc.property(text, document, (id, value) => {
      const { row } = elasticsearch<typeof value>('shop', { node: 'http://x', id: () => id, document: (v) => v });
      const [action] = actionsOf(chunkOf([row(value, 0)]), 'token');
      const [meta, source, rest] = action!.text.split('\n');
      const _index = 'shop-1970.01.01';
      const version = 2 ** 32;
      expect(JSON.parse(meta!)).toEqual({ index: { _index, _id: id, version, version_type: 'external_gte' } });
      expect(source).toBe(JSON.stringify(value));
      expect(rest).toBe('');
    }),
  );
});

test('rows without a name are called after chunk and place, the same each time', () => {
  const rows = [
    { _index: 'a', document: { n: 1 } },
    { _index: 'a', document: { n: 2, _id: ',"_id":' } },
  ];
  const names = (token: string) =>
    actionsOf(chunkOf(rows), token).map(({ text }) => JSON.parse(text.split('\n')[0]!).index._id as string);
  expect(names('one')).toEqual(names('one'));
  expect(new Set([...names('one'), ...names('two')]).size).toBe(4);
});

test('a retracted row asks for its document to be deleted', () => {
  const [action] = actionsOf(chunkOf([{ _index: 'a', _id: '1', document: {} }], true), 'token');
  expect(Object.keys(JSON.parse(action!.text) as object)).toEqual(['delete']);
});

const item = (status: number, type?: string): Readonly<Record<string, BulkItem>> => ({
  index: type === undefined ? { status } : { status, error: { type, reason: 'so it is' } },
});

test.each([
  [item(201), 'done'],
  [item(404), 'done'],
  [item(409, 'version_conflict_engine_exception'), 'done'],
  [item(429, 'es_rejected_execution_exception'), 'again'],
  [item(503, 'unavailable_shards_exception'), 'again'],
  [item(403, 'cluster_block_exception'), 'again'],
  [item(400, 'mapper_parsing_exception'), 'refused'],
  [item(400, 'illegal_argument_exception'), 'refused'],
  [item(400, 'validation_exception'), 'broken'],
  [item(400, 'index_closed_exception'), 'broken'],
  [item(403, 'security_exception'), 'broken'],
  [item(404, 'index_not_found_exception'), 'broken'],
])('of %j follows %s', (given, kind) => {
  expect(fateOf(given)).toMatchObject({ kind });
});
