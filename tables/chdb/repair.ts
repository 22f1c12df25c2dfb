/**
 * Puts the tokens of an embedded table right after its process was killed. ClickHouse writes an insert's token into the
 * table's deduplication log first and makes the part visible afterwards (MergeTreeSink::commitPart). Killed between the
 * two, it remembers the token and lacks the rows, and would answer the repetition, which is there to complete the
 * insert, by doing nothing. So before the first insert, tokens without a part are taken out of the log.
 *
 * The log is lines of `1 part token` for parts added and `2 part token` for parts dropped, apart by tabs. A part is
 * there if it or one that was merged from it is: parts are named `partition_first_last_level`, where `first` and
 * `last` are the numbers of the inserts inside. A table that is put right is detached meanwhile, since it reads its
 * log when it is attached.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteName } from '../clickhouse/ddl.ts';
import type { Tables } from '../tables.ts';

/** Forgets tokens whose rows are not there; to be called before the first insert. */
export async function forgetLostTokens(
  query: Tables['query'],
  command: (statement: string) => Promise<unknown>,
): Promise<void> {
  const tables = await query(
    "SELECT name, data_paths FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  const parts = await query(
    `SELECT table, groupArray(name) AS names FROM system.parts
     WHERE database = currentDatabase() AND active GROUP BY table`,
  );
  const partsOf = new Map(parts.map(({ table, names }) => [table, (names as readonly string[]).map(parsePart)]));
  for (const { name, data_paths } of tables) {
    const present = partsOf.get(name) ?? [];
    const repaired = (data_paths as readonly string[]).flatMap((path) => withoutLost(path, present));
    if (repaired.length === 0) continue;
    const table = quoteName(String(name));
    await command(`DETACH TABLE ${table}`);
    for (const { file, text } of repaired) {
      writeFileSync(`${file}.repaired`, text);
      renameSync(`${file}.repaired`, file);
    }
    await command(`ATTACH TABLE ${table}`);
  }
}

interface Part {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

function parsePart(name: string): Part {
  const [partition = '', first, last] = name.split('_');
  return { partition, first: Number(first), last: Number(last) };
}

/** The log files of a table that name parts which are not there, each with the text it should have. */
function withoutLost(
  path: string,
  present: readonly Part[],
): readonly { readonly file: string; readonly text: string }[] {
  const directory = join(path, 'deduplication_logs');
  if (!existsSync(directory)) return [];
  const isThere = ({ partition, first, last }: Part) =>
    present.some((part) => part.partition === partition && part.first <= first && last <= part.last);
  const isLost = (line: string): boolean => {
    const [operation, part] = line.split('\t');
    return operation === '1' && part !== undefined && !isThere(parsePart(part));
  };
  return readdirSync(directory)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) => {
      const file = join(directory, name);
      const lines = readFileSync(file, 'utf8').split('\n');
      const kept = lines.filter((line) => !isLost(line));
      return kept.length === lines.length ? [] : [{ file, text: kept.join('\n') }];
    });
}
