/**
 * How a process that holds the embedded tables is found by others: a file in the data directory with address and
 * token, readable by its owner only. A file that a killed process left behind names an address that does not
 * answer.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tables are asked, and with what secret. */
export interface TableAddress {
  readonly url: string;
  readonly token: string;
}

const fileIn = (dir: string): string => join(dir, 'tables.json');

/** Writes the address down; the result takes it away. */
export function leaveAddress(dir: string, address: TableAddress): () => void {
  const file = fileIn(dir);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The address of the process that holds the tables below `dir`, if there is or was one. */
export function findAddress(dir: string): TableAddress | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(dir), 'utf8')) as TableAddress;
  } catch {
    return undefined;
  }
}
