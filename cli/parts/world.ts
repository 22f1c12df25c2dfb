/**
 * The one place that picks implementations of the ports: servers where they are given, else embedded parts, which are
 * topics and state in LMDB files and tables in chDB, all below one directory that belongs to one process.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, MillraceError } from '../../errors.ts';
import type { Ports } from '../../graph/connector.ts';
import { embeddedState } from '../../state/embedded.ts';
import { type Retention, retaining } from '../../tables/retention.ts';
import type { Tables } from '../../tables/tables.ts';
import type { Clock } from '../../time/clock.ts';
import { embeddedTopics } from '../../topics/embedded.ts';
import { keepPrivate } from '../settings/private-files.ts';
import { say } from '../terminal.ts';
import { leaveAddress } from './table-address.ts';

/** Ports and what must be closed with them. */
export interface World {
  readonly ports: Ports;
  close(): Promise<void>;
}

/** What a world is made of. */
export interface WorldOptions {
  /** A new temporary directory, removed at the end, unless told. */
  readonly dir?: string | undefined;
  readonly clock: Clock;
  /** `served`: tables are chDB, and other processes can query them. `none`: rows are not kept. */
  readonly tables: 'served' | 'none';
  /** Parts on servers, closed with the world. */
  readonly servers?: Partial<Ports>;
  /** For how long rows are kept, where it is not as the tables say. */
  readonly retention?: Retention;
}

/** Opens a world. Errors: EMBEDDED_IN_USE, EMBEDDED_UNUSABLE, EMBEDDED_DISK_FULL, STATE_CORRUPT, SETUP_REFUSED. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { dir: given, clock, tables: kind, servers = {}, retention = {} } = options;
  const dir = given ?? mkdtempSync(join(tmpdir(), 'millrace-'));
  keepPrivate(dir, say);
  const closers: Closers = given === undefined ? [() => rmSync(dir, { recursive: true })] : [];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const topics = servers.topics ?? (await embeddedTopics(join(dir, 'topics'), { clock }));
    closers.push(() => topics.close());
    const state = servers.state ?? (await embeddedState(join(dir, 'state')));
    closers.push(() => state.close());
    const tables = servers.tables ?? (await embeddedTables(kind, dir, closers));
    if (servers.tables !== undefined) closers.push(() => tables.close());
    return { ports: { topics, state, tables: retaining(tables, retention), clock }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function embeddedTables(kind: WorldOptions['tables'], dir: string, closers: Closers): Promise<Tables> {
  return kind === 'none' ? Promise.resolve(forgetful) : servedTables(dir, closers).catch(withoutTables);
}

type Closers = (() => void | Promise<void>)[];

/** chDB, and a server on this machine's own network through which `millrace query` asks it while the job writes. */
async function servedTables(dir: string, closers: Closers): Promise<Tables> {
  const { chdbTables } = await import('../../tables/chdb/chdb.ts');
  const { serveTables } = await import('../../tables/http/http.ts');
  const tables = await chdbTables(join(dir, 'tables'));
  closers.push(() => tables.close());
  const token = randomBytes(24).toString('base64url');
  const server = await serveTables(tables, { token });
  closers.push(() => server.close());
  closers.push(leaveAddress(dir, { url: server.url, token }));
  return tables;
}

/** chDB does not exist for every platform; all else works without it. */
function withoutTables(error: unknown): Tables {
  if (!hasCode(error, 'SETUP_REFUSED')) throw error;
  say(`millrace: ${error.message}; going on without tables`);
  return forgetful;
}

/** Takes every row and keeps none. */
const forgetful: Tables = {
  ensure: async () => {},
  insert: async () => {},
  rows: async () => [],
  query: async () => {
    throw new MillraceError('SQL_UNSUPPORTED', { reason: 'this run keeps no rows' });
  },
  close: async () => {},
};
