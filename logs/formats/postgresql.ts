/**
 * PostgreSQL on stderr, whatever its log_line_prefix: a severity with a colon and two blanks behind it ends the
 * prefix, and what stands in the prefix is told by its look (`[pid]`, `user@db`, `user=…,db=…`). Of a statement or a
 * duration the parts become fields and the message stays the event as it was written.
 */
import { csv } from '../layouts/csv.ts';
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { message, time, whole } from '../layouts/pieces.ts';
import { levelOf } from '../levels.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { colonCode, isDigit, isHex, isUpper, isWordCode, lineFeedCode, numeric, spaceCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const postgresql: TextFormat = {
  name: 'postgresql',
  layouts: [layout(time, whole('event.original'), prefixed(), message)],
  finish,
  samples: [
    {
      line: '2026-01-29 08:51:24.967 CET [42] shop@orders ERROR:  relation "orders" does not exist at character 8',
      time: '2026-01-29T07:51:24.967Z',
      level: 'ERROR',
      message: 'relation "orders" does not exist at character 8',
      fields: {
        'log.level': 'ERROR',
        'process.pid': 42,
        'user.name': 'shop',
        'postgresql.log.database': 'orders',
      },
    },
    {
      line: '2026-01-29 08:51:24.967 UTC [42-7] LOG:  00000: database system is ready',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'database system is ready',
      fields: {
        'log.level': 'LOG',
        'postgresql.log.sql_state_code': '00000',
        'process.pid': 42,
        'postgresql.log.session_line_number': 7,
      },
    },
    {
      line: '2026-01-29 08:51:24 UTC [42] user=shop,db=orders,app=psql,client=10.0.0.7 LOG:  duration: 12.5 ms  execute S_1: SELECT 1',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message:
        '2026-01-29 08:51:24 UTC [42] user=shop,db=orders,app=psql,client=10.0.0.7 LOG:  duration: 12.5 ms  execute S_1: SELECT 1',
      fields: {
        'log.level': 'LOG',
        'process.pid': 42,
        'user.name': 'shop',
        'postgresql.log.database': 'orders',
        'postgresql.log.application_name': 'psql',
        'source.ip': '10.0.0.7',
        'event.duration': 12500000,
        'postgresql.log.query_step': 'execute',
        'postgresql.log.query_name': 'S_1',
        'postgresql.log.query': 'SELECT 1',
      },
    },
    {
      line: '2026-01-29 08:51:24 UTC LOG:  statement: SELECT *\n\tFROM orders',
      time: '2026-01-29T08:51:24.000Z',
      level: 'INFO',
      message: '2026-01-29 08:51:24 UTC LOG:  statement: SELECT *\n\tFROM orders',
      fields: {
        'log.level': 'LOG',
        'postgresql.log.query_step': 'statement',
        'postgresql.log.query': 'SELECT *\n\tFROM orders',
      },
    },
    {
      line: '2026-01-29 08:51:24.967 UTC:10.0.0.7(38630):shop@orders:[42]:HINT:  Use a key.',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'Use a key.',
      fields: {
        'log.level': 'HINT',
        'source.ip': '10.0.0.7',
        'source.port': 38630,
        'user.name': 'shop',
        'postgresql.log.database': 'orders',
        'process.pid': 42,
      },
    },
  ],
};

