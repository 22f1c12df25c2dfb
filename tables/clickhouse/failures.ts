/**
 * What a failure of ClickHouse means, by the number of its exception: rows that never fit, a table that is not there, a
 * server that will always refuse, or one that may get over it. A number that is not listed may pass: to try again then
 * costs time, and to give up would cost the job.
 *
 * Numbers: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
import { cutText } from '../../codecs/utf8.ts';
import { MillraceError, reasonOf } from '../../errors.ts';

/** The number of ClickHouse's exception, which the client has as text and chDB as a number; undefined for others. */
export function exceptionCode(error: unknown): number | undefined {
  const { clickhouseCode, code } = (error ?? {}) as { readonly clickhouseCode?: unknown; readonly code?: unknown };
  const found = Number(clickhouseCode ?? code);
  return Number.isInteger(found) ? found : undefined;
}

const unknownDatabase = 81;
const unknownTable = new Set<number | undefined>([60, unknownDatabase]);

/** Codes that say that these rows will never fit: parsing, types, unknown columns, violated constraints. */
const unfit = new Set<number | undefined>([
  6, 16, 25, 26, 27, 33, 34, 38, 41, 43, 49, 53, 62, 69, 70, 72, 117, 130, 131, 190, 321, 349, 376, 407, 441, 467, 469,
  490, 632, 636, 645, 675, 676, 691,
]);

/** A user who may not do what is asked, or not set what each insert carries. */
const forbidden = new Set<number | undefined>([115, 164, 291, 452, 472, 497]);

/** A user who is not let in. Passwords change while jobs run, so a delivery waits; a start does not. */
const notLetIn = new Set<number | undefined>([192, 193, 194, 195, 516]);

/** Statements that no repetition makes right: syntax, types, functions, columns, engines, keys, codecs, policies. */
const wrongStatement = new Set<number | undefined>([
  1, 2, 6, 15, 34, 35, 36, 37, 42, 43, 44, 46, 47, 48, 50, 53, 54, 55, 56, 62, 63, 69, 70, 72, 80, 119, 122, 161, 167,
  168, 205, 223, 282, 344, 370, 377, 378, 386, 407, 431, 432, 433, 446, 450, 455, 471, 478, 479, 524, 527, 549,
]);

/**
 * Why the server will not let this user work in this database, with the remedy; undefined for what may pass.
 *
 * @example
 * refusedAccess({ code: '81', message: 'Database logs does not exist' })
 * // => 'Database logs does not exist; create the database, or correct its name in CLICKHOUSE_URL'
 * refusedAccess({ code: '241', message: 'memory limit exceeded' }) // => undefined
 */
export function refusedAccess(error: unknown): string | undefined {
  const code = exceptionCode(error);
  const because = (remedy: string): string => `${clauseOf(error)}; ${remedy}`;
  if (code === unknownDatabase) return because('create the database, or correct its name in CLICKHOUSE_URL');
  if (notLetIn.has(code)) return because('correct user and password in CLICKHOUSE_URL');
  return forbidden.has(code) ? because('grant its user what is missing, or let another user do it') : undefined;
}

/** What it means that a table could not be made or changed. */
export function ensureFailure(error: unknown, table: string): MillraceError {
  const isWrong = wrongStatement.has(exceptionCode(error));
  const wrong = isWrong ? `${clauseOf(error)}; correct the table's specification` : undefined;
  const reason = refusedAccess(error) ?? wrong;
  if (reason === undefined) return unknownOutcome(`creating table '${table}'`, error);
  return new MillraceError('TABLE_REFUSED', { what: `make table '${table}'`, reason }, { cause: error });
}

/** What it means that rows could not be inserted. */
export function insertFailure(error: unknown, table: string, rows: number): MillraceError {
  const code = exceptionCode(error);
  if (unknownTable.has(code)) return new MillraceError('TABLE_MISSING', { table }, { cause: error });
  if (unfit.has(code))
    return new MillraceError('TABLE_INSERT_REFUSED', { table, rows, reason: firstLineOf(error) }, { cause: error });
  if (forbidden.has(code)) {
    const detail = { what: `insert into table '${table}'`, reason: refusedAccess(error)! };
    return new MillraceError('TABLE_REFUSED', detail, { cause: error });
  }
  return unknownOutcome(`inserting ${rows} rows into '${table}'`, error);
}

/** What it means that a table could not be read. */
export function readFailure(error: unknown, table: string): MillraceError {
  if (unknownTable.has(exceptionCode(error))) return new MillraceError('TABLE_MISSING', { table }, { cause: error });
  return queryFailure(error);
}

/** What it means that a query was not answered. */
export function queryFailure(error: unknown): MillraceError {
  const reason =
    error instanceof SyntaxError ? 'its answer is no table; is it more than one statement?' : firstLineOf(error);
  return new MillraceError('TABLE_QUERY_FAILED', { reason }, { cause: error });
}

/** A failure that leaves open what it left behind. */
export function unknownOutcome(what: string, error: unknown): MillraceError {
  const code = exceptionCode(error);
  const reason = code === undefined ? firstLineOf(error) : `code ${code}: ${firstLineOf(error)}`;
  return new MillraceError('OUTCOME_UNKNOWN', { what: `${what} (${reason})` }, { cause: error });
}

/** The first line of a failure without the prefix that all of them share, at most 300 characters. */
function firstLineOf(error: unknown): string {
  const line = cutText(reasonOf(error).split('\n', 1)[0]!, 300);
  return line.replace(/^Code: \d+\. DB::Exception: /, '');
}

/** What can stand before a semicolon. */
const clauseOf = (error: unknown): string => firstLineOf(error).replace(/[.\s]+$/, '');
