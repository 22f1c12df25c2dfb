/** Rules of levels that a time behind them or the signs around them show. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/headers/marked-levels.test.ts'] as const;
const file = 'logs/headers/marked-levels.ts';

export const markedLevels: readonly Mutant[] = [
  {
    rule: 'a level in brackets beside its time is read with it',
    file,
    from: 'if (partnerOf(text.charCodeAt(start)) !== 0) return -1;',
    to: '',
    killedBy: ['test/logs/headers/header.test.ts'],
  },
  {
    rule: 'a dash alone makes one name of a level and a date',
    file,
    from: '(at === end + 1 && joins(text.charCodeAt(end))) || !scanner',
    to: '!scanner',
    killedBy,
  },
  {
    rule: 'a long number behind a word is no time',
    file,
    from: 'if (scanner.epoch && at === end + 1) return -1;',
    to: '',
    killedBy,
  },
  {
    rule: 'a level between slashes is a path',
    file,
    from: 'if (sign === slashCode && from === at + 1 && !isSpaced) return -1;',
    to: '',
    killedBy,
  },
  {
    rule: 'a level behind a sign that does not close is said',
    file,
    from: 'if (partner === 0 && !isClosed && !(isSpaced && isShouted(text, from, end))) return -1;',
    to: '',
    killedBy,
  },
  {
    rule: 'a line that begins with a level and a time is an event',
    file: 'logs/lines/beginning.ts',
    from: "if ((layout === 'time' || layout === 'epoch') && timeBehindLevel(line, start, scanner) >= 0) return 'time';",
    to: '',
    killedBy,
  },
  {
    rule: 'a line that begins with a date between signs is an event',
    file: 'logs/lines/beginning.ts',
    from: '(at > start && line.charCodeAt(behind) === first) || leadingLevel',
    to: 'leadingLevel',
    killedBy,
  },
];
