/** Rules of what stands around lines: colours, wrappers, headers. */
import type { Mutant } from '../mutant.ts';

const evidence = ['test/logs/readers/host-evidence.test.ts'] as const;
const around = ['test/logs/wrappers/wrappers.test.ts'] as const;
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
    from: 'let known = this.memory.get(source);',
    to: "let known = this.memory.get('');",
    killedBy: evidence,
  },
  {
    rule: 'a word of prose does not become a host by standing there again',
    file: 'logs/readers/host-evidence.ts',
    from: 'return known.times > convincing && looksLikeHost(name, 0, name.length);',
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
  {
    rule: 'a level in front of a bar is no container',
    file: 'logs/wrappers/compose.ts',
    from: 'if (levelOf(line.slice(begin, end)) !== null) return -1;',
    to: '',
    killedBy: around,
  },
  {
    rule: 'a name in front of a bar counts without a number only before a line with a header',
    file: 'logs/wrappers/compose.ts',
    from: 'const isTold = begin > at || bar - end > 1 || numberStart(line, begin, end) < end || isLeveled(line, content);',
    to: 'const isTold = true;',
    killedBy: around,
  },
  {
    rule: 'a time in front of a line with a header of its own is that of the taking in',
    file: 'logs/wrappers/taken-in.ts',
    from: 'if (speaksForItself(line, content, scanner)) return content;',
    to: '',
    killedBy: around,
  },
  {
    rule: 'words with vowels are no names that Kubernetes made up',
    file: 'logs/wrappers/pod.ts',
    from: "const vowels = 'aiou';",
    to: "const vowels = '';",
    killedBy: around,
  },
  {
    rule: 'containers in one file are streams of their own',
    file: 'logs/lines/content.ts',
    from: 'this.stream += line.slice(nameStart, nameEnd);',
    to: '',
    killedBy: around,
  },
  {
    rule: 'a message is a line only where it tells more than a message',
    file: 'logs/wrappers/inner.ts',
    from: "return format !== 'text' && (level !== null || message.length < trimmedEnd(text, 0));",
    to: 'return true;',
    killedBy: ['test/logs/packings/unpack.test.ts'],
  },
  {
    rule: 'what a header says of the level stands in for a line without one',
    file: 'logs/parser.ts',
    from: 'wrapping.level = log.level ?? wrapping.level;',
    to: '',
    killedBy: around,
  },
  {
    rule: 'a settled source is read at once only where a line begins as its last ones did',
    file: 'logs/readers/sticky-formats.ts',
    from: 'if (beginning === smallCode || !memory.beginnings.includes(beginning)) return null;',
    to: 'if (beginning === smallCode) return null;',
    killedBy: ['test/logs/readers/settled.test.ts'],
  },
  {
    rule: 'a small letter may begin the name of a container, also in a settled source',
    file: 'logs/readers/sticky-formats.ts',
    from: 'if (beginning === smallCode || ',
    to: 'if (',
    killedBy: ['test/logs/readers/settled.test.ts'],
  },
  {
    rule: 'what stands behind a time is part of how a line begins',
    file: 'logs/readers/sticky-formats.ts',
    from: 'return afterTime | (signOf(text.charCodeAt(at)) << 7) | signOf(text.charCodeAt(at + 1));',
    to: 'return afterTime;',
    killedBy: ['test/logs/readers/settled.test.ts'],
  },
  {
    rule: 'prose that a source always writes is read at once only behind a time and before a word in capitals',
    file: 'logs/readers/sticky-formats.ts',
    from: 'beginning === capitalsBehindTime && memory.misses',
    to: 'memory.misses',
    killedBy: ['test/logs/readers/settled.test.ts'],
  },
];
