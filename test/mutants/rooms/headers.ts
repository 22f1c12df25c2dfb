/** Rules of reading headers. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/headers/header.test.ts'] as const;

export const headers: readonly Mutant[] = [
  {
    rule: 'three numbers are no address',
    file: 'logs/headers/notes.ts',
    from: 'if (threeNumbers.test(text)) return;',
    to: '',
    killedBy,
  },
  {
    rule: 'a bracket at the end of a line is what it says',
    file: 'logs/headers/brackets.ts',
    from: "if (next >= text.length) return 'message';",
    to: '',
    killedBy,
  },
  {
    rule: 'a doubtful piece belongs to the message unless a sure one follows',
    file: 'logs/headers/notes.ts',
    from: 'this.#count = this.#sure;',
    to: '',
    killedBy,
  },
  {
    rule: 'capitals and digits before a colon are a code of the message',
    file: 'logs/headers/bare.ts',
    from: "if (kind === 'colon' && (isCode(token) || isPlain(token))) return 'message';",
    to: '',
    killedBy,
  },
  {
    rule: 'of two times the inner one wins',
    file: 'logs/headers/state.ts',
    from: 'this.timeAt = at;\n      this.level = null;',
    to: '',
    killedBy,
  },
  {
    rule: 'a line is not all header',
    file: 'logs/headers/bare.ts',
    from: 'if (end === at || end === text.length)',
    to: 'if (end === at)',
    killedBy,
  },
  {
    rule: 'one letter is a level before the name of a logger',
    file: 'logs/headers/levels.ts',
    from: "if (kind === 'blank' && !opens && !named) return null;",
    to: "if (kind === 'blank' && !opens) return null;",
    killedBy,
  },
  {
    rule: 'a column is of levels if nine of ten lines hold one there',
    file: 'logs/headers/level-columns.ts',
    from: 'votes * 10 >= memory.lines * 9 &&',
    to: 'votes > 0 &&',
    killedBy: ['test/logs/headers/level-columns.test.ts'],
  },
  {
    rule: 'a column that always holds the same level may be what is said',
    file: 'logs/headers/level-columns.ts',
    from: ' && (memory.various >> i) & 1)',
    to: ')',
    killedBy: ['test/logs/headers/level-columns.test.ts'],
  },
  {
    rule: 'a column of levels is forgotten when it stops fitting',
    file: 'logs/headers/level-columns.ts',
    from: 'if (memory.misses >= mostMisses) forget(memory);',
    to: '',
    killedBy: ['test/logs/headers/level-columns.test.ts'],
  },
  {
    rule: 'a source that shows no column of levels is looked at again later',
    file: 'logs/headers/level-columns.ts',
    from: 'memory.rests--;',
    to: '',
    killedBy: ['test/logs/headers/level-columns.test.ts'],
  },
];
