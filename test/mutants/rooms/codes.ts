/** Rules of the levels that codes and kernels name, of abbreviated levels, and of programs behind a header. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/codes.test.ts'] as const;

export const codes: readonly Mutant[] = [
  {
    rule: 'a short number with a letter is a name',
    file: 'logs/codes.ts',
    from: 'if (count < 4 && !isSplit && behind !== colonCode) return null;',
    to: '',
    killedBy,
  },
  {
    rule: 'the code of a ticket is no error',
    file: 'logs/codes.ts',
    from: "return oracles.has(text.slice(at, name)) ? 'ERROR' : null;",
    to: "return 'ERROR';",
    killedBy,
  },
  {
    rule: 'a code on a further line counts',
    file: 'logs/codes.ts',
    from: 'const mostLines = 4;',
    to: 'const mostLines = 1;',
    killedBy,
  },
  {
    rule: 'an abbreviation needs a column of its own',
    file: 'logs/headers/levels.ts',
    from: 'return headed && isColumnEnd(state) ? abbreviation(state, word) : null;',
    to: 'return headed ? abbreviation(state, word) : null;',
    killedBy,
  },
  {
    rule: 'an abbreviation in brackets needs a header',
    file: 'logs/headers/brackets.ts',
    from: 'found || state.isHeaded() ? levelOfColumn(word) : levelOf(word)',
    to: 'levelOfColumn(word)',
    killedBy,
  },
  {
    rule: 'what a kernel counts is no level',
    file: 'logs/codes.ts',
    from: String.raw`\]?(?:: | \()/`,
    to: String.raw`\]?(?:: | )/`,
    killedBy,
  },
  {
    rule: 'the name of a program behind a header hides no level',
    file: 'logs/wrappers/inner.ts',
    from: 'return label > 0 && beginsWithLevel(text, label);',
    to: 'return false;',
    killedBy,
  },
  {
    rule: 'a unit that failed is an error of systemd',
    file: 'logs/readers/evidence.ts',
    from: "(log.service === 'systemd' && failsUnit(log.message))",
    to: 'false',
    killedBy,
  },
  {
    rule: 'behind a comma a code has a name',
    file: 'logs/readers/evidence.ts',
    from: "if (text.startsWith(', status', end) || text.startsWith(', code', end)) end += 2;",
    to: 'if (text.charCodeAt(end) === 44) end += 2;',
    killedBy,
  },
  {
    rule: 'what was asked to end has not failed',
    file: 'logs/readers/evidence.ts',
    from: 'if (ended >= 0) return deadly.some((word) => startsWithWord(text, ended + 20, word));',
    to: 'if (ended >= 0) return true;',
    killedBy,
  },
  {
    rule: 'a task that took too long has failed',
    file: 'logs/readers/evidence.ts',
    from: 'if (isTimedOut(text)) return true;',
    to: '',
    killedBy,
  },
];
