/** Rules of templates. */
import type { Mutant } from '../mutant.ts';

const merging = ['test/logs/templates/merging.test.ts'] as const;
const lexer = ['test/logs/templates/lexer.test.ts'] as const;
const variable = ['test/logs/templates/variable.test.ts'] as const;
const stored = ['test/logs/templates/templates.test.ts'] as const;

export const templates: readonly Mutant[] = [
  {
    rule: 'templates: a key with nothing behind has a value',
    file: 'logs/templates/lexer.ts',
    from: 'if (isEmptyAt(line, at)) tokens.value(kinds.soft, at, at);',
    to: '',
    killedBy: lexer,
  },
  {
    rule: 'templates: elements of an array are values',
    file: 'logs/templates/lexeme-reader.ts',
    from: 'if (flags & chars.digit || isDigit(line.charCodeAt(start - 2))) return true;',
    to: 'if (flags & chars.digit) return true;',
    killedBy: lexer,
  },
  {
    rule: 'templates: a comma and a blank part two values',
    file: 'logs/templates/fold.ts',
    from: '(a[made - 1] !== comma || (kind[i]! & kinds.blank) === 0)',
    to: 'a[made - 1] !== 0',
    killedBy: lexer,
  },
  {
    rule: 'templates: words that tell what happened are no list',
    file: 'logs/templates/lists.ts',
    from: '((kind[last]! & element) === 0 || tellingHashes.has(a[last]!)) return -1;',
    to: '((kind[last]! & element) === 0) return -1;',
    killedBy: lexer,
  },
  {
    rule: 'templates: a key is no end of a list',
    file: 'logs/templates/lexer.ts',
    from: 'if (at > start) return line.charCodeAt(at) !== equalsCode;',
    to: 'if (at > start) return true;',
    killedBy: lexer,
  },
  {
    rule: 'templates: outcomes behind a name in code are constant',
    file: 'logs/templates/variable.ts',
    from: ' && !words.every(isListedTelling)',
    to: '',
    killedBy: variable,
  },
  {
    rule: 'templates: places in a program are constant',
    file: 'logs/templates/variable.ts',
    from: 'return word.endsWith(`+${hole}`);',
    to: 'return false && word.endsWith(hole);',
    killedBy: variable,
  },
  {
    rule: 'templates: words that were values elsewhere are values',
    file: 'logs/templates/variable.ts',
    from: 'return words.every((word) => proven.has(word)) && !words.every(isCapital);',
    to: 'return words.every((word) => proven.has(word)) && false;',
    killedBy: merging,
  },
  {
    rule: 'templates: forms with a word that was just proven are looked at again',
    file: 'logs/templates/form-index.ts',
    from: 'if (!touched.has(length) && [...forms].some(holdsOne)) touched.add(length);',
    to: '[...forms].some(holdsOne);',
    killedBy: merging,
  },
  {
    rule: 'templates: a word that takes the place of a value is one',
    file: 'logs/templates/store.ts',
    from: 'this.#prove(known, tokens, line);',
    to: '',
    killedBy: merging,
  },
  {
    rule: 'templates: proven words are stored',
    file: 'logs/templates/store.ts',
    from: 'this.proven.load(id.slice(wordPrefix.length));',
    to: '',
    killedBy: stored,
  },
  {
    rule: 'templates: proven words are bounded',
    file: 'logs/templates/proven.ts',
    from: 'this.#words.clear();',
    to: '',
    killedBy: stored,
  },
  {
    rule: 'templates: few quotations are no values',
    file: 'logs/templates/variable.ts',
    from: 'return texts.size >= manyWords &&',
    to: 'return texts.size >= 2 &&',
    killedBy: merging,
  },
  {
    rule: 'templates: several words are a value only where words were found to be values',
    file: 'logs/templates/spans.ts',
    from: '(holder.form.opened.has(holder.place) && end - start <= mostWords)',
    to: '(end - start <= mostWords)',
    killedBy: merging,
  },
];
