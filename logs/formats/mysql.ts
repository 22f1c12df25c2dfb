/**
 * The error log of MySQL and MariaDB: `time thread [Level] text` since 5.7, with `[MY-code] [Subsystem]` in 8.0, and
 * the short date of 5.5, with or without thread and level. The code stays in the message, too.
 */
import { keep, layout, type Piece } from '../layouts/layout.ts';
import { blanks, int, level, message, time, unless } from '../layouts/pieces.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { colonCode, finite, hashSignCode, isDigit, numeric, spaceCode } from '../text.ts';
import type { TextFormat } from './format.ts';

export const mysqlError: TextFormat = {
  name: 'mysql_error',
  layouts: [
    layout(time, ' ', int('mysql.thread_id'), ' [', level, '] ', message),
    layout(shortDate(), time, ' [', level, '] ', message),
    layout(shortDate(), time, ' ', int('mysql.thread_id'), ' ', message),
    layout(shortDate(), time, blanks, untagged(), message),
  ],
  finish: finishError,
  samples: [
    {
      line: "161209 14:18:50 [Note] Plugin 'FEDERATED' is disabled.",
      time: '2016-12-09T14:18:50.000Z',
      level: 'INFO',
      message: "Plugin 'FEDERATED' is disabled.",
      fields: {
        'log.level': 'Note',
      },
    },
    {
      line: '161209 14:18:50 InnoDB: Mutexes and rw_locks use GCC atomic builtins',
      time: '2016-12-09T14:18:50.000Z',
      level: null,
      message: 'InnoDB: Mutexes and rw_locks use GCC atomic builtins',
      fields: {},
    },
    {
      line: "2026-01-29T08:51:24.967123Z 7 [Warning] Access denied for user 'shop'@'10.0.0.7' (using password: YES)",
      time: '2026-01-29T08:51:24.967123Z',
      level: 'WARN',
      message: "Access denied for user 'shop'@'10.0.0.7' (using password: YES)",
      fields: {
        'mysql.thread_id': 7,
        'log.level': 'Warning',
        'source.ip': '10.0.0.7',
      },
    },
    {
      line: '2026-01-29T08:51:24.967123Z 0 [System] [MY-010116] [Server] mysqld (mysqld 8.0.15) starting as process 1688',
      time: '2026-01-29T08:51:24.967123Z',
      level: 'INFO',
      message: '[MY-010116] [Server] mysqld (mysqld 8.0.15) starting as process 1688',
      fields: {
        'mysql.thread_id': 0,
        'log.level': 'System',
        'event.code': 'MY-010116',
        'mysql.error.subsystem': 'Server',
      },
    },
    {
      line: '260129  8:51:24\t    13 Query\tSHOW STATUS',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'Query\tSHOW STATUS',
      fields: {
        'mysql.thread_id': 13,
      },
    },
  ],
};

/**
 * MySQL's slow query log: comment lines with the facts, then the statement, which is the message. The time is that of
 * the statement's `SET timestamp`, else of the `# Time` line.
 */
export const mysqlSlow: TextFormat = {
  name: 'mysql_slow',
  layouts: [layout('# ', slowHeader(), message)],
  finish: finishSlow,
  samples: [
    {
      line: '# Time: 260129  8:51:30\n# User@Host: shop[shop] @ web-1 [10.0.0.7]  Id:    42\n# Query_time: 2.500000  Lock_time: 0.000120 Rows_sent: 1  Rows_examined: 900\nuse shop;\nSET timestamp=1769676684;\nSELECT *\nFROM orders;',
      time: '2026-01-29T08:51:24.000Z',
      level: null,
      message: 'SELECT *\nFROM orders;',
      fields: {
        'user.name': 'shop',
        'source.domain': 'web-1',
        'source.ip': '10.0.0.7',
        'mysql.thread_id': 42,
        'event.duration': 2500000000,
        'mysql.slowlog.lock_time.sec': 0.00012,
        'mysql.slowlog.rows_sent': 1,
        'mysql.slowlog.rows_examined': 900,
      },
    },
    {
      line: '# Time: 2026-01-29T08:51:24.967123Z\n# User@Host: shop[shop] @  [10.0.0.7]  Id:    42\n# Schema: shop  Last_errno: 0  Killed: 0\n# Query_time: 2.5  Lock_time: 0.0  Rows_sent: 1  Rows_examined: 9\nSELECT 1;',
      time: '2026-01-29T08:51:24.967123Z',
      level: null,
      message: 'SELECT 1;',
      fields: {
        'user.name': 'shop',
        'source.ip': '10.0.0.7',
        'mysql.thread_id': 42,
        'mysql.slowlog.schema': 'shop',
        'event.duration': 2500000000,
        'mysql.slowlog.lock_time.sec': 0,
        'mysql.slowlog.rows_sent': 1,
        'mysql.slowlog.rows_examined': 9,
      },
    },
  ],
};

