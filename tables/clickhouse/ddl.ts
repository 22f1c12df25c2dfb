/**
 * A table's specification as ClickHouse DDL, and what an existing table lacks of it. Every table is a
 * `ReplacingMergeTree(revision, is_deleted)` in the order of its identity: of rows with equal identity the highest
 * revision wins. Three settings carry the port's promises: the deduplication window makes an insert under a known token
 * a no-op; the two fsync settings put a part on the disk before its insert is answered, because the outbox forgets what
 * was acknowledged (measured: 3 ms an insert). An index over revisions finds the rows of one insert again (measured:
 * 13 ms instead of 350 in 30 million rows), see missing-rows.ts.
 *
 * `inserted_at` is when the server stored a row; TTLs run on it. ClickHouse drops rows whose TTL has passed within
 * milliseconds of their insert and says nothing, so a TTL on the event's time would swallow whatever old logs are
 * replayed. The column is MATERIALIZED: it can't be inserted, and `SELECT *` leaves it out.
 *
 * Times without a zone would follow the machine that happens to run the server, and a partition computed from them
 * would change with it; so `DateTime` and `DateTime64(n)` become UTC.
 */
import { MillraceError } from '../../errors.ts';
import { typeParts } from '../column-type.ts';
import type { ColumnType, TableSpec } from '../tables.ts';

/** The columns every table has besides its own. */
export const versionColumns: TableSpec['columns'] = {
  revision: { type: 'UInt64', comment: 'Of rows with equal identity the highest revision wins.' },
  is_deleted: { type: 'UInt8', comment: '1 in a winner takes the row away.' },
};

const insertedAt = "`inserted_at` DateTime('UTC') MATERIALIZED now() COMMENT 'When the server stored the row.'";
const revisionIndex = 'INDEX revision_range revision TYPE minmax GRANULARITY 1';

/** A table as the server describes it; expressions are in the server's own spelling. */
export interface ExistingTable {
  readonly engine: string;
  readonly engineFull: string;
  readonly sortingKey: string;
  readonly partitionKey: string;
  readonly ttl: string;
  readonly columns: { readonly [name: string]: string };
}

/**
 * The statement that creates the table. Errors: OPTION_INVALID if the identity is empty or names a column that the
 * specification lacks, or if it declares `revision` or `is_deleted` itself.
 *
 * @example
 * const columns = { id: { type: 'UInt64', comment: '' } };
 * createTable({ name: 't', comment: '', columns, identity: ['id'] }).slice(0, 30) // => 'CREATE TABLE IF NOT EXISTS `t`'
 */
export function createTable(spec: TableSpec): string {
  validate(spec);
  const columns = Object.keys(allColumns(spec)).map((name) => `  ${column(spec, name)}`);
  const indexes = Object.entries(spec.indexes ?? {}).map(([name, index]) => `  INDEX ${quoteName(name)} ${index}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteName(spec.name)} (`,
    [...columns, `  ${insertedAt}`, `  ${revisionIndex}`, ...indexes].join(',\n'),
    ')',
    'ENGINE = ReplacingMergeTree(revision, is_deleted)',
    ...(spec.partitionBy === undefined ? [] : [`PARTITION BY ${spec.partitionBy}`]),
    `ORDER BY (${spec.identity.map(quoteName).join(', ')})`,
    ...(spec.ttl === undefined ? [] : [`TTL ${spec.ttl}`]),
    'SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1',
    `COMMENT ${quoteText(spec.comment)}`,
  ].join('\n');
}

/**
 * The statement that adds the named columns of the specification.
 *
 * @example
 * const spec = { name: 't', comment: '', columns: { n: { type: 'UInt8', comment: '' } }, identity: [] };
 * addColumns(spec, ['n']) // => "ALTER TABLE `t` ADD COLUMN IF NOT EXISTS `n` UInt8 COMMENT ''"
 */
export function addColumns(spec: TableSpec, names: readonly string[]): string {
  const parts = names.map(
    (name) => `ADD COLUMN IF NOT EXISTS ${name === 'inserted_at' ? insertedAt : column(spec, name)}`,
  );
  return `ALTER TABLE ${quoteName(spec.name)} ${parts.join(', ')}`;
}

/**
 * The statement that makes a table keep its rows as long as the specification says. Rows that are there already get
 * the new TTL, too: the server computes it again for each part, in the background.
 *
 * @example
 * const spec = { name: 't', comment: '', columns: {}, identity: [] };
 * changeTtl({ ...spec, ttl: 'inserted_at + INTERVAL 14 DAY' })
 * // => 'ALTER TABLE `t` MODIFY TTL inserted_at + INTERVAL 14 DAY'
 * changeTtl(spec) // => 'ALTER TABLE `t` REMOVE TTL'
 */
export const changeTtl = ({ name, ttl }: TableSpec): string =>
  `ALTER TABLE ${quoteName(name)} ${ttl === undefined ? 'REMOVE TTL' : `MODIFY TTL ${ttl}`}`;

/** How a table stands to its specification: what can simply be changed, or why it can't be used. */
export type Comparison =
  | { readonly kind: 'fits'; readonly missing: readonly string[]; readonly keepsOtherwise: boolean }
  | { readonly kind: 'differs'; readonly difference: string };

