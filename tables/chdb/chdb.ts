/**
 * Embedded tables: chDB, which is ClickHouse inside this process, behind the same client as a server. Two connections
 * to one data directory: one writes and answers the project's own queries; the other may only read, under limits, and
 * answers other processes (see http.ts), so that neither waits for the other. Rows are inserted past the client, whose
 * way in copies them twice.
 *
 * The directory belongs to one process: chDB locks its file `status` with the kernel and writes its process id there.
 * A killed process leaves no lock behind. Within a process there is one data directory at a time.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { MillraceError } from '../../errors.ts';
import { makeDirectory, refusePipes, unusable } from '../../lmdb/unusable.ts';
import { clickhouseTables, type InsertSettings, insertStatement } from '../clickhouse/clickhouse.ts';
import { quoteName, quoteText } from '../clickhouse/ddl.ts';
import { exceptionCode } from '../clickhouse/failures.ts';
import type { Tables } from '../tables.ts';
import { forgetLostTokens } from './repair.ts';
import { refuseSetAsideParts } from './set-aside-parts.ts';
import { shieldStdin } from './stdin.ts';

/** A question by a caller that must not change anything. */
export interface Question {
  readonly sql: string;
  /** A ClickHouse output format, used unless the statement names one. */
  readonly format: string;
  /** Texts for `{name:Type}` holes, spelled as ClickHouse's HTTP interface takes `param_name`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Embedded tables also answer questions in any format on a connection that can't write. */
export interface ChdbTables extends Tables {
  /** The client of the writing connection, for tools that need more than the port has. */
  readonly writer: ClickHouseClient;
  /**
   * Runs `sql` on the reading connection. That alone does not keep a statement from reading local files: pass it
   * through reading-only.ts first. Throws chDB's own errors.
   */
  ask(question: Question): Promise<Uint8Array>;
}

/** What a question may cost: seconds, memory of the engine, size of the answer. */
const limits = {
  max_execution_time: 60,
  max_memory_usage: 2_000_000_000,
  max_result_bytes: 256_000_000,
  result_overflow_mode: "'throw'",
};

/** The engine would colour tables where this process writes to a terminal, and be asked for them from elsewhere. */
const looks = { output_format_pretty_color: 0 };

/**
 * Opens or creates the tables under the directory `path`.
 * Errors: EMBEDDED_IN_USE, EMBEDDED_UNUSABLE, EMBEDDED_DISK_FULL, STATE_CORRUPT, TABLE_PARTS_DAMAGED, SETUP_REFUSED
 * (chDB is not installed).
 */
export async function chdbTables(path: string): Promise<ChdbTables> {
  const { createChdbConnection } = await loadChdb();
  shieldStdin();
  const connect = () => createChdbConnection({ path: resolve(path) });
  const writer = await open(path, connect);
  const settings = Object.entries({ ...limits, ...looks, readonly: 1 }).map(([name, value]) => `${name} = ${value}`);
  const connectReader = async () => {
    const connection = await open(path, connect);
    await connection.chdb.queryAsync(`SET ${settings.join(', ')}`);
    return connection;
  };
  const reader = await connectReader();

  const client = createClient({
    connection: writer as unknown as ClientConnection,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const tables = clickhouseTables(client, {
    insert: (table, ndjson, options) => insertRaw(writer, { table, ndjson, settings: options }),
    failure: (error) => diskFull(path, error),
  });
  try {
    await refuseSetAsideParts(path, tables.query);
    await forgetLostTokens(tables.query, (query) => client.command({ query }));
  } catch (error) {
    await reader.close();
    await tables.close();
    throw error;
  }
  return {
    ...tables,
    writer: client,
    async ask({ sql, format, values }) {
      // Parameters set by statement take HTTP's spelling of arrays and maps; the binding would escape it once more.
      const parameters = Object.entries(values).map(
        ([name, value]) => `SET ${quoteName(`param_${name}`)} = ${quoteText(value)};`,
      );
      if (parameters.length === 0) return (await reader.chdb.queryAsync(sql, { format })).bytes();
      // They stay with their connection, so a question that has some gets a connection of its own.
      const own = await connectReader();
      try {
        return (await own.chdb.queryAsync(`${parameters.join(' ')} ${sql}`, { format })).bytes();
      } finally {
        await own.close();
      }
    },
    async close() {
      await reader.close();
      await tables.close();
    },
  };
}

/** The two packages carry their own copies of one interface, which only their private fields tell apart. */
type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

type Chdb = typeof import('chdb/connection');
type Connection = ReturnType<Chdb['createChdbConnection']>;

/** Loaded on first use: its library is half a gigabyte, and it is an optional dependency. */
async function loadChdb(): Promise<Chdb> {
  try {
    return await import('chdb/connection');
  } catch (error) {
    const remedy = "run 'npm install chdb', or set CLICKHOUSE_URL to use a ClickHouse server";
    throw new MillraceError('SETUP_REFUSED', { what: 'chDB', remedy }, { cause: error });
  }
}

async function open(path: string, connect: () => Connection): Promise<Connection> {
  try {
    makeDirectory(path);
    refusePipes(path);
    return connect();
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw inUse(path, error) ?? diskFull(path, error) ?? unusable(path, error) ?? damaged(path, error);
  }
}

/**
 * The kernel's lock decides which process owns the directory, and chDB says why it could not open only on stderr; the
 * file names the owner. A killed owner leaves its id behind, so one that no longer runs is not the reason.
 */
function inUse(path: string, error: unknown): MillraceError | undefined {
  const text = String(error);
  if (text.includes('only one active data directory')) {
    const other = /\(path='([^']*)'\)/.exec(text)?.[1] ?? path;
    return new MillraceError('EMBEDDED_IN_USE', { path: other, pid: process.pid }, { cause: error });
  }
  const status = join(path, 'status');
  const pid = existsSync(status) ? /^PID: (\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  if (pid === undefined || Number(pid) === process.pid || !isRunning(Number(pid))) return undefined;
  return new MillraceError('EMBEDDED_IN_USE', { path, pid: Number(pid) }, { cause: error });
}

/** The engine says on stderr what it can't load, and here no more than that it could not. */
function damaged(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'ChdbConnectionError') return error;
  const reason = 'ClickHouse can not load the tables, and has said above which file is damaged';
  return new MillraceError('STATE_CORRUPT', { path, reason }, { cause: error });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** 243 is the engine's own check before it writes; the rest is what the file system says. */
function diskFull(path: string, error: unknown): MillraceError | undefined {
  const full = exceptionCode(error) === 243 || /ENOSPC|No space left|errno: 28\b/.test(String(error));
  return full ? new MillraceError('EMBEDDED_DISK_FULL', { path }, { cause: error }) : undefined;
}

interface RawInsert {
  readonly table: string;
  readonly ndjson: Uint8Array;
  readonly settings: InsertSettings;
}

/** The fast way in takes plain names only; other tables go through a statement with the rows in it. */
async function insertRaw(connection: Connection, { table, ndjson, settings }: RawInsert): Promise<void> {
  if (/^\w+$/.test(table)) {
    await connection.chdb.rawInsert({ table, values: ndjson, format: 'JSONEachRow', settings: { ...settings } });
  } else {
    await connection.chdb.queryAsync(`${insertStatement(table, settings)}\n${Buffer.from(ndjson).toString()}`);
  }
}
