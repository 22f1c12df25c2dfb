/** Rules of levels that tools and runners write, and of their lines among events. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/headers/tool-levels.test.ts'] as const;
const byLines = ['test/logs/lines/among-events.test.ts'] as const;
const file = 'logs/headers/tool-levels.ts';

const byOutcomes = ['test/logs/headers/outcomes.test.ts'] as const;

export const toolLevels: readonly Mutant[] = [
  {
    rule: 'a level in a column behind one blank begins an event',
    file: 'logs/lines/beginning.ts',
    from: "isIndented && at === start + 1 && isLevelColumn(line, at) ? 'indented time' : 'continuation'",
    to: "'continuation'",
    killedBy: ['test/logs/lines/stray-lines.test.ts'],
  },
  {
    rule: 'a path of Windows names no logger',
    file: 'logs/formats/python.ts',
    from: ' && code !== backslashCode && code !== slashCode',
    to: '',
    killedBy: byOutcomes,
  },
  {
    rule: 'stars that close are no failure',
    file: 'logs/headers/outcomes.ts',
    from: ' && !/\\*\\*\\*\\s*$/.test(text.slice(end + 6, end + 6 + longestHead))',
    to: '',
    killedBy: byOutcomes,
  },
  {
    rule: 'a count of failures is none',
    file: 'logs/headers/outcomes.ts',
    from: '(?![\\w/.-]|:? ?\\d)',
    to: '(?![\\w/.-])',
    killedBy: byOutcomes,
  },
  {
    rule: 'an icon inside of a text is no level',
    file: 'logs/headers/outcomes.ts',
    from: 'const limit = Math.min(end, start + longestHead) + 1;',
    to: 'const limit = start + longestHead;',
    killedBy: byOutcomes,
  },
  {
    rule: 'a word is a cell only between two of one separator',
    file: 'logs/headers/levels.ts',
    from: 'if (state.text.charCodeAt(at - 1) !== state.text.charCodeAt(end) || !state.isHeaded()) return null;',
    to: '',
    killedBy: byOutcomes,
  },
  {
    rule: 'a level in small letters is one in front of a capital',
    file,
    from: '(at > start || (isUpper(text.charCodeAt(end + 1)) && isLower(text.charCodeAt(end + 2))))',
    to: 'at >= start',
    killedBy,
  },
  {
    rule: 'the level behind npm is that of the line',
    file,
    from: 'if (text.startsWith(tools[i]!, start)) return start + tools[i]!.length;',
    to: 'if (text.startsWith(tools[i]!, start)) return start;',
    killedBy,
  },
  {
    rule: 'only a command with a level is taken off',
    file,
    from: 'if (word === undefined || levelOfField(word) === null) return null;',
    to: 'if (word === undefined) return null;',
    killedBy,
  },
  {
    rule: 'a code in capitals hides no level in front of it',
    file: 'logs/headers/fallback.ts',
    from: 'if (text.charCodeAt(from - 1) === spaceCode) from--;',
    to: '',
    killedBy,
  },
  {
    rule: 'ids and a level begin an event',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (isRemarkOfTool(part) || hasOwnHeader(part)) return true;',
    to: 'if (isRemarkOfTool(part)) return true;',
    killedBy: byLines,
  },
  {
    rule: 'a line about a journal begins an event',
    file: 'logs/lines/plain-lines.ts',
    from: 'if (isRemarkOfTool(part) || hasOwnHeader(part)) return true;',
    to: 'if (hasOwnHeader(part)) return true;',
    killedBy: byLines,
  },
  {
    rule: 'prose in front of a level begins no event',
    file: 'logs/lines/evidence.ts',
    from: 'if (signs === 0) return false;',
    to: '',
    killedBy: byLines,
  },
  {
    rule: 'a time in front of what has none is another stream',
    file: 'logs/lines/joining.ts',
    from: ' || this.#plain.isTimedApart(line, start, event);',
    to: ';',
    killedBy: byLines,
  },
];