/**
 * Compares an existing table with its specification. Columns that only the table has are ignored;
 * comments and settings may differ, except for the deduplication window, without which tokens would mean nothing.
 * `canonical` holds the specification's expressions as the server spells them, and its types where that is known.
 */
export function compareTable(
  spec: TableSpec,
  existing: ExistingTable,
  canonical: {
    readonly partitionBy: string;
    readonly ttl: string;
    readonly types?: Readonly<Record<string, string>>;
  },
): Comparison {
  const differs = (difference: string): Comparison => ({ kind: 'differs', difference });
  if (!existing.engine.endsWith('ReplacingMergeTree') || !plain(existing.engineFull).includes('revision,is_deleted')) {
    return differs(`its engine is ${existing.engine}, not ReplacingMergeTree(revision, is_deleted)`);
  }
  if (
    existing.engine === 'ReplacingMergeTree' &&
    !existing.engineFull.includes('non_replicated_deduplication_window')
  ) {
    return differs('it lacks the setting non_replicated_deduplication_window, so a repeated insert would double rows');
  }
  const pairs: readonly (readonly [string, string, string])[] = [
    ['order', untupled(existing.sortingKey), spec.identity.map(quoteName).join(', ')],
    ['partition', existing.partitionKey, canonical.partitionBy],
  ];
  for (const [what, found, wanted] of pairs) {
    if (plain(found) !== plain(wanted)) return differs(`its ${what} is ${found || 'none'}, not ${wanted || 'none'}`);
  }
  for (const [name, { type }] of Object.entries(allColumns(spec))) {
    const found = existing.columns[name];
    if (found !== undefined && !isSameType(found, canonical.types?.[name] ?? type)) {
      return differs(`column ${name} has type ${found}, not ${inUtc(type)}`);
    }
  }
  return {
    kind: 'fits',
    keepsOtherwise: plain(existing.ttl) !== plain(canonical.ttl),
    missing: [...Object.keys(allColumns(spec)), 'inserted_at'].filter((name) => !Object.hasOwn(existing.columns, name)),
  };
}

/**
 * The TTL expression inside an `engine_full` of system.tables, or ''.
 *
 * @example
 * ttlOf('ReplacingMergeTree(r, d) ORDER BY a TTL d + toIntervalDay(1) SETTINGS x = 1') // => 'd + toIntervalDay(1)'
 */
export function ttlOf(engineFull: string): string {
  const start = engineFull.indexOf(' TTL ');
  if (start < 0) return '';
  const end = engineFull.indexOf(' SETTINGS ', start);
  return engineFull.slice(start + 5, end < 0 ? undefined : end);
}

/**
 * A column, table or setting name, quoted for SQL.
 *
 * @example
 * quoteName('a`b\\c') // => '`a\\`b\\\\c`'
 */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/**
 * A text as an SQL string.
 *
 * @example
 * quoteText("it's") // => "'it\\'s'"
 */
export const quoteText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;

/** The type with times in UTC unless it names a zone. */
export const inUtc = (type: ColumnType): string =>
  type.replace(/\bDateTime64\((\d)\)/g, "DateTime64($1, 'UTC')").replace(/\bDateTime\b(?!\()/g, "DateTime('UTC')");

/** The type without what may follow it, such as a default, which is no part of it. */
export const bareType = (type: ColumnType): ColumnType => {
  const { rest } = typeParts(type);
  return /^(?:DEFAULT|MATERIALIZED|EPHEMERAL|ALIAS|CODEC|TTL)\b/i.test(rest)
    ? type.slice(0, type.lastIndexOf(rest))
    : type;
};

/** Whether a column of type `found` is one of type `wanted`, as far as both are spelled alike. */
export const isSameType = (found: ColumnType, wanted: ColumnType): boolean =>
  plain(found) === plain(inUtc(bareType(wanted)));

/** The specification's own columns and the two that every table has. */
export const allColumns = (spec: TableSpec): TableSpec['columns'] => ({ ...spec.columns, ...versionColumns });

function column(spec: TableSpec, name: string): string {
  const { type, comment } = allColumns(spec)[name]!;
  return `${quoteName(name)} ${inUtc(type)} COMMENT ${quoteText(comment)}`;
}

/** Without the spelling that does not matter: blanks, and quotes around names. */
const plain = (expression: string): string => expression.replace(/[\s`]/g, '');

/** A single column with an odd name keeps its parentheses in the server's spelling. */
const untupled = (key: string): string => (key.startsWith('(') && key.endsWith(')') ? key.slice(1, -1) : key);

/** Checks what every implementation asks of a specification. Errors: OPTION_INVALID. */
export function validate(spec: TableSpec): void {
  const refuse = (option: string, got: string, expected: string): never => {
    throw new MillraceError('OPTION_INVALID', { option, owner: `table '${spec.name}'`, got, expected });
  };
  if (spec.identity.length === 0) refuse('identity', 'empty', 'the names of one or more columns');
  for (const name of spec.identity) {
    if (!Object.hasOwn(spec.columns, name)) refuse('identity', `'${name}'`, 'the name of a declared column');
  }
  for (const name of [...Object.keys(versionColumns), 'inserted_at']) {
    if (Object.hasOwn(spec.columns, name)) refuse('columns', `'${name}'`, 'without it; the table adds it itself');
  }
}
