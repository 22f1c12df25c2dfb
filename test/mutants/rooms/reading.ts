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
  {
    rule: 'what is rarest makes room for a text that is new among the most frequent',
    file: 'logs/explained/heavy-hitters.ts',
    from: 'if (count < least)',
    to: 'if (count > 0)',
    killedBy: ['test/logs/explained/explained.test.ts'],
  },
  {
    rule: 'a new text among the most frequent goes on from the count of the rarest',
    file: 'logs/explained/heavy-hitters.ts',
    from: '{ count: error + 1, error }',
    to: '{ count: 1, error }',
    killedBy: ['test/logs/explained/explained.test.ts'],
  },
  {
    rule: 'what stands in quotes is not shown in a shape',
    file: 'logs/explained/line-shape.ts',
    from: 'return close < 0 || close >= limit ? at + 1 : close + 1;',
    to: 'return at + 1;',
    killedBy: ['test/logs/explained/explained.test.ts'],
  },
  {
    rule: 'what was read in vain came off nothing',
    file: 'logs/parser.ts',
    from: 'if (taken !== undefined) wrapping.peeled!.length = taken;',
    to: '',
    killedBy: ['test/logs/explained/explained.test.ts'],
  },
  {
    rule: 'a line is understood if its time is known, and its level or a format',
    file: 'logs/explained/understood.ts',
    from: "timestampSource !== 'ingest' && (",
    to: '(',
    killedBy: ['test/logs/explained/explained.test.ts'],
  },
  {
    rule: 'the share that is read is of lines, not of events',
    file: 'jobs/incidents/lines.ts',
    from: 'understood?.add(event.log, event.lines);',
    to: 'understood?.add(event.log, 1);',
    killedBy: ['test/cli/incidents/what-was-read.test.ts'],
  },
];
