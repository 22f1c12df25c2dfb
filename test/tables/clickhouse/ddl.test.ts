import { expect, test } from 'vitest';
import {
  addColumns,
  compareTable,
  createTable,
  type ExistingTable,
  inUtc,
  quoteName,
  quoteText,
  ttlOf,
} from '../../../tables/clickhouse/ddl.ts';
import type { TableSpec } from '../../../tables/tables.ts';

const spec: TableSpec = {
  name: 'service_windows',
  comment: "A service's minute.",
  columns: {
    service: { type: 'LowCardinality(String)', comment: 'Who.' },
    window_start: { type: 'DateTime64(3)', comment: 'When.' },
  },
  identity: ['service', 'window_start'],
  partitionBy: 'toYYYYMMDD(window_start)',
  ttl: 'inserted_at + INTERVAL 30 DAY',
};

const canonical = { partitionBy: 'toYYYYMMDD(window_start)', ttl: 'inserted_at + toIntervalDay(30)' };

const existing: ExistingTable = {
  engine: 'ReplacingMergeTree',
  engineFull: 'ReplacingMergeTree(revision, is_deleted) … SETTINGS non_replicated_deduplication_window = 10000',
  sortingKey: 'service, window_start',
  partitionKey: canonical.partitionBy,
  ttl: canonical.ttl,
  columns: {
    service: 'LowCardinality(String)',
    window_start: "DateTime64(3, 'UTC')",
    revision: 'UInt64',
    is_deleted: 'UInt8',
    inserted_at: "DateTime('UTC')",
  },
};

test('a table is made with everything its promises rest on', () => {
  expect(createTable(spec)).toBe(`CREATE TABLE IF NOT EXISTS \`service_windows\` (
  \`service\` LowCardinality(String) COMMENT 'Who.',
  \`window_start\` DateTime64(3, 'UTC') COMMENT 'When.',
  \`revision\` UInt64 COMMENT 'Of rows with equal identity the highest revision wins.',
  \`is_deleted\` UInt8 COMMENT '1 in a winner takes the row away.',
  \`inserted_at\` DateTime('UTC') MATERIALIZED now() COMMENT 'When the server stored the row.',
  INDEX revision_range revision TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(revision, is_deleted)
PARTITION BY toYYYYMMDD(window_start)
ORDER BY (\`service\`, \`window_start\`)
TTL inserted_at + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'A service\\'s minute.'`);
});

test('a table without partitions and TTL says nothing of them', () => {
  const { partitionBy: _, ttl: __, ...rest } = spec;
  expect(createTable(rest)).not.toMatch(/PARTITION|TTL/);
  const indexes = { words: 'service TYPE bloom_filter' };
  expect(createTable({ ...rest, indexes })).toContain('  INDEX `words` service TYPE bloom_filter\n)');
});

test('names and texts are quoted so that they can end neither early nor late', () => {
  expect(quoteName('a`b\\')).toBe('`a\\`b\\\\`');
  expect(quoteText("a'b\\\0")).toBe("'a\\'b\\\\\\0'");
  expect(addColumns(spec, ['service'])).toBe(
    "ALTER TABLE `service_windows` ADD COLUMN IF NOT EXISTS `service` LowCardinality(String) COMMENT 'Who.'",
  );
});

test('a table from before it had the time of the insert is given it, which no insert can set', () => {
  const { inserted_at: _, ...columns } = existing.columns;
  expect(compareTable(spec, { ...existing, columns }, canonical)).toEqual({
    kind: 'fits',
    missing: ['inserted_at'],
    keepsOtherwise: false,
  });
  expect(addColumns(spec, ['inserted_at'])).toMatch(/ADD COLUMN IF NOT EXISTS `inserted_at` .* MATERIALIZED now\(\)/);
});

test('only times without a zone become UTC', () => {
  expect(inUtc('DateTime')).toBe("DateTime('UTC')");
  expect(inUtc('Array(Nullable(DateTime64(6)))')).toBe("Array(Nullable(DateTime64(6, 'UTC')))");
  expect(inUtc("DateTime('Europe/Berlin')")).toBe("DateTime('Europe/Berlin')");
  expect(inUtc("DateTime64(3, 'Asia/Tokyo')")).toBe("DateTime64(3, 'Asia/Tokyo')");
});

test('a table in the server’s own spelling fits its specification', () => {
  expect(compareTable(spec, existing, canonical)).toEqual({ kind: 'fits', missing: [], keepsOtherwise: false });
});

test('columns that the table lacks are named, columns that only it has are left alone', () => {
  const { service: _, ...columns } = existing.columns;
  const other = { ...existing, columns: { ...columns, added_by_hand: 'String' } };
  expect(compareTable(spec, other, canonical)).toEqual({ kind: 'fits', missing: ['service'], keepsOtherwise: false });
});

test('every other difference is a sentence', () => {
  const differing: readonly (readonly [Partial<ExistingTable>, RegExp])[] = [
    [{ engine: 'MergeTree', engineFull: 'MergeTree ORDER BY a' }, /^its engine is MergeTree, not ReplacingMergeTree/],
    [{ engineFull: 'ReplacingMergeTree(revision) ORDER BY a' }, /^its engine is/],
    [
      { engineFull: 'ReplacingMergeTree(revision, is_deleted) ORDER BY a' },
      /deduplication_window, so a repeated insert/,
    ],
    [{ sortingKey: 'service' }, /^its order is service, not `service`, `window_start`$/],
    [{ partitionKey: '' }, /^its partition is none, not toYYYYMMDD/],
    [
      { columns: { ...existing.columns, service: 'String' } },
      /^column service has type String, not LowCardinality\(String\)$/,
    ],
  ];
  for (const [part, sentence] of differing) {
    const comparison = compareTable(spec, { ...existing, ...part }, canonical);
    expect(comparison).toEqual({ kind: 'differs', difference: expect.stringMatching(sentence) });
  }
});

test('a replicated or shared table needs no deduplication window of its own', () => {
  const engineFull = "ReplicatedReplacingMergeTree('/x', '{replica}', revision, is_deleted) ORDER BY a";
  expect(compareTable(spec, { ...existing, engine: 'ReplicatedReplacingMergeTree', engineFull }, canonical).kind).toBe(
    'fits',
  );
});

test('a table that keeps its rows longer, shorter or forever is to be altered', () => {
  for (const ttl of ['', 'inserted_at + toIntervalDay(31)']) {
    expect(compareTable(spec, { ...existing, ttl }, canonical)).toMatchObject({ kind: 'fits', keepsOtherwise: true });
  }
  expect(compareTable(spec, existing, { ...canonical, ttl: '' })).toMatchObject({ keepsOtherwise: true });
});

test('the TTL is read from the engine’s text', () => {
  expect(ttlOf('ReplacingMergeTree(r, d) ORDER BY a SETTINGS x = 1')).toBe('');
  expect(ttlOf('ReplacingMergeTree(r, d) ORDER BY a TTL a + toIntervalDay(1)')).toBe('a + toIntervalDay(1)');
});
