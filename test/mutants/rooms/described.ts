/** Rules of lines that describe themselves, and of layouts that a user gives. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/readers/described-lines.test.ts'] as const;

export const described: readonly Mutant[] = [
  {
    rule: 'a table needs a known column besides its time',
    file: 'logs/readers/headings.ts',
    from: "if (!plays('time')) return",
    to: 'return',
    killedBy,
  },
  {
    rule: 'a row without the time that its columns promise is none',
    file: 'logs/readers/described-lines.ts',
    from: 'hasTime(heading, kind.rules) ||',
    to: '',
    killedBy,
  },
  {
    rule: 'a clock alone has the day of the directive',
    file: 'logs/readers/described-lines.ts',
    from: "if (date !== '') memory.date = date;",
    to: '',
    killedBy,
  },
  {
    rule: 'the times of the W3C are in UTC',
    file: 'logs/readers/described-lines.ts',
    from: "date: '', zone: 'Z', misfits: 0",
    to: "date: '', zone: '', misfits: 0",
    killedBy,
  },
  {
    rule: 'a heading that has long not fitted is forgotten',
    file: 'logs/readers/described-lines.ts',
    from: 'if (memory.misfits >= mostMisfits) memory.heading = null;',
    to: '',
    killedBy,
  },
  {
    rule: 'a message that comes last may hold separators',
    file: 'logs/readers/headings.ts',
    from: 'at === names.length - 1 ? at : -1',
    to: '-1',
    killedBy,
  },
  {
    rule: 'a row is an event however it begins',
    file: 'logs/lines/joining.ts',
    from: 'if (joining.table !== undefined && (beginsRow(line, joining) || beginsRow(line.slice(start, end), joining)))\n      return true;',
    to: '',
    killedBy,
  },
  {
    rule: 'a quoted cell goes on over lines',
    file: 'logs/lines/rows.ts',
    from: 'joining.csv = goesOn;',
    to: 'joining.csv = false;',
    killedBy,
  },
  {
    rule: 'a quote behind which no separator stands is text',
    file: 'logs/layouts/cells.ts',
    from: 'if (text.charCodeAt(at + 1) === quoteCode && at + 1 < end) continue;',
    to: '',
    killedBy,
  },
];