/** Neither a level nor a number begins here: other layouts know those. */
function untagged(): Piece {
  return unless('[', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}

/** Looks for the date of MySQL 5: six digits, a blank, a clock with colons. */
function shortDate(): Piece {
  return {
    make: () => (text, at) => {
      for (let i = 0; i < 6; i++) if (!isDigit(text.charCodeAt(at + i))) return -1;
      return text.charCodeAt(at + 6) === spaceCode && text.charCodeAt(at + 9) === colonCode ? at : -1;
    },
  };
}

function finishError(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const text = log.message;
  if (text.startsWith('[MY-')) {
    const end = text.indexOf(']');
    fields['event.code'] = text.slice(1, end);
    if (text.startsWith('] [', end)) fields['mysql.error.subsystem'] = text.slice(end + 3, text.indexOf(']', end + 3));
  }
  const address = quotedBehind(text, "'@'") ?? quotedBehind(text, "IP address '") ?? quotedBehind(text, " on IP: '");
  if (address !== undefined && /^[\d.]{7,15}$|^[\da-f:.]{2,45}$/i.test(address)) fields['source.ip'] = address;
}

function quotedBehind(text: string, opening: string): string | undefined {
  const at = text.indexOf(opening);
  if (at < 0) return undefined;
  const start = at + opening.length;
  return text.slice(start, Math.min(start + 64, text.indexOf("'", start)));
}

/** The lines before the statement; captures them whole and finds the time. */
function slowHeader(): Piece {
  return {
    make: (capture) => {
      const group = capture('header');
      return (text, at, match) => {
        if (!text.startsWith('Time: ', at) && !text.startsWith('User@Host: ', at)) return -1;
        let line = at;
        if (text.startsWith('Time: ', at)) {
          // Configurations have comments that begin so, too.
          if (!match.scanner.scan(text, at + 6)) return -1;
          match.timed = true;
        }
        for (let end = text.indexOf('\n', line); end >= 0; end = text.indexOf('\n', line)) {
          const next = end + 1;
          line = next;
          if (text.startsWith('SET timestamp=', next)) match.timed = match.scanner.scan(text, next + 14) || match.timed;
          else if (text.charCodeAt(next) !== hashSignCode && !text.startsWith('use ', next)) break;
        }
        if (line === at) return -1;
        return keep(match, group, at, line);
      };
    },
  };
}

function finishSlow(log: ParsedLog): void {
  const fields = log.parsed_fields;
  const header = String(fields['header'] ?? '');
  delete fields['header'];
  for (const line of header.split('\n', maxHeader)) {
    const user = line.indexOf('User@Host: ');
    if (user >= 0) readUser(fields, line.slice(user + 11));
    for (const [key, name] of slowFields) {
      const at = line.indexOf(key);
      if (at < 0) continue;
      const value = line
        .slice(at + key.length)
        .trimStart()
        .split(' ', 1)[0]!;
      if (value === '') continue;
      fields[name] = name === 'event.duration' ? finite(Math.round(Number(value) * 1e9), value) : numeric(value);
    }
  }
}

/** `shop[shop] @ web-1 [10.0.0.7]  Id:    42`. */
function readUser(fields: ParsedLog['parsed_fields'], text: string): void {
  const bracket = text.indexOf('[');
  if (bracket > 0) fields['user.name'] = text.slice(0, bracket);
  const at = text.indexOf(' @ ');
  const open = text.indexOf('[', at);
  if (at < 0 || open < 0) return;
  const host = text.slice(at + 3, open).trim();
  if (host !== '') fields['source.domain'] = host;
  const ip = text.slice(open + 1, text.indexOf(']', open));
  if (ip !== '') fields['source.ip'] = ip;
}

const slowFields = [
  ['Id: ', 'mysql.thread_id'],
  ['Schema: ', 'mysql.slowlog.schema'],
  ['Query_time: ', 'event.duration'],
  ['Lock_time: ', 'mysql.slowlog.lock_time.sec'],
  ['Rows_sent: ', 'mysql.slowlog.rows_sent'],
  ['Rows_examined: ', 'mysql.slowlog.rows_examined'],
] as const;

const maxHeader = 16;
