import type { TextFormat } from '../format.ts';
import type { ParsedLog } from '../parsed-log.ts';
import { chars, int, layout, level, message, oneOf, optional, type Piece, time } from '../pattern.ts';
import { blanks, newline, whole } from '../pieces.ts';
import { isDigit, SPACE } from '../text.ts';

/**
 * The error log of MySQL and MariaDB: `time thread [Level] text` since 5.7, with `[MY-code] [Subsystem]` in 8.0, and
 * the short date of 5.5, with or without level. The code stays in the message, too.
 */
export const mysqlError: TextFormat = {
  name: 'mysql_error',
  layouts: [
    layout(time, ' ', int('mysql.thread_id'), ' [', level, '] ', message),
    layout(shortDate(), time, ' ', optional('[', level, '] '), message),
    layout(shortDate(), time, ' ', blanks, int('mysql.thread_id'), ' ', message),
  ].toSpliced(1, 0, layout(shortDate(), time, ' ', int('mysql.thread_id'), ' ', message)).slice(0, 3),
  finish: finishError,
  samples: [],
};

/**
 * MySQL's slow query log: comment lines with the facts, then the statement. The time is the statement's `SET
 * timestamp`, else that of the `# Time` line.
 */
export const mysqlSlow: TextFormat = {
  name: 'mysql_slow',
  layouts: [
    layout('# ', oneOf(['Time: ', time], ['User@Host: ']), whole('event.original'), setTime(), newlineOrNothing(), message),
  ],
  finish: finishSlow,
  samples: [],
};

/** Looks for the date of MySQL 5: six digits, a blank, a clock with colons. */
function shortDate(): Piece {
  return {
    make: () => (text, at) => {
      for (let i = 0; i < 6; i++) if (!isDigit(text.charCodeAt(at + i))) return -1;
      return text.charCodeAt(at + 6) === SPACE && text.charCodeAt(at + 9) === 58 ? at : -1;
    },
  };
}
