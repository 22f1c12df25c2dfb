/** Rules of lines that describe themselves, and of layouts that a user gives. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/readers/described-lines.test.ts'] as const;
const exported = ['test/logs/envelopes/journal-export.test.ts'] as const;
const layouts = ['test/logs/formats/layout-strings.test.ts'] as const;

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
  {
    rule: 'the fraction of a second behind a time is read with it',
    file: 'logs/formats/strings/python.ts',
    from: 'return joinFractions(tokens);',
    to: 'return tokens;',
    killedBy: layouts,
  },
  {
    rule: 'blanks around a value are padding',
    file: 'logs/formats/strings/tokens.ts',
    from: 'const start = Math.min(skipBlanks(text, at), end);',
    to: 'const start = at;',
    killedBy: layouts,
  },
  {
    rule: 'a value without an end is refused',
    file: 'logs/formats/strings/tokens.ts',
    from: "stop === null ? rest(name) : stop === '' ? null : upTo(name, stop)",
    to: 'stop === null ? rest(name) : upTo(name, stop)',
    killedBy: layouts,
  },
  {
    rule: 'a time in front of a line may be of the layout that a user gives',
    file: 'logs/parser.ts',
    from: 'const own = this.#own.has(log.format) ? null : this.#sticky.readOwn(line);',
    to: 'const own = null;',
    killedBy: layouts,
  },
  {
    rule: 'a property of a pattern that names the service is the service',
    file: 'logs/formats/strings/java.ts',
    from: '/app|service/i.test(name)',
    to: "name === ''",
    killedBy: layouts,
  },
  {
    rule: 'a request without quotes ends behind its version',
    file: 'logs/layouts/access-pieces.ts',
    from: 'return last < 0 ? -1 : wordEnd(text, last + 1);',
    to: "return text.indexOf(' ', at);",
    killedBy: layouts,
  },
  {
    rule: 'durations of Apache have the unit that was asked for',
    file: 'logs/formats/strings/access.ts',
    from: "letter === 'D' || argument === 'us' ? took.us : argument === 'ms' ? took.ms : took.s",
    to: 'took.s',
    killedBy: layouts,
  },
  {
    rule: 'lines of an exported entry belong to it whatever they hold',
    file: 'logs/lines/joining.ts',
    from: 'if (event.length > 0 && isExported(event[0]!)) return false;',
    to: '',
    killedBy: exported,
  },
  {
    rule: 'the cursor of an entry tells its time where nothing else does',
    file: 'logs/envelopes/journal-export.ts',
    from: "fields['__REALTIME_TIMESTAMP'] ??= cursorTime(fields['__CURSOR'] ?? '');",
    to: '',
    killedBy: exported,
  },
  {
    rule: 'a file in UTF-16 may be smaller than the positions of its text',
    file: 'connectors/files/life.ts',
    from: "formOf(look.beginning) === 'plain' &&",
    to: '',
    killedBy: ['test/connectors/files/source.test.ts'],
  },
  {
    rule: 'half a character waits for the rest of it',
    file: 'connectors/files/encoding.ts',
    from: 'decoder!.decode(bytes, { stream: true })',
    to: 'decoder!.decode(bytes)',
    killedBy: ['test/connectors/files/source.test.ts'],
  },
];