/** PostgreSQL's csvlog, with 23 to 26 columns by version; line breaks in quotes are part of their column. */
export const postgresqlCsv: TextFormat = {
  name: 'postgresql_csv',
  layouts: [layout(time, ',', csv(csvColumns(), new Set(['process.pid', 'postgresql.log.session_line_number'])))],
  finish: finishCsv,
  samples: [
    {
      line: '2026-01-29 08:51:24.967 UTC,"shop","orders",42,"10.0.0.7:38630",6.2a,7,"SELECT",2026-01-29 08:51:20 UTC,3/7,0,ERROR,42P01,"relation ""x"" does not exist",,,,,,"SELECT *\nFROM x",15,,"psql","client backend",,0',
      time: '2026-01-29T08:51:24.967Z',
      level: 'ERROR',
      message: 'relation "x" does not exist',
      fields: {
        'user.name': 'shop',
        'postgresql.log.database': 'orders',
        'process.pid': 42,
        'source.address': '10.0.0.7:38630',
        'postgresql.log.session_id': '6.2a',
        'postgresql.log.session_line_number': 7,
        'postgresql.log.command_tag': 'SELECT',
        'postgresql.log.session_start_time': '2026-01-29 08:51:20 UTC',
        'postgresql.log.virtual_transaction_id': '3/7',
        'postgresql.log.transaction_id': '0',
        'log.level': 'ERROR',
        'postgresql.log.sql_state_code': '42P01',
        'postgresql.log.query': 'SELECT *\nFROM x',
        'postgresql.log.query_pos': '15',
        'postgresql.log.application_name': 'psql',
        'postgresql.log.backend_type': 'client backend',
        'source.ip': '10.0.0.7',
        'source.port': 38630,
      },
    },
    {
      line: '2026-01-29 08:51:24.967 UTC,,,42,,6.2a,7,,2026-01-29 08:51:20 UTC,,0,LOG,00000,"duration: 12.5 ms  statement: SELECT 1",,,,,,,,,""',
      time: '2026-01-29T08:51:24.967Z',
      level: 'INFO',
      message: 'SELECT 1',
      fields: {
        'process.pid': 42,
        'postgresql.log.session_id': '6.2a',
        'postgresql.log.session_line_number': 7,
        'postgresql.log.session_start_time': '2026-01-29 08:51:20 UTC',
        'postgresql.log.transaction_id': '0',
        'log.level': 'LOG',
        'postgresql.log.sql_state_code': '00000',
        'event.duration': 12500000,
        'postgresql.log.query_step': 'statement',
        'postgresql.log.query': 'SELECT 1',
      },
    },
  ],
};

/** The prefix up to a severity, and the SQL state that follows it when the server is verbose. */
function prefixed(): Piece {
  return {
    make: (capture) => {
      const before = capture('prefix');
      const severity = capture('log.level');
      const state = capture('postgresql.log.sql_state_code');
      return (text, at, match) => {
        const limit = Math.min(text.length, at + maxPrefix);
        for (let end = at + 1; end < limit; end++) {
          if (text.charCodeAt(end) === lineFeedCode) return -1;
          if (text.charCodeAt(end) !== colonCode || text.charCodeAt(end + 1) !== spaceCode) continue;
          if (text.charCodeAt(end + 2) !== spaceCode) continue;
          let start = end;
          while (isUpper(text.charCodeAt(start - 1)) || isDigit(text.charCodeAt(start - 1))) start--;
          const word = text.slice(start, end);
          if (!severities.has(word)) return -1;
          match.level = levelOf(word);
          if (start > at) keep(match, before, at, start);
          keep(match, severity, start, end);
          let next = end + 3;
          while (isWordCode(text.charCodeAt(next))) next++;
          if (next !== end + 8 || text.charCodeAt(next) !== colonCode) return end + 3;
          keep(match, state, end + 3, next);
          return next + 1;
        }
        return -1;
      };
    },
  };
}

function finish(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const original = fields['event.original'];
  const prefix = fields['prefix'];
  delete fields['event.original'];
  delete fields['prefix'];
  if (typeof prefix === 'string') readPrefix(log, prefix);
  // The verbose form is left as it is: its message is the text without the state.
  const verbose = fields['postgresql.log.sql_state_code'] !== undefined;
  if (readDuration(log) && !verbose && typeof original === 'string' && log.level !== null) log.message = original;
}

