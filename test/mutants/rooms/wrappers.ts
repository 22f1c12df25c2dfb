/** Rules of what stands around lines: colours, wrappers, headers. */
import type { Mutant } from '../mutant.ts';

const evidence = ['test/logs/readers/host-evidence.test.ts'] as const;
const colours = ['test/logs/wrappers/ansi.test.ts'] as const;

export const wrappers: readonly Mutant[] = [
  {
    rule: 'a level is neither a host nor a program',
    file: 'logs/layouts/syslog-header.ts',
    from: 'return isUpper(text.charCodeAt(start)) ? levelOf(word) !== null : plainLevelOf(word) !== null;',
    to: 'return false;',
    killedBy: evidence,
  },
  {
    rule: 'a number names no program',
    file: 'logs/layouts/syslog-header.ts',
    from: 'return letters > 0 ? end : -1;',
    to: 'return end;',
    killedBy: evidence,
  },
  {
    rule: 'a host of one source says nothing of another',
    file: 'logs/readers/host-evidence.ts',
    from: 'let known = this.#young.get(source);',
    to: "let known = this.#young.get('');",
    killedBy: evidence,
  },
  {
    rule: 'a word of prose does not become a host by standing there again',
    file: 'logs/readers/host-evidence.ts',
    from: 'return known.times > convincing && looksLikeHost(name);',
    to: 'return known.times > convincing;',
    killedBy: evidence,
  },
  {
    rule: 'a bare bracket is a colour only where one ends',
    file: 'logs/wrappers/ansi.ts',
    from: 'if (start === at && !closed) continue;',
    to: '',
    killedBy: colours,
  },
];
