/** Rules by which lines of programs are read that no format knows. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/headers/unheard-of.test.ts'] as const;

export const unheardOf: readonly Mutant[] = [
  {
    rule: 'a month and a day count behind a level in capitals only',
    file: 'logs/times/timestamps.ts',
    from: ' && !isBehindCapitals(text, at)) return false;',
    to: ') return false;',
    killedBy,
  },
  {
    rule: 'how long a program runs is no time of day',
    file: 'logs/times/clock-reader.ts',
    from: 'else if (width === 1 && hour === 0 && this.end > at + 3) return false;',
    to: '',
    killedBy,
  },
  {
    rule: 'a number under a unit is a time only if it can be one',
    file: 'logs/readers/roles.ts',
    from: "if (unitTime.test(plain) && !Object.hasOwn(hintOf, plain)) return ruleOf(key, { role: 'time', rank: 900, plain });",
    to: '',
    killedBy,
  },
  {
    rule: 'a status at the end of a request needs its reason or how long it took',
    file: 'logs/readers/requests.ts',
    from: 'if (!isReasoned) return false;',
    to: '',
    killedBy,
  },
  {
    rule: 'the end of a request that the server failed is an error, whatever its logger says',
    file: 'logs/readers/evidence.ts',
    from: '(served || isServed(fields))',
    to: 'isServed(fields)',
    killedBy,
  },
  {
    rule: 'numbers in a table are the severities of syslog',
    file: 'logs/readers/scales.ts',
    from: 'if (has(found, hints.table) && levelNames.has(key)) return levelOfSyslog(value);',
    to: '',
    killedBy,
  },
  {
    rule: 'one letter in brackets is a level only behind a time',
    file: 'logs/headers/fallback.ts',
    from: "(this.timed ? letterInBrackets(text, at) : '')",
    to: 'letterInBrackets(text, at)',
    killedBy,
  },
  {
    rule: 'what a kernel ends is an error',
    file: 'logs/readers/evidence.ts',
    from: 'if (isDeath(text)) return true;',
    to: '',
    killedBy,
  },
  {
    rule: 'events of a cluster are no lines of a pod',
    file: 'logs/envelopes/fluent-bit.ts',
    from: " && !('event' in kubernetes);",
    to: ';',
    killedBy,
  },
];
