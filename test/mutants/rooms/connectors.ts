/** Rules of files and of other edges of a job. */
import type { Mutant } from '../mutant.ts';

export const connectors: readonly Mutant[] = [
  {
    rule: 'what has the inode of a file that is gone is another file',
    file: 'connectors/files/life.ts',
    from: "if (gone === true) return 'replaced';",
    to: '',
    killedBy: ['test/connectors/files/life.test.ts', 'test/connectors/files/split.test.ts'],
  },
  {
    rule: 'a file of another time of birth is another file',
    file: 'connectors/files/life.ts',
    from: "if (born !== undefined && look.born !== undefined && born !== look.born) return 'replaced';",
    to: '',
    killedBy: ['test/connectors/files/life.test.ts', 'test/connectors/files/split.test.ts'],
  },
  {
    rule: 'a file that begins otherwise was cut',
    file: 'connectors/files/life.ts',
    from: "if (!sameHead(head, look.beginning)) return 'cut';",
    to: '',
    killedBy: ['test/connectors/files/life.test.ts', 'test/connectors/files/split.test.ts'],
  },
  {
    rule: 'a file that is shorter than what was read was cut',
    file: 'connectors/files/life.ts',
    from: "look.size < offset ? 'cut' : 'same'",
    to: "look.size < offset ? 'same' : 'same'",
    killedBy: ['test/connectors/files/life.test.ts', 'test/connectors/files/split.test.ts'],
  },
];
