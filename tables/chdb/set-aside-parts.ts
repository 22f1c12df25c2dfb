/**
 * Finds the parts of embedded tables that ClickHouse could not read when it loaded them: cut off, without a file,
 * changed. It moves them into a folder of the table and goes on without their rows, and questions would be answered
 * as if there had never been any.
 */
import { MillraceError } from '../../errors.ts';
import { quoteText } from '../clickhouse/ddl.ts';
import type { Tables } from '../tables.ts';

/** Errors: TABLE_PARTS_DAMAGED. */
export async function refuseSetAsideParts(path: string, query: Tables['query']): Promise<void> {
  const parts = await query(
    `SELECT table, path FROM system.detached_parts
     WHERE database = currentDatabase() AND startsWith(reason, ${quoteText('broken')}) ORDER BY table, name`,
  );
  if (parts.length === 0) return;
  const tables = [...new Set(parts.map(({ table }) => `'${table}'`))].join(', ');
  const folders = parts.slice(0, shown).map((part) => String(part['path']));
  if (parts.length > shown) folders.push(`${parts.length - shown} more beside them`);
  throw new MillraceError('TABLE_PARTS_DAMAGED', { path, tables, parts: parts.length, folders: folders.join(', ') });
}

/** How many folders a message names. */
const shown = 3;
