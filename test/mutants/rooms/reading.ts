/** Rules of what a source is believed, and of what is told of reading. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/jobs/new-names.test.ts'] as const;

export const reading: readonly Mutant[] = [
  {
    rule: 'a source has only so many new names of services on trial',
    file: 'logs/lines/new-names.ts',
    from: 'if ((minute - oldest) * minutes(1) < trialLasts) return false;',
    to: '',
    killedBy,
  },
  {
    rule: 'a name that comes back is on trial no longer',
    file: 'logs/lines/new-names.ts',
    from: 'if (tried >= 0) trial.splice(tried, 1);',
    to: '',
    killedBy,
  },
  {
    rule: 'a name on trial for an hour makes room',
    file: 'logs/lines/new-names.ts',
    from: 'names.trial = trial.filter((candidate) => candidate.minute !== oldest);',
    to: 'return false;',
    killedBy,
  },
  {
    rule: 'a service that a record names is not on trial',
    file: 'logs/parser.ts',
    from: 'kind.finish?.(log);\n      this.#isWord = false;',
    to: 'kind.finish?.(log);\n      this.#isWord = true;',
    killedBy,
  },
  {
    rule: 'names that are turned away are told once an hour',
    file: 'logs/lines/new-names.ts',
    from: 'if (names.told !== null && time - names.told < trialLasts) return false;',
    to: '',
    killedBy,
  },
];
