/** Rules of the words that name levels, and of what stands around them. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/headers/level-words.test.ts'] as const;

export const levelWords: readonly Mutant[] = [
  {
    rule: 'levels of other alphabets are read in a header',
    file: 'logs/headers/levels.ts',
    from: 'text.charCodeAt(wordEnd) > lastAscii ? foreignWord(state, at, end) : levelWith',
    to: 'levelWith',
    killedBy,
  },
  {
    rule: 'a word that often means something else is no level in front of a sentence',
    file: 'logs/level-words.ts',
    from: "'aviso fout",
    to: "'fout",
    killedBy,
  },
  {
    rule: 'a level in a path is none',
    file: 'logs/headers/fallback.ts',
    from: 'shouted && !isPart(text, at, end) &&',
    to: 'shouted &&',
    killedBy,
  },
  {
    rule: 'a level behind an address is none',
    file: 'logs/headers/levels.ts',
    from: "return text.slice(start, from).includes('//') ? -1 : from;",
    to: 'return from;',
    killedBy,
  },
  {
    rule: 'one letter beside the time in brackets is the level',
    file: 'logs/headers/brackets.ts',
    from: 'if (state.level !== null || !plainLetters.includes(text.charAt(at))',
    to: 'if (at >= 0 || !plainLetters.includes(text.charAt(at))',
    killedBy,
  },
  {
    rule: 'a pair with a key for levels names the level',
    file: 'logs/headers/state.ts',
    from: "if (level !== '') this.noteLevel(levelOfField(level), level);",
    to: '',
    killedBy,
  },
  {
    rule: 'the end of a file’s name before a colon is no level',
    file: 'logs/headers/fallback.ts',
    from: '(before === dotCode || before === underscoreCode)) return false;',
    to: 'before === underscoreCode) return false;',
    killedBy,
  },
];
