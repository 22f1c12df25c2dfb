/** Rules of what tools write in front of lines. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/wrappers/prefixes.test.ts'] as const;

export const prefixes: readonly Mutant[] = [
  {
    rule: 'the number of a line counts only before a date with its year or a record',
    file: 'logs/wrappers/file.ts',
    from: 'if (isDigit(line.charCodeAt(at))) return behindNumber',
    to: 'if (at < 0) return behindNumber',
    killedBy,
  },
  {
    rule: 'a program that is kept running has a number and a bar before its name',
    file: 'logs/wrappers/compose.ts',
    from: 'const begin = behindNumber(line, at);',
    to: 'const begin = at;',
    killedBy,
  },
  {
    rule: 'a level behind a bar is a program’s only if no further column follows',
    file: 'logs/wrappers/compose.ts',
    from: " && line.indexOf(' |', end) < 0;",
    to: ';',
    killedBy,
  },
  {
    rule: 'behind the number of a pod any container may stand before a line with a header',
    file: 'logs/wrappers/pod.ts',
    from: ' || speaksForItself(line, content + 1, mark.scanner);',
    to: ';',
    killedBy,
  },
  {
    rule: 'a namespace and a pod are a prefix only before a line with a header',
    file: 'logs/wrappers/pod.ts',
    from: 'return speaksForItself(line, content + 1, scanner) || speaksBehindRuntime(line, content + 1);',
    to: 'return true;',
    killedBy,
  },
  {
    rule: 'a number in brackets is a label only before a record',
    file: 'logs/wrappers/label.ts',
    from: 'if (line.charCodeAt(end + 2) !== openBraceCode || !speaksForItself(line, end + 2, mark.scanner)) return -1;',
    to: '',
    killedBy,
  },
  {
    rule: 'only a few words may stand before the header of a line',
    file: 'logs/headers/fallback.ts',
    from: "if (prefix.split(' ').length > mostPrefixes + 1 || prefix.includes('\\n')) return false;",
    to: '',
    killedBy,
  },
  {
    rule: 'a runner’s command that is no level is said',
    file: 'logs/headers/header.ts',
    from: "return state.level === null ? 'message' : verdict;",
    to: 'return verdict;',
    killedBy,
  },
];
