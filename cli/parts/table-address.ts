/**
 * How a process that holds the embedded tables is found by others: a file in the data directory with address and
 * token, readable by its owner only. A file that a killed process left behind is not followed: another program may
 * have got its port since, and would be told the token and be taken for the tables.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity } from '../../lmdb/environment.ts';

/** Where tables are asked, and with what secret. */
export interface TableAddress {
  readonly url: string;
  readonly token: string;
}

const fileIn = (dir: string): string => join(dir, 'tables.json');

/** Writes the address down; the result takes it away, and so does the end of the process, however it comes about. */
export function leaveAddress(dir: string, address: TableAddress): () => void {
  const file = fileIn(dir);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ ...address, process: ownIdentity() }), { mode: 0o600 });
  const remove = () => {
    process.off('exit', remove);
    rmSync(file, { force: true });
  };
  process.on('exit', remove);
  return remove;
}

/** The address of the process that holds the tables below `dir`, if it runs. */
export function findAddress(dir: string): TableAddress | undefined {
  try {
    // A pipe would be waited for.
    if (!statSync(fileIn(dir)).isFile()) return undefined;
    const { url, token, process: holder } = JSON.parse(readFileSync(fileIn(dir), 'utf8'));
    const isText = typeof url === 'string' && typeof token === 'string' && typeof holder === 'string';
    return isText && isAlive(holder) ? { url, token } : undefined;
  } catch {
    return undefined;
  }
}
