/**
 * What is looked at before rows are trusted to a ClickHouse: whether this user may do what tables need, whether the
 * settings that each insert carries will count, and whether the server's clock is ours.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Clock } from '../../time/clock.ts';
import { insertSettings } from './clickhouse.ts';
import { exceptionCode } from './failures.ts';

/** Something about the server that its operator should know; with level `refuse` rows must not be trusted to it. */
export interface ClickHouseFinding {
  readonly level: 'warn' | 'refuse';
  readonly text: string;
}

/** A setting as the server describes it: `fixed` ones can't be set by this user. */
export interface Setting {
  readonly value: string;
  readonly fixed: boolean;
}

/** What was seen of a server. */
export interface Inspected {
  readonly version: string;
  readonly database: string;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Privileges that this user lacks. */
  readonly lacking: readonly string[];
  /** The server's clock minus ours, in milliseconds. */
  readonly aheadMs: number;
}

const privileges = ['SELECT', 'INSERT', 'CREATE TABLE', 'ALTER ADD COLUMN', 'ALTER TTL'];
const unknownStatement = 62;

/** Inspects the server. Throws the client's errors. */
export async function checkClickHouse(client: ClickHouseClient, clock: Clock): Promise<readonly ClickHouseFinding[]> {
  const ask = async (query: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await client.query({ query, format: 'JSONEachRow' })).json();
  const before = clock.now();
  const [about] = await ask(
    'SELECT version() AS version, currentDatabase() AS database, toString(toUnixTimestamp64Milli(now64(3))) AS now',
  );
  const ours = (before + clock.now()) / 2;
  const names = [...Object.keys(insertSettings), 'readonly', 'deduplicate_insert'].map((name) => `'${name}'`);
  const settings = await ask(`SELECT name, value, readonly FROM system.settings WHERE name IN (${names.join(', ')})`);
  const database = String(about?.['database']);
  const lacking: string[] = [];
  for (const privilege of privileges) {
    const answer = await ask(`CHECK GRANT ${privilege} ON \`${database}\`.*`).catch((error: unknown) => {
      // Servers before 24.11 can't be asked; creating the first table will tell.
      if (exceptionCode(error) === unknownStatement) return undefined;
      throw error;
    });
    if (answer !== undefined && Number(Object.values(answer[0] ?? {})[0]) === 0) lacking.push(privilege);
  }
  return findingsOf({
    version: String(about?.['version']),
    database,
    settings: new Map(
      settings.map((s) => [String(s['name']), { value: String(s['value']), fixed: isSet(s['readonly']) }]),
    ),
    lacking,
    aheadMs: Number(about?.['now']) - ours,
  });
}

const isSet = (flag: unknown): boolean => Number(flag) === 1;

/** What is wrong with a server, worst first. */
export function findingsOf({ version, database, settings, lacking, aheadMs }: Inspected): readonly ClickHouseFinding[] {
  const findings: ClickHouseFinding[] = [];
  const refuse = (text: string) => findings.push({ level: 'refuse', text });
  const warn = (text: string) => findings.push({ level: 'warn', text });
  const [year = 0, month = 0] = version.split('.').map(Number);
  if (year * 100 + month < 2403) refuse(`it is version ${version}; ClickHouse 24.3 is the oldest that is supported`);
  const readonly = settings.get('readonly')?.value ?? '0';
  if (readonly !== '0') refuse(`its user has readonly = ${readonly} and can't write; give Millrace one that may`);
  else {
    if (lacking.length > 0) refuse(`its user lacks ${lacking.join(', ')} on ${database}.*; grant what is missing`);
    for (const [name, wanted] of Object.entries(insertSettings)) {
      const found = settings.get(name);
      if (found?.fixed === true && found.value !== String(wanted)) refuse(fixedText(name, found.value, wanted));
    }
  }
  if (settings.get('deduplicate_insert')?.value === 'disable') {
    warn('deduplicate_insert is disable: rows of repeated inserts are there twice until they are merged');
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  if (seconds > 5) {
    warn(
      `its clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ours: rows are kept by its clock, incidents told by ours; run NTP on both`,
    );
  }
  return findings;
}

const consequences: Readonly<Record<string, string>> = {
  async_insert: 'an insert would be answered before its rows are stored',
  insert_deduplicate: 'a repeated insert would double rows',
  max_partitions_per_insert_block: 'an insert of old logs, which lie in many partitions, would be refused',
};

function fixedText(name: string, value: string, wanted: string | number): string {
  const consequence = consequences[name] ?? 'every insert would be refused';
  return `a constraint holds ${name} at ${value}, and it must be ${wanted}: ${consequence}; allow its user to change it`;
}