/** Words of the prefix by their look; `-` and `:` may hang on them. */
function readPrefix(log: ParsedLog, prefix: string): void {
  const fields = log.parsed_fields;
  // Colons part words, but not inside an address of version 6.
  for (const raw of prefix.split(/[\s,]|:(?=[^\s,:]{0,64}[@([])|(?<=[\])]):/, 32)) {
    const word = raw.replace(/^[[(<:-]/, '').replace(/[\]):>-]{1,2}$/, '');
    const equals = word.indexOf('=');
    const at = word.indexOf('@');
    if (equals > 0) {
      const name = prefixNames.get(word.slice(0, equals));
      const value = word.slice(equals + 1);
      if (name !== undefined && value !== '') fields[name] = name === 'process.pid' ? numeric(value) : value;
    } else if (at > 0) {
      fields['user.name'] = word.slice(0, at);
      fields['postgresql.log.database'] = word.slice(at + 1);
    } else if (tags.test(word)) {
      const [name = '', id = ''] = word.split('[');
      log.service = fields['process.name'] = name;
      if (/^\d{1,9}$/.test(id)) fields['process.pid'] = Number(id);
    } else if (ids.test(word) && fields[word.includes('-') ? 'process.name' : 'process.pid'] === undefined) {
      const dash = word.indexOf('-');
      fields['process.pid'] = Number(dash < 0 ? word : word.slice(0, dash));
      if (dash > 0) fields['postgresql.log.session_line_number'] = Number(word.slice(dash + 1));
    } else if (/^[\d.]{7,15}\(\d{1,5}$/.test(word)) {
      fields['source.ip'] = word.slice(0, word.indexOf('('));
      fields['source.port'] = Number(word.slice(word.indexOf('(') + 1));
    }
  }
}

/** `duration: 1.5 ms  execute name: query` and `statement: query`; whether it is one. */
function readDuration(log: ParsedLog): boolean {
  const fields = log.parsed_fields;
  const text = log.message;
  let at = 0;
  if (text.startsWith('duration: ')) {
    const end = text.indexOf(' ms', 10);
    const took = Number(text.slice(10, Math.min(end, 40)));
    if (end < 0 || !Number.isFinite(took * 1e6)) return false;
    fields['event.duration'] = Math.round(took * 1e6);
    at = end + 3;
    while (text.charCodeAt(at) === spaceCode) at++;
    if (at === text.length) return true;
  }
  const colon = text.indexOf(': ', at);
  const [step, name] = text.slice(at, Math.min(colon, at + 100)).split(' ', 2);
  if (colon < 0 || step === undefined || !steps.has(step)) return false;
  fields['postgresql.log.query_step'] = step;
  if (name !== undefined) fields['postgresql.log.query_name'] = name;
  fields['postgresql.log.query'] = text.slice(colon + 2).trim();
  return true;
}

function finishCsv(log: ParsedLog): void {
  const fields = log.parsed_fields;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string' && value.includes('""')) fields[name] = value.replaceAll('""', '"');
  }
  log.message = log.message.replaceAll('""', '"');
  log.level = levelOf(String(fields['log.level'] ?? ''));
  const from = fields['source.address'];
  if (typeof from === 'string') {
    const colon = from.lastIndexOf(':');
    const ip = colon > 0 ? from.slice(0, colon) : from;
    if (isHex(ip.charCodeAt(0)) || ip.startsWith('::')) fields['source.ip'] = ip;
    if (colon > 0) fields['source.port'] = numeric(from.slice(colon + 1));
  }
  const query = fields['postgresql.log.query'];
  if (readDuration(log) && fields['postgresql.log.query'] !== undefined)
    log.message = String(fields['postgresql.log.query']);
  if (query !== undefined) fields['postgresql.log.query'] = query;
}

/** Columns of the csvlog behind the time, in order. */
function csvColumns(): readonly (string | null)[] {
  return [
    ...['user.name', 'postgresql.log.database', 'process.pid', 'source.address', 'postgresql.log.session_id'],
    ...['postgresql.log.session_line_number', 'postgresql.log.command_tag', 'postgresql.log.session_start_time'],
    ...['postgresql.log.virtual_transaction_id', 'postgresql.log.transaction_id', 'log.level'],
    ...['postgresql.log.sql_state_code', 'message', 'postgresql.log.detail', 'postgresql.log.hint'],
    ...['postgresql.log.internal_query', null, 'postgresql.log.context', 'postgresql.log.query'],
    ...['postgresql.log.query_pos', 'postgresql.log.location', 'postgresql.log.application_name'],
    ...['postgresql.log.backend_type', null, null],
  ];
}

const severities = new Set(
  (
    'DEBUG DEBUG1 DEBUG2 DEBUG3 DEBUG4 DEBUG5 LOG INFO NOTICE WARNING ERROR FATAL PANIC DETAIL HINT QUERY CONTEXT ' +
    'STATEMENT LOCATION BACKTRACE'
  ).split(' '),
);

/** A process and the number of its line, which behind a tag of syslog counts the lines of one message: `postgres[42`. */
const ids = /^\d{1,9}(-\d{1,9})?$/;
const tags = /^[\w./-]{1,60}\[[\w.-]{1,40}$/;

const prefixNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    user: 'user.name',
    db: 'postgresql.log.database',
    database: 'postgresql.log.database',
    app: 'postgresql.log.application_name',
    client: 'source.ip',
    host: 'source.ip',
    pid: 'process.pid',
  }),
);

const steps = new Set(['statement', 'execute', 'bind', 'parse', 'fetch', 'fastpath']);
/** A longer prefix is none. */
const maxPrefix = 300;
